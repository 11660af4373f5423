"""SPARQL clients that others wrote read our endpoint: SPARQLWrapper, and rdflib's SPARQLStore."""

import csv
import gzip
import io
from xml.dom.minidom import Document

import pytest
import rdflib
from rdflib import URIRef
from rdflib.namespace import DCTERMS, RDF
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, QueryBadFormed

from tests.feeds.conftest import Site

ELM = "http://data.europa.eu/snb/model/elm/"
QUALIFICATION = URIRef(ELM + "Qualification")
SELECT = f"SELECT ?q WHERE {{ ?q a <{QUALIFICATION}> }} ORDER BY ?q"
# Both libraries leave sockets to the garbage collector and use a name that rdflib gives up.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]


@pytest.fixture(autouse=True)
def _literals_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def wrapper(site: Site, query: str, form: str, way: tuple[str, str] = WAYS[0]) -> SPARQLWrapper:
    client = SPARQLWrapper(site.base + "sparql")
    client.setMethod(way[0])
    client.setRequestMethod(way[1])
    client.setQuery(query)
    client.setReturnFormat(form)
    return client


def dumped(site: Site) -> rdflib.Graph:
    """The dump of the register, its graphs as one."""
    text = gzip.decompress(site.get("/dumps/ee-mini.nq.gz").content).decode()
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=text, format="nquads")
    graph = rdflib.Graph()
    for subject, predicate, value, _ in dataset.quads():
        graph.add((subject, predicate, value))
    return graph


@pytest.mark.parametrize("way", WAYS)
def test_a_table_in_every_form(site: Site, way: tuple[str, str]) -> None:
    expected = [f"{site.base}id/qualification/ee/mini/Q{n}" for n in range(2, 9)]
    rows = wrapper(site, SELECT, JSON, way).queryAndConvert()["results"]["bindings"]
    assert [row["q"]["value"] for row in rows] == expected
    document = wrapper(site, SELECT, XML, way).queryAndConvert()
    assert isinstance(document, Document)
    assert [node.firstChild.data for node in document.getElementsByTagName("uri")] == expected
    for form, delimiter in ((CSV, ","), (TSV, "\t")):
        text = wrapper(site, SELECT, form, way).queryAndConvert().decode()
        _, *lines = csv.reader(io.StringIO(text), delimiter=delimiter)
        assert [line[0].strip("<>") for line in lines] == expected


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", [TURTLE, RDFXML, JSONLD, N3])
def test_a_graph_in_every_form_is_the_dump(site: Site, form: str, way: tuple[str, str]) -> None:
    graphs = " ".join(f"<{site.base}graph/ee/mini/{r}>" for r in ("data", "provenance", "links"))
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?g {{ {graphs} }} GRAPH ?g {{ ?s ?p ?o }} }}"
    answer = wrapper(site, query, form, way).queryAndConvert()
    if isinstance(answer, bytes):
        answer = rdflib.Graph().parse(data=answer, format="turtle")
    assert set(answer) == set(dumped(site))


def test_yes_or_no(site: Site) -> None:
    query = f"ASK {{ <{site.base}id/qualification/ee/mini/Q2> a <{QUALIFICATION}> }}"
    assert wrapper(site, query, JSON).queryAndConvert()["boolean"] is True


def test_a_client_learns_what_is_wrong(site: Site) -> None:
    with pytest.raises(QueryBadFormed, match="QCP-"):
        wrapper(site, "SELECT ?x WHERE {", JSON).query()
    update = wrapper(site, "INSERT DATA { <urn:a> <urn:b> <urn:c> }", JSON)
    update.setMethod(POST)
    with pytest.raises(Exception, match=r"403|Forbidden") as error:
        update.query()
    assert not isinstance(error.value, EndPointInternalError)


@pytest.fixture
def remote(site: Site) -> rdflib.Graph:
    return rdflib.Graph(SPARQLStore(site.base + "sparql", returnFormat="json"))


def test_rdflib_reads_a_remote_graph_like_its_own(site: Site, remote: rdflib.Graph) -> None:
    subject = URIRef(site.base + "id/qualification/ee/mini/Q2")
    expected = {triple for triple in dumped(site) if triple[0] == subject}
    assert set(remote.triples((subject, None, None))) == expected
    assert str(remote.value(subject, DCTERMS.title)) == "Qualification 2"
    assert len(set(remote.subjects(RDF.type, QUALIFICATION))) == 7
    assert (subject, RDF.type, QUALIFICATION) in remote
    assert (subject, RDF.type, DCTERMS.title) not in remote


def test_rdflib_reads_everything_of_a_named_graph(site: Site) -> None:
    store = SPARQLStore(site.base + "sparql", returnFormat="xml")
    found = set()
    for role in ("data", "provenance", "links"):
        graph = rdflib.Graph(store, URIRef(f"{site.base}graph/ee/mini/{role}"))
        found |= set(graph)
    assert found == set(dumped(site))


def test_rdflib_asks_queries_with_bindings(site: Site, remote: rdflib.Graph) -> None:
    subject = URIRef(site.base + "id/qualification/ee/mini/Q3")
    rows = remote.query(
        "SELECT ?title WHERE { ?q dcterms:title ?title }",
        initNs={"dcterms": DCTERMS},
        initBindings={"q": subject},
    )
    assert [str(row[0]) for row in rows] == ["Qualification 3"]


def test_a_query_chooses_its_graphs(site: Site) -> None:
    data = f"{site.base}graph/ee/mini/data"
    counted = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
    found = [
        int(wrapper(site, query, JSON).queryAndConvert()["results"]["bindings"][0]["n"]["value"])
        for query in (
            counted.format(f"FROM <{data}>"),
            f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{data}> {{ ?s ?p ?o }} }}",
            f"SELECT (COUNT(*) AS ?n) FROM NAMED <{data}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            counted.format(f"FROM <{data}x>"),
            counted.format(""),
        )
    ]
    assert found[0] == found[1] == found[2] > 0
    assert found[3] == 0
    assert found[4] > found[0]
