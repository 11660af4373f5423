"""The compiled mapping of a source: record by record, one pass, no state but the audit's."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from qcp_graph.mapping import codelists, fates
from qcp_graph.mapping.audit import Audit, Ignore
from qcp_graph.mapping.codelists import CodeList
from qcp_graph.mapping.compile_rules import CompiledMap
from qcp_graph.mapping.compile_values import Test
from qcp_graph.mapping.emission import emit
from qcp_graph.mapping.frames import Frame, Getter, RejectedError, Run, whole_characters
from qcp_graph.mapping.generate import Mapper
from qcp_graph.mapping.joins import Joined, JoinPlan
from qcp_graph.mapping.loops import frames_of
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.spec import Input, SideTable
from qcp_graph.mapping.straight import Straight
from qcp_graph.mapping.writing import Written, written
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import MappedRecord, PreparedRecord, SourceRecord
from qcp_graph.terms import iri_of

if TYPE_CHECKING:
    from qcp_graph.mapping.explaining import Explanation
    from qcp_graph.mapping.tables import Row, Tables

# Readers deliver no circles: looking for them costs time.
_encode: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), check_circular=False
).encode


@dataclass(frozen=True)
class InputPlan:
    """What happens to the records of one input."""

    spec: Input
    key: Getter
    where: Test | None
    main: CompiledMap
    maps: Sequence[CompiledMap]
    audit: Audit
    joins: Joined
    fields: frozenset[str] | None
    mapper: Mapper
    straight: Sequence[Straight] = ()


class Plan:
    """A mapping ready to run; made by :func:`qcp_graph.mapping.load`."""

    def __init__(
        self,
        source_id: str,
        fingerprint: str,
        inputs: Mapping[str, InputPlan],
        joins: Mapping[str, JoinPlan],
        ignore: Ignore,
        lists: Mapping[str, CodeList] | None = None,
    ) -> None:
        self.source_id = source_id
        self.fingerprint = fingerprint
        self._inputs = inputs
        self._joins = joins
        self._ignore = ignore
        self._lists = lists or {}

    @property
    def inputs(self) -> Sequence[Input]:
        """The logical sources, in the order of the mapping."""
        return [plan.spec for plan in self._inputs.values()]

    @property
    def side_tables(self) -> Sequence[SideTable]:
        """The tables to fill before records are prepared."""
        return [join.spec for join in self._joins.values()]

    def take_row(self, name: str, row: SourceRecord) -> "tuple[Sequence[str], Row]":
        """Return the keys of a row of a side table (none: not needed), and what is kept of it."""
        return self._joins[name].take(row, self.source_id)

    def prepare(
        self, record: SourceRecord, input_name: str, tables: "Tables | None" = None, *,
        digest: bool = True,
    ) -> PreparedRecord | MappedRecord:  # fmt: skip
        """Find a record's key, joined rows and digest, or say why it is none of the register.

        The digest costs most of it; without ``digest`` it is left empty, for :meth:`digest`.
        """
        plan = self._inputs[input_name]
        run = Run(self.source_id, "", record.locator, {})
        try:
            excluded = self._judged(plan, record, run, tables)
            if excluded is not None:
                return excluded
            found = PreparedRecord(run.key, b"", record, run.joined)
            return replace(found, digest=self.digest(found, input_name)) if digest else found
        except RejectedError:
            return fates.rejected(run)
        except Exception as error:  # noqa: BLE001 - one record must never end the job
            return fates.crashed(run, error)

    def digest(self, prepared: PreparedRecord, input_name: str) -> bytes:
        """Return the hash of what decides a record's result; equal ones need no new work."""
        fields, data = self._inputs[input_name].fields, prepared.record.data
        # What the mapping does not read cannot change the result.
        if fields is not None and not data.keys() <= fields:
            data = {name: value for name, value in data.items() if name in fields}
        content = [data, prepared.joined] if prepared.joined else data
        return hashlib.sha256(_encode(content).encode("ascii")).digest()

    def _judged(
        self, plan: InputPlan, record: SourceRecord, run: Run, tables: "Tables | None"
    ) -> MappedRecord | None:
        """Find a record's key and joined rows, or say why it is none of the register."""
        frame = Frame(record.data, None, 1, run)
        if self._joins and tables is not None:
            run.joined = plan.joins.rows(frame, tables)
        run.key = _only(plan.key, frame)
        if plan.where is not None and not plan.where(frame):
            return fates.out_of_scope(run, plan.spec)
        if not run.key:
            return fates.no_key(run, plan.spec)
        plan.audit.see(record.data, record.locator)  # fields of other things are not our matter
        return None

    def write(
        self, record: SourceRecord, input_name: str, graphs: Mapping[str, str],
        tables: "Tables | None" = None,
    ) -> Written:  # fmt: skip
        """Map one record straight to N-Quads; ``graphs`` is role → graph IRI.

        The same triples and issues as :meth:`prepare` and :meth:`map` give, without the digest.
        """
        plan = self._inputs[input_name]
        run = Run(self.source_id, "", record.locator, {})
        try:
            excluded = self._judged(plan, record, run, tables)
            if excluded is None:
                if run.issues:  # those of `where` are not the record's
                    run = Run(run.source, run.key, run.locator, run.joined)
                return _written(plan, run, record, graphs) or written(
                    self.interpret(PreparedRecord(run.key, b"", record, run.joined), input_name),
                    graphs,
                )
        except RejectedError:
            excluded = fates.rejected(run)
        except Exception as error:  # noqa: BLE001 - one record must never end the job
            excluded = fates.crashed(run, error)
        return written(excluded, graphs)

    def map(self, prepared: PreparedRecord, input_name: str) -> MappedRecord:
        """Map one record; a record that cannot be mapped comes back rejected, with its issues."""
        plan = self._inputs[input_name]
        run = Run(self.source_id, prepared.key, prepared.record.locator, prepared.joined)
        root = Frame(prepared.record.data, None, 1, run)
        try:
            return _generated(plan, run, root) or self.interpret(prepared, input_name)
        except Exception as error:  # noqa: BLE001 - one record must never end the job
            return fates.crashed(run, error)

    def interpret(self, prepared: PreparedRecord, input_name: str) -> MappedRecord:
        """Map one record as :meth:`map` does, by the closures alone: what defines the result."""
        plan = self._inputs[input_name]
        run = Run(self.source_id, prepared.key, prepared.record.locator, prepared.joined)
        try:
            return _mapped(plan, run, Frame(prepared.record.data, None, 1, run))
        except RejectedError:
            return fates.rejected(run)

    def explain(self, prepared: PreparedRecord, input_name: str) -> "list[Explanation]":
        """Return what every rule made of a record, of which values, or why it made nothing.

        :raises KeyError: for an unknown input. A rejected record is explained as far as it goes.
        """
        from qcp_graph.mapping.explaining import explain

        return explain(self._inputs[input_name], prepared, self.source_id)

    def audit(self) -> list[Issue]:
        """Return what the records seen so far told about the mapping as a whole."""
        audits = [plan.audit for plan in self._inputs.values()]
        issues = [issue for audit in audits for issue in audit.issues(audits)]
        issues += [issue for join in self._joins.values() for issue in join.audit.issues()]
        issues += [issue for join in self._joins.values() for issue in join.unmet(self.source_id)]
        seen = any(plan.audit.records for plan in self._inputs.values())
        absent = [name for name, join in self._joins.items() if not join.audit.records]
        return [*issues, *(self._ignore.unneeded(absent) if seen else ())]

    def ignored(self) -> Mapping[str, tuple[str, Place]]:
        """Return fields of the records seen so far that are ignored: pattern and place of each."""
        return self._ignore.passed

    def taken_words(self) -> dict[str, set[str]]:
        """Return code list → the words of it that records had since this was last asked."""
        return {name: taken for name, codes in self._lists.items() if (taken := codes.taken())}

    def use_words(self, words: Mapping[str, set[str]]) -> None:
        """Take note of words that records had in another process."""
        for name, found in words.items():
            self._lists[name].used.update(found)

    def unused_words(self) -> list[Issue]:
        """Return which words of code lists no record had; to be asked when all were mapped."""
        return codelists.unused(self._lists.values(), self.source_id)


