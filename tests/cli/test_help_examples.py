"""The examples in help texts: each command has one, each is read, and what can be run is run."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from qcp_graph.cli.main import main
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.settings import Settings

ROOT = Path(__file__).parents[2]
SPECIMENS = ROOT / "data" / "specimen"
AUSTRIA = SPECIMENS / "at-berufe-specimen" / "berufe.csv"
STANDS_FOR = {
    "gb-ofqual": "at-berufe-specimen",
    "fr-rncp": "fr-rncp-specimen",
    "za-saqa": "ke-tvet-specimen",
    "fi-eperusteet": "fi-eperusteet-specimen",
    "eu-deqar": "be-formation-specimen",
    "approved.csv": str(AUSTRIA),
    "fiches.xml": str(SPECIMENS / "fr-rncp-specimen" / "export_fiches_specimen.xml"),
    "saqa/": f"{SPECIMENS / 'ke-tvet-specimen'}/",
    "GBR": "AUT",
    "61008187": "AT-L-0701",
    "60012345": "AT-L-0701",
    "RNCP36490": "RNCP990301",
    "RNCP37873": "RNCP990302",
    "mappings/fr-rncp/mapping.yaml": str(ROOT / "mappings" / "fr-rncp" / "mapping.yaml"),
}
"""What an example names → what is there in a home of specimens."""
ELSEWHERE = (
    *("qcp serve", "qcp demo", "qcp --home .qcp/demo demo"),  # does not end
    *("qcp fetch fr-rncp", "qcp harvest", "qcp ontology fetch", "qcp esco fetch"),  # of a network
    *("qcp esco import", "qcp esco search", "qcp esco diff", "qcp esco export", "qcp esco index"),
    *("qcp occupations import", "qcp occupations show", "qcp link --update"),  # an import of ESCO
    *("qcp evaluate", "qcp fields train", "qcp fields assign"),  # labelled data
    *("qcp mapping run", "qcp mapping convert rncp.rml.ttl", "qcp mapping convert ofqual.xlsx"),
    *("qcp query -f", "qcp validate mine.ttl", "qcp validate data.nq.gz", "qcp validate release"),
    *("qcp review import", "qcp release rollback", "qcp release diff"),  # files, a second release
    *("qcp export ams", "qcp build fr-rncp za-saqa"),  # of a register with accreditations only
)
"""Examples that need what a home of specimens has not; they are only read, not run."""


def _commands() -> Iterator[tuple[list[str], click.Command]]:
    """Walk every command that is no group of others."""
    pending: list[tuple[list[str], click.Command, click.Context]] = [
        ([], main, click.Context(main, info_name="qcp"))
    ]
    while pending:
        path, command, context = pending.pop()
        yield path, command
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None
                inner = click.Context(below, info_name=name, parent=context)
                pending.append(([*path, name], below, inner))


def _examples(command: click.Command) -> list[str]:
    lines = (line.strip() for line in (command.help or "").splitlines())
    # The first page tells what each line does behind two blanks.
    return [re.split(r"  |(?<=\.csv) publish", line)[0] for line in lines if line[:4] == "qcp "]


COMMANDS = list(_commands())
EXAMPLES = sorted({example for _, command in COMMANDS for example in _examples(command)})


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(p, c, id=" ".join(p) or "qcp") for p, c in COMMANDS]
)
def test_every_command_has_an_example_of_itself(path: list[str], command: click.Command) -> None:
    words = " ".join(["qcp", *path])
    assert any(words.split()[0] in e and all(p in e for p in path) for e in _examples(command))


def _leaf(words: list[str]) -> click.Command:
    """Return the command that a line leads to."""
    command: click.Command = main
    context = click.Context(main, info_name="qcp")
    for word in words:
        if isinstance(command, click.Group) and word in command.list_commands(context):
            found = command.get_command(context, word)
            assert found is not None
            command = found
    return command


def _words(example: str) -> list[str]:
    """Split a line as a shell does, without the file that the output goes to."""
    return shlex.split(example.partition(" > ")[0])[1:]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_read(
    example: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    words = _words(example)
    for word in words:
        name = word.rpartition("=")[2]
        if re.search(r"\.\w+$", name) and "://" not in name:
            file = tmp_path / name.replace("*", "x")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("id,code\n", encoding="utf-8")
        elif (name.endswith("/") and "://" not in name) or name == "my-registers":
            (tmp_path / name).mkdir(parents=True, exist_ok=True)
    leaf = _leaf(words)
    seen: list[dict[str, object]] = []
    monkeypatch.setattr(leaf, "callback", lambda **values: seen.append(values))
    result = CliRunner().invoke(main, [w.replace("*", "x") for w in words])
    assert (result.exit_code, len(seen)) == (0, 1), result.output


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    build(Settings(home=folder), Order(specimens=True), Silent())
    return folder


def _run(example: str, home: Path) -> Result:
    live = (home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    words = []
    for word in _words(example):
        parts = [STANDS_FOR.get(part, part) for part in word.split("=")]
        words.append(re.sub(r"^2026\d{4}T\d{6}Z$", live, "=".join(parts)))
    return CliRunner().invoke(main, ["--home", str(home), *words])


@pytest.mark.parametrize("example", [e for e in EXAMPLES if not e.startswith(ELSEWHERE)])
def test_every_example_that_can_be_run_here_works(
    example: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    result = _run(example, home)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in {0, 1}, result.output
    assert result.output.strip()
