"""Import of ESCO releases: files in, one catalogue per version out, or nothing changed."""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from qcp_graph.errors import DataError, UsageError
from qcp_graph.linking.esco import csv_files, rdf_files
from qcp_graph.linking.esco.catalogue import FORMAT, INDEXES, LABELS, SCHEMA, fold
from qcp_graph.linking.esco.packages import EscoFile
from qcp_graph.linking.esco.rows import Concept, Problem, Relation, Row, Text

MAX_PROBLEMS: Final = 100
_CONCEPT: Final = (
    "INSERT INTO concept (uri, kind, code, skill_type, reuse_level, status, modified) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uri) DO UPDATE SET "
    + ", ".join(
        f"{name} = CASE WHEN excluded.{name} <> '' THEN excluded.{name} ELSE {name} END"
        for name in ("code", "skill_type", "reuse_level", "status", "modified")
    )
)
_TEXT: Final = "INSERT OR REPLACE INTO text VALUES (?, ?, ?, ?, ?, ?)"
_CONTENT: Final = (
    "SELECT uri, kind, code, skill_type, reuse_level, status FROM concept ORDER BY uri",
    "SELECT uri, language, kind, value, origin FROM text ORDER BY 1, 2, 3, 4",
    "SELECT subject, kind, object FROM relation ORDER BY 1, 2, 3",
)
_RELATION: Final = "INSERT OR IGNORE INTO relation VALUES (?, ?, ?)"


@dataclass
class Imported:
    """What an import did: the file of the version, rows per file, and rows that were no use."""

    version: str
    path: Path
    rows: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: int = 0


def import_files(
    files: Sequence[EscoFile],
    folder: Path,
    version: str = "",
    advance: Callable[[str, int], object] = lambda name, rows: None,
) -> list[Imported]:
    """Read files into ``<folder>/<version>.sqlite``, one catalogue per version they belong to.

    Languages and relations are added to a version that is there already. ``version`` puts all
    files into one version (labels of an older release serve where a newer one has no such
    language; each keeps its origin). A catalogue is replaced only when it is complete.

    :raises UsageError: when a file does not say its version and none was given.
    :raises DataError: when a version would hold no concept.
    """
    groups: dict[str, list[EscoFile]] = {}
    for file in files:
        groups.setdefault(version or _stated(file), []).append(file)
    folder.mkdir(parents=True, exist_ok=True)
    return [_import(one, groups[one], folder / f"{one}.sqlite", advance) for one in sorted(groups)]


def _stated(file: EscoFile) -> str:
    if file.version:
        return file.version
    raise UsageError(
        "QCP-LNK-ESCO-VERSION",
        "The file does not say which version of ESCO it belongs to.",
        where=file.name,
        remedy="Give it, as in `qcp esco import FILE --version 1.2.0`.",
    )


def _import(
    version: str, files: Iterable[EscoFile], target: Path, advance: Callable[[str, int], object]
) -> Imported:
    temporary = target.with_suffix(".partial")
    temporary.unlink(missing_ok=True)
    done = Imported(version, target)
    try:
        if target.exists():
            shutil.copyfile(target, temporary)
        with closing(sqlite3.connect(temporary)) as database:
            if not target.exists():
                database.executescript(SCHEMA)
            for file in sorted(files, key=_order):
                _add(database, file, done)
                advance(file.name, done.rows[file.name])
            _finish(database, version)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return done


def _order(file: EscoFile) -> tuple[str, str]:
    return file.version, file.name  # labels of the newest release are written last, and stay


def _add(database: sqlite3.Connection, file: EscoFile, done: Imported) -> None:
    with file.open() as stream:
        reader = rdf_files.rows if file.is_rdf else csv_files.rows
        count = 0
        for row in _kept(reader(file.name, stream, file.language), done):
            _write(database, row, file.version or done.version)
            count += 1
    done.rows[file.name] = count
    database.execute(
        "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)",
        (file.name, file.version, file.language, count),
    )


def _kept(rows: Iterable[Row], done: Imported) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, Problem):
            done.left_out += 1
            if len(done.problems) < MAX_PROBLEMS:
                done.problems.append(row)
        else:
            yield row


def _write(database: sqlite3.Connection, row: Row, origin: str) -> None:
    if isinstance(row, Text):
        if row.kind == "preferred":  # a concept has one per language: that of the latest file
            database.execute(
                "DELETE FROM text WHERE uri = ? AND language = ? AND kind = 'preferred'",
                (row.uri, row.language),
            )
        folded = fold(row.value) if row.kind in LABELS else ""
        database.execute(_TEXT, (*row, folded, origin))
    elif isinstance(row, Relation):
        database.execute(_RELATION, row)
    elif isinstance(row, Concept):
        database.execute(_CONCEPT, row)


def _finish(database: sqlite3.Connection, version: str) -> None:
    database.executescript(INDEXES)
    (concepts,) = database.execute("SELECT count(*) FROM concept").fetchone()
    if not concepts:
        raise DataError(
            "QCP-LNK-ESCO-EMPTY",
            f"No concept of ESCO {version} was found; nothing was imported.",
            where=version,
            remedy="Import the archive of a language (skills_en.csv …), not the relations alone.",
        )
    digest = hashlib.sha256()
    for query in _CONTENT:
        for row in database.execute(query):
            digest.update("\x1f".join(map(str, row)).encode() + b"\n")
    about = {"format": str(FORMAT), "version": version, "fingerprint": digest.hexdigest()}
    database.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())
    database.commit()
