"""``qcp export offline`` on specimen registers."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qcp_graph.cli.main import main
from qcp_graph.errors import UsageError
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.settings import Settings
from tests.server.offline.conftest import dead_links, pages

REGISTER = "at-berufe-specimen"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export-offline")
    build(Settings(home=folder), Order(source_ids=(REGISTER,)), Silent())
    return folder


def run(home: Path, *arguments: str) -> Result:
    command = ["--home", str(home), "export", "offline", *arguments]
    return CliRunner().invoke(main, command, standalone_mode=False)


def test_a_folder_of_a_specimen_register(home: Path, tmp_path: Path) -> None:
    result = run(home, "--country", "AT", "--output", str(tmp_path / "out"), "--language", "de")
    assert result.exit_code == 0, result.output
    assert "qualifications of Österreich" in result.output
    assert dead_links(tmp_path / "out") == []
    texts = pages(tmp_path / "out")
    qualifications = [t for name, t in texts.items() if name.startswith("qualification/")]
    assert f"{len(qualifications)} qualifications" in result.output
    assert any('href="../../skill/' in text for text in qualifications)
    assert any(name.startswith("skill/") for name in texts)
    dated = [text for text in qualifications if 'id="dates-picture' in text]
    assert dated
    # Whoever reads it a year later is not told that this is today.
    assert not any(">Heute<" in text for text in dated)
    assert any(name.startswith("framework/") for name in texts)


def test_a_zip_by_default_and_a_dry_run_tells_the_same(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dry = run(home, "--country", "Austria", "--dry-run", "--format", "json")
    assert list(tmp_path.iterdir()) == []
    wet = run(home, "--country", "Austria", "--format", "json")
    told = json.loads(wet.output)
    assert [path.name for path in tmp_path.iterdir()] == ["austria-offline.zip"]
    assert json.loads(dry.output) | {"output": told["output"]} == told
    with zipfile.ZipFile("austria-offline.zip") as file:
        assert len(file.namelist()) == told["files"]
        assert all(len(name) <= 120 for name in file.namelist())
        assert len({name.casefold() for name in file.namelist()}) == told["files"]


def test_what_stands_there_is_kept(home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = run(home, "--country", "AT", "--output", str(tmp_path))
    assert isinstance(result.exception, UsageError)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_help_shows_commands_to_copy() -> None:
    result = CliRunner().invoke(main, ["export", "offline", "--help"])
    assert "qcp export offline --country France" in result.output
