"""RDF in: references into records of RDF, CONSTRUCT per record, and ELM that is copied."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from qcp_graph import readers
from qcp_graph.errors import UsageError
from qcp_graph.mapping import Plan, Tables
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator, MappedRecord, PreparedRecord, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from tests.mapping.support import load, short

TURTLE = """@prefix elm: <http://data.europa.eu/snb/model/elm/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rov: <http://www.w3.org/ns/regorg#> .
@prefix ex: <http://e.example/v#> .
@prefix : <http://r.example/q/> .
:1 a elm:Qualification ; dcterms:title "Baker"@en, "Boulanger"@fr, "Panadero"@es ;
  dcterms:modified "2024-05-06" ; elm:status "released" ; ex:odd "strange" ;
  elm:volumeOfLearning "PT40H"^^<http://www.w3.org/2001/XMLSchema#duration> ;
  foaf:homepage "https://r.example/1" ; elm:EQFLevel <http://data.europa.eu/snb/eqf/4> ;
  elm:educationSubject <http://r.example/field/7> ;
  elm:learningOutcome :lo, [ a elm:LearningOutcome ; dcterms:title "clean"@en ] ;
  elm:hasPart :2, <http://elsewhere.example/9> ;
  elm:awardingOpportunity [ a elm:AwardingOpportunity ; elm:awardingBody :guild ;
    elm:learningAchievementSpecification :1 ; ex:inner 5 ] ;
  elm:entryRequirement [ a elm:Note ; elm:noteLiteral "none"@en ] .
:2 a elm:Qualification ; dcterms:title "Dough"@en ; elm:isPartOf :1 .
:lo a elm:LearningOutcome ; dcterms:title "bake"@en .
:guild a ex:School ; rov:legalName "Guild"@en ; elm:additionalNote [ elm:noteLiteral "old"@en ] .
<http://r.example/field/7> a skos:Concept ; skos:prefLabel "Food"@en .
"""
SOURCE = """
sources:
  s:
    access: a.ttl
    referenceFormulation: rdf
    iterator: elm:Qualification
    key: $(@local)
    options: {local: ["http://r.example/q/"], prefixes: {ex: "http://e.example/v#"}}
"""
MAIN = "mappings: {q: {subjects: 'qualification:$(@local)'}}\n"
COPY = (
    SOURCE + "    copy: {model: elm, leave: [elm:status], classes: {ex:School: elm:Organisation}}\n"
)
PREFIX = 'prefixes: {ex: "http://e.example/v#"}\n'


def mapped(plan: Plan, folder: Path, text: str = TURTLE) -> dict[str, MappedRecord]:
    path = folder / "a.ttl"
    path.write_text(text, encoding="utf-8")
    found = {}
    (spec,) = plan.inputs
    files = [SnapshotFile("a.ttl", path, 1, "")]
    for item in readers.read_together(spec, files, max_record_bytes=10**6):
        assert isinstance(item, SourceRecord), item
        prepared = plan.prepare(item, "s")
        assert isinstance(prepared, PreparedRecord), prepared
        found[prepared.key] = plan.map(prepared, "s")
    return found


def rules(folder: Path, *lines: str, languages: Sequence[str] = ("fr", "en")) -> list[str]:
    body = "".join(f"      - {line}\n" for line in lines)
    text = (
        PREFIX + SOURCE
        + "mappings:\n  q:\n    subjects: qualification:$(@local)\n    predicateobjects:\n" + body
    )  # fmt: skip
    lines = short(mapped(load(folder, text, languages=languages), folder)["1"])
    return [line.removeprefix("qualification:") for line in lines]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[dcterms:title, $(dcterms:title@en), en~lang]", ['1 dcterms:title "Baker"@en']),
        (
            "[dcterms:title, {languageMap: $(dcterms:title)}]",
            ['1 dcterms:title "Baker"@en', '1 dcterms:title "Boulanger"@fr'],
        ),
        ("[skos:note, $(elm:learningOutcome/dcterms:title@en)]",
         ['1 skos:note "bake"', '1 skos:note "clean"']),
        ("[skos:note, $(elm:EQFLevel), xsd:anyURI]",
         ['1 skos:note "eqf:4"^^xsd:anyURI']),
        ("[elm:EQFLevel, $(elm:EQFLevel)~iri]", ["1 elm:EQFLevel eqf:4"]),
        ("[skos:note, $(elm:volumeOfLearning/@datatype)]", ['1 skos:note "xsd:duration"']),
        ("[skos:note, $(<http://purl.org/dc/terms/modified>)]", ['1 skos:note "2024-05-06"']),
        ("[skos:note, $(@id)]", ['1 skos:note "http://r.example/q/1"']),
        ("[skos:note, $(ex:odd)]", ['1 skos:note "strange"']),
    ],
)  # fmt: skip
def test_references(line: str, expected: list[str], tmp_path: Path) -> None:
    assert sorted(rules(tmp_path, line)) == expected


def test_a_language_map_says_which_text_has_no_language(tmp_path: Path) -> None:
    line = "[dcterms:description, {languageMap: $(elm:status)}]"
    assert rules(tmp_path, line, languages=["fr"]) == ['1 dcterms:description "released"@fr']
    assert rules(tmp_path, line) == []


def test_the_audit_knows_properties_and_languages(tmp_path: Path) -> None:
    text = (
        PREFIX
        + SOURCE
        + """
