"""Labelled texts in the forms in which they are published, recognised by their columns.

- ``sentence,span,sub_span,label``: sentences with preferred labels of ESCO, one row per span;
- ``sentence,skills``: a list of preferred labels per sentence;
- ``lang,escoUri,escoPrefLabel,nationalId,nationalLabel,relation``: national competences;
- ``text,language,skill``: IRIs of skills, one row per pair, for data of your own;
- ``locator,hash,language,skill,grade``: a gold set without texts (docs/gold-set.md).
"""

import ast
import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from qcp_graph.errors import UsageError
from qcp_graph.linking.esco.catalogue import Catalogue

NONE: Final = {"LABEL NOT PRESENT", "UNDERSPECIFIED", "UNK"}
GRADES: Final = {"exact", "close"}  # of a gold set; broader and narrower skills do not count
_GOOD: Final = {"exactMatch", "closeMatch"}
Row = Mapping[str, str]


@dataclass
class Query:
    """A text with the skills it should give; none when no skill fits."""

    text: str
    language: str
    gold: set[str] = field(default_factory=set)


@dataclass
class _Reading:
    catalogue: Catalogue
    queries: dict[tuple[str, str], Query] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    unknown: int = 0
    _preferred: dict[str, str] = field(default_factory=dict)

    def query(self, key: str, text: str, language: str) -> Query:
        return self.queries.setdefault((key, language), Query(text, language))

    def by_label(self, label: str) -> str:
        """Return the English-labelled skill; ESCO's labels differ in case between versions."""
        if not self._preferred:
            for one in self.catalogue.labels("skill", "en"):
                if one.preferred:
                    self._preferred[one.value.casefold()] = one.uri
        return self._preferred.get(" ".join(label.split()).casefold(), "")

    def add(self, query: Query, uri: str) -> None:
        if uri:
            query.gold.add(uri)
        else:
            self.unknown += 1


def read(
    path: Path, catalogue: Catalogue, texts: Mapping[tuple[str, str], str] | None = None
) -> tuple[list[Query], int]:
    """Return the queries of a file, and how many labels the version of ESCO does not have.

    ``texts`` are those of a gold set, by locator and hash; an outcome without text is left out.

    :raises UsageError: when the columns are none of the known forms.
    """
    reading = _Reading(catalogue, texts=texts or {})
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        columns = set(rows.fieldnames or ())
        for needed, take in _FORMS:
            if needed <= columns:
                take(reading, rows)
                return list(reading.queries.values()), reading.unknown
    raise UsageError(
        "QCP-LNK-DATA",
        f"The columns {', '.join(sorted(columns))[:200]} are of no known form.",
        where=str(path),
        remedy="Known are: " + "; ".join(", ".join(sorted(one)) for one, _ in _FORMS) + ".",
    )


def _sentences(reading: _Reading, rows: Iterable[Row]) -> None:
    for row in rows:
        query = reading.query(row["sentence"], row["sentence"], "en")
        if row["label"] not in NONE:
            reading.add(query, reading.by_label(row["label"]))


def _lists(reading: _Reading, rows: Iterable[Row]) -> None:
    for row in rows:
        query = reading.query(row["sentence"], row["sentence"], "en")
        try:
            labels = ast.literal_eval(row["skills"])
        except (ValueError, SyntaxError):
            labels = []
        for label in labels:
            if label not in NONE:
                reading.add(query, reading.by_label(str(label)))


def _national(reading: _Reading, rows: Iterable[Row]) -> None:
    known = {concept.uri for concept in reading.catalogue.concepts("skill")}
    for row in rows:
        if row["relation"] in _GOOD:
            query = reading.query(row["nationalId"], row["nationalLabel"], row["lang"])
            reading.add(query, row["escoUri"] if row["escoUri"] in known else "")


def _own(reading: _Reading, rows: Iterable[Row]) -> None:
    known = {concept.uri for concept in reading.catalogue.concepts("skill")}
    for row in rows:
        query = reading.query(row["text"], row["text"], row["language"])
        if row["skill"]:
            reading.add(query, row["skill"] if row["skill"] in known else "")


def _gold(reading: _Reading, rows: Iterable[Row]) -> None:
    if not reading.texts:
        raise UsageError(
            "QCP-LNK-GOLD", "A gold set holds no texts; none were given to look them up in.",
            where="--texts", remedy="Map its registers with `qcp map … --output FILE.nq` and "
            "give the files.",
        )  # fmt: skip
    known = {concept.uri for concept in reading.catalogue.concepts("skill")}
    for row in rows:
        text = reading.texts.get((row["locator"], row["hash"]))
        if text is None:
            continue
        query = reading.query(f"{row['locator']} {row['hash']}", text, row["language"])
        if row["grade"] in GRADES:
            reading.add(query, row["skill"] if row["skill"] in known else "")


_FORMS: Final[tuple[tuple[set[str], Callable[[_Reading, Iterable[Row]], None]], ...]] = (
    ({"sentence", "span", "label"}, _sentences),
    ({"sentence", "skills"}, _lists),
    ({"lang", "escoUri", "nationalId", "nationalLabel", "relation"}, _national),
    ({"text", "language", "skill"}, _own),
    ({"locator", "hash", "language", "skill", "grade"}, _gold),
)
