"""Judging a whole graph: in memory, or in a store on disk, with constraints written in SPARQL."""

from collections.abc import Iterator, Sequence

from qcp_graph.terms import Triple
from qcp_graph.validation.graph import ReferenceGraph
from qcp_graph.validation.plan import ShapePlan
from qcp_graph.validation.result import Result
from qcp_graph.validation.shapes_graph import ShapesGraph
from qcp_graph.validation.sparql_worker import TIMEOUT, SparqlWorker, triples_source


def judge_graph(
    plan: ShapePlan,
    triples: Sequence[Triple],
    reference: ReferenceGraph,
    *,
    timeout: float = TIMEOUT,
) -> list[Result]:
    """Judge a graph in memory by all shapes, those with SPARQL too.

    Queries see the data and the reference graph as default graph; they run in a process of their
    own, each no longer than ``timeout`` seconds.

    :raises DataError: for a query that cannot be answered within the limits.
    """
    if not plan.reach.asks:
        return plan.validate(triples, reference, complete=True)
    shapes = ShapesGraph.read(plan.paths, plan.patches)
    together = dict.fromkeys((*triples, *_triples(reference)))
    with (
        triples_source(together, shapes.triples()) as source,
        SparqlWorker(source, timeout) as worker,
    ):
        asked = ReferenceGraph(reference.subjects, reference.elsewhere)
        asked.asker = worker
        return plan.validate(triples, asked, complete=True)


def _triples(reference: ReferenceGraph) -> Iterator[Triple]:
    for subject, properties in reference.subjects.items():
        for predicate, values in properties.items():
            yield from ((subject, predicate, value) for value in values)
