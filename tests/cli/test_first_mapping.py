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
