"""Labelled texts: what a classifier of fields of education may learn from."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from qcp_graph import assets
from qcp_graph.errors import UsageError
from qcp_graph.linking.esco.catalogue import Catalogue, Label
from qcp_graph.linking.esco.rows import Kind
from qcp_graph.linking.fields.crosswalks import Crosswalk

FIELD: Final = re.compile(r"\d{2,4}\Z")
MAX_ROWS: Final = 1_000_000
_TITLES: Final = ("title", "text", "label", "intitule", "LIBELLE_LONG_200")
_CODES: Final = (
    "iscedf_detailed_codes", "iscedf", "isced_f", "isced-f", "field", "CITE_DOMAINE_DETAILLE",
)  # fmt: skip
_ISCED: Final = "/isced-f/"
_OCCUPATIONS: Final[tuple[Kind, ...]] = ("occupation", "isco-group")


class Example(NamedTuple):
    """A text with the fields it may belong to (codes of two to four digits), and its language.

    ``codes`` are those of national classifications that its record has: scheme and code.
    """

    text: str
    fields: tuple[str, ...]
    language: str = ""
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Collection:
    """Labelled terms of one origin, such as the names of occupations.

    ``isced`` is false where the labels are codes of another scheme, which the last layer of the
    classifier learns to read.
    """

    name: str
    examples: Sequence[Example]
    isced: bool = True


def terms(workspace: Path | None = None) -> Collection:
    """Return the terms that come with the program (``data/fields/terms.csv``).

    A file of the same name in the workspace is read too.
    """
    found = []
    for root in assets.roots(workspace):
        path = root / "data" / "fields" / "terms.csv"
        if path.is_file():
            rows = _rows(path, ",")
            found += [Example(r["term"], (r["field"],), r["language"]) for r in rows]
    return Collection("terms", found)


@dataclass(frozen=True)
class CodeFile:
    """Which codes of a national classification records have: rows of a CSV file.

    Its first column names the record as a column of the same name in a file of titles does, its
    second holds the code; a record may have several rows.
    """

    scheme: str
    column: str
    codes: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls, scheme: str, path: Path) -> "CodeFile":
        """Read a file.

        :raises UsageError: when it is no CSV file of at least two columns.
        """
        rows = _lines(path, ",")
        head = next(rows, [])
        if len(head) < 2:
            raise UsageError(
                "QCP-LNK-FIELDS-DATA",
                "The file of codes has less than two columns.",
                where=str(path),
                remedy="Give a CSV file with records in the first column and codes in the second.",
            )
        found: dict[str, tuple[str, ...]] = {}
        for row in rows:
            if len(row) > 1 and (code := row[1].strip()):
                found[row[0].strip()] = (*found.get(row[0].strip(), ()), code)
        return cls(scheme, head[0], found)

    def of(self, row: dict[str, str]) -> tuple[tuple[str, str], ...]:
        """Return scheme and code for each code of the record in a row of titles."""
        stated = self.codes.get((row.get(self.column) or "").strip(), ())
        return tuple((self.scheme, code) for code in dict.fromkeys(stated))


def labelled(path: Path, codes: Sequence[CodeFile] = ()) -> list[Example]:
    """Return the titles of a CSV file with the ISCED-F codes a register gave them.

    The columns are found by name: a title (``title``, ``text``, ``label``) and one or several codes
    separated by ``|`` (``iscedf_detailed_codes``, ``iscedf``, ``field``), perhaps a ``language``.
    Rows without a code of two to four digits are passed over.

    :raises UsageError: when there is no such column, or the file is no CSV.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.readline()
    rows = _rows(path, max(",;\t", key=head.count))
    names = next(csv.reader([head], delimiter=max(",;\t", key=head.count)), [])
    title = next((name for name in _TITLES if name in names), "")
    code = next((name for name in _CODES if name in names), "")
    if not title or not code:
        raise UsageError(
            "QCP-LNK-FIELDS-DATA",
            "The file has no column of titles or none of ISCED-F codes.",
            where=str(path),
            remedy="Name them `title` and `iscedf`; several codes are separated by `|`.",
        )
    found = []
    for row in rows:
        fields = tuple(c for c in re.split(r"[|;,\s]+", row[code] or "") if FIELD.match(c))
        if fields and (row[title] or "").strip():
            text = row[title].strip().replace("\ufffd", "e")  # of a lost accent, most likely é
            stated = tuple(pair for one in codes for pair in one.of(row))
            found.append(Example(text, fields, row.get("language") or "", stated))
    return found


def isco_groups(catalogues: Sequence[Catalogue]) -> dict[str, str]:
    """Return the ISCO group of ESCO's occupations (and of the groups), as any version says it."""
    return {
        one.uri: one.code.split(".")[0]
        for catalogue in catalogues
        for kind in _OCCUPATIONS
        for one in catalogue.concepts(kind)
        if one.code
    }


