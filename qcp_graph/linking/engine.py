"""Finding skills with the ranking: every clause of a text against an imported version of ESCO."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from qcp_graph import logs
from qcp_graph.errors import DataError
from qcp_graph.linking import clauses, esco, grading
from qcp_graph.linking.clauses import Clause
from qcp_graph.linking.found import Found
from qcp_graph.linking.rank import Ranked, Ranker, open_ranker
from qcp_graph.linking.rank.analysis import Stems
from qcp_graph.linking.rank.ranker import NARROW, WIDE
from qcp_graph.linking.rank.weighting import FILE
from qcp_graph.linking.semantic.encoder import Encoder

# Raised when the same indexes would give other links.
METHOD: Final = "ranking-9"
KEPT: Final = 10  # candidates of a text that are kept; thresholds choose among them later
LEAST: Final = 0.05  # probability below which nothing is kept
_PER_CLAUSE: Final = 5
# Likeness (n-grams) below which no label has the words of a text, whatever their endings.
_PERHAPS_EQUAL: Final = 0.3
_ENGLISH: Final = ("en",)  # what the encoder understands
# Probability of a label that the text states: measured by eye, docs/linking.md.
_WHOLE: Final = {"literal": 0.99, "normalised": 0.98, "stems": 0.93}
_PART: Final = {"literal": 0.95, "normalised": 0.94, "stems": 0.88}
_ONE_WORD: Final = 0.6  # a clause of one word alone says little
_ONE_STEM: Final = 0.3  # "authentication" is not "authenticity"
_SHARED: Final = 0.6  # equal stems of a part that was given a verb or object of its neighbours
_NARROWER: Final = 0.6  # the label names a thing that the text does not
_AMBIGUOUS: Final = 0.55
# Odds of a part's skill against what the ranking says, which is calibrated on whole texts: fitted
# to three sets of labelled sentences, where whole texts need none (docs/evaluation.md).
_PART_ODDS: Final = 0.4
_ALTERNATIVE: Final = 0.6  # near to an alternative label alone, which may mean something else
_MENTIONED: Final = 0.75  # knowledge that a part is the name of: done with it is something else
_ASIDE: Final = 0.5  # named as a purpose, a means or a condition: a person decides


@dataclass
class RankEngine:
    """The ranking of the newest version, or of the newest one that knows the text's language.

    ``pinned`` is the version a register asks for; ``limit`` leaves newer versions out, as if they
    had not been imported; ``damaged`` tells which cannot be read; ``encoder`` adds the semantic
    tier for English.
    Indexes are opened when a language first appears.
    """

    home: Path
    pinned: str = ""
    encoder: Encoder | None = None
    limit: str = ""
    advance: Callable[[int], object] = lambda n: None
    damaged: list[DataError] = field(default_factory=list)
    _catalogues: dict[str, esco.Catalogue] = field(default_factory=dict)
    _damaged_versions: set[str] = field(default_factory=set)
    _rankers: dict[str, "LanguageEngine | None"] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """A hash over the versions, the weights, the model and the method."""
        model = self.encoder.fingerprint if self.encoder else "core"
        versions = [self._open(version).fingerprint for version in self._versions()]
        parts = (METHOD, esco.check(self.pinned) if self.pinned else "", model,
                 hashlib.sha256(FILE.read_bytes()).hexdigest(), *versions)  # fmt: skip
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def newest(self) -> str:
        """The version that is asked first."""
        return next(iter(self._versions()), "")

    def version_for(self, language: str) -> str:
        """Return the version that links texts of a language, or nothing when none knows it.

        A release may have occupations in a language whose skills it lacks.
        """
        return next(iter(self.skills_in(language)), "")

    def skills_in(self, language: str) -> dict[str, int]:
        """Return how many skills each version names in a language, in the order asked."""
        every = {version: self._open(version).skills_in(language) for version in self._versions()}
        return {version: count for version, count in every.items() if count}

    def find(self, text: str, language: str) -> list[Found]:
        """Return the skills of a text, the most probable first; an unknown language has none."""
        opened = self._language(language.partition("-")[0].casefold())
        return opened.find(text) if opened else []

    def build(self, language: str) -> None:
        """Build the index of a language if need be, so that processes find it ready."""
        self._opened(language.partition("-")[0].casefold())

    def language(self, language: str) -> "LanguageEngine | None":
        """Return what finds the skills of a language, None where no version knows it."""
        return self._language(language.partition("-")[0].casefold())

    def _language(self, language: str) -> "LanguageEngine | None":
        if language not in self._rankers:
            self._rankers[language] = self._opened(language)
        return self._rankers[language]

    def _opened(self, language: str) -> "LanguageEngine | None":
        version = self.version_for(language)
        if not version:
            logs.get("linking").debug(  # the linker's notes tell it to a person
                "no imported version of ESCO has labels in this language; its texts are not linked",
                language=language[:20],
            )
            return None
        encoder = self.encoder if language in _ENGLISH else None
        catalogue = self._open(version)
        ranker = open_ranker(catalogue, language, encoder, self.advance)
        return LanguageEngine(catalogue, language, ranker)

    def _versions(self) -> list[str]:
        """Return the versions in the order in which they are asked, the pinned one first."""
        known = [one for one in esco.versions(self.home)[::-1] if self._usable(one)]
        if self.limit:
            most = esco.number(self.limit)
            known = [one for one in known if esco.number(one) <= most]
        if not self.pinned:
            if not known and self.damaged:
                raise self.damaged[0]
            return known
        first = esco.open_version(self.home, self.pinned)
        first.close()
        return [first.version, *(one for one in known if one != first.version)]

    def _usable(self, version: str) -> bool:
        """Return whether a version can be opened; one that cannot is told once."""
        if version in self._damaged_versions:
            return False
        try:
            self._open(version)
        except DataError as error:
            self._damaged_versions.add(version)
            self.damaged.append(error)
            return False
        return True

    def _open(self, version: str) -> esco.Catalogue:
        if version not in self._catalogues:
            self._catalogues[version] = esco.open_version(self.home, version)
        return self._catalogues[version]


@dataclass(frozen=True)
class LanguageEngine:
    """The ranking of one version for one language."""

    catalogue: esco.Catalogue
    language: str
    ranker: Ranker

    def find(self, text: str) -> list[Found]:
        """Rank every clause; a skill keeps the clause that names it best."""
        best: dict[str, Found] = {}
        for _clause, every in self.parts(text):
            for found in every:
                if found.skill not in best or _rank(found) > _rank(best[found.skill]):
                    best[found.skill] = found
        chosen = sorted(best.values(), key=lambda one: (-one.probability, one.skill))
        return self._with_hierarchy(chosen[:KEPT])

    def clauses(self, text: str) -> list[Clause]:
        """Return the parts of a text that are ranked; function words alone are none."""
        stems = Stems.of(self.language)
        found = clauses.split(text, self.language, self.ranker.verbs)
        return [one for one in found if stems(one.text)]

    def parts(self, text: str) -> Iterator[tuple[Clause, list[Found]]]:
        """Yield the parts of a text with their skills, ranked together."""
        said = self.clauses(text)
        pool = WIDE if self.language in _ENGLISH else NARROW
        ranked = self.ranker.rank_all([clause.text for clause in said], _PER_CLAUSE, pool)
        for clause, every in zip(said, ranked, strict=True):
            yield clause, self._of_clause(clause, every)

    def _of_clause(self, clause: Clause, ranked: Sequence[Ranked]) -> list[Found]:
        """Return the skills of one clause, equal labels with the probability of such."""
        ranked = [
            one for one in ranked if one.probability >= LEAST or one.likeness >= _PERHAPS_EQUAL
        ]
        grades = [grading.grade(clause.text, one.label, self.language) for one in ranked]
        said = [one for one, its in zip(ranked, grades, strict=True)
                if its.equality in {"literal", "normalised"}]  # fmt: skip
        if len(said) > 1:  # several skills share the label: it is the one that prefers it
            said = [one for one in said if self._preferred(one)] or said
        sure = said[0].uri if len(said) == 1 else ""
        found = [self._found(clause, one, its, sure)
                 for one, its in zip(ranked, grades, strict=True)]  # fmt: skip
        return [one for one in found if one.probability >= LEAST]

    def _found(self, clause: Clause, one: Ranked, its: grading.Grade, sure: str) -> Found:
        probability, method, match = one.probability, str(self.ranker.tier), its.match
        if its.equality != "none":
            known = (_WHOLE if clause.whole else _PART)[its.equality]
            if its.equality != "stems" and one.uri != sure:
                known, match = _AMBIGUOUS, "closeMatch"
            elif self._lone(one.label) and not (clause.whole and its.equality != "stems"):
                known = _ONE_WORD if its.equality != "stems" else _ONE_STEM
            elif clause.completed and its.equality == "stems":
                known = _SHARED
            mentioned = not clause.whole and one.uri in self.ranker.knowledge
            probability = min(known, _MENTIONED) if mentioned else known
            kind = "exact" if its.equality == "literal" else "normalised"
            method = f"{kind}-label" if clause.whole else "clause-label"
        else:
            probability = self._bounded(clause, one, its)
        if clause.aside:
            probability = min(probability, _ASIDE)
        if not clause.whole:
            match = grading.of_part(match)
        start, end = (0, 0) if clause.whole else (clause.start, clause.end)
        return Found(
            one.uri, match, method, round(one.score, 3), round(probability, 4), one.label,
            start, end, self.catalogue.version,
        )  # fmt: skip

    def _bounded(self, clause: Clause, one: Ranked, its: grading.Grade) -> float:
        """Return the probability of a label that a clause does not state, bounded by its faults."""
        found = one.probability
        if not clause.whole:
            found = found * _PART_ODDS / (1 - found + found * _PART_ODDS)
        if found > _NARROWER and self._narrower(clause, one.label, its):
            found = _NARROWER
        if found > _ALTERNATIVE and not self._preferred(one):
            found = _ALTERNATIVE
        return found

    def _preferred(self, one: Ranked) -> bool:
        return self.catalogue.preferred(one.uri, self.language) == one.label

    def _lone(self, label: str) -> bool:
        """Return whether one word of a label says all; ESCO has labels such as "and procedures"."""
        return len(label.split()) == 1 or len(Stems.of(self.language)(label)) <= 1

    def _narrower(self, clause: Clause, label: str, its: grading.Grade) -> bool:
        """Return whether a label says more than a clause, as far as words can tell.

        The vectors know other words for the same thing, so there the clause must be in the label.
        """
        if self.ranker.tier == "semantic" and its.match != "narrowMatch":
            return False
        return grading.adds(clause.text, label, self.language, self.ranker.verbs)

    def _with_hierarchy(self, chosen: list[Found]) -> list[Found]:
        """Grade as broader what stands above a more probable skill for the same part."""
        found: list[Found] = []
        above: dict[tuple[int, int], set[str]] = {}
        later = Counter((one.start, one.end) for one in chosen if one.match == "closeMatch")
        for one in chosen:
            place = (one.start, one.end)
            if one.match == "closeMatch":
                later[place] -= 1
                if one.skill in above.get(place, ()):
                    one = replace(one, match="broadMatch")
            if later[place]:
                above.setdefault(place, set()).update(self.catalogue.above(one.skill))
            found.append(one)
        return found


def _rank(found: Found) -> tuple[float, int]:
    return found.probability, found.end == 0
