"""Our engine, from a file to N-Quads: ``ours.py <format> <file> <target> [quads]``.

Reader, strict audit, checks of every term and the issues of every record included; with ``quads``
by way of the records that a build stores (key, digest, quads).
"""

import sys
from itertools import chain
from pathlib import Path

from qcp_graph import mapping, readers
from qcp_graph.iris import Iris
from qcp_graph.model.record import PreparedRecord, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.model.source import Licence, Owner, Source
from qcp_graph.terms import nquad

BASE = "https://example.org/"
MAPPINGS = Path(__file__).parent / "mappings"
LIMIT = 2**25


def plan_of(form: str) -> mapping.Plan:
    """Return the mapping of the register in a format."""
    folder = MAPPINGS / form
    source = Source(
        "xx-bench", {"en": "Benchmark"}, "FRA", Owner("o"), Licence("l"), "DAILY", folder,
        languages=("en", "cy"),
    )  # fmt: skip
    return mapping.load(folder, source, Iris(BASE), {})


def main(form: str, source: str, target: str, by: str = "lines") -> None:
    """Write the N-Quads of a file; issues end the run, for there are none."""
    plan = plan_of(form)
    (spec,) = plan.inputs
    file = SnapshotFile("register", Path(source), Path(source).stat().st_size, "")
    iris = Iris(BASE)
    graphs = {role: iris.graph("xx-bench", role) for role in ("data", "provenance")}
    found = readers.read(spec, file, max_record_bytes=LIMIT)
    with Path(target).open("w", encoding="utf-8") as out:
        for item in found:
            assert isinstance(item, SourceRecord), item
            if by == "lines":
                written = plan.write(item, spec.name, graphs)
                assert not written.issues, written.issues
                out.writelines(written.lines)
                continue
            prepared = plan.prepare(item, spec.name)
            assert isinstance(prepared, PreparedRecord), prepared
            mapped = plan.map(prepared, spec.name)
            assert not mapped.issues, mapped.issues
            for quad in chain(mapped.quads, mapped.shared):
                out.write(nquad(quad, graphs[quad[3]]) + "\n")
    assert plan.audit() == [], plan.audit()


if __name__ == "__main__":
    main(*sys.argv[1:5])
