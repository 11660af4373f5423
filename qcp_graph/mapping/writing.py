"""Mapped records as lines of N-Quads (RDF 1.1 N-Quads), for runs that keep nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import MappedRecord


@dataclass(frozen=True, slots=True)
class Written:
    """A record as N-Quads: each line once, with its line end; none where it is rejected."""

    key: str
    lines: Sequence[str]
    issues: Sequence[Issue] = ()
    rejected: bool = False


def written(mapped: MappedRecord, graphs: Mapping[str, str]) -> Written:
    """Return a mapped record as N-Quads; ``graphs`` is role → graph IRI."""
    ends = {role: f" <{graph}> .\n" for role, graph in graphs.items()}
    lines = [f"{s} {p} {o}{ends[role]}" for s, p, o, role in (*mapped.quads, *mapped.shared)]
    return Written(mapped.key, lines, mapped.issues, mapped.rejected)
