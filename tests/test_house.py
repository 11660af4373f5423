"""Rules of the house: every code documented, every register proved, nothing of one machine."""

import re
import subprocess
from pathlib import Path

import pytest

from qcp_graph import sources

CODE = re.compile(r"QCP-[A-Z]{3}-[A-Z0-9]+(?:-[A-Z0-9]+)*")
LARGE = 1_000_000


def _tracked(repository: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=repository, capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = listed.stdout.decode().split("\0")
    return [repository / name for name in names if name and (repository / name).is_file()]


def _codes(folder: Path, *suffixes: str) -> set[str]:
    return {
        code
        for path in folder.rglob("*")
        if path.suffix in suffixes
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }


def test_every_problem_code_is_documented_and_no_other(repository: Path) -> None:
    used = _codes(repository / "qcp_graph", ".py") | _codes(repository / "shapes", ".ttl")
    used -= {"QCP-SRC-EMPTY-EXAMPLE"}
    sections = [
        code
        for page in sorted((repository / "docs" / "errors").glob("*.md"))
        for code in re.findall(r"^## (QCP-\S+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted(used - set(sections)) == [], "used, but not documented in docs/errors/"
    assert sorted(set(sections) - used) == [], "documented, but never used"
    assert len(sections) == len(set(sections)), "documented twice"


def test_every_real_register_has_a_golden_test_and_its_facts(repository: Path) -> None:
    for source in sources.scan(None).values():
        assert source.licence.label, source.id
        assert source.owner.name, source.id
        if source.specimen:
            assert "specimen" in " ".join(source.title.values()).lower(), source.id
            assert source.address.startswith("data/"), source.id
        else:
            assert (repository / "tests" / "golden" / source.id / "expected.nq").is_file()
            assert source.address or "--input" in source.note or source.note, source.id


def test_no_large_and_no_generated_files_are_tracked(repository: Path) -> None:
    tracked = _tracked(repository)
    assert [path for path in tracked if path.stat().st_size > LARGE] == []
    generated = {".mo", ".pyc", ".sqlite", ".gz", ".whl", ".log"}
    assert [path for path in tracked if path.suffix in generated] == []


def test_every_python_module_is_of_readable_size(repository: Path) -> None:
    long = {
        str(path.relative_to(repository)): lines
        for path in (repository / "qcp_graph").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_readme_names_only_commands_that_exist(repository: Path) -> None:
    from qcp_graph.cli.main import _COMMANDS

    texts = [
        repository / "README.md",
        repository / "CONTRIBUTING.md",
        *(repository / "docs").rglob("*.md"),
    ]
    for page in texts:
        for name in re.findall(r"(?:^|`|&& )qcp ([a-z]+)", page.read_text("utf-8"), re.MULTILINE):
            assert name in _COMMANDS, (page.name, name)


def test_links_between_documents_lead_somewhere(repository: Path) -> None:
    for page in [repository / "README.md", repository / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text("utf-8")):
            assert (repository / target).exists(), (page.name, target)
