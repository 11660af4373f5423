"""The full-text part of the index: words of titles, codes and texts; exact keys; spellings."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from qcp_graph.search import words
from qcp_graph.search.text import MAX_QUERY, sort_key

TITLE, CODE, BODY = 0, 1, 2
"""Where a text of a qualification stands, as the scratch table says it."""
_LONGEST_BODY: Final = 60_000  # characters per qualification that full-text search looks through
_STEMMED: Final = 2_000  # characters of a title that are stemmed


def write(database: sqlite3.Connection) -> None:
    """Fill the full-text tables from the scratch tables."""
    database.executescript(
        """
        INSERT INTO work.text SELECT record, 0, text FROM work.title;
        INSERT INTO work.text SELECT record, 2, l.text FROM work.outcome
          JOIN label l ON l.iri = skill WHERE skill != '';
        INSERT INTO work.text SELECT record, 2, n.name FROM work.value v
          JOIN organisation n ON n.iri = v.value WHERE field = 'body';
        """
    )
    found = database.execute("SELECT DISTINCT language FROM title ORDER BY 1")
    tongues = " ".join(words.languages(row[0] for row in found))
    database.execute("INSERT INTO meta VALUES ('languages', ?)", (tongues,))
    database.execute("BEGIN")
    _documents(database)
    _keys(database)
    _spellings(database)
    database.execute("COMMIT")
    database.execute("INSERT INTO head (head) VALUES ('optimize')")
    database.execute("INSERT INTO text (text) VALUES ('optimize')")


def _documents(database: sqlite3.Connection) -> None:
    ordered = database.execute(
        "SELECT id, place, text FROM work.text JOIN work.place USING (record)"
        " ORDER BY id, place, text"
    )
    roots = _roots(database)
    root = next(roots, None)
    for number, titles, codes, body in _joined(ordered):
        more = ""
        if root is not None and root[0] == number:
            more, root = root[1], next(roots, None)
        row = (number, f"{_plain(titles)} {more}", _plain(codes), _plain(body))
        database.execute("INSERT INTO head (rowid, title, code) VALUES (?, ?, ?)", row[:3])
        database.execute("INSERT INTO text (rowid, title, code, body) VALUES (?, ?, ?, ?)", row)


def _plain(text: str) -> str:
    return " ".join(words.tokens(text))


def _joined(ordered: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, str, str, str]]:
    for number, group in groupby(ordered, key=lambda row: row[0]):
        places: tuple[list[str], list[str], list[str]] = ([], [], [])
        length = 0
        for _, place, found in group:
            length += len(found)
            if length <= _LONGEST_BODY or place != BODY:
                places[place].append(found)
        titles, codes, body = ("\n".join(dict.fromkeys(place)) for place in places)
        yield number, titles, codes, body


def _roots(database: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Yield stems of titles that a beginning of the word would not find, in order."""
    rows = database.execute("SELECT qualification, language, text FROM title ORDER BY 1, 2, 3")
    for number, group in groupby(rows, key=lambda row: row[0]):
        found = [root for _, tag, text in group for root in words.irregular(text[:_STEMMED], tag)]
        if found:
            yield number, " ".join(sorted(set(found)))


def _keys(database: sqlite3.Connection) -> None:
    titles = database.execute("SELECT qualification, text FROM title ORDER BY 1, 2")
    _insert(database, "exact", ((f"t {sort_key(text)[:MAX_QUERY]}", one) for one, text in titles))
    codes = database.execute(
        "SELECT id, text FROM work.text JOIN work.place USING (record) WHERE place = 1"
        " ORDER BY 1, 2"
    )
    _insert(database, "exact", _code_keys(codes))


def _code_keys(codes: Iterable[tuple[int, str]]) -> Iterator[tuple[str, int]]:
    """Yield codes as people type them: whole, and the number behind letters ("RNCP35185")."""
    for number, code in codes:
        whole = words.compact(code)[:MAX_QUERY]
        yield f"c {whole}", number
        if not whole.isdigit() and (digits := whole.lstrip("abcdefghijklmnopqrstuvwxyz")).isdigit():
            yield f"c {digits}", number


def _spellings(database: sqlite3.Connection) -> None:
    titles = database.execute("SELECT text FROM title")
    known = {
        word
        for (text,) in titles
        for word in words.tokens(text)
        if words.LEAST <= len(word) <= words.LONGEST and word.isalpha()
    }
    forms = ((form, word) for word in sorted(known) for form in words.misspellings(word))
    _insert(database, "spelling", forms)


def _insert(
    database: sqlite3.Connection, table: str, rows: Iterable[tuple[object, object]]
) -> None:
    database.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", rows)  # noqa: S608 - our tables
