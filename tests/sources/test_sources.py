"""Registers: one folder each, checked completely, found in project and workspace."""

from pathlib import Path

import pytest

from qcp_graph import assets, sources
from qcp_graph.errors import UsageError

MINIMAL = """
id: fr-test
title: {en: Test register, fr: Registre d’essai}
country: FRA
owner: {name: Ministère}
licence: {label: Licence Ouverte 2.0}
frequency: DAILY
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without registers, so that tests do not depend on those that exist."""
    real = assets.root()
    root = tmp_path / "project"
    (root / "mappings").mkdir(parents=True)
    (root / "ontology").symlink_to(real / "ontology")
    monkeypatch.setattr(assets, "root", lambda: root)
    return root


def _write(root: Path, text: str, folder: str = "fr-test") -> Path:
    path = root / "mappings" / folder / "source.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_all_registers_of_the_project_are_usable() -> None:
    found = sources.scan()
    assert list(found) == sorted(found)
    for source_id, source in found.items():
        assert source.folder.name == source_id


def test_a_complete_description(project: Path) -> None:
    _write(
        project,
        MINIMAL
        + """
description: {en: All about it}
languages: [fr, en]
address: https://example.org/export.zip
homepage: https://example.org/
minimum: 5
specimen: true
note: Ask Anna.
""",
    )
    source = sources.get("fr-test")
    assert source.title == {"en": "Test register", "fr": "Registre d’essai"}
    assert source.owner.name == "Ministère"
    assert source.languages == ("fr", "en")
    assert (source.minimum, source.specimen, source.note) == (5, True, "Ask Anna.")
    assert sources.scan() == {"fr-test": source}


def test_a_workspace_adds_registers(project: Path, tmp_path: Path) -> None:
    _write(project, MINIMAL)
    workspace = tmp_path / "own"
    kenya = MINIMAL.replace("fr-test", "ke-own").replace("FRA", "KEN")
    _write(workspace, kenya, "ke-own")
    assert list(sources.scan(workspace)) == ["fr-test", "ke-own"]
    assert sources.get("ke-own", workspace).country == "KEN"
    assert list(sources.scan(project)) == ["fr-test"], "the project as workspace is no duplicate"


def test_an_id_given_twice_names_both_files(project: Path, tmp_path: Path) -> None:
    first, second = _write(project, MINIMAL), _write(tmp_path / "own", MINIMAL)
    for call in (
        lambda: sources.scan(tmp_path / "own"),
        lambda: sources.get("fr-test", tmp_path / "own"),
    ):
        with pytest.raises(UsageError) as caught:
            call()
        assert caught.value.code == "QCP-SRC-DUPLICATE"
        assert str(first) in caught.value.where
        assert str(second) in caught.value.where


def test_an_unknown_id_names_the_nearest(project: Path) -> None:
    _write(project, MINIMAL)
    with pytest.raises(UsageError, match="Did you mean 'fr-test'") as caught:
        sources.get("fr-tset")
    assert caught.value.code == "QCP-SRC-UNKNOWN"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: fr-test", "id: fr-other", "the folder is 'fr-test'"),
        ("id: fr-test", "id: FR_test", "'id'"),
        ("country: FRA", "country: fra", "Did you mean 'FRA'"),
        ("country: FRA", "country: DEU", "must begin with 'de'"),
        ("frequency: DAILY", "frequency: DAYLY", "Did you mean 'DAILY'"),
        ("frequency: DAILY", "frequenzy: DAILY", "Did you mean 'frequency'"),
        ("frequency: DAILY", "", "'frequency': the key is missing"),
        ("owner: {name: Ministère}", "owner: {nmae: x}", "'owner.n"),
        ("owner: {name: Ministère}", "owner: {name: x, hompage: y}", "Did you mean 'homepage'"),
        ("owner: {name: Ministère}", "owner: {name: ' '}", "'owner.name'"),
        ("title: {en: Test", "title: {english language: Test", "'title.english language'"),
        ("frequency: DAILY", "frequency: DAILY\nlanguages: [no]", "in quotes"),
        ("frequency: DAILY", "frequency: DAILY\naddress: ../../etc/passwd", "'address'"),
        ("frequency: DAILY", "frequency: DAILY\naddress: ftp://x.org/a", "'address'"),
        ("frequency: DAILY", "frequency: DAILY\nhomepage: 'javascript:alert(1)'", "'homepage'"),
        ("frequency: DAILY", "frequency: DAILY\nminimum: -1", "'minimum'"),
        ("frequency: DAILY", "frequency: DAILY\nmapping: nowhere", "no mapping.yaml in a folder"),
        ("frequency: DAILY", "frequency: DAILY\nmapping: ../elm", "'mapping'"),
    ],
)
def test_each_mistake_is_named(project: Path, old: str, new: str, message: str) -> None:
    assert old in MINIMAL
    path = _write(project, MINIMAL.replace(old, new))
    with pytest.raises(UsageError) as caught:
        sources.scan()
    assert caught.value.code == "QCP-SRC-DESCRIPTION"
    assert caught.value.where == str(path)
    assert message in str(caught.value)


def test_a_mapping_may_serve_several_registers(project: Path) -> None:
    _write(project, MINIMAL.replace("frequency: DAILY", "frequency: DAILY\nmapping: shared"))
    folder = project / "mappings" / "shared"
    folder.mkdir()
    (folder / "mapping.yaml").write_text("sources: {}\n", encoding="utf-8")
    assert sources.scan()["fr-test"].rules == folder


_BOMB = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (_BOMB, "aliases"),
        ("a: 1\na: 2\n", "'a' occurs twice (line 2"),
        ("[" * 5000, "deeper"),
        ("a: [1", "line 2"),
        ("a: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
        ("a: 2024-13-45", "month"),
        ("? [a, b]\n: c\n", ""),
        ("# " + "x" * 1_100_000, "larger than"),
    ],
)
def test_hostile_or_broken_yaml_is_refused(project: Path, content: str, message: str) -> None:
    _write(project, content)
    with pytest.raises(UsageError) as caught:
        sources.scan()
    assert caught.value.code == "QCP-SRC-YAML"
    assert message in str(caught.value)


def test_a_description_must_be_text_in_utf_8_and_a_table(project: Path) -> None:
    path = _write(project, "")
    path.write_bytes(b"id: caf\xe9")
    with pytest.raises(UsageError, match="UTF-8"):
        sources.scan()
    path.write_text("- a\n- b\n")
    with pytest.raises(UsageError, match="a table of keys"):
        sources.scan()