ignore: {"elm:*": x, "foaf:*": x, dcterms:modified: x}
mappings:
  q:
    subjects: qualification:$(@local)
    predicateobjects:
      - [dcterms:title, $(dcterms:title@en), en~lang]
"""
    )
    plan = load(tmp_path, text)
    mapped(plan, tmp_path)
    found = {(i.field, i.value) for i in plan.audit() if i.code == "QCP-MAP-UNMAPPED"}
    assert found == {
        ("dcterms:title@es", "Panadero"), ("dcterms:title@fr", "Boulanger"), ("ex:odd", "strange"),
    }  # fmt: skip


QUERY = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX elm: <http://data.europa.eu/snb/model/elm/>
CONSTRUCT {
  ?subject a elm:Qualification ; dcterms:title ?title ; elm:volumeOfLearning ?volume ;
    elm:entryRequirement [ a elm:Note ; elm:noteLiteral ?note ] .
  ?record dcterms:title "not ours" .
  ?subject dcterms:source <javascript:alert(1)> .
} WHERE {
  ?record dcterms:title ?title ; elm:volumeOfLearning ?volume .
  OPTIONAL { ?record elm:entryRequirement/elm:noteLiteral ?note }
  FILTER(lang(?title) = "en")
}"""


def test_construct(tmp_path: Path) -> None:
    text = SOURCE + "    construct: q.rq\n" + MAIN
    plan = load(tmp_path, text, {"q.rq": QUERY})
    one = mapped(plan, tmp_path)["1"]
    lines = short(one)
    assert 'qualification:1 dcterms:title "Baker"@en' in lines
    assert (
        'qualification:1 elm:volumeOfLearning "PT40H"^^xsd:duration' in lines
    )  # as it was written
    (note,) = [line.split()[0] for line in lines if "elm:noteLiteral" in line]
    assert note.startswith("qualification:1#n-")
    assert not any("javascript" in line or "not ours" in line for line in lines)
    assert sorted(i.code for i in one.issues) == ["QCP-MAP-CONSTRUCT", "QCP-MAP-IRI"]
    again = mapped(load(tmp_path, text), tmp_path)["1"]
    assert again == one


def test_construct_says_which_graph(tmp_path: Path) -> None:
    text = SOURCE + "    construct: {provenance: q.rq}\n" + MAIN
    one = mapped(load(tmp_path, text, {"q.rq": QUERY}), tmp_path)["1"]
    assert {quad[3] for quad in one.quads} == {"provenance"}


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("SELECT * { ?s ?p ?o }", "CONSTRUCT"),
        ("CONSTRUCT { ?s ?p ?o } { SERVICE <http://evil.example/> { ?s ?p ?o } }", "SERVICE"),
        ("CONSTRUCT { ?s ?p ?o } FROM <file:///etc/passwd> { ?s ?p ?o }", "FROM"),
        ("CONSTRUCT { ?s ?p } { ?s ?p ?o }", "not SPARQL"),
    ],
)
def test_queries_that_are_refused(query: str, part: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=part):
        load(tmp_path, SOURCE + "    construct: q.rq\n" + MAIN, {"q.rq": query})


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("construct: ../q.rq", "not a file"),
        ("construct: {links: q.rq}", "data"),
        ("copy: foaf", "elm"),
        ("copy: {model: elm, leave: [nope:x]}", "nope"),
    ],
)
def test_mistakes_are_named(line: str, part: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=part):
        load(tmp_path, SOURCE + f"    {line}\n" + MAIN)


