"""Builds the index of a release: streams the graph into scratch tables, then orders and counts.

Memory stays bounded: sorting and grouping happen in a scratch file beside the index. The same
release gives the same bytes.
"""

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from qcp_graph.search import extract, figures, fulltext, sets
from qcp_graph.search.text import fold, sort_key

VERSION: Final = "2"
GIVEN: Final = ("outcomes", "eqf", "level", "field", "links", "body", "credits", "quality")
"""What records are asked for: values of the fields ``has`` and ``lacks``."""
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Figures:
    """How much the index holds."""

    qualifications: int
    organisations: int
    registers: int


def build(path: Path, store: ox.Store, progress: Callable[[str], object] | None = None) -> Figures:
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
            for step in (_collect, _order, _count, _postings, _names, _organisations):
                if progress is not None:
                    progress(step.__name__.strip("_"))
                step(database, store)
            if progress is not None:
                progress("texts")
            fulltext.write(database)
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


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows in one transaction; a row that is there already is left alone."""
    _fill(database, rows, lambda marks: f"INSERT OR IGNORE INTO {table} VALUES ({marks})")  # noqa: S608 - our table names


def _about_records(
    database: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    """Insert rows whose first value is the IRI of a qualification with a record of its own.

    The others are dropped. It is cheaper to ask here than in SPARQL, where the join doubles the
    time of every query.
    """
    _fill(
        database,
        rows,
        lambda marks: (
            f"INSERT INTO {table} SELECT id, {marks.partition(', ')[2]}"  # noqa: S608 - our table names
            " FROM work.record WHERE iri = ?1"
        ),
    )


def _fill(
    database: sqlite3.Connection, rows: Iterable[tuple[Any, ...]], sql: Callable[[str], str]
) -> None:
    stream = iter(rows)
    first = next(stream, None)
    if first is None:
        return
    statement = sql(", ".join(f"?{at}" for at in range(1, len(first) + 1)))
    database.execute("BEGIN")
    database.execute(statement, first)
    database.executemany(statement, stream)
    database.execute("COMMIT")


def _collect(database: sqlite3.Connection, store: ox.Store) -> None:
    records = extract.rows(store, "qualifications")
    _insert(database, "work.record", ((None, *row) for row in records))
    _about_records(database, "work.title", extract.tagged(store, "titles"))
    _about_records(database, "work.text", extract.texts(store, "codes", fulltext.CODE))
    _about_records(database, "work.text", extract.texts(store, "texts", fulltext.BODY))
    _about_records(database, "work.value", extract.values(store))
    _about_records(database, "work.outcome", extract.rows(store, "outcomes"))


def _order(database: sqlite3.Connection, _: ox.Store) -> None:
    """Give each qualification its display title and its place in alphabetical order."""
    found = database.execute(
        "SELECT id, iri, coalesce(language, ''), coalesce(text, '') FROM work.record"
        " LEFT JOIN work.title ON record = id ORDER BY id, language != 'en', language, text"
    )
    _insert(database, "work.display", _displayed(found))
    database.execute(
        "INSERT INTO work.place SELECT id, row_number() OVER (ORDER BY folded, iri)"
        " FROM work.record JOIN work.display ON record = id"
    )


def _displayed(
    found: Iterable[tuple[int, str, str, str]],
) -> Iterator[tuple[int, str, str, str]]:
    for record, titles in groupby(found, key=lambda row: row[0]):
        _, iri, language, title = next(titles)
        # A title of signs alone sorts behind the letters.
        yield record, title or iri, language, sort_key(title) or "\U0010ffff"


def _count(database: sqlite3.Connection, _: ox.Store) -> None:
    database.executescript(
        """
        INSERT INTO work.count SELECT record, count(DISTINCT outcome),
          count(DISTINCT CASE WHEN skill != '' THEN outcome END),
          count(DISTINCT nullif(skill, '')) FROM work.outcome GROUP BY record;
        INSERT INTO work.country
          SELECT record, min(term) FROM work.value WHERE field = 'country' GROUP BY record;
        INSERT INTO qualification
          SELECT p.id, iri, title, language, coalesce(c.value, ''), register,
            coalesce(outcomes, 0), coalesce(linked, 0), coalesce(skills, 0)
          FROM work.record r JOIN work.place p ON p.record = r.id
          JOIN work.display d ON d.record = r.id
          LEFT JOIN work.count n ON n.record = r.id LEFT JOIN work.country c ON c.record = r.id
          ORDER BY p.id;
        INSERT INTO title SELECT DISTINCT p.id, language, text
          FROM work.title JOIN work.place p USING (record) ORDER BY 1, 2, 3;
        """
    )


def _postings(database: sqlite3.Connection, store: ox.Store) -> None:
    registers = database.execute("SELECT id, register FROM work.record ORDER BY id").fetchall()
    ids = ((record, "register", extract.register_id(iri), iri) for record, iri in registers)
    _insert(database, "work.value", ids)
    database.executescript(
        """
        INSERT INTO work.value
          SELECT DISTINCT record, 'skill', skill, skill FROM work.outcome WHERE skill != '';
        INSERT INTO work.value
          SELECT DISTINCT record, 'has', CASE field WHEN 'skill' THEN 'links' ELSE field END, ''
          FROM work.value
          WHERE field IN ('eqf', 'level', 'field', 'body', 'skill', 'credits', 'quality');
        INSERT INTO work.value SELECT DISTINCT record, 'has', 'outcomes', '' FROM work.outcome;
        """
    )
    _insert(database, "work.above", extract.rows(store, "groups"))
    database.execute(
        "INSERT INTO work.value SELECT DISTINCT record, 'group', above, above"
        " FROM work.value JOIN work.above ON skill = value WHERE field = 'skill'"
    )
    levels = dict(_frameworks(store))
    held = database.execute("SELECT record, value FROM work.value WHERE field = 'level'").fetchall()
    named = ((record, "framework", levels[v], levels[v]) for record, v in held if v in levels)
    _insert(database, "work.value", named)
    ordered = database.execute(
        "SELECT DISTINCT field, value, term, id FROM work.value JOIN work.place USING (record)"
        " ORDER BY field, value, id, term"
    )
    _insert(database, "posting", _posted(ordered))
    _insert(database, "posting", _lacking(database))


def _lacking(database: sqlite3.Connection) -> Iterator[tuple[str, str, str, int, bytes]]:
    """Yield who is without what other records give: all that are not among those that have it."""
    everyone = sets.of(row[0] for row in database.execute("SELECT id FROM qualification"))
    held = {
        name: sets.decode(members)
        for name, members in database.execute(
            "SELECT value, members FROM posting WHERE field = 'has'"
        )
    }
    for name in GIVEN:
        without = everyone & ~held.get(name, 0)
        if count := without.bit_count():
            yield "lacks", name, "", count, sets.encode(sets.page(without, 0, count))


def _frameworks(store: ox.Store) -> Iterator[tuple[str, str]]:
    for row in extract.rows(store, "levels"):
        yield row[0], row[1]


def _posted(
    ordered: Iterable[tuple[str, str, str, int]],
) -> Iterator[tuple[str, str, str, int, bytes]]:
    for (field, value), rows in groupby(ordered, key=lambda row: row[:2]):
        ids, term = array("I"), ""
        for _, _, candidate, number in rows:
            term = min(term, candidate) if ids else candidate
            if not ids or ids[-1] != number:
                ids.append(number)
        yield field, value, term, len(ids), sets.encode(ids)


def _names(database: sqlite3.Connection, store: ox.Store) -> None:
    """Keep what a list of results shows, and the labels of the concepts in use."""
    database.execute(
        "INSERT INTO fact SELECT DISTINCT id, field, value"
        " FROM work.value JOIN work.place USING (record)"
        " WHERE field IN ('register', 'eqf', 'level', 'field', 'status', 'type', 'partial', 'body')"
        " ORDER BY 1, 2, 3"
    )
    database.execute(
        "INSERT INTO work.used SELECT DISTINCT iri FROM posting"
        " WHERE field NOT IN ('body', 'quality') AND iri != ''"
    )
    rows = extract.rows(store, "levels")
    _insert(database, "work.used", ((iri,) for row in rows for iri in row[:2]))
    _insert(database, "work.label", extract.tagged(store, "labels"))
    _insert(database, "work.label", extract.tagged(store, "register-titles"))
    database.execute(
        "INSERT OR IGNORE INTO label SELECT iri, language, text FROM work.label"
        " WHERE iri IN (SELECT iri FROM work.used) ORDER BY iri, language, text"
    )


def _organisations(database: sqlite3.Connection, store: ox.Store) -> None:
    _insert(database, "work.name", extract.organisations(store))
    database.execute(
        "INSERT INTO organisation SELECT row_number() OVER (ORDER BY fold(text), iri), iri, text,"
        " language, country, fold(text), coalesce((SELECT p.count FROM posting p"
        " WHERE p.field = 'body' AND p.value = named.iri), 0) FROM"
        " (SELECT iri, language, text, max(country) OVER (PARTITION BY iri) AS country,"
        "  row_number() OVER (PARTITION BY iri ORDER BY language != 'en', language, text) AS nth"
        "  FROM work.name) AS named WHERE nth = 1 ORDER BY fold(text), iri"
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
