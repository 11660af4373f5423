"""Judging all records of a graph, one by one, as if the whole graph had been judged at once."""

import gc
import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from qcp_graph.errors import UsageError
from qcp_graph.terms import Triple
from qcp_graph.validation.graph import ReferenceGraph
from qcp_graph.validation.plan import ShapePlan
from qcp_graph.validation.reach import Reach
from qcp_graph.validation.result import Result
from qcp_graph.validation.survey import Found, Piece, Records, Survey, look, looked_for
from qcp_graph.validation.type_index import node_hash

Answer = TypeVar("Answer")
_AHEAD = 3


@dataclass(frozen=True)
class Judge(Generic[Piece]):
    """Judges records with a plan, in one pass after a first look at them (:mod:`survey`).

    The report is that of the whole graph: references between records are judged by what the other
    record says, a node that several records describe is judged once, by all of it, and nodes that
    only the reference graph describes are never focus nodes. Memory grows with the number of nodes
    (eight bytes each) and with what several records describe, not with the data.

    :raises UsageError: for shapes that nothing less than a whole graph can be judged by.
    """

    plan: ShapePlan
    records: Records[Piece]
    reference: ReferenceGraph
    jobs: int = 1

    def results(self) -> Iterator[Result]:
        """Yield all results, record by record; those of shared nodes come last."""
        reach = self.plan.reach
        if not self.plan.streamable:
            reason = reach.whole or "they have sh:targetObjectsOf"
            raise UsageError(
                "QCP-VAL-WHOLE-GRAPH",
                f"These shapes cannot be judged record by record: {reason}.",
                remedy="Validate the file as one graph, in memory.",
            )
        survey = self._survey(reach)
        reference = survey.reference(self.reference)
        by_record = replace(self.plan, by_node={}, focus_counts=Counter())
        work = _Work(by_record, self.records, reference, reach, survey.joint_nodes)
        for results, counts in _each(work.judge, self.records.pieces(), work, self.jobs):
            self.plan.focus_counts.update(counts)
            yield from results
        if survey.joint or self.plan.by_node:
            yield from self.plan.validate(survey.joint, reference, complete=True)

    def _survey(self, reach: Reach) -> Survey:
        survey = Survey()
        work = _Work(self.plan, self.records, self.reference, reach, frozenset())
        for found in _each(work.look, self.records.pieces(), work, self.jobs):
            survey.add(found)
        survey.index.seal()
        survey.index.shared.update(map(node_hash, self.plan.by_node))
        survey.gather(self.records, reach, self.reference)
        return survey


@dataclass(frozen=True)
class _Work(Generic[Piece]):
    """What is done with one piece, in this process or in another."""

    plan: ShapePlan
    records: Records[Piece]
    reference: ReferenceGraph
    reach: Reach
    joint: frozenset[str]

    def look(self, piece: Piece) -> Found:
        return look(self.records.outline(piece, looked_for(self.reach)), self.reach)

    def judge(self, piece: Piece) -> tuple[list[Result], Counter[str]]:
        triples: Iterable[Triple] = self.records.triples(piece)
        if self.joint:
            triples = [triple for triple in triples if triple[0] not in self.joint]
        counts = self.plan.focus_counts
        counts.clear()
        return self.plan.validate(triples, self.reference), Counter(counts)


_work: _Work[Any] | None = None


def spare_the_collector() -> None:
    """Look for cycles among objects less often: a piece is thousands of tuples, and has none.

    For a process that does nothing else; it saves a fifth of its time.
    """
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def _install(work: _Work[Any]) -> None:
    global _work
    _work = work
    spare_the_collector()


def _call(name: str, piece: object) -> object:
    return getattr(_work, name)(piece)


def _each(
    function: Callable[[Piece], Answer], pieces: Iterator[Piece], work: _Work[Piece], jobs: int
) -> Iterator[Answer]:
    """Apply a method of ``work`` to all pieces, in order; ``jobs`` processes work at once."""
    if jobs <= 1:
        yield from map(function, pieces)
        return
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
    running: deque[Future[Any]] = deque()
    with ProcessPoolExecutor(jobs, context, _install, (work,)) as pool:
        for piece in pieces:
            running.append(pool.submit(_call, function.__name__, piece))
            if len(running) > jobs * _AHEAD:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
