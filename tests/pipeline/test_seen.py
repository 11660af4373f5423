"""Keys are remembered, however many."""

from pathlib import Path

import pytest

from qcp_graph.errors import InternalError
from qcp_graph.pipeline import seen
from qcp_graph.pipeline.seen import Seen


@pytest.mark.parametrize("limit", [3, 1_000])
def test_the_first_place_of_a_key_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(seen, "MEMORY_KEYS", limit)
    with Seen(tmp_path) as keys:
        assert [keys.add(f"k{n}", f"row {n}") for n in range(100)] == [""] * 100
        assert keys.add("k2", "row 200") == "row 2"
        assert keys.add("k99", "row 200") == "row 99"
        assert keys.add("half \ud800", "row 1") == ""
        assert keys.add("half \ud801", "row 2") == ""
        assert keys.add("half \ud800", "row 3") == "row 1"
        assert "k50" in keys
        assert "k100" not in keys
        assert bool(list(tmp_path.iterdir())) is (limit == 3)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "MEMORY_KEYS", 1)
    keys = Seen(tmp_path / "gone")
    keys.add("a", "")
    with pytest.raises(InternalError, match="gone"):
        keys.add("b", "")