def _only(getter: Getter, frame: Frame) -> str:
    found = getter(frame)
    return whole_characters(" ".join(found[0].split())) if found else ""


def _generated(plan: InputPlan, run: Run, root: Frame) -> MappedRecord | None:
    found = None if plan.straight else plan.mapper.quads(root)
    if found is None:
        return None
    subject, quads, shared = found
    return MappedRecord(
        run.key, run.locator, iri_of(subject), tuple(quads), tuple(shared),
        tuple(dict.fromkeys(run.issues)),
    )  # fmt: skip


def _written(
    plan: InputPlan, run: Run, record: SourceRecord, graphs: Mapping[str, str]
) -> Written | None:
    frame = Frame(record.data, None, 1, run)
    lines = None if plan.straight else plan.mapper.lines(frame, graphs)
    if lines is None:
        return None
    return Written(run.key, lines, tuple(dict.fromkeys(run.issues)) if run.issues else ())


def _mapped(plan: InputPlan, run: Run, root: Frame) -> MappedRecord:
    subjects = plan.main.subjects_in(root)
    if len(subjects) != 1:
        return fates.no_subject(run, plan.main.spec.place, len(subjects))
    for compiled in plan.maps:
        quads = run.shared if compiled.spec.shared else run.quads
        for frame in frames_of(compiled.lineage, root):
            emit(compiled, frame, quads)
    if isinstance(root.item, Mapping):
        for one in plan.straight:
            one.add(root.item, iri_of(subjects[0]), run, {})
    return MappedRecord(
        run.key, run.locator, iri_of(subjects[0]), tuple(run.quads), tuple(run.shared),
        tuple(dict.fromkeys(run.issues)),
    )  # fmt: skip
