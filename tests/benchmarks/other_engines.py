"""Another SHACL engine on the same files, in an environment of its own (no import of ours).

``python other_engines.py pyshacl|pyrudof SHAPES.nt DATA.nt`` prints JSON: CPU-seconds for reading
and judging, memory, and the results as rows of focus node, path, value and component.
"""

import json
import resource
import sys
import time
from pathlib import Path

SH = "http://www.w3.org/ns/shacl#"


def pyshacl(shapes_file: str, data_file: str) -> list[list[str]]:
    """Run pyshacl on rdflib graphs, with literals as they are."""
    import logging

    import pyshacl as engine
    import rdflib

    logging.getLogger("rdflib.term").disabled = True
    rdflib.NORMALIZE_LITERALS = False
    shapes = rdflib.Graph().parse(shapes_file, format="nt")
    data = rdflib.Graph().parse(data_file, format="nt")
    _, report, _ = engine.validate(data, shacl_graph=shapes, inference="none")
    wanted = [rdflib.URIRef(SH + name) for name in ("focusNode", "resultPath", "value")]
    wanted.append(rdflib.URIRef(SH + "sourceConstraintComponent"))
    return [
        ["" if v is None else v.n3() for v in (report.value(node, p) for p in wanted)]
        for node in report.objects(None, rdflib.URIRef(SH + "result"))
    ]


def pyrudof(shapes_file: str, data_file: str) -> list[list[str]]:
    """Run rudof's native engine."""
    import pyrudof as engine

    rudof = engine.Rudof(engine.RudofConfig())
    rudof.read_data(data_file, format=engine.RDFFormat.NTriples)
    rudof.read_shacl(shapes_file, format=engine.ShaclFormat.NTriples)
    report = rudof.validate_shacl(mode=engine.ShaclValidationMode.Native)
    return [
        [
            str(getattr(entry, name, "") or "")
            for name in ("focus_node", "path", "value", "constraint_component")
        ]
        for entry in report
    ]


def memory() -> float:
    """Return the most memory this process had, in MiB; not what its parent had when it forked."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Judge, and print what it took."""
    name, shapes_file, data_file = sys.argv[1:]
    start = time.process_time()
    rows = {"pyshacl": pyshacl, "pyrudof": pyrudof}[name](shapes_file, data_file)
    figures = {"cpu": time.process_time() - start, "mb": memory(), "rows": rows}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
