"""Figures that pages show without counting: per register, framework and level."""

import math
import sqlite3
from collections import Counter
from collections.abc import Iterator

import pyoxigraph as ox

from qcp_graph.search import extract, sets

_HAS = ("outcomes", "eqf", "field", "links")


def write(database: sqlite3.Connection, store: ox.Store) -> None:
    """Fill the tables ``register``, ``framework`` and ``level``."""
    rows = {row[0]: row for row in _registers(database, store)}  # the last run of a register
    marks = ", ".join("?" * 20)
    database.executemany(
        f"INSERT INTO register VALUES ({marks})",  # noqa: S608 - placeholders only
        [rows[iri] for iri in sorted(rows)],
    )
    levels = sorted(set(extract.rows(store, "levels")))
    database.executemany(
        "INSERT OR IGNORE INTO level VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_level(database, row) for row in levels),
    )
    per_framework = Counter(framework for _, framework in {row[:2] for row in levels})
    database.executemany(
        "INSERT OR IGNORE INTO framework VALUES (?, ?, ?, ?, ?)",
        (
            (iri, country, notation, per_framework[iri], _count(database, "framework", iri))
            for iri, country, notation in sorted(set(extract.rows(store, "frameworks")))
        ),
    )


def _registers(
    database: sqlite3.Connection, store: ox.Store
) -> Iterator[tuple[str | int | bool, ...]]:
    for row in sorted(set(extract.rows(store, "registers"))):
        iri, identifier, country, specimen, frequency, snapshot, retrieved = row[:7]
        owner, licence, label, rights = row[7:11]
        counts = [int(n) if n.isdigit() else 0 for n in row[11:]]
        identifier = identifier or extract.register_id(iri)
        members = _members(database, "register", identifier)
        carried = [(members & _members(database, "has", name)).bit_count() for name in _HAS]
        yield (
            *(iri, identifier, country, specimen == "true", extract.short("frequency", frequency)),
            *(snapshot, retrieved, owner, licence, label or rights),
            *(*counts, members.bit_count(), *carried),
        )


def _level(database: sqlite3.Connection, row: extract.Row) -> tuple[str | float | int, ...]:
    iri, framework, notation, rank, eqf, match, date, source, basis = row
    return (
        *(framework, _number(rank or notation), iri, notation, extract.short("eqf", eqf)),
        *(extract.short("match", match), date, source, basis, _count(database, "level", iri)),
    )


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0


def _count(database: sqlite3.Connection, field: str, value: str) -> int:
    return _members(database, field, value).bit_count()


def _members(database: sqlite3.Connection, field: str, value: str) -> int:
    found = database.execute(
        "SELECT members FROM posting WHERE field = ? AND value = ?", (field, value)
    ).fetchone()
    return sets.decode(found[0]) if found else 0
