"""A version of ESCO as one SQLite file: concepts, texts in all languages, relations."""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from qcp_graph.errors import DataError
from qcp_graph.linking.esco.rows import Concept, Kind, RelationKind, Text

FORMAT: Final = 1
SCHEMA: Final = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (name TEXT PRIMARY KEY, version TEXT, language TEXT, rows INTEGER) WITHOUT ROWID;
CREATE TABLE concept (
    id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, code TEXT NOT NULL,
    skill_type TEXT NOT NULL, reuse_level TEXT NOT NULL, status TEXT NOT NULL,
    modified TEXT NOT NULL);
CREATE TABLE text (
    uri TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
    folded TEXT NOT NULL, origin TEXT NOT NULL,
    PRIMARY KEY (uri, language, kind, value)) WITHOUT ROWID;
CREATE TABLE relation (
    subject TEXT NOT NULL, kind TEXT NOT NULL, object TEXT NOT NULL,
    PRIMARY KEY (subject, kind, object)) WITHOUT ROWID;
"""
INDEXES: Final = """
CREATE INDEX IF NOT EXISTS text_folded ON text (folded, language) WHERE folded <> '';
CREATE INDEX IF NOT EXISTS relation_object ON relation (object, kind);
"""
LABELS: Final = ("preferred", "alternative", "hidden")


class Label(NamedTuple):
    """A label of a concept; ``origin`` is the version of ESCO whose files it comes from."""

    uri: str
    language: str
    value: str
    preferred: bool
    origin: str


class Hit(NamedTuple):
    """What a search found: a concept, its preferred label and the label that matched."""

    uri: str
    kind: str
    label: str
    matched: str
    language: str


@dataclass(frozen=True)
class Summary:
    """How much a version holds: concepts by kind, labels by language, relations by kind."""

    version: str
    concepts: dict[str, int]
    labels: dict[str, int]
    relations: dict[str, int]


_MARKS: Final = re.compile("[\u0300-\u034e\u0350-\u036f]+")  # the usual ones, all at once


def fold(text: str) -> str:
    """Return a text without case, accents and double spaces, for searching.

    >>> fold("  Soudage à l'Arc ")
    "soudage a l'arc"
    """
    if text.isascii():
        return " ".join(text.lower().split())
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    if not plain.isascii():
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(plain.split())


class Catalogue:
    """Reads a version of ESCO; close it after use, or use it in a ``with`` statement."""

    def __init__(self, path: Path) -> None:
        """Open the file of a version, read-only.

        :raises DataError: when it is none, or was written by another version of the program.
        """
        self.path = path
        self._above: dict[str, frozenset[str]] = {}
        self._skills_in: dict[str, int] = {}
        try:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            self._about = dict(self._db.execute("SELECT name, value FROM about"))
        except sqlite3.Error as error:
            raise _unusable(path, str(error)) from error
        if self._about.get("format") != str(FORMAT):
            self._db.close()
            raise _unusable(path, "it was written by another version of this program")

    @property
    def version(self) -> str:
        """The version of ESCO, such as ``1.1.1``."""
        return str(self._about["version"])

    @property
    def fingerprint(self) -> str:
        """A hash over everything the version states."""
        return str(self._about["fingerprint"])

    def __enter__(self) -> "Catalogue":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def languages(self) -> Sequence[str]:
        """Return the languages that have labels, sorted."""
        rows = self._db.execute("SELECT DISTINCT language FROM text ORDER BY 1")
        return [language for (language,) in rows]

    def skills_in(self, language: str) -> int:
        """Return how many skills have a preferred label in a language."""
        if language not in self._skills_in:
            (found,) = self._db.execute(
                "SELECT count(*) FROM text JOIN concept USING (uri) WHERE text.kind = 'preferred' "
                "AND language = ? AND concept.kind = 'skill'", (language,),
            ).fetchone()  # fmt: skip
            self._skills_in[language] = int(found)
        return self._skills_in[language]

    def concepts(self, kind: Kind) -> Iterator[Concept]:
        """Yield the concepts of a kind, sorted by IRI."""
        rows = self._db.execute(
            "SELECT uri, kind, code, skill_type, reuse_level, status, modified FROM concept "
            "WHERE kind = ? ORDER BY uri", (kind,),
        )  # fmt: skip
        yield from map(Concept._make, rows)

    def labels(self, kind: Kind, language: str) -> Iterator[Label]:
        """Yield all labels of a kind of concept in a language, by IRI, preferred ones first."""
        rows = self._db.execute(
            "SELECT uri, language, value, text.kind = 'preferred', origin "
            "FROM text JOIN concept USING (uri) WHERE concept.kind = ? AND language = ? "
            "AND folded <> '' ORDER BY uri, text.kind <> 'preferred', value",
            (kind, language),
        )
        for uri, tag, value, preferred, origin in rows:
            yield Label(uri, tag, value, bool(preferred), origin)

    def texts(self, uri: str) -> list[Text]:
        """Return every label and description of a concept."""
        rows = self._db.execute(
            "SELECT uri, language, kind, value FROM text WHERE uri = ? ORDER BY 2, 3, 4", (uri,)
        )
        return [Text._make(row) for row in rows]

    def all_texts(self) -> Iterator[Text]:
        """Yield all texts of the version, by IRI."""
        rows = self._db.execute("SELECT uri, language, kind, value FROM text ORDER BY 1, 2, 3, 4")
        yield from map(Text._make, rows)

    def relations(self, kind: RelationKind) -> Iterator[tuple[str, str]]:
        """Yield (subject, object) of a relation, sorted."""
        yield from self._db.execute(
            "SELECT subject, object FROM relation WHERE kind = ? ORDER BY 1, 2", (kind,)
        )

    def has(self, uri: str) -> bool:
        """Return whether the version states a concept."""
        return (
            self._db.execute("SELECT 1 FROM concept WHERE uri = ?", (uri,)).fetchone() is not None
        )

    def above(self, uri: str) -> frozenset[str]:
        """Return every concept above one in the hierarchy."""
        known = self._above.get(uri)
        if known is None:
            known = self._above[uri] = self._all_above(uri)
        return known

    def _all_above(self, uri: str) -> frozenset[str]:
        rows = self._db.execute(
            "WITH RECURSIVE up(uri) AS (SELECT object FROM relation WHERE subject = ? AND "
            "kind = 'broader' UNION SELECT object FROM relation JOIN up ON subject = up.uri "
            "WHERE kind = 'broader') SELECT uri FROM up", (uri,),
        )  # fmt: skip
        return frozenset(found for (found,) in rows)

    def summary(self) -> Summary:
        """Return the counts that ``qcp esco list`` shows."""
        count = "SELECT {0}, count(*) FROM {1} {2} GROUP BY 1 ORDER BY 1"
        labels = count.format("language", "text", "WHERE folded <> ''")
        return Summary(
            self.version,
            dict(self._db.execute(count.format("kind", "concept", ""))),
            dict(self._db.execute(labels)),
            dict(self._db.execute(count.format("kind", "relation", ""))),
        )

    def search(self, text: str, language: str = "", limit: int = 20) -> list[Hit]:
        """Return the concepts with a label that holds a text, the shortest labels first.

        Case and accents do not matter. An IRI or the code of a group finds its concept.
        """
        if not fold(text):
            return []
        wanted = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = self._db.execute(
            "SELECT uri, concept.kind, value, language FROM text JOIN concept USING (uri) "
            "WHERE folded <> '' AND (folded LIKE ? ESCAPE '\\' OR uri = ? OR code = ?) "
            "AND (? = '' OR language = ?) "
            "ORDER BY length(value), value, uri LIMIT ?",
            (f"%{wanted}%", text.strip(), text.strip(), language, language, limit * 20),
        )
        found: dict[str, Hit] = {}
        for uri, kind, value, tag in rows:
            if uri not in found and len(found) < limit:
                found[uri] = Hit(uri, kind, self.preferred(uri, tag) or value, value, tag)
        return list(found.values())

    def preferred(self, uri: str, language: str) -> str:
        """Return the preferred label of a concept in a language, or nothing."""
        with closing(self._db.execute(
            "SELECT value FROM text WHERE uri = ? AND language = ? AND kind = 'preferred'",
            (uri, language),
        )) as found:  # fmt: skip
            row = found.fetchone()
        return str(row[0]) if row else ""


def _unusable(path: Path, why: str) -> DataError:
    return DataError(
        "QCP-LNK-ESCO-CATALOGUE",
        f"The imported version {path.stem} of ESCO cannot be used: {why}.",
        where=str(path),
        remedy="Import it again with `qcp esco import`.",
    )
