"""Code lists: a register's words and the concepts they stand for, as data that people review.

CSV with the columns ``source,target`` and, optionally, ``match,author,date,reason``. An empty
target says that a word is known and stands for nothing; it needs a reason.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.problems import fault, unknown
from qcp_graph.mapping.spec import CodeListSpec
from qcp_graph.mapping.vocabulary import expanded, looks_prefixed
from qcp_graph.model.level import LevelEntry
from qcp_graph.namespaces import expand
from qcp_graph.terms import is_iri

COLUMNS: Final = ("source", "target", "match", "author", "date", "reason")
MAX_BYTES: Final = 64 * 1024**2


@dataclass(frozen=True)
class CodeList:
    """A code list ready for look-up: normalised word → targets.

    ``ambiguous`` are words that stand for several EQF levels, of which none may be chosen.
    """

    spec: CodeListSpec
    targets: Mapping[str, tuple[str, ...]]
    places: Mapping[str, Place]
    ambiguous: Mapping[str, tuple[str, ...]]

    def find(self, text: str) -> tuple[str, ...] | None:
        """Return the targets of a word; None when the list does not have it."""
        return self.targets.get(text) or self.targets.get(normal(text, self.spec.casefold))

    def content(self) -> object:
        """Return what decides the outcome, for the fingerprint."""
        return [sorted(self.targets.items()), sorted(self.ambiguous.items())]

    def as_iris(self, prefixes: Mapping[str, str]) -> "CodeList":
        """Return the list with every target as an IRI.

        :raises UsageError: naming the line of a target that is none.
        """
        if self.spec.levels:
            return self
        targets = {
            key: tuple(self._iri(value, prefixes, self.places[key]) for value in values)
            for key, values in self.targets.items()
        }
        return CodeList(self.spec, targets, self.places, self.ambiguous)

    @staticmethod
    def _iri(value: str, prefixes: Mapping[str, str], place: Place) -> str:
        iri = expanded(value, prefixes, place) if looks_prefixed(value) else value
        if not is_iri(iri):
            message = f"The target {value[:80]!r} is neither a prefixed name nor an IRI."
            raise fault("QCP-MAP-CODELIST", message, place)
        return iri


def normal(text: str, casefold: bool = False) -> str:
    r"""Make spellings equal that differ in white space (and, if wanted, in case).

    >>> normal(" Level\xa02 "), normal("BUSINESS  Management", True)
    ('Level 2', 'business management')
    """
    squeezed = " ".join(text.replace("\ufeff", " ").split())
    return squeezed.casefold() if casefold else squeezed


def load(
    spec: CodeListSpec, folder: Path, levels: Mapping[str, Mapping[str, LevelEntry]]
) -> CodeList:
    """Read a code list of a mapping folder, or take the levels of a framework.

    :raises UsageError: for an unknown framework, a missing file or a bad row.
    """
    return _levels(spec, levels) if spec.levels else _file(spec, folder)


def _levels(spec: CodeListSpec, levels: Mapping[str, Mapping[str, LevelEntry]]) -> CodeList:
    if spec.levels not in levels:
        raise unknown("QCP-MAP-NAME", "framework", spec.levels, levels, spec.place)
    found: dict[str, tuple[str, ...]] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    for notation, entry in levels[spec.levels].items():
        key = normal(notation, spec.casefold)
        eqf = tuple(expand(f"eqf:{number}") for number in entry.eqf)
        if spec.to == "eqf" and len(eqf) > 1:
            ambiguous[key] = entry.eqf
        found[key] = (entry.iri,) if spec.to == "iri" else (eqf if len(eqf) == 1 else ())
    return CodeList(spec, found, {}, ambiguous)


def _file(spec: CodeListSpec, folder: Path) -> CodeList:
    path = (folder / spec.file).resolve()
    if not path.is_relative_to(folder.resolve()):
        message = "A code list lies in the folder of its mapping."
        raise fault("QCP-MAP-CODELIST", message, spec.place)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise fault("QCP-MAP-CODELIST", f"{spec.file} is larger than {MAX_BYTES} bytes.", path)
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"The code list {spec.file!r} cannot be read: {error.strerror}."
        raise fault("QCP-MAP-CODELIST", message, spec.place) from error
    except UnicodeDecodeError as error:
        message = f"The code list {spec.file!r} is not UTF-8."
        raise fault("QCP-MAP-CODELIST", message, spec.place, "Save it as UTF-8.") from error
    return _rows(spec, text)


def _rows(spec: CodeListSpec, text: str) -> CodeList:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    targets: dict[str, tuple[str, ...]] = {}
    places: dict[str, Place] = {}
    try:
        _check_header(spec, reader.fieldnames or ())
        for row in reader:
            place = Place(spec.file, reader.line_num)
            key, target = _row(spec, row, place)
            known = targets.get(key, ())
            differs = key in targets and (target or known) and target not in known
            if differs and not (spec.many and target and known):
                message = f"{key!r} has two targets; the other is in line {places[key].line}."
                remedy = "Keep one, or write `many: true` where it stands for several."
                raise fault("QCP-MAP-CODELIST", message, place, remedy)
            new = (target,) if target and target not in known else ()
            targets[key] = (*known, *new)
            places.setdefault(key, place)
    except csv.Error as error:
        place = Place(spec.file, reader.line_num)
        raise fault("QCP-MAP-CODELIST", f"Not a readable CSV row: {error}.", place) from error
    return CodeList(spec, targets, places, {})


def _check_header(spec: CodeListSpec, names: object) -> None:
    found = [str(name) for name in names] if isinstance(names, list | tuple) else []
    place = Place(spec.file, 1)
    for name in found:
        if name not in COLUMNS:
            raise unknown("QCP-MAP-CODELIST", "column", name, COLUMNS, place)
    if not {"source", "target"} <= set(found) or len(set(found)) != len(found):
        message = "A code list needs the columns source and target, each once."
        raise fault("QCP-MAP-CODELIST", message, place)


def _row(spec: CodeListSpec, row: Mapping[str, str | None], place: Place) -> tuple[str, str]:
    if None in row or None in row.values():
        raise fault("QCP-MAP-CODELIST", "The row has more or fewer cells than the header.", place)
    key = normal(row["source"] or "", spec.casefold)
    target = (row["target"] or "").strip()
    if not key:
        raise fault("QCP-MAP-CODELIST", "The row has no source.", place)
    if not target and not (row.get("reason") or "").strip():
        message = f"{key!r} has no target."
        remedy = "Write the target, or in the column reason why it stands for nothing."
        raise fault("QCP-MAP-CODELIST", message, place, remedy)
    return key, target
