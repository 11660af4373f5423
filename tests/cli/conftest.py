"""The command line, run in this process."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pipeline.conftest import MAPPING, SOURCE, row

CSV_MAPPING = """
sources:
  rows: {access: "*.csv", referenceFormulation: csv, key: $(id), options: {delimiter: ","}}
mappings:
  qualification:
    sources: rows
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - [dcterms:title, $(title), en~lang]
"""
XML_MAPPING = """
sources:
  rows: {access: "*.xml", referenceFormulation: xpath, iterator: /R/Q, key: $(id)}
mappings:
  qualification:
    sources: rows
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - [dcterms:title, $(title), en~lang]
"""


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    def json(self) -> object:
        """Standard output as JSON."""
        return json.loads(self.out)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with one small register per format: ee-mini (JSON), ee-table, ee-tree."""
    for name, mapping in (
        ("ee-mini", MAPPING),
        ("ee-table", CSV_MAPPING),
        ("ee-tree", XML_MAPPING),
    ):
        folder = tmp_path / "workspace" / "mappings" / name
        folder.mkdir(parents=True)
        (folder / "source.yaml").write_text(SOURCE.replace("ee-mini", name), encoding="utf-8")
        (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return tmp_path / "workspace"


@pytest.fixture
def rows_file(tmp_path: Path) -> Path:
    """A good delivery of ee-mini with one record that must be quarantined."""
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([row(1), row(2), row(3, title=None)]), encoding="utf-8")
    return path


@pytest.fixture
def qcp(
    tmp_path: Path,
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Answer]:
    """Run ``qcp`` with a home and workspace of its own."""
    from qcp_graph.cli.main import run

    def call(*words: object) -> Answer:
        common = ["--home", str(tmp_path / "home"), "--workspace", str(workspace)]
        monkeypatch.setattr(sys, "argv", ["qcp", *common, *map(str, words)])
        with pytest.raises(SystemExit) as left:
            run()
        said = capsys.readouterr()
        return Answer(int(left.value.code or 0), said.out, said.err)

    return call
