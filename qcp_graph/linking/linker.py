"""From the texts of a record to its links: found, decided on, and cut to what a register wants."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from qcp_graph.linking.assertions import Assertion, Status, text_key
from qcp_graph.linking.cache import Cache
from qcp_graph.linking.decisions import Decision, Decisions
from qcp_graph.linking.found import Engine, Found
from qcp_graph.model.issue import Issue
from qcp_graph.model.source import Linking

_ORDER: Final = {"rejected": 0, "suggested": 1, "accepted": 2}


@dataclass
class Linker:
    """Links the outcomes of one register; ``notes`` tell once what it had to do without.

    ``fingerprint`` changes with anything that may change a link. Equal texts give equal links,
    whatever the order and whichever process asks.
    """

    engine: Engine
    rules: Linking = field(default_factory=Linking)
    decisions: Decisions = field(default_factory=Decisions)
    cache: Cache | None = None
    notes: tuple[Issue, ...] = ()
    asked: int = 0
    computed: int = 0

    @property
    def fingerprint(self) -> str:
        """A text that changes with the engine, the register's rules and the decisions."""
        return f"{self.engine.fingerprint} {self.rules!r} {self.decisions.fingerprint}"

    def link(self, outcomes: Iterable[tuple[str, str, str]]) -> list[Assertion]:
        """Return the links of outcomes, given as (IRI, text, language), sorted.

        Several texts of one outcome that name the same skill give one link: the one decided on,
        else the most probable.
        """
        if self.rules.tier == "none":
            return []
        best: dict[tuple[str, str], Assertion] = {}
        for iri, text, language in outcomes:
            for one in self._of_text(iri, text, language.partition("-")[0].casefold()):
                pair = (one.subject, one.object)
                if pair not in best or _rank(one) > _rank(best[pair]):
                    best[pair] = one
        return [best[pair] for pair in sorted(best)]

    def build(self, spoken: Iterable[str]) -> None:
        """Build the indexes of languages that are missing, before several processes need them."""
        build = getattr(self.engine, "build", None)
        for language in dict.fromkeys(self.rules.languages or tuple(spoken)):
            if build is not None:
                build(language)

    def found(self, text: str, language: str) -> list[Found]:
        """Return what the engine finds in a text, from the cache where it is known."""
        if self.rules.languages and language not in self.rules.languages:
            return []
        self.asked += 1
        known = self.cache.get(text, language) if self.cache is not None else None
        if known is None:
            self.computed += 1
            known = self.engine.find(text, language)
            if self.cache is not None:
                self.cache.put([(text, language, known)])
        return known

    def _of_text(self, iri: str, text: str, language: str) -> Iterator[Assertion]:
        key = text_key(text, language, "skill")
        found = {one.skill: one for one in self.found(text, language)}
        likely = [one for one in found.values() if one.probability >= self.rules.suggest]
        chosen = dict.fromkeys(one.skill for one in likely[: self.rules.most])
        for skill in (*chosen, *self.decisions.objects("skill", key)):
            made = self._assertion(iri, language, key, skill, found.get(skill))
            if made is not None and (skill in chosen or made.reviewer):
                yield made

    def _assertion(
        self, iri: str, language: str, key: str, skill: str, found: Found | None
    ) -> Assertion | None:
        decided = self.decisions.of("skill", key, skill)
        said = decided.decisions if decided else ()
        if found is None:
            if not said or decided is None or decided.verdict is None:
                return None
            return self._decided(
                Assertion("skill", iri, skill, said[-1].match, "suggested", "manual",
                          self.version, language=language, key=key), said,
            )  # fmt: skip
        status: Status = "accepted" if found.probability >= self.rules.accept else "suggested"
        made = Assertion(
            "skill", iri, skill, found.match, status, found.method, found.version, found.score,
            found.probability, found.label, language, found.start, found.end, key,
            found.justification,
        )  # fmt: skip
        return self._applied(made)

    def reviewed(self, made: Sequence[Assertion]) -> list[Assertion]:
        """Apply decisions to links that others made (fields, occupations) from texts with a key.

        What a reviewer accepted for the same text beside them is added.
        """
        found = [self._applied(one) for one in made]
        known = {(one.subject, one.object) for one in made}
        for one in {(one.task, one.subject): one for one in made if one.key}.values():
            for object_ in self.decisions.objects(one.task, one.key):
                decided = self.decisions.of(one.task, one.key, object_)
                if (one.subject, object_) in known or decided is None or decided.verdict is None:
                    continue
                other = replace(one, object=object_, method="manual", label="", score=0.0)
                found.append(self._decided(other, decided.decisions))
        return found

    def _applied(self, made: Assertion) -> Assertion:
        decided = self.decisions.of(made.task, made.key, made.object)
        if decided is None:
            return made
        if decided.verdict is None:  # reviewers disagree, or a second one is needed
            return replace(made, status="suggested")
        return self._decided(made, decided.decisions)

    def _decided(self, made: Assertion, said: Iterable[Decision]) -> Assertion:
        every = list(said)
        last = max(every, key=lambda one: (one.date, one.reviewer))
        return replace(
            made,
            status="accepted" if last.verdict == "accept" else "rejected",
            match=last.match,
            probability=1.0 if last.verdict == "accept" else 0.0,
            justification="ManualMappingCuration",
            reviewer="; ".join(sorted({one.reviewer for one in every})),
            date=last.date,
            comment="; ".join(sorted({one.comment for one in every if one.comment})),
        )

    @property
    def version(self) -> str:
        """The version of the vocabulary that is stated where only a person named the skill."""
        return self.rules.esco or getattr(self.engine, "newest", "")


def _rank(one: Assertion) -> tuple[bool, int, float, str]:
    return bool(one.reviewer), _ORDER[one.status], one.probability, one.language
