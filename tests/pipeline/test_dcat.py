"""The catalogue of a release: DCAT-AP 3 without violation, and files that are what it says."""

import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import SH

from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.pipeline.releases import folder
from qcp_graph.settings import Settings
from qcp_graph.terms import Triple
from qcp_graph.validation import ReferenceGraph, compile_shapes, referee
from qcp_graph.validation.result import Result

SHAPES = "conformance/dcat-ap/releases/3.0.1"
BASE = "http://localhost:8000/"
# The official shape wants https in a namespace that SPDX writes with http.
EXCUSED = {"<http://spdx.org/rdf/terms#algorithm>"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("dcat")
    settings = Settings(
        home=home, title="Registers", publisher="The agency", contact="data@example.org"
    )
    ids = ("ie-micro-specimen", "ke-tvet-specimen")
    build(settings, Order(source_ids=ids), Silent())
    return settings


@pytest.fixture(scope="module")
def store(settings: Settings) -> ox.Store:
    releases = folder(settings)
    live = releases.current_id()
    assert live
    return releases.open_store(live)


@pytest.fixture(scope="module")
def triples(store: ox.Store) -> list[Triple]:
    graph = ox.NamedNode(BASE + "graph/catalogue")
    quads = store.quads_for_pattern(None, None, None, graph)
    return [(str(q.subject), str(q.predicate), str(q.object)) for q in quads]


def violations(results: list[Result]) -> list[tuple[str, str, str]]:
    return [
        (result.focus, result.path, result.message)
        for result in results
        if result.severity.endswith("Violation>") or result.severity.endswith("Violation")
    ]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["range", "shapes_recommended", "mdr-vocabularies.shape"])
def test_no_violation(triples: list[Triple], shared: Path, name: str) -> None:
    plan = compile_shapes([shared / SHAPES / "html" / "shacl" / f"{name}.ttl"])
    found = violations(plan.validate(triples, ReferenceGraph({}), complete=True))
    assert [row for row in found if row[1] not in EXCUSED] == []
    assert (
        len(plan.silent) < 5
    )  # series, records of a catalogue and the like, of which there is none


@pytest.mark.shared
def test_no_violation_of_the_older_form(triples: list[Triple], shared: Path) -> None:
    path = shared / SHAPES / "html" / "shacl" / "shapes.ttl"  # sh:shape: pyshacl alone reads it
    assert violations(referee([path], triples, ReferenceGraph({}))) == []


@pytest.mark.shared
@pytest.mark.parametrize("name", ["dcat-ap-SHACL", "ranges"])
def test_no_violation_of_the_newer_form(
    triples: list[Triple], shared: Path, tmp_path: Path, name: str
) -> None:
    shapes = rdflib.Graph().parse(shared / SHAPES / "shacl" / f"{name}.ttl")
    for shape, part in list(shapes.subject_objects(SH.property)):
        if shapes.value(part, SH.path) is None:  # not well-formed: no engine takes it
            shapes.remove((shape, SH.property, part))
            shapes.remove((part, None, None))
    path = tmp_path / "shapes.ttl"
    shapes.serialize(path, "turtle")
    found = compile_shapes([path]).validate(triples, ReferenceGraph({}), complete=True)
    assert violations(found) == []


def test_files_are_what_the_catalogue_says(store: ox.Store, settings: Settings) -> None:
    query = """
        PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX spdx: <http://spdx.org/rdf/terms#>
        SELECT ?register ?url ?size ?sum ?licence WHERE {
          ?catalogue a dcat:Catalog ; dcat:dataset ?register .
          ?register dcat:distribution ?file .
          ?file dcat:downloadURL ?url ; dcat:byteSize ?size ; dcterms:license ?licence ;
            spdx:checksum/spdx:checksumValue ?sum .
        }"""
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    rows = [tuple(value.value for value in row) for row in found]
    assert {row[0] for row in rows} == {
        BASE + "id/register/ie/micro-specimen",
        BASE + "id/register/ke/tvet-specimen",
    }
    releases = folder(settings)
    live = releases.current_id()
    assert live
    for _, url, size, digest, _ in rows:
        path = releases.path(live) / url.removeprefix(BASE)
        assert path.stat().st_size == int(size)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


def test_who_publishes_is_told_and_a_change_makes_a_release(settings: Settings) -> None:
    other = settings.model_copy(update={"publisher": "Another agency"})
    assert build(settings, Order(source_ids=("ie-micro-specimen",)), Silent()).release is None
    assert build(other, Order(source_ids=("ie-micro-specimen",)), Silent()).release is not None
    releases = folder(other)
    live = releases.current_id()
    assert live
    found = releases.open_store(live).query(
        'ASK { <http://localhost:8000/id/catalogue#publisher> ?p "Another agency" }',
        use_default_graph_as_union=True,
    )
    assert bool(found)
