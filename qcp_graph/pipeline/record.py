"""The work on one record: map, link, validate, decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from qcp_graph import linking, mapping, validation
from qcp_graph.model.issue import Issue
from qcp_graph.model.judged import pack
from qcp_graph.model.record import MappedRecord, PreparedRecord
from qcp_graph.model.source import Source
from qcp_graph.pipeline import field_step, job, judging, occupation_step
from qcp_graph.pipeline.clock import Stages, now
from qcp_graph.pipeline.context import Context
from qcp_graph.pipeline.outcomes import outcome_texts
from qcp_graph.terms import Quad, Triple, iri


@dataclass(frozen=True, slots=True)
class Judged:
    """A mapped record with its links, its issues, and whether it may be published.

    ``lacks`` are the terms of properties that ELM requires and the record does not have.
    """

    mapped: MappedRecord
    quads: Sequence[Quad]
    issues: Sequence[Issue]
    lacks: Sequence[str]
    blocked: bool
    states: bytes = b""


Used: TypeAlias = tuple[Mapping[str, set[str]], Mapping[str, int]]
"""Words of code lists that records had; how many focus nodes each shape had."""


@dataclass(frozen=True)
class RecordWorker:
    """Works on the records of one source, one at a time, without state between records."""

    context: Context
    source: Source
    plan: mapping.Plan
    stages: Stages = field(default_factory=Stages)

    @cached_property
    def linker(self) -> linking.Linker:
        """What links outcomes; opened when the first record has some."""
        return job.linker_of(self.context, self.source)

    @cached_property
    def judges(self) -> judging.Judges:
        """The profiles that judge each record: those of its gates, in a build others, too."""
        names = judging.asked(self.source, self.context.quality)
        return judging.judges(self.context.settings.workspace, names)

    def taken(self) -> Used:
        """Return what the records met so far, and begin again: for another process to add up."""
        return self.plan.taken_words(), self.context.shapes.taken()

    def use(self, used: Used) -> None:
        """Add what the records met in another process."""
        words, focus_counts = used
        self.plan.use_words(words)
        self.context.shapes.focus_counts.update(focus_counts)

    def work(self, prepared: PreparedRecord, input_name: str) -> Judged:
        """Map, link and validate one record.

        Violations of the blocking shapes (publication, lifecycle, links) block it; warnings are
        kept as issues and, where a shape says so, as what the record lacks.
        """
        start = now()
        mapped = self.plan.map(prepared, input_name)
        start = self.stages.since(start, "map")
        if mapped.rejected:
            return Judged(mapped, (), mapped.issues, (), blocked=True)
        assigned = self._fields(mapped)
        quads = [
            *mapped.quads,
            *self._links(mapped),
            *self._quads([*assigned, *self._occupations(mapped)]),
        ]
        start = self.stages.since(start, "link")
        triples = _triples([*quads, *mapped.shared])
        results = self.context.shapes.validate(triples, self.context.reference)
        issues = [*mapped.issues, *(self._issue(result, mapped) for result in results)]
        issues += field_step.told(assigned, mapped, self.source.id)
        start = self.stages.since(start, "validate")
        found = self.judges.judge(triples, self.context.reference)
        judged = judging.sentence(found, self.source, mapped)
        issues += judged.issues
        self.stages.since(start, "judge")
        main = iri(mapped.iri)
        lacks = [result.lacks for result in results if result.lacks and result.focus == main]
        blocked = judged.blocked or any(result.severity == "violation" for result in results)
        return Judged(mapped, quads, issues, lacks, blocked, pack(judged.states))

    def _links(self, mapped: MappedRecord) -> list[Quad]:
        outcomes = outcome_texts(mapped.quads)
        if not outcomes:
            return []
        found = self.linker.link(outcomes)
        return linking.quads(found, self.context.iris, self.source.id)

    def _fields(self, mapped: MappedRecord) -> list[linking.Assertion]:
        quads = [*mapped.quads, *mapped.shared]
        found = field_step.found(self.context.fields, mapped.iri, quads, self.source.id)
        return self.linker.reviewed(found) if found else found

    def _occupations(self, mapped: MappedRecord) -> list[linking.Assertion]:
        if not self.context.occupations.known:
            return []
        quads = [*mapped.quads, *mapped.shared]
        found = occupation_step.found(self.context.occupations, mapped.iri, quads)
        return self.linker.reviewed(found) if found else found

    def _quads(self, found: Sequence[linking.Assertion]) -> list[Quad]:
        return linking.quads(found, self.context.iris, self.source.id) if found else []

    def _issue(self, result: validation.Result, mapped: MappedRecord) -> Issue:
        told = validation.issue_of(result, language=self.context.language)
        return Issue(  # as replace() would make it, at a third of its cost
            told.code, told.severity, told.message, self.source.id, mapped.key,
            str(mapped.locator), told.field, told.rule, told.value, told.remedy,
        )  # fmt: skip


def _triples(quads: Sequence[Quad]) -> list[Triple]:
    return [(s, p, o) for s, p, o, _ in quads]
