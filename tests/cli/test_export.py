"""``qcp export`` on specimen registers."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from qcp_graph.cli.main import main
from qcp_graph.errors import UsageError
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.settings import Settings

REGISTER = "at-berufe-specimen"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    build(Settings(home=folder), Order(source_ids=(REGISTER,)), Silent())
    return folder


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        main, ["--home", str(home), "export", *arguments], standalone_mode=False
    )


def test_a_file_and_the_table_of_what_it_lacks(home: Path, tmp_path: Path) -> None:
    target, report = tmp_path / "loq.xml.gz", tmp_path / "left.tsv"
    result = run(home, "loq", REGISTER, "--output", str(target), "--report", str(report))
    assert result.exit_code == 0, result.output
    root = etree.fromstring(gzip.decompress(target.read_bytes()))
    written = len(root.findall(".//{*}qualification"))
    assert f"{REGISTER}: {written} things" in result.output
    lines = report.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "record\tfield\treason"
    assert written > 0
    assert len(lines) > 1


def test_a_dry_run_writes_nothing_and_tells_the_same(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dry = json.loads(run(home, "loq", REGISTER, "--dry-run", "--format", "json").output)
    assert list(tmp_path.iterdir()) == []
    wet = json.loads(run(home, "loq", REGISTER, "--format", "json").output)
    assert [one.name for one in tmp_path.iterdir()] == [f"{REGISTER}-loq.xml"]
    assert dry | {"file": wet["file"]} == wet


def test_the_same_release_gives_the_same_bytes(home: Path, tmp_path: Path) -> None:
    for name in ("a.xml.gz", "b.xml.gz"):
        run(home, "loq", REGISTER, "--output", str(tmp_path / name))
    assert (tmp_path / "a.xml.gz").read_bytes() == (tmp_path / "b.xml.gz").read_bytes()


@pytest.mark.parametrize("name", ["nowhere", "../CURRENT", "/etc/passwd"])
def test_a_register_that_is_not_there_is_told(home: Path, name: str) -> None:
    error = run(home, "loq", name, "--dry-run").exception
    assert isinstance(error, UsageError)
    assert error.code == "QCP-EXP-REGISTER"
    assert REGISTER in str(error.remedy)


@pytest.mark.parametrize(
    ("form", "ending"),
    [("schema.org", "jsonld"), ("ctdl", "jsonld"), ("csv", "csv"), ("xlsx", "xlsx"),
     ("turtle", "ttl")],
)  # fmt: skip
def test_forms_that_are_written_record_by_record(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, ending: str
) -> None:
    monkeypatch.chdir(tmp_path)
    told = json.loads(run(home, form, REGISTER, "--format", "json").output)
    file = tmp_path / f"{REGISTER}-{form}.{ending}"
    assert (told["file"], told["form"]) == (file.name, form)
    assert file.stat().st_size > 1000
    assert 0 < told["written"] <= told["records"] + 100
    packed = tmp_path / "packed.gz"
    run(home, form, REGISTER, "--output", str(packed))
    if form != "xlsx":  # a workbook tells when it was made
        assert gzip.decompress(packed.read_bytes()) == file.read_bytes()
    released = next((home / "releases").glob(f"*/exports/{REGISTER}"))
    name = {"schema.org": "schema-org.jsonld", "ctdl": "ctdl.jsonld", "turtle": "data.ttl"}.get(
        form, f"qualifications.{ending}"
    )
    if form != "xlsx":
        assert gzip.decompress((released / f"{name}.gz").read_bytes()) == file.read_bytes()
