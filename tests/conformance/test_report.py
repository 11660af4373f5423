"""The page in the documentation is what a run gives; its parts are told plainly."""

from pathlib import Path

import pytest

from tests.conformance.report import PAGE, page
from tests.conformance.suite import Case, Group, Suite, section


def test_a_section_counts_and_lists_what_did_not_pass() -> None:
    group = Group(
        "G", [Case("a", str), Case("b", lambda: "different")], 0.5, {"b": "the reason"}, "a note"
    )
    text = section(Suite("S", "About it.", [group]))
    assert "| G | 2 | 1 | 1 | 50.0 % |" in text
    assert "- `b`: the reason" in text
    assert "G: a note" in text


@pytest.mark.shared
def test_the_page_is_current(shared: Path, repository: Path) -> None:
    written = (repository / PAGE).read_text(encoding="utf-8")
    assert written == page(shared), "run `make conformance`"
