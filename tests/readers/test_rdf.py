"""RDF as records: syntaxes, trees, damage, contexts, what attacks."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.namespaces import ELM_31
from qcp_graph.readers import (
    ReaderSpec,
    rdf,
    rdf_elm_xml,
    rdf_graph,
    rdf_tree,
    read,
    read_together,
    sniff,
)

TURTLE = """@prefix elm: <http://data.europa.eu/snb/model/elm/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix : <http://register.example/q/> .
:1 a elm:Qualification ; dcterms:title "Baker"@en, "Bäcker"@de ; elm:status "released" ;
  elm:volumeOfLearning "PT40H"^^<http://www.w3.org/2001/XMLSchema#duration> ;
  elm:learningOutcome :lo, [ a elm:LearningOutcome ; dcterms:title "clean"@en ] ;
  elm:hasPart :2 ; elm:EQFLevel <http://data.europa.eu/snb/eqf/4> .
:lo a elm:LearningOutcome ; dcterms:title "bake"@en .
:2 a elm:Qualification ; dcterms:title "Dough"@en ; elm:isPartOf :1 .
"""
START = "\n".join(TURTLE.splitlines()[:3]) + "\n"
LOCAL = {"local": ["http://register.example/q/"]}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LOQ_NS = "http://data.europa.eu/snb/model/ap/loq-constraints/"


def delivery(folder: Path, **files: str | bytes) -> list[SnapshotFile]:
    found = []
    for name, content in files.items():
        name = name.replace("__", ".")
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        found.append(SnapshotFile(name, path, path.stat().st_size, ""))
    return found


def records(
    files: Sequence[SnapshotFile], iterator: str = "elm:Qualification", limit: int = 10**6,
    **options: object,
) -> tuple[dict[str, Any], list[Issue]]:  # fmt: skip
    spec = ReaderSpec("rdf", iterator, {**LOCAL, **options})
    items = list(read_together(spec, files, max_record_bytes=limit))
    good = {str(i.data["@local"]): i.data for i in items if isinstance(i, SourceRecord)}
    return good, [item for item in items if isinstance(item, Issue)]


def test_a_record_is_what_is_said_of_its_subject(tmp_path: Path) -> None:
    found, issues = records(delivery(tmp_path, f__ttl=TURTLE))
    assert not issues
    assert sorted(found) == ["1", "2"]
    one = found["1"]
    assert one["@id"] == "http://register.example/q/1"
    assert one["@type"] == "elm:Qualification"
    assert one["dcterms:title"] == [
        {"#text": "Baker", "@language": "en", "@@en": "Baker"},
        {"#text": "Bäcker", "@language": "de", "@@de": "Bäcker"},
    ]
    assert one["elm:status"] == "released"
    assert one["elm:volumeOfLearning"] == {"#text": "PT40H", "@datatype": "xsd:duration"}
    assert one["elm:EQFLevel"]["#text"] == "http://data.europa.eu/snb/eqf/4"
    outcomes = {o["dcterms:title"]["#text"]: o for o in one["elm:learningOutcome"]}
    assert outcomes["bake"]["@local"] == "lo"
    assert "@id" not in outcomes["clean"]
    assert len(outcomes["clean"]["@local"]) == 12
    # cut at the other record: named, with its class, and no further
    assert one["elm:hasPart"] == {
        "#text": "http://register.example/q/2", "@id": "http://register.example/q/2",
        "@local": "2", "@type": "elm:Qualification",
    }  # fmt: skip


@pytest.mark.parametrize("suffix", ["nt", "nq", "trig", "rdf", "jsonld"])
def test_every_syntax_gives_the_same_records(suffix: str, tmp_path: Path) -> None:
    form = ox.RdfFormat.from_extension(suffix)
    assert form is not None
    written = ox.serialize(ox.parse(TURTLE.encode(), ox.RdfFormat.TURTLE), format=form)
    assert written is not None
    wanted, _ = records(delivery(tmp_path, f__ttl=TURTLE))
    found, issues = records(delivery(tmp_path, **{f"g__{suffix}": written}))
    assert not issues
    assert found == wanted


def test_elm_33_is_read_under_the_names_of_31(tmp_path: Path) -> None:
    newer = TURTLE.replace("/snb/model/elm/", "/snb/model/ontology/")
    assert records(delivery(tmp_path, f__ttl=newer)) == records(delivery(tmp_path, g__ttl=TURTLE))


def test_files_of_a_delivery_are_one_graph_and_blank_nodes_do_not_mix(tmp_path: Path) -> None:
    one = START + ':1 a elm:Qualification ; elm:additionalNote _:b . _:b elm:noteLiteral "a".'
    two = START + ':1 dcterms:title "x"@en . _:b elm:noteLiteral "b" .'
    files = delivery(tmp_path, a__ttl=one, b__ttl=gzip.compress(two.encode()))
    found, issues = records(files)
    assert not issues
    assert found["1"]["dcterms:title"]["#text"] == "x"
    assert found["1"]["elm:additionalNote"]["elm:noteLiteral"] == "a"


def test_blank_nodes_are_named_by_what_is_said_of_them(tmp_path: Path) -> None:
    first, _ = records(delivery(tmp_path, f__ttl=TURTLE))
    again, _ = records(delivery(tmp_path, g__ttl=TURTLE + "\n:3 a elm:Qualification .\n"))
    assert first["1"] == again["1"]


def test_a_select_query_gives_the_records(tmp_path: Path) -> None:
    query = 'SELECT ?q WHERE { ?q <http://purl.org/dc/terms/title> "Dough"@en }'
    found, _ = records(delivery(tmp_path, f__ttl=TURTLE), query)
    assert list(found) == ["2"]


@pytest.mark.parametrize(
    ("iterator", "part"),
    [
        ("SELECT ?s { SERVICE <http://evil.example/> { ?s ?p ?o } }", "SERVICE"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "SELECT"),
        ("SELECT ?s { ?s ?p }", "not SPARQL"),
        ("", "no class"),
        ("nope:Thing", "no known prefix"),
    ],
)
def test_iterators_that_cannot_be_used(iterator: str, part: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=part):
        records(delivery(tmp_path, f__ttl=TURTLE), iterator)


def test_what_is_followed_is_a_choice(tmp_path: Path) -> None:
    files = delivery(tmp_path, f__ttl=TURTLE)
    deep, _ = records(files, depth=0)
    outcomes = deep["1"]["elm:learningOutcome"]
    assert {"#text", "@id", "@local", "@type"} in [set(outcome) for outcome in outcomes]
    chosen, _ = records(files, follow=["elm:hasPart"])
    assert chosen["1"]["elm:learningOutcome"] == outcomes
    pointed, _ = records(files, inverse=["elm:isPartOf"])
    assert pointed["1"]["is elm:isPartOf of"]["@local"] == "2"


def test_a_damaged_statement_costs_its_subject_only(tmp_path: Path) -> None:
    text = TURTLE + (
        ":3 a elm:Qualification ;\n  dcterms:title \"it's 'open, .\n"
        ':4 a elm:Qualification ; dcterms:title """a text.\n:with a line as if it began\n"""@en .\n'
        ':3 elm:status "more" .\n'
    )
    found, issues = records(delivery(tmp_path, f__ttl=text))
    assert sorted(found) == ["1", "2", "4"]
    assert [(i.code, i.severity, i.locator) for i in issues] == [
        ("QCP-SRC-RDF", "violation", "f.ttl line 11")
    ]
    assert issues[0].record == "http://register.example/q/3"
    assert ":with a line" in found["4"]["dcterms:title"]["#text"]


def test_damaged_lines_of_n_triples(tmp_path: Path) -> None:
    good = f"<http://register.example/q/{{}}> <{RDF}type> <{ELM_31}Qualification> .\n"
    lines = [good.format(number) for number in range(1000)]
    lines[500] = lines[500].replace("> <", " <", 1)
    lines[998] = "\x00\n"
    found, issues = records(delivery(tmp_path, f__nt="".join(lines)))
    assert len(found) == 998
    assert [i.locator for i in issues] == ["f.nt line 501", "f.nt line 999"]


@pytest.mark.parametrize(
    ("name", "text", "code", "where"),
    [
        ("f__rdf", f'<rdf:RDF\nxmlns:rdf="{RDF}">\n<a></rdf:RDF>', "RDF", "f.rdf line 3"),
        ("f__jsonld", '{"@id": "http://a/b",\n\n "http://a/p": [1,}', "RDF", "f.jsonld line 3"),
        ("f__jsonld", '{"@context": {},\n\n "http://a/p": [1,}', "RDF", "f.jsonld line 3"),
        ("f__ttl", "<html><body>Log in</body></html>", "RDF", "f.ttl line 1"),
        ("f__xml", "<html><body>Log in</body></html>", "FORMAT", "f.xml"),
        ("f__xml", "<?xml version='1.0'?><a/>", "FORMAT", "f.xml"),
        ("f__xml", f'<Courses xmlns="{LOQ_NS}"><a>\n<b></a></Courses>', "XML",
         "f.xml line 2, column 6"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read(
    name: str, text: str, code: str, where: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as caught:
        records(delivery(tmp_path, **{name: text}))
    assert (caught.value.code, caught.value.where) == (f"QCP-SRC-{code}", where)


ENTITIES = f"""<!DOCTYPE rdf:RDF [{{}}]>
<rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about="http://a/b">
<rdf:type rdf:resource="&e;Qualification"/></rdf:Description></rdf:RDF>"""


def test_entities_may_abbreviate_and_nothing_else(tmp_path: Path) -> None:
    fine = ENTITIES.format('<!ENTITY e "http://data.europa.eu/snb/model/elm/">')
    found, _ = records(delivery(tmp_path, f__rdf=fine))
    assert len(found) == 1
    for bad in ('<!ENTITY x "aa"><!ENTITY e "&x;&x;">', '<!ENTITY e SYSTEM "file:///etc/passwd">'):
        with pytest.raises(DataError) as caught:
            records(delivery(tmp_path, f__rdf=ENTITIES.format(bad)))
        assert caught.value.code == "QCP-SRC-DOCTYPE"


def test_contexts_come_from_the_delivery_never_from_the_network(tmp_path: Path) -> None:
    title = {"@id": "http://purl.org/dc/terms/title", "@language": "en"}
    context = {"@context": {"name": title, "type": "@type"}}
    document = {
        "@context": ["https://example.org/v1/names.json", {"x": "http://x/"}],
        "@id": "http://register.example/q/1", "name": "Baker",
        "type": "http://data.europa.eu/snb/model/elm/Qualification",
    }  # fmt: skip
    files = delivery(tmp_path, f__jsonld=json.dumps(document), names__json=json.dumps(context))
    found, _ = records(files[:1])
    assert found["1"]["dcterms:title"]["@@en"] == "Baker"
    files[1].path.rename(tmp_path / "other.json")
    with pytest.raises(DataError, match=r"names\.json.*never fetched") as caught:
        records(files[:1])
    assert caught.value.code == "QCP-SRC-CONTEXT"
    found, _ = records(files[:1], contexts={"https://example.org/v1/names.json": "other.json"})
    assert list(found) == ["1"]
    for name in ("../secret.json", "/etc/passwd"):
        with pytest.raises(DataError, match="never fetched"):
            records(files[:1], contexts={"https://example.org/v1/names.json": name})


def test_a_context_that_names_itself_ends(tmp_path: Path) -> None:
    loop = json.dumps({"@context": ["http://e.example/loop.json"]})
    files = delivery(tmp_path, f__jsonld=loop, loop__json=loop)
    with pytest.raises(DataError, match="nest deeper"):
        records(files[:1])


def test_records_beyond_the_limits_are_issues(tmp_path: Path) -> None:
    nested = "[ <http://a/p> " * 100 + '"x"' + " ]" * 100
    text = TURTLE + (
        f":3 a elm:Qualification ; elm:status {nested} .\n"
        f':4 a elm:Qualification ; dcterms:title "{"x" * 3000}" .'
    )
    found, issues = records(delivery(tmp_path, f__ttl=text), limit=3000)
    assert sorted(found) == ["1", "2"]
    assert sorted(i.code for i in issues) == ["QCP-SRC-DEPTH", "QCP-SRC-RECORD-SIZE"]


def test_a_node_with_endless_statements_costs_only_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdf_graph, "MOST", 50)
    monkeypatch.setattr(rdf_tree, "MOST", 50)
    many = " , ".join(f'"{number}"' for number in range(60))
    text = (
        TURTLE
        + f":3 a elm:Qualification ; elm:status {many} . :4 a elm:Qualification ; elm:hasPart :3 ."
    )
    found, issues = records(delivery(tmp_path, f__ttl=text))
    assert sorted(found) == ["1", "2", "4"]
    assert [i.code for i in issues] == ["QCP-SRC-RECORD-SIZE"]


def test_a_store_on_disk_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = delivery(tmp_path, f__ttl=TURTLE)
    wanted = records(files)
    monkeypatch.setattr(rdf_graph, "IN_MEMORY", 10)
    monkeypatch.setattr(rdf_graph, "CHUNK", 2)
    assert records(files) == wanted


def test_a_delivery_without_records_is_refused_or_said_to_have_none(tmp_path: Path) -> None:
    files = delivery(tmp_path, f__ttl=TURTLE)
    with pytest.raises(DataError, match=r"selects nothing.*elm:Qualification") as caught:
        records(files, "elm:Accreditation")
    assert caught.value.code == "QCP-SRC-ITERATOR"
    found, issues = records(files, "elm:Accreditation", absent="skip", rest="silent")
    assert (found, [i.code for i in issues]) == ({}, ["QCP-SRC-NO-RECORDS"])


@pytest.mark.parametrize(
    ("name", "text", "iterator"),
    [
        ("f__ttl", "# a list\n\n" + TURTLE, "elm:Qualification"),
        ("f__txt", "PREFIX a: <http://a/>\na:x a a:Course . a:y a a:Course . a:z a a:Town .", "<http://a/Course>"),
        ("f__nt", f"<http://a/x> <{RDF}type> <http://a/Course> .\n", "<http://a/Course>"),
        ("f__jsonld", '{"@id": "http://a/x", "@type": "https://schema.org/B"}', "schema:B"),
        ("f__xml", "LOQ", "elm:Qualification"),
    ],
)  # fmt: skip
def test_what_a_file_is_and_holds_is_found_out(
    name: str, text: str, iterator: str, tmp_path: Path
) -> None:
    (file,) = delivery(tmp_path, **{name: LOQ if text == "LOQ" else text})
    report = sniff(file)
    assert (report.format, report.iterator) == ("rdf", iterator)
    assert "@type" in report.fields
    items = list(read(report.spec(), file, max_record_bytes=10**6))
    assert any(isinstance(item, SourceRecord) for item in items)


def test_blanks_do_not_make_recognition_slow() -> None:
    assert not rdf.looks_like(b" " * 200_000 + b"a,b", "x.csv")


def test_what_no_record_reaches_is_told(tmp_path: Path) -> None:
    text = TURTLE + ":8 a elm:Accreditation . :9 a elm:Accreditation ."
    _, issues = records(delivery(tmp_path, f__ttl=text))
    (issue,) = issues
    assert (issue.code, issue.severity) == ("QCP-SRC-RDF-REST", "info")
    assert issue.message.startswith("2 thing(s) of class elm:Accreditation")


def test_relative_iris_need_a_base(tmp_path: Path) -> None:
    files = delivery(tmp_path, f__ttl="<1> a <http://data.europa.eu/snb/model/elm/Qualification> .")
    found, issues = records(files, absent="skip")
    assert not found
    assert [(i.code, i.severity) for i in issues] == [("QCP-SRC-RDF-IRI", "violation")]
    found, _ = records(files, base="http://register.example/q/")
    assert list(found) == ["1"]


@pytest.mark.parametrize(
    ("datatype", "text"),
    [
        ("duration", "PT40H"), ("duration", "P35Y"), ("decimal", "1.50"), ("decimal", "0.1"),
        ("integer", "007"), ("integer", "7"), ("integer", "-0"), ("boolean", "1"),
        ("boolean", "true"), ("dateTime", "2024-06-30T10:51:20"), ("date", "2024-02-28Z"),
        ("dateTime", "2024-06-30T10:51:20.500+00:00"), ("dateTime", "2024-06-30T24:00:00Z"),
        ("date", "2024-13-45"), ("date", "2023-02-29"), ("gYear", "2024"), ("double", "1e400"),
        ("gYearMonth", "2024-06"), ("integer", "9" * 40), ("decimal", "12345678901234.5"),
    ],
)  # fmt: skip
def test_values_stay_as_they_were_written(datatype: str, text: str, tmp_path: Path) -> None:
    line = f':1 elm:status "{text}"^^<http://www.w3.org/2001/XMLSchema#{datatype}> .'
    found, _ = records(
        delivery(tmp_path, f__ttl=TURTLE.replace('elm:status "released" ;', "") + line)
    )
    assert found["1"]["elm:status"] == {"#text": text, "@datatype": f"xsd:{datatype}"}


def test_an_iri_that_is_none_costs_its_statement(tmp_path: Path) -> None:
    text = TURTLE + ":2 <http://xmlns.com/foaf/0.1/page> <http://a b/c> ."
    found, issues = records(delivery(tmp_path, f__ttl=text))
    assert sorted(found) == ["1", "2"]
    assert [(i.code, i.severity, i.value) for i in issues] == [
        ("QCP-SRC-RDF-IRI", "warning", "http://a b/c")
    ]


def test_records_without_an_iri_are_named_by_their_content(tmp_path: Path) -> None:
    text = START + '[] a elm:Qualification ; dcterms:title "x"@en .'
    files = delivery(tmp_path, f__ttl=text)
    spec = ReaderSpec("rdf", "elm:Qualification")
    (item,) = read(spec, files[0], max_record_bytes=10**6)
    assert isinstance(item, SourceRecord)
    assert item.locator.path == f"_:{item.data['@local']}"


def test_fields_are_paths_as_a_mapping_writes_them(tmp_path: Path) -> None:
    found, _ = records(delivery(tmp_path, f__ttl=TURTLE))
    paths = set(rdf.fields(found["1"]))
    assert {"@id", "@type", "dcterms:title", "elm:learningOutcome/dcterms:title"} <= paths
    assert not {path for path in paths if "#text" in path or "@en" in path}


LOQ = """<?xml version="1.0" encoding="UTF-8"?>
<Courses xmlns="http://data.europa.eu/snb/model/ap/loq-constraints/" xsdVersion="3.1.0"
  xmlns:skos="http://www.w3.org/2004/02/skos/core#" xmlns:dc="http://purl.org/dc/terms/">
 <learningAchievementSpecificationReferences>
  <qualification id="http://register.example/q/9">
   <identifier><skos:notation>Q9</skos:notation><schemeName>Code</schemeName></identifier>
   <title language="en">Baker</title><modified>2024-03-02T10:51:20</modified>
   <homepage><contentUrl>https://register.example/9</contentUrl></homepage>
   <ISCEDFCode uri="http://data.europa.eu/snb/isced-f/0721"/>
   <learningOutcome idref="http://register.example/o/1"/>
   <awardingOpportunity><awardingBody idref="http://register.example/b/1"/>
     <temporal><startDate>2023-12-20T10:51:20Z</startDate></temporal></awardingOpportunity>
   <newThing>?</newThing>
  </qualification>
 </learningAchievementSpecificationReferences>
 <learningOutcomeReferences>
  <learningOutcome id="http://register.example/o/1">
   <title language="en">bake</title></learningOutcome>
 </learningOutcomeReferences>
 <agentReferences>
  <organisation id="http://register.example/b/1">
   <legalName language="en">Guild</legalName></organisation>
 </agentReferences>
