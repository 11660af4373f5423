"""Which field a qualification belongs to: by its codes where a crosswalk knows them, else by words.

A code of the register decides as far as its crosswalk goes; among several fields it allows, and for
more detail, the classifier chooses where it is sure. Where the title plainly says something else
than the code, nothing is decided: both are suggested. Without a code the classifier answers with
the most detailed field it is sure of, else a narrow or a broad one, else it suggests at most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final, Literal

from qcp_graph.linking.assertions import Assertion, Justification, Match, text_key
from qcp_graph.linking.fields.crosswalks import Crosswalk
from qcp_graph.linking.fields.model import LEVELS, NAMES, FieldModel, Prediction

IRI: Final = "http://data.europa.eu/snb/isced-f/"
VERSION: Final = "2013"
SURE_CROSSWALK: Final = 0.95  # of a field that a crosswalk gives alone
CONTRADICTED: Final = 0.8  # probability from which a title speaks against its code
LEFT_OPEN: Final = 0.65  # the same, where the code leaves even the broad field to the title
WORTH_SAYING: Final = 0.35  # least probability of a suggestion
MAX_OUTCOMES: Final = 20


@dataclass(frozen=True, slots=True)
class Subject:
    """A code or a name of a field in a national classification, as a record states it."""

    scheme: str
    code: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A field for a qualification: how it was found, and how probable it is that it is right."""

    field: str
    probability: float
    accepted: bool
    method: str
    comment: str
    label: str = ""

    @property
    def level(self) -> str:
        """``broad``, ``narrow`` or ``detailed``."""
        return NAMES[len(self.field)]


@dataclass(frozen=True)
class Assigner:
    """Assigns fields.

    ``thresholds`` are the least probability per number of digits, ``within`` those among the fields
    that a crosswalk allows, ``coded`` those of answers that title and code gave together.

    Titles in languages that are not ``spoken`` are not read: chance likenesses would decide. Only
    languages in ``trusted`` have accepted answers from words alone: in others nobody has
    measured how often they are right.
    """

    model: FieldModel
    crosswalks: Mapping[str, Crosswalk]
    thresholds: Mapping[int, float]
    within: Mapping[int, float]
    trusted: Mapping[str, str]
    spoken: frozenset[str]
    name: str = "builtin"
    coded: Mapping[int, float] = field(default_factory=dict)

    def assign(
        self, title: str, language: str, subjects: Sequence[Subject] = (),
        outcomes: Sequence[str] = (),
    ) -> list[Assignment]:  # fmt: skip
        """Return the fields of a qualification, best first; accepted ones are those to be used."""
        allowed, source = self._allowed(subjects)
        readable = language.partition("-")[0] in self.spoken and self.model.knows(title)
        if readable and (both := self._by_both(title, language, subjects)):
            return [both]
        if source:
            pair = self.model.predict_within(title, allowed) if readable else (None, None)
            limit = CONTRADICTED if _common(allowed) else LEFT_OPEN
            coded = self._by_code(allowed, source, pair[0])
            return _unless_contradicted(coded, pair[1], limit, self._method)
        if not readable:
            return []
        found = self._best(title)
        sure = _sure(found, self.thresholds)
        if sure:
            accepted = language.partition("-")[0] in self.trusted
            told = self.trusted.get(language.partition("-")[0], "not measured in this language")
            return [self._classified(*sure, accepted, told)]
        if outcomes:
            found = self._best(". ".join([title, *outcomes[:MAX_OUTCOMES]]))
        code, chance = max(found.best.values(), key=lambda pair: (pair[1], len(pair[0])))
        if chance < WORTH_SAYING:
            return []
        return [self._classified(code, chance, False, "not sure enough")]

    def _by_both(self, title: str, language: str, subjects: Sequence[Subject]) -> Assignment | None:
        """Return what title and code say together, where that was learned and is sure."""
        if not self.coded or language.partition("-")[0] not in self.trusted:
            return None
        codes = [(one.scheme, one.code) for one in subjects]
        found = self.model.predict_coded(title, codes)
        sure = _sure(found, self.coded) if found else None
        if not sure:
            return None
        scheme = next(scheme for scheme, _ in codes if self.model.reads(scheme))
        told = ", ".join(f"{s} {code}" for s, code in codes if self.model.reads(s))
        return Assignment(*sure, True, f"crosswalk {scheme} + {self._method}", told)

    def _best(self, text: str) -> Prediction:
        return self.model.predict([text])[0]

    def _allowed(self, subjects: Sequence[Subject]) -> tuple[tuple[str, ...], Subject | None]:
        """Return the fields that the first classification a crosswalk knows allows."""
        for subject in subjects:
            walk = self.crosswalks.get(subject.scheme)
            if walk is None:
                continue
            same = [one for one in subjects if one.scheme == subject.scheme]
            known = {one: walk.fields(one.code) or walk.fields(one.label) for one in same}
            fields = dict.fromkeys(chain.from_iterable(known.values()))
            if fields:  # a record may have other words in the same place, such as its kind
                return tuple(fields), next(one for one, found in known.items() if found)
        return (), None

    def _by_code(
        self, allowed: tuple[str, ...], source: Subject, found: Prediction | None
    ) -> list[Assignment]:
        method = f"crosswalk {source.scheme}"
        told = f"{source.code} {source.label}".strip()
        common = _common(allowed)
        sure = _sure(found, self.within) if found else None
        if sure and sure[0].startswith(allowed) and len(sure[0]) > len(common):
            code, chance = sure
            return [Assignment(code, chance, True, f"{method} + {self._method}", told)]
        if common:
            label = source.label or source.code
            return [Assignment(common, SURE_CROSSWALK, True, method, told, label)]
        if found is None:
            return []
        code, chance = max(found.best.values(), key=lambda pair: (pair[1], len(pair[0])))
        told = f"{told}; not sure which of the fields that it allows"
        return [Assignment(code, chance, False, f"{method} + {self._method}", told)]

    def _classified(self, code: str, chance: float, accepted: bool, told: str) -> Assignment:
        return Assignment(code, chance, accepted, self._method, told)

    @property
    def _method(self) -> str:
        """What is said of fields that were read from words alone."""
        return f"classifier {self.name}"


