"""The tutorial does what it says: its data, its tables and its commands are run as printed."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Answer


def _table(page: str, head: str) -> list[list[str]]:
    """Return the rows of the markdown table that begins with ``head``."""
    lines = page[page.index(head) :].split("\n\n", 1)[0].splitlines()[2:]
    return [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in lines
    ]


def _fill(path: Path, page: str) -> None:
    """Type into the workbook what the page says."""
    book = load_workbook(path)
    settings = {row[0].value: row[1] for row in book["Register"].iter_rows()}
    for name, value in _table(page, "| Setting |"):
        settings[name].value = value
    sheet = book["Mapping"]
    columns = {cell.value: number for number, cell in enumerate(sheet[1])}
    fields = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    for name, column, value in _table(page, "| Source field |"):
        fields[name][columns[column]].value = value
    for title, word, target, reason in _table(page, "| Sheet |"):
        sheet = book[title]
        columns = {cell.value: number for number, cell in enumerate(sheet[1])}
        row = {row[0].value: row for row in sheet.iter_rows(min_row=2)}[word]
        row[columns["target"]].value = target or None
        row[columns["reason"]].value = reason or None
    book.save(path)


def test_the_tutorial(
    qcp: Callable[..., Answer], repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (repository / "docs" / "first-mapping.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (data,) = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    Path("crafts.csv").write_text(data, encoding="utf-8")
    shells = "".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL))
    commands = [shlex.split(line)[1:] for line in shells.splitlines()]
    (template, convert, check, explain, validate, build) = commands
    assert qcp(*template).code == 0
    early = qcp(*convert)
    assert early.code == 2
    assert "Owner is not filled in." in early.out
    _fill(Path("crafts.xlsx"), page)
    made = qcp(*convert)
    assert made.code == 0, made.out + made.err
    assert "warning" not in made.out
    checked = qcp(*check)
    assert checked.code == 0, checked.out + checked.err
    assert re.search(r"ie-crafts +6 +6 +0 +0", checked.out)
    told = qcp(*explain)
    assert told.code == 0
    assert 'qcp:sourceLevel "Level 4/5"' in told.out
    assert qcp(*validate).code == 0
    assert qcp(*build).code == 0


@pytest.mark.shared
def test_england_with_nothing_but_a_sheet(
    qcp: Callable[..., Answer], shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real list of England, filled in as a new steward did: every record can be published."""
    data = shared / "registers" / "uk-england-aodp" / "approved.csv"
    monkeypatch.chdir(tmp_path)
    sheet = Path("england.xlsx")
    assert qcp("mapping", "template", data, "--id", "gb-first", "--out", sheet).code == 0
    book = load_workbook(sheet)
    settings = {
        "Title": "Approved for funding", "Languages": "en", "Owner": "Department for Education",
        "Licence": "MIT licence, Crown copyright", "Frequency": "ANNUAL_3",
    }  # fmt: skip
    for row in book["Register"].iter_rows():
        row[1].value = settings.get(str(row[0].value), row[1].value)
    mapping = book["Mapping"]
    columns = {str(cell.value): number for number, cell in enumerate(mapping[1], start=1)}
    decided = {
        "DateOfOfqualDataSnapshot": {"Ignore because": "day of the delivery"},
        "Status": {"Target": "record filter", "Detail": "Approved"},
        "AwardingOrganisationURL": {"Target": "homepage", "Transformation": "split_lines; url_fix"},
        "Age1619_Notes": {"Target": None},
    }
    for row in mapping.iter_rows(min_row=2):
        for column, value in decided.get(str(row[0].value), {}).items():
            row[columns[column] - 1].value = value
    for pattern in ("*_FundingAvailable", "*_FundingApproval*Date", "*_Notes"):
        number = mapping.max_row + 1
        mapping.cell(number, 1).value = pattern
        mapping.cell(number, columns["Ignore because"]).value = "funding, not the qualification"
    book.save(sheet)
    made = qcp("mapping", "convert", sheet, "workspace/mappings/gb-first")
    assert made.code == 0, made.out
    checked = qcp(
        "--workspace", "workspace", "source", "check", "gb-first", "--input", data,
        "--format", "json",
    )  # fmt: skip
    assert checked.code == 0, checked.out + checked.err
    assert re.search(r'"published": 8092\b', checked.out), checked.out
    assert not re.search("QCP-MAP-(UNMAPPED|UNUSED|IGNORED|VALUE|CODE)", checked.out)