</Courses>"""


def test_elm_xml_is_the_same_model(tmp_path: Path) -> None:
    found, issues = records(delivery(tmp_path, f__xml=LOQ))
    assert not issues
    nine = found["9"]
    assert nine["@type"] == "elm:Qualification"
    assert nine["dcterms:modified"] == {"#text": "2024-03-02T10:51:20", "@datatype": "xsd:dateTime"}
    assert nine["adms:identifier"]["skos:notation"] == "Q9"
    assert nine["foaf:homepage"]["elm:contentUrl"]["@datatype"] == "xsd:anyURI"
    assert nine["elm:ISCEDFCode"]["@id"] == "http://data.europa.eu/snb/isced-f/0721"
    assert nine["elm:learningOutcome"]["dcterms:title"]["@@en"] == "bake"
    award = nine["elm:awardingOpportunity"]
    assert award["@type"] == "elm:AwardingOpportunity"
    assert award["elm:awardingBody"]["rov:legalName"]["@@en"] == "Guild"
    assert award["dcterms:temporal"]["elm:startDate"]["#text"] == "2023-12-20T10:51:20Z"
    assert nine["elm:newThing"] == "?"  # what the model lacks stays visible, for the audit


def test_names_inside_an_elm_xml_file_and_addresses_that_are_none(tmp_path: Path) -> None:
    text = LOQ.replace("http://register.example/o/1", "O 1").replace(
        "http://data.europa.eu/snb/isced-f/0721", "field 7"
    )
    found, issues = records(delivery(tmp_path, f__xml=text))
    assert found["9"]["elm:learningOutcome"]["dcterms:title"]["@@en"] == "bake"
    assert found["9"]["elm:learningOutcome"]["@id"] == "urn:elm-xml:O%201"
    assert [(i.code, i.severity, i.value) for i in issues] == [
        ("QCP-SRC-RDF-IRI", "warning", "field 7")
    ]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("source", "reference"),
    [
        ("samples/loq.xml", "examples/loq-sample.ttl"),
        ("samples/loq_withLearningAchievementSpecification.xml", "examples/loq-las-sample.ttl"),
    ],
)
def test_the_commissions_samples_become_the_triples_of_their_conversion(
    source: str, reference: str, shared: Path
) -> None:
    """The reference was converted by others; it only adds labels of official vocabularies."""
    folder = shared / "reference/elm"

    def lost(subject: object, value: str) -> None:
        pytest.fail(f"{subject}: {value}")

    def seen(triples: Any) -> set[tuple[str, str, str]]:
        nodes = ((q[0], q[1], q[2]) for q in triples)
        return {
            tuple("_" if isinstance(t, ox.BlankNode) else str(t) for t in n)  # type: ignore[misc]
            for n in nodes
        }

    mine = seen(rdf_elm_xml.triples(SnapshotFile("f.xml", folder / source, 0, ""), lost))
    theirs = seen(
        (q.subject, q.predicate, q.object)
        for q in ox.parse(path=folder / reference, format=ox.RdfFormat.TURTLE)
    )
    assert mine <= theirs
    added = {predicate.rpartition("#")[2].strip(">") for _, predicate, _ in theirs - mine}
    assert added <= {"type", "inScheme", "prefLabel", "notation", "altLabel"}
