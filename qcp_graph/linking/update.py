"""A new version of ESCO: only the texts that its changes can touch are linked again."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from qcp_graph.linking import esco
from qcp_graph.linking.cache import Cache
from qcp_graph.linking.engine import RankEngine
from qcp_graph.linking.esco import Catalogue, Delta
from qcp_graph.linking.found import Found
from qcp_graph.linking.rank.analysis import Stems

Reason = Literal[
    "untouched", "removed", "renamed", "new label", "not linked before", "other version"
]
_SHARE: Final = 0.6  # of a new label's words that a text must have to be looked at again


@dataclass(frozen=True, slots=True)
class Change:
    """A text whose links differ: what they were and are, as (skill, label, probability)."""

    text: str
    language: str
    reason: Reason
    gone: Sequence[Found]
    come: Sequence[Found]
    successors: Sequence[str] = ()


@dataclass
class Report:
    """How many texts were looked at and why, and those whose links changed."""

    old: str
    new: str
    texts: Counter[Reason] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)

    @property
    def linked_again(self) -> int:
        """Texts that the ranking saw again."""
        return self.texts.total() - self.texts["untouched"]


class NewLabels:
    """The labels of a language that only the new version has, found by the words of a text."""

    def __init__(self, old: Catalogue, new: Catalogue, language: str) -> None:
        """Read the labels of both versions."""
        self._stems = Stems.of(language)
        before = {(one.uri, one.value) for one in old.labels("skill", language)}
        self._sizes: list[int] = []
        self._by_stem: dict[str, list[int]] = {}
        for label in new.labels("skill", language):
            if (label.uri, label.value) in before:
                continue
            for stem in (own := set(self._stems(label.value))):
                self._by_stem.setdefault(stem, []).append(len(self._sizes))
            self._sizes.append(len(own))

    def may_match(self, text: str) -> bool:
        """Return whether a text has most words of some new label."""
        shared = Counter(
            number for stem in set(self._stems(text)) for number in self._by_stem.get(stem, ())
        )
        return any(count >= _SHARE * self._sizes[number] for number, count in shared.items())


@dataclass
class Updater:
    """Carries what was found with the old version over to the new one, or finds it anew.

    What is carried over keeps its score: the rarity of words moves a little with every version,
    which no link is linked again for.
    """

    old: RankEngine
    new: RankEngine
    before: Cache
    after: Cache
    delta: Delta
    least: float = 0.3
    keep: bool = True
    _labels: dict[str, NewLabels] = field(default_factory=dict)

    def run(
        self, texts: Iterable[tuple[str, str]], advance: Callable[[int], object] = lambda n: None
    ) -> Report:
        """Go through distinct texts, given as (text, language)."""
        report = Report(self.delta.old, self.delta.new)
        for text, language in texts:
            known = self.before.get(text, language)
            reason = self._reason(text, language, known)
            report.texts[reason] += 1
            if reason == "untouched" and known is not None:
                version = self.new.version_for(language)
                found = [replace(one, version=version) for one in known]
            else:
                found = self.new.find(text, language)
                self._compare(report, text, language, reason, known or [], found)
            if self.keep:
                self.after.put([(text, language, found)])
            advance(1)
        return report

    def _reason(self, text: str, language: str, known: list[Found] | None) -> Reason:
        if known is None:
            return "not linked before"
        versions = self.old.version_for(language), self.new.version_for(language)
        if versions[0] == versions[1]:
            return "untouched"
        if versions != (self.delta.old, self.delta.new):
            return "other version"
        skills = {one.skill for one in known}
        if skills & set(self.delta.removed):
            return "removed"
        if skills & self.delta.relabelled:
            return "renamed"
        if language not in self._labels:
            with (
                esco.open_version(self.old.home, versions[0]) as old,
                esco.open_version(self.new.home, versions[1]) as new,
            ):
                self._labels[language] = NewLabels(old, new, language)
        return "new label" if self._labels[language].may_match(text) else "untouched"

    def _compare(
        self, report: Report, text: str, language: str, reason: Reason,
        known: Sequence[Found], found: Sequence[Found],
    ) -> None:  # fmt: skip
        was = {one.skill: one for one in known if one.probability >= self.least}
        now = {one.skill: one for one in found if one.probability >= self.least}
        if reason == "not linked before" or was.keys() == now.keys():
            return
        gone = [was[skill] for skill in sorted(was.keys() - now.keys())]
        come = [now[skill] for skill in sorted(now.keys() - was.keys())]
        successors = sorted(
            {one for lost in gone for one in self.delta.successors.get(lost.skill, ())}
        )
        report.changes.append(Change(text, language, reason, gone, come, successors))
