"""The exchange form of ACQF QCP: JSON, RDF, the official shapes, and what is left out."""

import json
from pathlib import Path

import pytest
import rdflib
from pyshacl import validate

from qcp_graph import exports
from qcp_graph.exports import Codes, Facts, Object
from qcp_graph.pipeline import exporting_acqf
from qcp_graph.terms import curie, literal
from tests.exports.test_europass import ORG, OUT, B, Q, Said, award, organisation, said, whole

LEVEL = f"{B}level/ke-knqf/5"
THEIRS = "https://data.acqf-qcp.africa/model/ke-nqf-levels/resource/level-5"
ECTS = "https://data.acqf-qcp.africa/model/creditpoint-framework/resource/ects"
CODES = Codes({LEVEL: THEIRS}, {f"{B}framework/credit/ects": ECTS})


def record(*more: Said, without: str = "") -> Facts:
    credit, number = f"{Q[:-1]}#credit>", f"{Q[:-1]}#id>"
    page, accreditation = f"{Q[:-1]}#doc>", f"{Q[:-1]}#acc>"
    statements: list[Said] = [
        *whole(), *award(), *organisation(), *more,
        (Q, "dcterms:publisher", f"<{B}organisation/office>"),
        (f"<{B}organisation/office>", "skos:prefLabel", literal("Office", language="en")),
        (Q, "qcp:country", "<http://publications.europa.eu/resource/authority/country/KEN>"),
        (Q, "elm:educationLevel", f"<{LEVEL}>"),
        (Q, "elm:supplementaryDocument", page),
        (page, "elm:contentUrl", literal("https://example.org/rpl")),
        (Q, "adms:identifier", number),
        (number, "skos:notation", literal("KE-1")),
        (Q, "elm:creditPoint", credit),
        (credit, "elm:framework", f"<{B}framework/credit/ects>"),
        (credit, "elm:point", literal("60")),
        (Q, "elm:accreditation", accreditation),
        (accreditation, "dcterms:title", literal("Review", language="en")),
        (accreditation, "dcterms:type", "<http://data.europa.eu/snb/accreditation/003293d2ce>"),
        (accreditation, "elm:organisation", ORG),
        (accreditation, "elm:accreditingAgent", ORG),
    ]  # fmt: skip
    return exports.facts(said(*(one for one in statements if one[1] != without)), provenance=True)


def made(facts: Facts) -> tuple[Object, set[tuple[str, str]]]:
    found, left_out = exports.acqf(Q[1:-1], facts, lambda _iri: (), CODES)
    return found, {(one.field, one.reason) for one in left_out}


def test_a_whole_record() -> None:
    found, left_out = made(record())
    (qualification,) = found["qualifications"]
    assert qualification["title"] == {
        "en": "Car & lorry mechanic", "fi": "Ajoneuvoasentaja"
    }  # fmt: skip
    assert qualification["educationLevelNqf"] == [THEIRS]
    assert qualification["creditPoint"] == [{"framework": ECTS, "point": "60"}]
    assert qualification["identifier"] == {"notation": "KE-1"}
    assert qualification["learningOutcome"][0]["relatedSkill"] == [
        "http://data.europa.eu/esco/skill/x"
    ]
    assert qualification["publisher"] == f"{B}organisation/office"
    assert {body["id"]: body["location"]["spatialCode"] for body in found["organisations"]} == {
        ORG[1:-1]: "FIN",
        f"{B}organisation/office": "KEN",  # a register's own office is in its country
    }
    fields = {field for field, _ in left_out}
    assert fields == {"elm:EQFLevel", "elm:NQFLevel"}


@pytest.mark.parametrize(
    "field", ["elm:learningOutcome", "elm:awardingOpportunity", "elm:supplementaryDocument"]
)
def test_what_the_platform_requires(field: str) -> None:
    found, left_out = made(record(without=field))
    if field == "elm:awardingOpportunity":
        assert ("*", f"not written: {field} is not given") in left_out
    assert found == {}


def test_a_page_of_its_own_stands_for_a_document() -> None:
    home = f"{Q[:-1]}#home>"
    more = [(Q, "foaf:homepage", home), (home, "elm:contentUrl", literal("https://example.org/q"))]
    found, left_out = made(record(*more, without="elm:supplementaryDocument"))
    assert found["qualifications"][0]["supplementaryDocument"] == [
        {"contentUrl": ["https://example.org/q"]}
    ]
    assert ("elm:supplementaryDocument", "not given: the homepage stands for it") in left_out


def test_addresses_that_are_none_are_no_documents() -> None:
    facts = record((f"{Q[:-1]}#doc>", "elm:contentUrl", literal("javascript:alert(1)")))
    found, _ = made(facts)
    assert all(
        one["contentUrl"][0].startswith("http")
        for one in found["qualifications"][0]["supplementaryDocument"]
    )


def test_json_and_rdf_of_a_register(tmp_path: Path) -> None:
    found, _ = made(record())
    path = tmp_path / "acqf.json"
    with path.open("wb") as stream:
        exporting_acqf.write_json([found, found], stream)
    document = json.loads(path.read_bytes())
    assert len(document["qualifications"]) == 2
    assert [one["id"] for one in document["organisations"]] == sorted(
        [ORG[1:-1], f"{B}organisation/office"]
    )
    with path.open("wb") as stream:
        exporting_acqf.write_rdf([found, found], stream)
    graph = rdflib.Graph().parse(data=path.read_text(), format="nt")
    assert (
        len(list(graph.subjects(rdflib.RDF.type, rdflib.URIRef(curie("elm:Organisation")[1:-1]))))
        == 2
    )


def test_their_codes_come_from_the_tables_of_their_import() -> None:
    codes = exporting_acqf.codes("https://example.org/")
    assert codes.levels[LEVEL] == THEIRS
    assert codes.levels["https://example.org/id/level/acqf/6"].endswith(
        "/acqf-levels/resource/level-6"
    )
    assert codes.credits["http://data.europa.eu/snb/education-credit/6fcec5c5af"] == ECTS


@pytest.mark.shared
def test_the_official_shapes_find_nothing(shared: Path) -> None:
    found, _ = made(record())
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in exports.acqf_triples(found))
    data = rdflib.Graph().parse(data=text, format="nt")
    shapes = rdflib.Graph().parse(
        shared / "reference" / "acqf-qcp" / "model" / "exchange-model.ttl", format="turtle"
    )
    # Its pattern of addresses is no regular expression of XPath, nor of Python.
    shapes.remove((None, rdflib.URIRef("http://www.w3.org/ns/shacl#pattern"), None))
    conforms, _, report = validate(data, shacl_graph=shapes)
    assert conforms, report
    assert OUT[1:-1] not in text  # outcomes are parts of their qualification there
