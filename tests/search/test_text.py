"""Search texts never reach FTS5 as syntax."""

import sqlite3
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from qcp_graph.search.text import MAX_WORDS, fold, match_expression, sort_key


@given(st.text(max_size=200))
def test_every_text_is_a_valid_expression(text: str) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE VIRTUAL TABLE t USING fts5 (a)")
        if expression := match_expression(text):
            database.execute("SELECT * FROM t WHERE t MATCH ?", (expression,)).fetchall()


def test_long_texts_are_cut() -> None:
    assert match_expression("ab " * 10_000).count('"') == 2 * MAX_WORDS


def test_fold_and_sort_key() -> None:
    assert fold("ÅÄÖ ß Ł ﬁ") == "aao ss ł fi"
    assert sort_key("  « Zèbre » (2)") == "zebre 2"