def occupations(
    catalogues: Sequence[Catalogue], isco: Crosswalk, languages: Sequence[str] = ()
) -> Collection:
    """Return the names of occupations, by the field of their ISCO group.

    Labels come from the newest version (the last one) that has a language.
    """
    codes, found = isco_groups(catalogues), []
    for label in _labels(catalogues, "occupation", languages):
        fields = isco.fields(codes.get(label.uri, ""))
        if fields:
            found.append(Example(label.value, fields, label.language))
    return Collection("occupations", found)


def knowledge(catalogues: Sequence[Catalogue], languages: Sequence[str] = ()) -> Collection:
    """Return the names of knowledge, which ESCO orders by fields of ISCED-F."""
    groups = {
        subject: target.rsplit("/", 1)[-1]
        for catalogue in catalogues
        for subject, target in catalogue.relations("broader")
        if _ISCED in target and _ISCED not in subject
    }
    found = [
        Example(label.value, (groups[label.uri],), label.language)
        for label in _labels(catalogues, "skill", languages)
        if label.uri in groups
    ]
    return Collection("knowledge", found)


def _labels(
    catalogues: Sequence[Catalogue], kind: Kind, languages: Sequence[str]
) -> Iterator[Label]:
    newest = {tag: one for one in catalogues for tag in one.languages()}
    for tag in sorted(newest):
        if not languages or tag in languages:
            yield from newest[tag].labels(kind, tag)


def national_occupations(path: Path, codes: dict[str, str], isco: Crosswalk) -> list[Example]:
    """Return the names of a national classification, mapped to ESCO in the portal's form (CSV).

    ``codes`` gives the ISCO group of ESCO's occupations. Where a name is mapped to occupations of
    several fields, those with at least half the weight of the first remain.
    """
    weights: dict[str, dict[str, float]] = {}
    for iri, name, relation in _mappings(path):
        fields = isco.fields(codes.get(iri, ""))
        share = {"exactMatch": 3.0, "narrowMatch": 2.0}.get(relation, 1.0) / max(len(fields), 1)
        for field in fields:
            known = weights.setdefault(_masculine(name), {})
            known[field] = known.get(field, 0.0) + share
    return [
        Example(name, tuple(f for f, w in known.items() if w >= max(known.values()) / 2))
        for name, known in weights.items()
    ]


def formacode(path: Path) -> list[Example]:
    """Return the terms of the French thesaurus of training, by the NSF group they belong to.

    The file has no header: code, term in capitals, term, kind, domain, synonyms, …, NSF group.
    """
    found = []
    for row in _lines(path, ";"):
        group = row[12][:3] if len(row) > 12 else ""
        if not re.fullmatch(r"\d{3}", group):
            continue
        found.append(Example(f"{row[2]} {row[4][4:].lower()}", (group,), "fr"))
        found += [Example(text, (group,), "fr") for text in row[5].split("$") if text.strip()]
    return found


def through(examples: Iterable[Example], crosswalk: Crosswalk) -> list[Example]:
    """Return examples labelled in another scheme with the fields of a crosswalk instead."""
    return [
        one._replace(fields=fields)
        for one in examples
        if (fields := crosswalk.fields(one.fields[0]))
    ]


def _masculine(name: str) -> str:
    """Return ``Agent d'accueil`` for ``Agent / Agente d'accueil``: one form, followed by the rest.

    >>> _masculine("Chargé / Chargée de comptes"), _masculine("Garde")
    ('Chargé de comptes', 'Garde')
    """
    first, slash, second = name.partition(" / ")
    return " ".join([first, *second.split()[len(first.split()) :]]) if slash else name


def _mappings(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (ESCO IRI, national name, relation) of a mapping file of the ESCO portal."""
    columns: dict[str, int] = {}
    for row in _lines(path, ","):
        if not columns:
            low = [cell.casefold().replace("prefered", "preferred") for cell in row]
            iri = next(
                (n for n, c in enumerate(low) if re.match(r"classification 1 (id|uri)", c)), -1
            )
            name = next((n for n, c in enumerate(low) if re.match(r"classification 2 pref", c)), -1)
            if iri >= 0 and name >= 0:
                columns = {"iri": iri, "name": name, "relation": low.index("mapping relation")}
        elif len(row) > max(columns.values()):
            yield row[columns["iri"]], row[columns["name"]], row[columns["relation"]].split(":")[-1]


def _rows(path: Path, delimiter: str) -> Iterator[dict[str, str]]:
    lines = _lines(path, delimiter)
    names = next(lines, [])
    for row in lines:
        yield dict(zip(names, row, strict=False))


def _lines(path: Path, delimiter: str) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            for number, row in enumerate(csv.reader(file, delimiter=delimiter)):
                if number >= MAX_ROWS:
                    return
                yield row
    except (OSError, csv.Error) as error:
        raise UsageError(
            "QCP-LNK-FIELDS-DATA",
            f"The file cannot be read: {error}",
            where=str(path),
            remedy="Give a CSV file in UTF-8.",
        ) from error
