"""Measuring: one pass over the rows of a register's ledger, with a few counters."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from qcp_graph.model.judged import unpack
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.model.release import RegisterEntry
from qcp_graph.quality.figures import (
    Completeness,
    Delta,
    Figures,
    Moment,
    Problem,
    ProfileFigures,
    ReasonCount,
)
from qcp_graph.terms import RDF_TYPE, Quad, curie, iri, parts

EXPECTED: Final = (
    *("dcterms:title", "dcterms:description", "elm:NQFLevel", "elm:EQFLevel"),
    *("elm:learningOutcome", "elm:awardingOpportunity", "elm:ISCEDFCode", "elm:volumeOfLearning"),
    *("elm:creditPoint", "elm:entryRequirement", "elm:provenBy", "elm:entitlesTo"),
    *("dcterms:language", "elm:mode", "foaf:homepage", "dcterms:modified"),
)
"""Properties of a qualification that comparing and recognising it asks for."""
_REASONS: Final = 10  # rules kept per profile
_PROBLEMS: Final = 20
_EXAMPLES: Final = 5
_MOMENTS: Final = 100
_QUALIFICATION: Final = curie("elm:Qualification")
_PART: Final = curie("elm:isPartOf")
_TITLE: Final = curie("dcterms:title")
_MODIFIED: Final = curie("dcterms:modified")
_LEVEL: Final = curie("elm:NQFLevel")
_AWARD: Final = curie("elm:awardingOpportunity")
_BODY: Final = curie("elm:awardingBody")
_OUTCOME: Final = curie("elm:learningOutcome")
_LINKS: Final = "links"


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a register beside its rows.

    ``before`` are its figures in the release before; ``delta`` what became of each problem.
    """

    entry: RegisterEntry
    release: str
    created: str
    before: Figures | None = None
    delta: Sequence[Delta] = ()


def measure(given: Given, rows: Iterable[LedgerRow]) -> Figures:
    """Return the figures of a register from the rows of its ledger."""
    found = _Counters()
    for row in rows:
        if row.status != "withdrawn":
            found.add(row)
    entry, counts = given.entry, given.entry.counts
    history: tuple[Moment, ...] = ()
    if given.before is not None:
        history = (*given.before.history, given.before.moment())[-_MOMENTS:]
    return Figures(
        register=entry.source_id,
        release=given.release,
        created=given.created,
        read=counts.read,
        published=counts.published,
        quarantined=counts.quarantined,
        rejected=counts.rejected,
        qualifications=found.qualifications,
        completeness=found.completeness(),
        profiles=found.profiles(),
        repeated=found.repeated,
        repeated_examples=tuple(found.examples),
        retrieved=entry.retrieved,
        age=_days(entry.retrieved, given.created),
        dated=found.dated,
        newest=found.newest,
        oldest=found.oldest,
        problems=tuple(_problems(entry.reasons)),
        delta=tuple(given.delta),
        history=history,
    )


def _problems(reasons: Mapping[str, int]) -> Iterable[Problem]:
    return (Problem(code, count) for code, count in list(reasons.items())[:_PROBLEMS])


def _days(earlier: str, later: str) -> int:
    """Return whole days between two moments.

    >>> _days("2026-01-01T10:00:00+00:00", "2026-01-03T09:00:00Z")
    1
    """
    try:
        span = datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
    except (ValueError, TypeError):
        return 0
    return max(span.days, 0)


@dataclass
class _Counters:
    """Counts rows; what it keeps per record is eight bytes, to find repetitions."""

    qualifications: int = 0
    stated: Counter[str] = field(default_factory=Counter)
    assigned: Counter[str] = field(default_factory=Counter)
    states: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    reasons: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    repeated: int = 0
    examples: list[str] = field(default_factory=list)
    dated: int = 0
    newest: str = ""
    oldest: str = ""
    _seen: set[int] = field(default_factory=set)

    def add(self, row: LedgerRow) -> None:
        for one in unpack(row.judged):
            self.states.setdefault((one.profile, one.version), Counter())[one.state] += 1
            self.reasons.setdefault(one.profile, Counter()).update(
                (reason.rule, reason.state) for reason in one.reasons
            )
        if row.status == "published":
            self._look(row.key, iri(row.iri), row.quads)

    def _look(self, key: str, main: str, quads: Sequence[Quad]) -> None:
        own = [(p, o, role) for s, p, o, role in quads if s == main]
        if (RDF_TYPE, _QUALIFICATION) not in ((p, o) for p, o, _ in own):
            return
        if any(p == _PART for p, _, _ in own):
            return
        self.qualifications += 1
        said = {p for p, _, role in own if role != _LINKS}
        if any(p == _OUTCOME for _, p, _, _ in quads):  # those of its parts are its own, too
            said.add(_OUTCOME)
        self.stated.update(said)
        self.assigned.update({p for p, _, role in own if role == _LINKS} - said)
        self._date([parts(o)[0][:10] for p, o, _ in own if p == _MODIFIED])
        self._same(key, own, quads)

    def _date(self, dates: Sequence[str]) -> None:
        if dates:
            self.dated += 1
            self.newest = max(self.newest, *dates)
            self.oldest = min(self.oldest or "9", *dates)

    def _same(self, key: str, own: Sequence[tuple[str, str, str]], quads: Sequence[Quad]) -> None:
        awards = {o for p, o, _ in own if p == _AWARD}
        told = [f"{p} {o}" for p, o, _ in own if p in (_TITLE, _LEVEL)]
        told += [o for s, p, o, _ in quads if p == _BODY and s in awards]
        digest = hashlib.blake2b("\n".join(sorted(told)).encode(), digest_size=8).digest()
        mark = int.from_bytes(digest, "big")
        if mark in self._seen:
            self.repeated += 1
            if len(self.examples) < _EXAMPLES:
                self.examples.append(key)
        self._seen.add(mark)

    def completeness(self) -> tuple[Completeness, ...]:
        return tuple(
            Completeness(name, self.stated[term], self.assigned[term])
            for name in EXPECTED
            for term in (curie(name),)
        )

    def profiles(self) -> tuple[ProfileFigures, ...]:
        return tuple(
            ProfileFigures(
                name, version, dict(sorted(counts.items())),
                tuple(
                    ReasonCount(rule, state, records)
                    for (rule, state), records in sorted(
                        self.reasons[name].items(), key=lambda item: (-item[1], item[0])
                    )[:_REASONS]
                ),
            )
            for (name, version), counts in sorted(self.states.items())
        )  # fmt: skip
