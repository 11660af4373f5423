"""From an RML file to a plan that runs outside of any register."""

from collections.abc import Sequence
from pathlib import Path

from qcp_graph.errors import UsageError
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.rml import graph, parse
from qcp_graph.mapping.rml.compile import CompiledMap, Compiler, JoinPlan, Lookup
from qcp_graph.mapping.rml.model import LogicalSource, RmlMapping
from qcp_graph.mapping.rml.passes import passes
from qcp_graph.mapping.rml.plan import RmlPlan, SourcePlan
from qcp_graph.mapping.rml.references import Iteration, Step, iteration, path
from qcp_graph.mapping.rml.vocabulary import SEE
from qcp_graph.terms import is_iri


def load(file: Path, base: str = "") -> RmlPlan:
    """Read and compile an RML document; ``base`` (default: its ``@base``) completes relative IRIs.

    :raises UsageError: QCP-RML-…, naming file, triples map, what is wrong and what to do.
    """
    return compiled(parse.mapping(graph.read(file)), file.name, base)


def compiled(mapping: RmlMapping, name: str, base: str = "") -> RmlPlan:
    """Compile a mapping."""
    base = base or mapping.base
    if base and not is_iri(base):
        raise UsageError("QCP-RML-MAPPING", f"The base {base[:80]!r} is not an absolute IRI.")
    lookup = Lookup()
    compiler = Compiler(mapping.maps, base, lookup, natural=not mapping.old)
    maps: dict[LogicalSource, list[CompiledMap]] = {}
    for spec in mapping.maps.values():
        maps.setdefault(spec.source, []).append(compiler.compiled(spec))
    joins: dict[LogicalSource, list[JoinPlan]] = {}
    for join in compiler.joins:
        joins.setdefault(mapping.maps[join.parent].source, []).append(join)
    sources = []
    for source, found in maps.items():
        shared = compiler.watches[source]
        watches = shared.watches
        split = _iteration(source, list(watches))
        parents = joins.get(source, [])
        bare = any(not _steps(text, source) for text in watches)
        sources.append(
            SourcePlan(source, split, found, parents, watches, name, shared.columns, bare)
        )
    return RmlPlan(name, passes(sources), mapping.targets, lookup)


def _steps(text: str, source: LogicalSource) -> Sequence[Step]:
    return path(text, source.formulation).steps


def _iteration(source: LogicalSource, references: Sequence[str]) -> Iteration:
    try:
        paths = [path(text, source.formulation) for text in references]
        up = max((found.up for found in paths), default=0)
        bare = any(not found.steps for found in paths) and source.formulation == "json"
        return iteration(source.iterator, source.formulation, up, bare)
    except ValueError as error:
        message = f"The iterator cannot be followed: {error}."
        raise fault("QCP-RML-REFERENCE", message, source.place, SEE) from error
