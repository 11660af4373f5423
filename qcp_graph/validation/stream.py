"""Judging all records of a graph, one by one, as if the whole graph had been judged at once."""

import gc
import multiprocessing
import pickle
from array import array
from collections import Counter, deque
from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from qcp_graph.errors import UsageError
from qcp_graph.terms import RDF_TYPE, Triple
from qcp_graph.validation.graph import ReferenceGraph, View
from qcp_graph.validation.plan import ShapePlan
from qcp_graph.validation.reach import Reach
from qcp_graph.validation.result import Result
from qcp_graph.validation.survey import Found, Piece, Records, Survey, look, looked_for
from qcp_graph.validation.trial import Attempt, Trial, Verdict
from qcp_graph.validation.type_index import Described, TypeIndex, node_hash

Answer = TypeVar("Answer")
_AHEAD = 3


@dataclass(frozen=True)
class Judge(Generic[Piece]):
    """Judges records with a plan.

    Each piece is judged by itself at first (:mod:`trial`). Where that may not be the report of the
    whole graph, pieces are judged in a second pass, after a first look at them (:mod:`survey`).

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
        """Yield all results, record by record; those of shared nodes come last.

        :raises DataError: for unreadable data.
        """
        reach = self.plan.reach
        if not self.plan.streamable:
            reason = reach.whole or "they have sh:targetObjectsOf"
            raise UsageError(
                "QCP-VAL-WHOLE-GRAPH",
                f"These shapes cannot be judged record by record: {reason}.",
                remedy="Validate the file as one graph, in memory.",
            )
        with Trial() as trial:
            if self._tried(trial, reach):
                doubtful = trial.doubtful()
                survey = self._survey_of(trial.index, doubtful, reach) if doubtful else Survey()
                again = self._judged(survey, reach, doubtful) if doubtful else iter(())
                judged: Iterator[Verdict] = (
                    next(again) if number in doubtful else verdict
                    for number, verdict in enumerate(trial.verdicts())
                )
            else:
                survey = self._survey(reach)
                judged = self._judged(survey, reach)
            for results, counts in judged:
                self.plan.focus_counts.update(counts)
                yield from results
        if survey.joint or self.plan.by_node:
            reference = survey.reference(self.reference)
            yield from self.plan.validate(survey.joint, reference, complete=True)

    def _tried(self, trial: Trial, reach: Reach) -> bool:
        """Judge every piece by itself; return whether all were, and most verdicts may hold."""
        plan = self.plan
        if reach.inverse or plan.by_node or plan.by_subject:
            return False
        work = self._work(Survey(), reach)
        attempts = _each(work.attempt, self.records.pieces(), work, self.jobs)
        return all(trial.add(attempt) for attempt in attempts)

    def _judged(
        self, survey: Survey, reach: Reach, chosen: Container[int] | None = None
    ) -> Iterator[Verdict]:
        """Judge the chosen pieces, or all, with what the survey knows."""
        work = self._work(survey, reach)
        return _each(work.judge, self._pieces(chosen), work, self.jobs)

    def _survey(self, reach: Reach) -> Survey:
        survey = Survey()
        work = self._work(survey, reach)
        for found in _each(work.look, self.records.pieces(), work, self.jobs):
            survey.add(found)
        survey.index.seal()
        survey.index.shared.update(map(node_hash, self.plan.by_node))
        survey.gather(self.records, reach, self.reference)
        return survey

    def _survey_of(self, index: TypeIndex, chosen: Container[int], reach: Reach) -> Survey:
        """Return what the chosen pieces must know of others; ``index`` knows all nodes."""
        survey = Survey(index)
        work = self._work(Survey(), reach)
        for found in _each(work.look, self._pieces(chosen), work, self.jobs):
            survey.outside |= found.outside
        survey.gather(self.records, reach, self.reference)
        return survey

    def _work(self, survey: Survey, reach: Reach) -> "_Work[Piece]":
        plan = replace(self.plan, by_node={}, focus_counts=Counter())
        known = survey.reference(self.reference) if len(survey.index) else self.reference
        return _Work(plan, self.records, known, reach, survey.joint_nodes)

    def _pieces(self, chosen: Container[int] | None) -> Iterator[Piece]:
        pieces = enumerate(self.records.pieces())
        return (piece for n, piece in pieces if chosen is None or n in chosen)


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

    def attempt(self, piece: Piece) -> Attempt:
        view = View(self.records.triples(piece), self.reference)
        counts = self.plan.focus_counts
        counts.clear()
        verdict: Verdict = (self.plan.judge(view), Counter(counts))
        nodes = ((node, own.get(RDF_TYPE, ())) for node, own in view.record.items())
        absent = array("Q", map(node_hash, view.absent))
        repeated = frozenset(map(node_hash, view.repeated()))
        kept = pickle.dumps(verdict, pickle.HIGHEST_PROTOCOL)
        return Attempt(kept, Described.of(nodes), absent, repeated, view.has_classes)

    def judge(self, piece: Piece) -> Verdict:
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
