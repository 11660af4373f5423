"""pyshacl as the referee: slow, for any shapes graph, and the oracle of our own tests."""

import logging
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from qcp_graph.errors import DataError, InternalError, UsageError
from qcp_graph.terms import Triple, curie, parts, term_of
from qcp_graph.validation.applicability import APPLIES, Scope
from qcp_graph.validation.compiler import read_path
from qcp_graph.validation.graph import ReferenceGraph, View
from qcp_graph.validation.patterns import Translation, compile_pattern
from qcp_graph.validation.plan import ShapePlan, names_of
from qcp_graph.validation.result import Result, Rule
from qcp_graph.validation.shapes_graph import ShapesGraph
from qcp_graph.validation.sparql_text import tokens

_PATTERN: Final = curie("sh:pattern")
_FLAGS: Final = curie("sh:flags")
_QUERIES: Final = frozenset(curie(f"sh:{n}") for n in ("select", "ask", "construct", "update"))
_REMOTE: Final = frozenset(("SERVICE", "FROM", "LOAD"))


def referee(
    paths: Sequence[Path],
    triples: Iterable[Triple],
    reference: ReferenceGraph,
    patches: Sequence[Path] = (),
) -> list[Result]:
    """Validate with pyshacl; the same kind of results as :meth:`ShapePlan.validate` gives.

    Literals are left as they are (rdflib's normalisation off) and regular expressions are
    translated from XPath's to Python's first, on which pyshacl would stop. pyshacl cannot tell
    reference nodes from focus nodes, so results about nodes that only the reference graph
    describes are dropped. Shapes without an IRI get the names that the compiled engine gives them,
    so that two reports can be compared; where it cannot compile them they are all called ``_:``.
    Of our annotations of shapes only ``qcp:appliesWhen`` counts.

    :raises UsageError: for unreadable shapes, and for conditions that it cannot be told.
    :raises DataError: when pyshacl cannot judge them: that is no verdict.
    """
    shapes = shapes_for_python(ShapesGraph.read(paths, patches))
    data = dict.fromkeys(triples)
    own = {subject for subject, _, _ in data}
    shared = [
        (subject, predicate, value)
        for subject, properties in reference.subjects.items()
        for predicate, values in properties.items()
        for value in values
    ]
    scope = None
    if any(predicate == APPLIES for _, predicate, _ in shapes):
        scope = Scope(paths, patches, View(data, reference))
        shapes = list(scope.shapes(shapes))
    report = ShapesGraph(_run(shapes, [*data, *shared]))
    results = [_result(report, node) for node in _results(report)]
    kept = (
        result
        for result in results
        if (result.focus in own or result.focus not in reference.subjects)
        and (scope is None or scope.holds(result))
    )
    return sorted(kept, key=lambda result: result.key)


def explained(
    results: Iterable[Result], plan: ShapePlan, triples: Iterable[Triple], reference: ReferenceGraph
) -> Iterator[Result]:
    """Yield results of pyshacl with the codes, messages and remedies that the plan has for them.

    Then the plan's focus nodes are counted, of which pyshacl says nothing.
    """
    for result in results:
        rule = plan.rules.get((result.shape, result.component))
        told = rule is not None and rule.path == result.rule.path
        yield replace(result, rule=rule) if rule is not None and told else result
    view = View(triples, reference)
    for shape, focus in plan.targets(view, complete=True):
        plan.focus_counts[shape.term] += shape.applies(view, focus)


def shapes_for_python(graph: ShapesGraph) -> list[Triple]:
    """Return a shapes graph as pyshacl can read it, with names for anonymous shapes.

    :raises UsageError: for a pattern that is none or that Python could try for ever, and for
        queries that reach other machines: pyshacl has no limits of its own.
    """
    for subject, predicate, value in graph.triples():
        if predicate in _QUERIES and not _REMOTE.isdisjoint(
            token.upper for token in tokens(parts(value)[0])
        ):
            raise graph.ill_formed(subject, "SERVICE, FROM and LOAD are not allowed in queries")
    return _python_patterns(_named(graph))


def _named(graph: ShapesGraph) -> ShapesGraph:
    """Give anonymous shapes the IRIs that results of the compiled engine name."""
    try:
        names = names_of(graph)
    except UsageError:
        return graph  # outside of the compiled engine's features: that is what a referee is for
    renamed = ((names.get(s, s), p, names.get(o, o)) for s, p, o in graph.triples())
    return ShapesGraph(renamed, digest=graph.digest, where=graph.where)


