"""Texts made comparable."""

from qcp_graph.search.text import fold, sort_key


def test_fold_and_sort_key() -> None:
    assert fold("ÅÄÖ ß Ł ﬁ") == "aao ss ł fi"
    assert sort_key("  « Zèbre » (2)") == "zebre 2"
