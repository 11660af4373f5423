"""Damaged ELM, in every syntax, through reader and copy: issues, no crash, no invalid quad."""

from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest

from qcp_graph import mapping, readers, sources
from qcp_graph.errors import DataError
from qcp_graph.iris import Iris
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import MappedRecord
from qcp_graph.model.snapshot import SnapshotFile

ROUNDS = 60
HOSTILE = (
    b"\x00", b'"', b"<", b">", b'"""', b"\\", b"@en", b"[", b"]", b" . ", b";", b"\xff",
    b"<javascript:a>", b"&a;", b"^^xsd:date", b"_:b", b"{", b"}", b"http://", b"\n",
    b"<!DOCTYPE a>", b"-0", b"9" * 50, b'"@language":"e n"', b'"@context":"http://a/c.json",',
)  # fmt: skip


def damaged(content: bytes, chance: Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found))
        way = chance.randint(0, 2)
        if way == 0:
            del found[at : at + chance.randint(1, 40)]
        elif way == 1:
            found[at:at] = chance.choice(HOSTILE)
        else:
            start = chance.randrange(len(found))
            found[at:at] = found[start : start + chance.randint(1, 200)]
    return bytes(found)


def sample(suffix: str, golden: Path) -> bytes:
    if suffix == "xml":
        return (golden / "eu-elm-xml/input/qualifications.xml").read_bytes()
    paths = sorted((golden / "be-qdr/input").glob("*.ttl"))
    quads = [q for path in paths for q in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]
    form = ox.RdfFormat.from_extension(suffix)
    assert form is not None
    written = ox.serialize(quads, format=form)
    assert written is not None
    return written


@pytest.mark.parametrize("suffix", ["ttl", "nt", "nq", "trig", "rdf", "jsonld", "xml"])
def test_damage_gives_issues(suffix: str, tmp_path: Path, repository: Path) -> None:
    source = sources.get("be-qdr", None)
    plan = mapping.load(source.folder, source, Iris("http://localhost:8000/"), {})
    (spec,) = plan.inputs
    content = sample(suffix, repository / "tests" / "golden")
    path = tmp_path / f"in.{suffix}"
    outcomes, places = 0, list[str]()
    for number in range(ROUNDS):
        path.write_bytes(damaged(content, Random(f"{suffix} {number}")))
        try:
            for item in readers.read_together(
                spec, [SnapshotFile(path.name, path, 1, "")], max_record_bytes=10**6
            ):
                outcomes += 1
                if isinstance(item, Issue):
                    continue
                prepared = plan.prepare(item, spec.name)
                assert not isinstance(prepared, MappedRecord), prepared
                sound(plan.map(prepared, spec.name))
        except DataError as error:
            outcomes += 1
            places.append(error.where)
    assert outcomes >= ROUNDS
    assert [place for place in places if not place.startswith(path.name)] == []


def sound(mapped: MappedRecord) -> None:
    assert "QCP-MAP-CRASH" not in {issue.code for issue in mapped.issues}
    lines = "\n".join(f"{s} {p} {o} ." for s, p, o, _ in (*mapped.quads, *mapped.shared))
    for quad in ox.parse(lines.encode(), ox.RdfFormat.N_TRIPLES):
        for term in (quad.subject, quad.predicate, quad.object):
            assert not (isinstance(term, ox.NamedNode) and term.value.startswith("javascript:"))