def _python_patterns(graph: ShapesGraph) -> list[Triple]:
    found = []
    for subject, predicate, value in graph.triples():
        if predicate == _PATTERN:
            flags = graph.one(subject, _FLAGS) or '""'
            try:
                pattern = compile_pattern(parts(value)[0], parts(flags)[0])
                made = Translation(parts(value)[0], parts(flags)[0])
                if "q" not in parts(flags)[0] and made.translate() and made.dangerous:
                    raise ValueError("pyshacl could try it for ever: parts that repeat are nested")
            except ValueError as error:
                raise graph.ill_formed(subject, f"sh:pattern: {error}") from error
            found.append((subject, predicate, _quoted(_with_flags(pattern))))
        elif predicate != _FLAGS:
            found.append((subject, predicate, value))
    return found


def _with_flags(pattern: re.Pattern[str]) -> str:
    return f"(?i:{pattern.pattern})" if pattern.flags & re.IGNORECASE else pattern.pattern


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("\r", "\\r") + '"'


def _run(shapes: Iterable[Triple], data: Iterable[Triple]) -> Iterator[Triple]:
    """Run pyshacl and yield its report."""
    # Imported here: rdflib and pyshacl take half a second, which every command would pay.
    import pyoxigraph
    import pyshacl
    import rdflib

    with _literals_as_they_are():
        try:
            _, report, text = pyshacl.validate(
                rdflib.Graph().parse(data=_ntriples(data), format="nt"),
                shacl_graph=rdflib.Graph().parse(data=_ntriples(shapes), format="nt"),
                advanced=False,
                do_owl_imports=False,
            )
        except Exception as error:  # whatever stops pyshacl: it is no verdict
            raise _could_not_run(str(error)) from error
        if not isinstance(report, rdflib.Graph):
            raise _could_not_run(str(text))
        lines = report.serialize(format="nt", encoding="utf-8")
    try:
        found = list(pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_TRIPLES))
    except (SyntaxError, ValueError) as error:
        raise InternalError(
            "QCP-VAL-REFEREE-REPORT",
            f"The report of pyshacl cannot be read: {error}",
            remedy="Validate with the compiled engine.",
        ) from error
    return ((term_of(q.subject), term_of(q.predicate), term_of(q.object)) for q in found)


def _ntriples(triples: Iterable[Triple]) -> str:
    return "".join(f"{s} {p} {o} .\n" for s, p, o in triples)


def _could_not_run(reason: str) -> DataError:
    return DataError(
        "QCP-VAL-REFEREE",
        f"pyshacl could not judge the data: {reason[:500]}",
        remedy="This is no verdict on the data. Correct the shapes, or use the compiled engine.",
    )


@contextmanager
def _literals_as_they_are() -> Iterator[None]:
    """Keep rdflib from rewriting ``PT60H`` to ``P2DT12H``, and from warning of odd literals."""
    import rdflib

    before, logger = rdflib.NORMALIZE_LITERALS, logging.getLogger("rdflib.term")
    disabled = logger.disabled
    rdflib.NORMALIZE_LITERALS, logger.disabled = False, True
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="rdflib")
            yield
    finally:
        rdflib.NORMALIZE_LITERALS, logger.disabled = before, disabled


def _results(report: ShapesGraph) -> list[str]:
    """Return the results of the report itself, without the details nested in them."""
    return [
        value
        for properties in report.subjects.values()
        for value in properties.get(curie("sh:result"), ())
    ]


def _result(report: ShapesGraph, node: str) -> Result:
    path = report.one(node, curie("sh:resultPath"))
    text = str(read_path(report, path, node)) if path else ""
    shape = report.one(node, curie("sh:sourceShape"))
    rule = Rule(
        shape="_:" if shape.startswith("_:") else shape,
        component=report.one(node, curie("sh:sourceConstraintComponent")),
        severity=report.one(node, curie("sh:resultSeverity")),
        path=text,
        messages=tuple(
            sorted(
                (parts(v)[1], parts(v)[0]) for v in report.values(node, curie("sh:resultMessage"))
            )
        ),
    )
    return Result(
        report.one(node, curie("sh:focusNode")), report.one(node, curie("sh:value")), text, rule
    )