def test_copying_needs_rdf(tmp_path: Path) -> None:
    text = "sources: {s: {access: a, referenceFormulation: csv, key: $(a), copy: elm}}\n" + MAIN
    with pytest.raises(UsageError, match="rdf"):
        load(tmp_path, text)


def test_elm_is_copied_under_our_names(tmp_path: Path) -> None:
    plan = load(tmp_path, PREFIX + COPY + MAIN)
    one = mapped(plan, tmp_path)["1"]
    lines = short(one)
    assert "qualification:1 rdf:type elm:Qualification" in lines
    assert {
        'qualification:1 dcterms:title "Baker"@en',
        'qualification:1 dcterms:title "Panadero"@es',
    } <= set(lines)
    assert 'qualification:1 elm:volumeOfLearning "PT40H"^^xsd:duration' in lines
    assert 'qualification:1 dcterms:modified "2024-05-06"^^xsd:date' in lines
    assert not any("elm:status" in line or "strange" in line for line in lines)
    objects = {
        (p, o) for s, p, o in (line.split(" ", 2) for line in lines) if s == "qualification:1"
    }
    assert ("elm:hasPart", "qualification:2") in objects
    assert ("elm:hasPart", "http://elsewhere.example/9") in objects
    assert ("elm:educationSubject", "http://r.example/field/7") in objects
    assert ("elm:EQFLevel", "eqf:4") in objects


def outline(one: MappedRecord) -> set[tuple[str, str, str]]:
    return {(s[1:-1], p[1:-1].rpartition("/")[2], o.strip("<>")) for s, p, o, _ in one.quads}


def test_nodes_get_names_of_their_kind(tmp_path: Path) -> None:
    one = mapped(load(tmp_path, PREFIX + COPY + MAIN), tmp_path)["1"]
    base = "https://x.org/id"
    said = outline(one)
    outcomes = {o for s, p, o in said if p == "learningOutcome"}
    assert f"{base}/outcome/fr/x/lo" in outcomes
    (other,) = outcomes - {f"{base}/outcome/fr/x/lo"}
    assert other.startswith(f"{base}/outcome/fr/x/1/")
    (award,) = {o for s, p, o in said if p == "awardingOpportunity"}
    assert award.startswith(f"{base}/qualification/fr/x/1#award-")
    assert (award, "learningAchievementSpecification", f"{base}/qualification/fr/x/1") in said
    assert (award, "awardingBody", f"{base}/organisation/fr/x/guild") in said
    (home,) = {o for s, p, o in said if p == "homepage"}
    (url,) = {o for s, p, o in said if s == home and p == "contentUrl"}
    assert url.startswith('"https://r.example/1"^^')
    shared = short(one, shared=True)
    assert "organisation:guild rdf:type elm:Organisation" in shared
    assert 'organisation:guild rov:legalName "Guild"@en' in shared
    assert any(
        "elm:noteLiteral" in line and line.startswith("organisation:guild#note-") for line in shared
    )
    assert any('skos:prefLabel "Food"@en' in line for line in shared)


