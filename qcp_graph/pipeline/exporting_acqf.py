"""A register in the exchange form of the African platform (ACQF QCP): import JSON, or RDF."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from qcp_graph import assets, exports, store
from qcp_graph.exports import Codes, Labels, Object
from qcp_graph.iris import Iris
from qcp_graph.pipeline.export_outcome import Advance, Outcome
from qcp_graph.terms import Triple, curie, iri_of

_TABLES: Final = "mappings/za-acqf-qcp"
_ACQF: Final = "https://data.acqf-qcp.africa/model/acqf-levels/resource/level-"
_LABEL: Final = curie("skos:prefLabel")


def codes(base: str) -> Codes:
    """Return our levels and credit systems with the platform's IRIs, by its import's tables."""
    iris = Iris(base)
    found: dict[str, str] = {iris.level("acqf", str(n)): f"{_ACQF}{n}" for n in range(1, 11)}
    for name in ("national-levels", "regional-levels"):
        found |= _inverse(f"{name}.csv", base)
    return Codes(found, _inverse("credit-systems.csv", base))


def _inverse(name: str, base: str) -> dict[str, str]:
    path = assets.root() / _TABLES / name
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["source"].startswith("https://")]
    return {_ours(row["target"], base): row["source"] for row in rows}


def _ours(name: str, base: str) -> str:
    for prefix, place in (("id:", "id/"), ("framework:", "id/framework/")):
        if name.startswith(prefix):
            return f"{base}{place}{name.removeprefix(prefix)}"
    return name


def labels(triples: Iterable[Triple]) -> Labels:
    """Return the names of concepts, as terms."""
    found: dict[str, list[str]] = {}
    for subject, name, value in triples:
        if name == _LABEL:
            found.setdefault(iri_of(subject), []).append(value)
    return lambda iri: found.get(iri, ())


def documents(
    path: Path, names: Labels, known: Codes, outcome: Outcome, advance: Advance
) -> Iterator[Object]:
    """Yield the document of each qualification that the platform takes, and count."""
    with store.LedgerReader(path) as reader:
        for row in reader.public():
            if row.status == "withdrawn":
                continue
            outcome.records += 1
            quads = [*store.unpack(row.quads), *store.unpack(row.shared)]
            facts = exports.facts(quads, provenance=True)
            made, left_out = exports.acqf(row.iri, facts, names, known)
            outcome.left_out.update(dict.fromkeys(left_out))
            advance(1)
            if made:
                outcome.written += 1
                yield made


def write_json(found: Iterable[Object], target: BinaryIO) -> None:
    """Write the import file: qualifications as they come, bodies (in memory) once each."""
    bodies: dict[str, Object] = {}
    target.write(b'{"qualifications": [')
    for number, one in enumerate(found):
        bodies.update((body["id"], body) for body in one["organisations"])
        target.write(b",\n" if number else b"\n")
        target.write(_dumped(one["qualifications"][0]))
    target.write(b'\n],\n"organisations": [')
    for number, name in enumerate(sorted(bodies)):
        target.write(b",\n" if number else b"\n")
        target.write(_dumped(bodies[name]))
    target.write(b"\n]}\n")


def write_rdf(found: Iterable[Object], target: BinaryIO) -> None:
    """Write N-Triples; what several records say of a body stands once."""
    seen: set[str] = set()
    for one in found:
        new = [body for body in one["organisations"] if body["id"] not in seen]
        seen.update(body["id"] for body in new)
        lines = exports.acqf_triples({**one, "organisations": new})
        text = "".join(f"{s} {p} {o} .\n" for s, p, o in dict.fromkeys(lines))
        target.write(text.encode())


def _dumped(value: Object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
