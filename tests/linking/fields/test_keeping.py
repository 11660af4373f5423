"""The built-in classifier is made once per home folder, whatever becomes of the copy."""

from pathlib import Path

import pytest

from qcp_graph.linking.fields import keeping
from qcp_graph.linking.fields.builtin import builtin
from qcp_graph.linking.fields.model import FieldModel


@pytest.fixture
def made(tmp_path: Path) -> FieldModel:
    return keeping.builtin_kept(tmp_path, None, "terms")


def _never(workspace: Path | None) -> FieldModel:
    raise AssertionError("made a second time")


def _copy(home: Path) -> Path:
    (folder,) = home.joinpath("links").iterdir()
    return folder


def test_the_copy_answers_as_the_classifier_itself(
    made: FieldModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "builtin", _never)
    copy = keeping.builtin_kept(tmp_path, None, "terms")
    titles = ["Bookkeeping", "Mécanicien automobile", "Zzz"]
    assert copy.predict(titles) == builtin(None).predict(titles) == made.predict(titles)


@pytest.mark.parametrize("name", ["model.json", "weights.npz"])
@pytest.mark.parametrize("text", [b"", b"PK\x03\x04 and no more", None])
def test_a_damaged_copy_is_made_anew(
    made: FieldModel, tmp_path: Path, name: str, text: bytes | None
) -> None:
    damaged = _copy(tmp_path) / name
    damaged.unlink() if text is None else damaged.write_bytes(text)
    again = keeping.builtin_kept(tmp_path, None, "terms")
    assert again.predict(["Bookkeeping"]) == made.predict(["Bookkeeping"])
    assert FieldModel.load(_copy(tmp_path)).views.names == made.views.names


def test_other_terms_replace_the_copy(made: FieldModel, tmp_path: Path) -> None:
    before = _copy(tmp_path)
    keeping.builtin_kept(tmp_path, None, "other terms")
    assert _copy(tmp_path) != before


def test_where_nothing_can_be_written_it_is_made_in_memory(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file", encoding="utf-8")
    assert keeping.builtin_kept(home, None, "terms").knows("Bookkeeping")