def _unless_contradicted(
    answers: list[Assignment], free: Prediction | None, limit: float, method: str
) -> list[Assignment]:
    """Return what a code says; as suggestions, beside the title's own field, if they disagree.

    ``method`` is that of the title's own field, which no crosswalk gave.
    """
    if free is None or not answers or not answers[0].accepted:
        return answers
    first = answers[0]
    for level in (2, 3):
        code, chance = free.best[level]
        alike = code.startswith(first.field) or first.field.startswith(code)
        if chance >= limit and not alike:
            told = f"{first.comment}; the title says {code}".strip("; ")
            share = min(first.probability, 1 - chance)
            other = Assignment(code, chance, False, method, told)
            return [other, replace(first, probability=share, accepted=False, comment=told)]
    return answers


def _common(fields: Sequence[str]) -> str:
    """Return the most detailed field that all of these belong to, or nothing.

    >>> _common(["0411", "0412"]), _common(["0411", "05"])
    ('041', '')
    """
    for length in LEVELS:
        starts = {field[:length] for field in fields}
        if len(starts) == 1 and len(fields[0]) >= length:
            return starts.pop() if all(len(field) >= length for field in fields) else ""
    return ""


def _sure(found: Prediction, thresholds: Mapping[int, float]) -> tuple[str, float] | None:
    """Return the most detailed field that is probable enough."""
    for level in LEVELS:
        code, chance = found.best[level]
        if chance >= thresholds[level]:
            return code, chance
    return None


def assertions(
    found: Sequence[Assignment], subject: str, title: str, language: str
) -> list[Assertion]:
    """Return assignments as assertions about a qualification (an IRI)."""
    return [
        Assertion(
            "field", subject, IRI + one.field, _match(one),
            "accepted" if one.accepted else "suggested",
            one.method, VERSION, score=one.probability, probability=one.probability,
            label=one.label, language=language if one.label else "",
            key=text_key(title, language, "field"), justification=_justification(one),
            comment=one.comment,
        )
        for one in found
    ]  # fmt: skip


def _match(one: Assignment) -> Match:
    """A qualification is narrower than a field; a detailed one comes close to its subject."""
    return "closeMatch" if len(one.field) == 4 else "broadMatch"


def _justification(one: Assignment) -> Justification:
    kinds: dict[bool, Literal["MappingChaining", "SemanticSimilarityThresholdMatching"]] = {
        True: "MappingChaining", False: "SemanticSimilarityThresholdMatching",
    }  # fmt: skip
    if one.method.startswith("crosswalk") and "classifier" in one.method:
        return "CompositeMatching"
    return kinds[one.method.startswith("crosswalk")]
