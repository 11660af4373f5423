"""Builds the index of a release: streams the graph into scratch tables, then orders and counts.

Memory stays bounded: sorting and grouping happen in a scratch file beside the index. The same
release gives the same bytes.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from qcp_graph.search import extract, figures, sets
from qcp_graph.search.text import fold, sort_key

VERSION: Final = "1"
_HERE: Final = Path(__file__).parent
_TITLE, _CODE, _BODY = 0, 1, 2
_LONGEST_BODY: Final = 60_000  # characters per qualification that full-text search looks through


@dataclass(frozen=True, slots=True)
class Figures:
    """How much the index holds."""

    qualifications: int
    organisations: int
    registers: int


def build(path: Path, store: ox.Store, progress: Callable[[str], None] | None = None) -> Figures:
    """Write the search index of a release to ``path``, whole or not at all.

    ``store`` holds all graphs of the release, the catalogue included; ``progress`` is told the
    name of each step.

    :raises OSError, sqlite3.Error: when the file cannot be written.
    """
    partial = path.with_name(path.name + ".partial")
    work = path.with_name(path.name + ".work")
    for leftover in (partial, work):
        leftover.unlink(missing_ok=True)
    try:
        with closing(_open(partial, work)) as database:
            for step in (_collect, _order, _count, _postings, _names, _organisations, _texts):
                if progress is not None:
                    progress(step.__name__.strip("_"))
                step(database, store)
            figures.write(database, store)
            result = _finish(database)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
        work.unlink(missing_ok=True)
    return result


def _open(path: Path, work: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA page_size = 4096")
    database.execute("PRAGMA journal_mode = OFF")  # a broken build is thrown away as a whole
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA temp_store = FILE")
    database.execute("ATTACH DATABASE ? AS work", (str(work),))
    database.execute("PRAGMA work.journal_mode = OFF")
    database.execute("PRAGMA work.synchronous = OFF")
    database.execute("PRAGMA cache_size = -65536")
    database.execute("PRAGMA work.cache_size = -65536")
    database.create_function("fold", 1, fold, deterministic=True)
    for name in ("schema.sql", "work.sql"):
        database.executescript((_HERE / name).read_text(encoding="utf-8"))
    return database


def _insert(
    database: sqlite3.Connection,
    table: str,
    rows: Iterable[tuple[Any, ...]],
    *,
    known: bool = False,
) -> None:
    """Insert rows in one transaction; a row that is there already is left alone.

    ``known`` keeps only rows about qualifications with a record of their own. It is cheaper to
    ask here than in SPARQL, where the join doubles the time of every query.
    """
    stream = iter(rows)
    first = next(stream, None)
    if first is None:
        return
    marks = ", ".join(f"?{at}" for at in range(1, len(first) + 1))
    only = "WHERE EXISTS (SELECT 1 FROM work.record WHERE iri = ?1)" if known else ""
    sql = f"INSERT OR IGNORE INTO {table} SELECT {marks} {only}"
    database.execute("BEGIN")
    database.execute(sql, first)
    database.executemany(sql, stream)
    database.execute("COMMIT")


def _collect(database: sqlite3.Connection, store: ox.Store) -> None:
    _insert(database, "work.record", extract.rows(store, "qualifications"))
    _insert(database, "work.title", extract.tagged(store, "titles"), known=True)
    _insert(database, "work.text", extract.texts(store, "codes", _CODE), known=True)
    _insert(database, "work.text", extract.texts(store, "texts", _BODY), known=True)
    _insert(database, "work.value", extract.values(store), known=True)
    _insert(database, "work.outcome", extract.rows(store, "outcomes"), known=True)


def _order(database: sqlite3.Connection, _: ox.Store) -> None:
    """Give each qualification its display title and its place in alphabetical order."""
    found = database.execute(
        "SELECT iri, coalesce(language, ''), coalesce(text, '') FROM work.record"
        " LEFT JOIN work.title USING (iri) ORDER BY iri, language != 'en', language, text"
    )
    _insert(database, "work.display", _displayed(found))


def _displayed(found: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str, str, str]]:
    for iri, titles in groupby(found, key=lambda row: row[0]):
        _, language, title = next(titles)
        # A title of signs alone sorts behind the letters.
        yield iri, title or iri, language, sort_key(title) or "\U0010ffff"


def _count(database: sqlite3.Connection, _: ox.Store) -> None:
    database.execute(
        "INSERT INTO work.count SELECT iri, count(DISTINCT outcome),"
        " count(DISTINCT CASE WHEN skill != '' THEN outcome END),"
        " count(DISTINCT nullif(skill, '')) FROM work.outcome GROUP BY iri"
    )
    database.execute(
        "INSERT INTO qualification SELECT row_number() OVER (ORDER BY folded, iri), iri,"
        " title, language,"
        " coalesce((SELECT value FROM work.value v WHERE v.iri = r.iri AND field = 'country'), ''),"
        " register, coalesce(outcomes, 0), coalesce(linked, 0), coalesce(skills, 0)"
        " FROM work.record r JOIN work.display USING (iri) LEFT JOIN work.count USING (iri)"
        " ORDER BY folded, iri"
    )
    database.execute(
        "INSERT INTO title SELECT id, t.language, t.text FROM qualification"
        " JOIN work.title t USING (iri) ORDER BY 1, 2, 3"
    )


def _postings(database: sqlite3.Connection, store: ox.Store) -> None:
    registers = database.execute("SELECT iri, register FROM work.record ORDER BY iri").fetchall
    _insert(
        database,
        "work.value",
        ((iri, "register", extract.register_id(of), of) for iri, of in registers()),
    )
    database.executescript(
        """
        INSERT OR IGNORE INTO work.value
          SELECT DISTINCT iri, 'skill', skill, skill FROM work.outcome WHERE skill != '';
        INSERT OR IGNORE INTO work.value
          SELECT DISTINCT iri, 'has', CASE field WHEN 'skill' THEN 'links' ELSE field END, ''
          FROM work.value WHERE field IN ('eqf', 'level', 'field', 'body', 'skill');
        INSERT OR IGNORE INTO work.value
          SELECT DISTINCT iri, 'has', 'outcomes', '' FROM work.outcome;
        """
    )
    levels = dict(_frameworks(store))
    held = database.execute("SELECT iri, value FROM work.value WHERE field = 'level' ORDER BY 1, 2")
    _insert(
        database,
        "work.value",
        [(iri, "framework", levels[v], levels[v]) for iri, v in held if v in levels],
    )
    ordered = database.execute(
        "SELECT field, value, min(term) OVER (PARTITION BY field, value), id FROM work.value"
        " JOIN qualification USING (iri) ORDER BY field, value, id"
    )
    _insert(database, "posting", _posted(ordered))


def _frameworks(store: ox.Store) -> Iterator[tuple[str, str]]:
    for row in extract.rows(store, "levels"):
        yield row[0], row[1]


def _posted(
    ordered: Iterable[tuple[str, str, str, int]],
) -> Iterator[tuple[str, str, str, int, bytes]]:
    for (field, value, term), members in groupby(ordered, key=lambda row: row[:3]):
        ids = [row[3] for row in members]
        yield field, value, term, len(ids), sets.encode(ids)


def _names(database: sqlite3.Connection, store: ox.Store) -> None:
    """Keep what a list of results shows, and the labels of the concepts in use."""
    database.execute(
        "INSERT INTO fact SELECT id, field, value FROM work.value JOIN qualification USING (iri)"
        " WHERE field IN ('register', 'eqf', 'level', 'field', 'status', 'type', 'partial', 'body')"
        " ORDER BY 1, 2, 3"
    )
    database.execute(
        "INSERT INTO work.used SELECT DISTINCT iri FROM posting WHERE field != 'body' AND iri != ''"
    )
    rows = extract.rows(store, "levels")
    _insert(database, "work.used", ((iri,) for row in rows for iri in row[:2]))
    _insert(database, "work.label", extract.tagged(store, "labels"))
    _insert(database, "work.label", extract.tagged(store, "register-titles"))
    database.execute(
        "INSERT OR IGNORE INTO label SELECT iri, language, text FROM work.label"
        " WHERE iri IN (SELECT iri FROM work.used) ORDER BY iri, language, text"
    )


def _texts(database: sqlite3.Connection, _: ox.Store) -> None:
    """Fill the full-text index: titles, codes, and everything else of a qualification."""
    database.executescript(
        """
        INSERT INTO work.text SELECT iri, 0, text FROM work.title;
        INSERT INTO work.text SELECT o.iri, 2, l.text FROM work.outcome o
          JOIN label l ON l.iri = o.skill WHERE skill != '';
        INSERT INTO work.text SELECT v.iri, 2, n.name FROM work.value v
          JOIN organisation n ON n.iri = v.value WHERE field = 'body';
        """
    )
    ordered = database.execute(
        "SELECT id, place, text FROM work.text JOIN qualification USING (iri)"
        " ORDER BY id, place, text"
    )
    database.execute("BEGIN")
    for document in _documents(ordered):
        database.execute("INSERT INTO head (rowid, title, code) VALUES (?, ?, ?)", document[:3])
        database.execute(
            "INSERT INTO text (rowid, title, code, body) VALUES (?, ?, ?, ?)", document
        )
    database.execute("COMMIT")
    database.execute("INSERT INTO head (head) VALUES ('optimize')")
    database.execute("INSERT INTO text (text) VALUES ('optimize')")


def _documents(
    ordered: Iterable[tuple[int, int, str]],
) -> Iterator[tuple[int, str, str, str]]:
    for number, group in groupby(ordered, key=lambda row: row[0]):
        places: tuple[list[str], list[str], list[str]] = ([], [], [])
        length = 0
        for _, place, found in group:
            length += len(found)
            if length <= _LONGEST_BODY or place != _BODY:
                places[place].append(found)
        yield (number, *("\n".join(dict.fromkeys(place)) for place in places))


def _organisations(database: sqlite3.Connection, store: ox.Store) -> None:
    _insert(database, "work.name", extract.organisations(store))
    database.execute(
        "INSERT INTO organisation SELECT row_number() OVER (ORDER BY fold(text), iri), iri, text,"
        " language, country, fold(text), coalesce((SELECT count FROM posting"
        " WHERE field = 'body' AND value = iri), 0) FROM"
        " (SELECT iri, language, text, max(country) OVER (PARTITION BY iri) AS country,"
        "  row_number() OVER (PARTITION BY iri ORDER BY language != 'en', language, text) AS nth"
        "  FROM work.name) WHERE nth = 1 ORDER BY fold(text), iri"
    )


def _finish(database: sqlite3.Connection) -> Figures:
    counts = [
        database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our tables
        for table in ("qualification", "organisation", "register")
    ]
    database.execute("INSERT INTO meta VALUES ('version', ?)", (VERSION,))
    database.execute("DETACH DATABASE work")
    database.execute("ANALYZE")
    database.execute("VACUUM")
    return Figures(*counts)
