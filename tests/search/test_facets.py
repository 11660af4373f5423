"""Facets count what SPARQL counts."""

from collections.abc import Iterator
from contextlib import closing

import pyoxigraph as ox
import pytest

from qcp_graph import search
from qcp_graph.search import extract, ordering
from qcp_graph.search.model import FacetValue
from tests.search.graph import BASE, iri, qualification, store

GROUP, PILLAR = "http://data.europa.eu/esco/skill/group", "http://data.europa.eu/esco/skill/pillar"
MICRO = "http://data.europa.eu/snb/learning-opportunity/74a4a268e8"
ECTS = f"{BASE}id/framework/credit/ects"
PARTS = (
    qualification(
        "fi/demo", "1", '"Leipuri"@fi',
        f"""dcterms:language <http://publications.europa.eu/resource/authority/language/FIN> ;
        elm:mode <urn:mode:online> ; dcterms:modified "2024-05-01"^^xsd:date ;
        dcterms:type <{MICRO}> ; elm:accreditation <urn:acc:1> ;
        elm:creditPoint <urn:credit:1> ; elm:learningOutcome <urn:o:1> .
        <urn:acc:1> elm:accreditingAgent <{BASE}id/organisation/fi/agency> .
        <urn:credit:1> elm:framework <{ECTS}> ; elm:point "60" .
        <urn:o:1> dcterms:title "bakes"@en ; elm:relatedESCOSkill <urn:skill:1> .
        <urn:skill:1> skos:broader <urn:skill:2> . <urn:skill:2> skos:broader <{GROUP}> .
        <{GROUP}> skos:broader <{PILLAR}>""",
    ),
    qualification(
        "fi/demo", "2", '"Kokki"@fi',
        f"""elm:creditPoint <urn:credit:2> ; dcterms:issued "2019-01-31"^^xsd:date ;
        elm:entitlesTo <urn:right> ; qcp:relatedOccupation <urn:isco:2> .
        <urn:right> elm:limitOccupation <urn:isco:1> .
        <urn:credit:2> elm:framework <{ECTS}> ; elm:point "not a number" """,
    ),
    qualification("fi/demo", "3", '"Sorvaaja"@fi', f"""elm:creditPoint <urn:credit:3> .
        <urn:credit:3> elm:framework <{ECTS}> ; elm:point "2.5" """),
    f"""GRAPH <{BASE}graph/fi/demo/provenance> {{
      <{BASE}id/record/fi/demo/3> prov:wasDerivedFrom <urn:snapshot> . }}
    GRAPH <{BASE}graph/catalogue> {{
      <urn:snapshot> prov:generatedAtTime "2026-11-01T00:00:00Z"^^xsd:dateTime . }}""",
)  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> ox.Store:
    return store(*PARTS)


@pytest.fixture(scope="module")
def index(graph: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[search.Index]:
    path = tmp_path_factory.mktemp("facets") / "search.sqlite"
    search.build(path, graph)
    with closing(search.Index(path)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("language", {"FIN": "1"}),
        ("mode", {"urn:mode:online": "1"}),
        ("micro", {"true": "1"}),
        ("quality", {f"{BASE}id/organisation/fi/agency": "1"}),
        ("group", {GROUP: "1"}),
        ("credits", {"ects.0-5": "3", "ects.31-60": "1"}),
        ("year", {"2026": "3", "2024": "1", "2019": "2"}),
    ],
)
def test_each_field_has_its_values(
    index: search.Index, field: str, expected: dict[str, str]
) -> None:
    assert [value.value for value in index.values(field)] == list(expected)
    for value, key in expected.items():
        (hit,) = index.search("", {field: [value]}).hits
        assert hit.iri == iri(f"fi/demo/{key}")


def test_has_tells_credits_and_quality(index: search.Index) -> None:
    counts = {value.value: value.count for value in index.values("has")}
    assert (counts["credits"], counts["quality"]) == (2, 1)


def test_lacks_is_the_rest_of_has(index: search.Index) -> None:
    whole = index.search("").total
    has = {value.value: value.count for value in index.values("has")}
    lacks = {value.value: value.count for value in index.values("lacks")}
    assert {"outcomes", "eqf", "quality"} <= lacks.keys()
    assert {name: whole - has.get(name, 0) for name in lacks} == lacks
    both = index.search("", {"lacks": ["outcomes", "quality"]})
    assert max(lacks["outcomes"], lacks["quality"]) <= both.total <= whole
    assert not index.search("", {"has": ["outcomes"], "lacks": ["outcomes"]}).total


@pytest.mark.parametrize(
    ("field", "pattern"),
    [
        ("country", "qcp:country ?v"),
        ("eqf", "elm:EQFLevel ?v"),
        ("level", "elm:NQFLevel ?v"),
        ("body", "elm:awardingOpportunity/elm:awardingBody ?v"),
        ("isced", "elm:ISCEDFCode ?v"),
        ("quality", "elm:accreditation/elm:accreditingAgent ?v"),
        ("language", "dcterms:language ?v"),
        ("type", "dcterms:type ?v"),
        ("mode", "elm:mode ?v"),
        (
            "group",
            f"elm:learningOutcome/elm:relatedESCOSkill/skos:broader+ ?v FILTER(?v = <{GROUP}>)",
        ),
        ("skill", "elm:learningOutcome/elm:relatedESCOSkill ?v"),
        ("occupation", "qcp:relatedOccupation|(elm:entitlesTo/elm:limitOccupation) ?v"),
        ("status", "qcp:status ?v"),
        ("partial", "elm:isPartialQualification ?v"),
    ],
)
def test_counts_agree_with_the_graph(
    index: search.Index, graph: ox.Store, field: str, pattern: str
) -> None:
    query = f"""
      PREFIX elm: <http://data.europa.eu/snb/model/elm/> PREFIX dcterms: <http://purl.org/dc/terms/>
      PREFIX qcp: <https://w3id.org/qcp-graph/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
      SELECT ?v (COUNT(DISTINCT ?q) AS ?n) {{ ?r qcp:describes ?q . ?q {pattern} }} GROUP BY ?v"""
    solutions = graph.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    counted = {
        extract.short(field, extract.text(row["v"])): int(extract.text(row["n"]))
        for row in solutions
    }
    assert {value.value: value.count for value in index.values(field)} == counted


def test_only_the_largest_of_very_many_values_are_counted_and_the_chosen(
    index: search.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qcp_graph.search.index.COUNTED", 1)
    assert [value.value for value in index.values("year")] == ["2019"]
    chosen = index.values("year", {"year": ["2026", "1066"]})
    assert [value.value for value in chosen] == ["2026", "2019"]


def test_bands_are_in_the_order_of_their_numbers() -> None:
    values = [FacetValue(f"ects.{band}", "", 1, False) for band in ("121-180", "0-5", "16-30")]
    assert [v.value for v in sorted(values, key=ordering.of("credits"))] == [
        "ects.0-5", "ects.16-30", "ects.121-180",
    ]  # fmt: skip


def test_lists_can_start_with_the_newest_year(index: search.Index) -> None:
    newest = [hit.iri for hit in index.search(sort="newest").hits]
    assert newest == [iri(f"fi/demo/{key}") for key in ("3", "1", "2")]


def test_filter_by_an_occupation_that_the_register_or_a_link_names(index: search.Index) -> None:
    assert [v.value for v in index.values("occupation")] == ["urn:isco:1", "urn:isco:2"]
    for occupation in ("urn:isco:1", "urn:isco:2"):
        found = index.search("", {"occupation": [occupation]}).hits
        assert [hit.iri for hit in found] == [iri("fi/demo/2")]