def test_what_the_model_does_not_know_is_reported_and_nothing_else(tmp_path: Path) -> None:
    text = (
        PREFIX
        + COPY
        + """
ignore: {elm:entryRequirement: told elsewhere}
mappings:
  q:
    subjects: qualification:$(@local)
    predicateobjects:
      - {p: skos:note, o: {value: $(elm:status)}, graph: provenance}
"""
    )
    plan = load(tmp_path, text)
    one = mapped(plan, tmp_path)["1"]
    assert not any("entryRequirement" in p for _, p, _, _ in one.quads)
    found = {(i.code, i.field) for i in plan.audit()}
    assert found == {
        ("QCP-MAP-UNMAPPED", "ex:odd"),
        ("QCP-MAP-UNMAPPED", "elm:awardingOpportunity/ex:inner"),
    }


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ('"Baker"@en', '"Baker"', "QCP-MAP-LANGUAGE", "dcterms:title"),
        ('"PT40H"', '"forty"', "QCP-MAP-VALUE", "elm:volumeOfLearning"),
        ("<http://data.europa.eu/snb/eqf/4>", '"four"', "QCP-MAP-VALUE", "elm:EQFLevel"),
        ("<http://elsewhere.example/9>", "<javascript:alert(1)>", "QCP-MAP-IRI", "elm:hasPart"),
    ],
)
def test_values_that_are_none_are_left_out_and_named(
    old: str, new: str, code: str, field: str, tmp_path: Path
) -> None:
    plan = load(tmp_path, PREFIX + COPY + MAIN)
    one = mapped(plan, tmp_path, TURTLE.replace(old, new))["1"]
    assert (code, field) in {(i.code, i.field) for i in one.issues}
    assert not any("javascript" in quad[2] for quad in one.quads)


def test_each_copied_triple_is_explained(tmp_path: Path) -> None:
    plan = load(tmp_path, PREFIX + COPY + MAIN)
    path = tmp_path / "a.ttl"
    path.write_text(TURTLE)
    (spec,) = plan.inputs
    items: list[Any] = list(
        readers.read(spec, SnapshotFile("a.ttl", path, 1, ""), max_record_bytes=10**6)
    )
    assert not any(isinstance(item, Issue) for item in items)
    prepared = next(p for i in items if (p := plan.prepare(i, "s")).key == "1")
    assert isinstance(prepared, PreparedRecord)
    made = plan.map(prepared, "s")
    told = {quad: e for e in plan.explain(prepared, "s") for quad in e.quads}
    assert set(told) == {*made.quads, *made.shared}
    title = next(e for q, e in told.items() if q[2] == '"Boulanger"@fr')
    assert [(c.field, c.value) for c in title.cells] == [("dcterms:title", "Boulanger")]
    assert "mapping.yaml line" in title.places[0]


def test_generated_lines_and_quads_agree(tmp_path: Path) -> None:
    plan = load(tmp_path, PREFIX + COPY + MAIN)
    one = mapped(plan, tmp_path)["1"]
    path = tmp_path / "a.ttl"
    (spec,) = plan.inputs
    for item in readers.read(spec, SnapshotFile("a.ttl", path, 1, ""), max_record_bytes=10**6):
        assert isinstance(item, SourceRecord)
        if item.data["@local"] == "1":
            written = plan.write(item, "s", {"data": "http://g/"})
            lines = {f"{s} {p} {o} <http://g/> .\n" for s, p, o, _ in (*one.quads, *one.shared)}
            assert set(written.lines) == lines


def test_rdf_as_a_side_table(tmp_path: Path) -> None:
    text = """
sources: {s: {access: a.csv, referenceFormulation: csv, key: $(id)}}
joins:
  body: {access: b.ttl, referenceFormulation: rdf, iterator: elm:Organisation, key: $(@local), on: $(body)}
ignore: {"join:body/elm:status": of no interest}
mappings:
  q:
    subjects: qualification:$(id)
    predicateobjects: [[skos:note, "$(join:body/rov:legalName@en)"]]
"""  # noqa: E501
    plan = load(tmp_path, text)
    row = {
        "@id": "http://r.example/b/1", "@local": "1", "@type": "elm:Organisation",
        "elm:status": "x",
        "rov:legalName": [
            {"#text": "Guild", "@language": "en", "@@en": "Guild"},
            {"#text": "Zunft", "@language": "de", "@@de": "Zunft"},
        ],
    }  # fmt: skip
    with Tables(plan, tmp_path / "scratch", 10**6) as tables:
        tables.fill("body", [SourceRecord(row, Locator("b.ttl", "<http://r.example/b/1>"))])
        one = plan.prepare(SourceRecord({"id": "7", "body": "1"}, Locator("a.csv")), "s", tables)
        assert isinstance(one, PreparedRecord)
        assert short(plan.map(one, "s")) == ['qualification:7 skos:note "Guild"']
    assert {issue.field for issue in plan.audit()} == {"join:body/rov:legalName@de"}
