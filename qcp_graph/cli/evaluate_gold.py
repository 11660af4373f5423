"""``qcp evaluate sample`` and ``agreement``: making a gold set of one's own registers."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import fields, note

if TYPE_CHECKING:
    from qcp_graph.linking.esco import Catalogue
    from qcp_graph.linking.evaluation.outcomes import Outcome

_OUTCOMES = ("id", "register", "record", "locator", "hash", "language", "text", "title")
_GOLD = ("register", "record", "locator", "hash", "language", "skill", "grade", "by")
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _size(ctx: click.Context, _: click.Parameter, given: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for one in given:
        language, _sign, number = one.partition("=")
        if not number.isdecimal() or not language.isalpha():
            raise click.BadParameter(f"{one!r} is not of the form fr=120.", ctx)
        found[language] = int(number)
    return found


@click.command("sample")
@click.option(
    "--texts",
    multiple=True,
    required=True,
    type=_FILE,
    help="Quads of a register (qcp map … --output); may be given several times.",
)
@click.option(
    "--size",
    multiple=True,
    required=True,
    callback=_size,
    help="Language and number of outcomes, such as fr=120; may be given several times.",
)
@click.option("--esco", "version", default="", help="Imported version (default: the newest).")
@click.option("--seed", default="gold-1", show_default=True, help="Another word, another sample.")
@click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for outcomes.tsv and candidates.jsonl.",
)
@common_options
@pass_common
def sample(
    common: Common, texts: tuple[Path, ...], size: dict[str, int], version: str, seed: str,
    output: Path,
) -> None:  # fmt: skip
    """Draw learning outcomes to be linked by hand, with the skills to choose from.

    Guidelines for annotators: docs/gold-set.md.

    \b
    qcp evaluate sample --texts fr-rncp.nq --size fr=120 --output gold/
    """
    from qcp_graph.linking import esco
    from qcp_graph.linking.evaluation import outcomes, sampling

    every = [one for path in texts for one in outcomes.read(path)]
    output.mkdir(parents=True, exist_ok=True)
    drawn = []
    for language, number in size.items():
        found = sampling.sample(every, language, number, seed)
        note(f"{language}: {len(found)} outcomes", quiet=common.quiet)
        drawn += [(f"{language}{place:03}", one) for place, one in enumerate(found, 1)]
    _write(output / "outcomes.tsv", _OUTCOMES, (
        [number, one.register, one.record, one.locator, one.digest, one.language,
         " ".join(one.text.split()), " ".join(one.title.split())] for number, one in drawn
    ))  # fmt: skip
    with (
        esco.open_version(common.settings.home, version) as catalogue,
        (output / "candidates.jsonl").open("w", encoding="utf-8") as stream,
        common.progress.step("Candidates", total=len(drawn), unit="outcomes") as step,
    ):
        for line in _candidates(catalogue, drawn):
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            step.update(1)


def _candidates(
    catalogue: "Catalogue", drawn: Sequence[tuple[str, "Outcome"]]
) -> Iterable[dict[str, object]]:
    from qcp_graph.linking.evaluation import sampling
    from qcp_graph.linking.text import clauses

    kinds = {one.uri: one.skill_type for one in catalogue.concepts("skill")}
    rankings: dict[str, list[Callable[[str], Sequence[str]]]] = {}
    for number, one in drawn:
        ranks = rankings.setdefault(one.language, [])
        if not ranks:
            ranks += sampling.rankings(catalogue, one.language)
        parts = [part for part in clauses(one.text, one.language) if part != one.text]
        iris = sampling.pool(one, ranks, parts[: sampling.PARTS])
        shown = [vars(sampling.shown(catalogue, iri, one.language, kinds)) for iri in iris]
        yield {"id": number, "language": one.language, "text": one.text, "title": one.title,
               "candidates": shown}  # fmt: skip


@click.command("agreement")
@click.argument("first", type=_FILE)
@click.argument("second", type=_FILE)
@click.option(
    "--sample",
    "folder",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that qcp evaluate sample wrote.",
)
@click.option("--rulings", type=_FILE, help="Decisions on what the two differ in, same columns.")
@click.option("--esco", "version", default="", help="Imported version (default: the newest).")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the gold set (facts, no texts) to this CSV file.",
)
@common_options
@pass_common
def agreement(
    common: Common, first: Path, second: Path, folder: Path, rulings: Path | None, version: str,
    output: Path | None,
) -> None:  # fmt: skip
    """Compare two annotators' decisions and write the gold set.

    FIRST and SECOND are tab-separated: id, iri, grade, note.

    \b
    qcp evaluate agreement a.tsv b.tsv --sample gold/ --rulings ruled.tsv --output gold.csv
    """
    from qcp_graph.linking import esco
    from qcp_graph.linking.evaluation import agreement as made

    with esco.open_version(common.settings.home, version) as catalogue:
        keys = made.short_keys(one.uri for one in catalogue.concepts("skill"))
    mine, yours = (made.read_decisions(path, keys) for path in (first, second))
    with (folder / "candidates.jsonl").open(encoding="utf-8") as stream:
        lines = [json.loads(line) for line in stream]
    shown = {line["id"]: [one["iri"] for one in line["candidates"]] for line in lines}
    fields(common.form, vars(made.agree(mine, yours, shown)))
    if output is not None:
        ruled = made.read_decisions(rulings, keys) if rulings else {}
        with (folder / "outcomes.tsv").open(encoding="utf-8", newline="") as stream:
            known = {row["id"]: row for row in csv.DictReader(stream, delimiter="\t",
                                                              quoting=csv.QUOTE_NONE)}  # fmt: skip
        _write(output, _GOLD, (
            [*(known[one.id][name] for name in _GOLD[:5]), one.iri, one.grade, one.by]
            for one in made.settle(mine, yours, ruled)
        ))  # fmt: skip


def _write(path: Path, heading: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    tabs = path.suffix == ".tsv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        if tabs:
            stream.writelines("\t".join(line) + "\n" for line in (heading, *lines))
        else:
            csv.writer(stream, lineterminator="\n").writerows((heading, *lines))
