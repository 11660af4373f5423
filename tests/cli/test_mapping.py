"""``qcp mapping``: convert and run, as a user meets them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli import test_mapping_sheet as sheets
from tests.cli.conftest import Answer
from tests.mapping.rml.support import one, write

Qcp = Callable[..., Answer]


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """An RML mapping with its file, one value of which is wrong."""
    text = one("CSV", 'rml:reference "name"; rml:datatype xsd:integer')
    return write(tmp_path, text, {"a.csv": "id,name\n1,1\n2,x\n"})


def test_run_prints_quads_and_tells_problems(qcp: Qcp, mapping: Path) -> None:
    answer = qcp("mapping", "run", mapping)
    assert answer.code == 1
    assert answer.out.count("\n") == 1
    assert "a.csv row 3 name: The value is not a whole number" in answer.err
    assert "2 records, 1 quads to standard output, 1 violations, 0 warnings" in answer.err


def test_run_lists_issues_as_json(qcp: Qcp, mapping: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.ttl"
    answer = qcp("mapping", "run", mapping, "-o", target, "--issues", "--format", "json")
    found = answer.json()
    assert isinstance(found, list)
    assert [issue["code"] for issue in found] == ["QCP-MAP-VALUE"]
    assert target.is_file()


def test_run_needs_a_file_for_the_quads_when_it_prints_issues(qcp: Qcp, mapping: Path) -> None:
    answer = qcp("mapping", "run", mapping, "--issues")
    assert answer.code == 2
    assert "--output" in answer.err


def test_convert_does_not_overwrite(qcp: Qcp, workspace: Path, tmp_path: Path) -> None:
    source = workspace / "mappings" / "ee-mini" / "mapping.yaml"
    target = tmp_path / "again.yaml"
    assert qcp("mapping", "convert", source, target).code == 0
    assert "sources:" in target.read_text(encoding="utf-8")
    answer = qcp("mapping", "convert", source, target)
    assert answer.code == 2
    assert "--force" in answer.err
    assert qcp("mapping", "convert", source, target, "--force").code == 0


def test_a_sheet_becomes_a_register_in_rml(qcp: Qcp, tmp_path: Path) -> None:
    """Sheet to RML, with the code lists beside it, and a register that is checked with that."""
    courses, sheet = tmp_path / "courses.csv", tmp_path / "m.xlsx"
    courses.write_text(sheets.ROWS, encoding="utf-8")
    assert qcp("mapping", "template", courses, "--id", "ie-harbour", "--out", sheet).code == 0
    sheets._codes(sheet, "Codes stage", {"Level 3": "3", "Level 4": "4"})
    level = {"Target": "level", "Detail": "ie-nfq", "Code list": "stage"}
    sheets._fill(sheet, {"Stage": level, "Site": {"Target": "homepage"}})
    folder = tmp_path / "ws" / "mappings" / "ie-harbour"
    folder.mkdir(parents=True)
    made = qcp("mapping", "convert", sheet, folder / "mapping.rml.ttl")
    assert made.code == 0, made.out + made.err
    assert "a code list (lookup)" in made.out
    names = {path.name for path in folder.iterdir()}
    assert names >= {"mapping.rml.ttl", "source.yaml"}
    assert "mapping.yaml" not in names
    again = qcp("mapping", "convert", sheet, folder / "mapping.rml.ttl")
    assert (again.code, "--force" in again.err) == (2, True)
    checked = qcp(
        "--workspace", tmp_path / "ws", "source", "check", "ie-harbour", "--input", courses,
    )  # fmt: skip
    assert checked.code == 0, checked.out + checked.err
