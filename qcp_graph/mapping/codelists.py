"""Code lists: a register's words and the concepts they stand for, as data that people review.

An empty target says that a word is known and stands for nothing; it needs a reason. Files:
:mod:`qcp_graph.mapping.codelist_files`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from qcp_graph.mapping import codelist_files
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.problems import fault, unknown
from qcp_graph.mapping.spec import CodeListSpec
from qcp_graph.mapping.vocabulary import expanded, looks_prefixed
from qcp_graph.model.issue import Issue
from qcp_graph.model.level import LevelEntry
from qcp_graph.namespaces import expand
from qcp_graph.terms import is_iri

_NAMED: Final = 20  # unused words that a message names


@dataclass(frozen=True)
class CodeList:
    """A code list ready for look-up: normalised word → targets.

    ``ambiguous`` are words that stand for several EQF levels, of which none may be chosen;
    ``used`` the words of the list that were looked up so far.
    """

    spec: CodeListSpec
    targets: Mapping[str, tuple[str, ...]]
    places: Mapping[str, Place]
    ambiguous: Mapping[str, tuple[str, ...]]
    used: set[str] = field(default_factory=set, compare=False)
    told: set[str] = field(default_factory=set, compare=False)

    def find(self, text: str) -> tuple[str, ...] | None:
        """Return the targets of a word; None when the list does not have it."""
        found = self.targets.get(text)
        if not found:
            text = normal(text, self.spec.casefold)
            found = self.targets.get(text)
        if found is not None:
            self.used.add(text)
        return found

    def taken(self) -> set[str]:
        """Return the words that were used since this was last asked."""
        new = self.used - self.told
        self.told.update(new)
        return new

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
        return CodeList(self.spec, targets, self.places, self.ambiguous, self.used, self.told)

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
    targets: dict[str, tuple[str, ...]] = {}
    places: dict[str, Place] = {}
    for entry in codelist_files.read(spec, folder):
        key, target = normal(entry.source, spec.casefold), entry.target
        known = targets.get(key, ())
        differs = key in targets and (target or known) and target not in known
        if differs and not (spec.many and target and known):
            message = f"{key!r} has two targets; the other is in line {places[key].line}."
            remedy = "Keep one, or write `many: true` where it stands for several."
            raise fault("QCP-MAP-CODELIST", message, entry.place, remedy)
        new = (target,) if target and target not in known else ()
        targets[key] = (*known, *new)
        places.setdefault(key, entry.place)
    return CodeList(spec, targets, places, {})


def unused(lists: Iterable[CodeList], source_id: str) -> list[Issue]:
    """Return an issue for each file with words that no record of the delivery has."""
    used: dict[str, set[str]] = {}
    known: dict[str, CodeList] = {}
    for codes in lists:
        if codes.spec.file:
            used.setdefault(codes.spec.file, set()).update(codes.used)
            known.setdefault(codes.spec.file, codes)
    return [
        _unused(codes, sorted(codes.targets.keys() - used[name]), source_id)
        for name, codes in sorted(known.items())
        if codes.targets.keys() - used[name]
    ]


def _unused(codes: CodeList, words: list[str], source_id: str) -> Issue:
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return Issue(
        "QCP-MAP-UNUSEDCODE", "info",
        f"No record has these words of the code list: {', '.join(words[:_NAMED])}{more}.",
        source_id, locator=str(codes.places[words[0]]), rule=codes.spec.file, value=words[0],
        remedy="Nothing, where the words may come back; else remove the rows.",
    )  # fmt: skip
