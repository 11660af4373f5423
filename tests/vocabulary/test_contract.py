"""Promises of the files below ``ontology/``, whatever is added to them."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from qcp_graph.iris import Iris
from qcp_graph.namespaces import PREFIXES, QCP, expand
from qcp_graph.vocabulary import Vocabulary, lock
from tests.conftest import REPOSITORY
from tests.vocabulary.conftest import BASE

ONTOLOGY = REPOSITORY / "ontology"
FILES = sorted(ONTOLOGY.rglob("*.ttl"))
NS = Namespace(QCP)
DCTERMS = Namespace(PREFIXES["dcterms"])
EQF = PREFIXES["eqf"]
OFFICIAL = ("http://data.europa.eu/", "http://publications.europa.eu/")


def graph(path: Path) -> Graph:
    return Graph().parse(path, format="turtle", publicID=BASE)


@pytest.fixture(scope="module")
def whole() -> Graph:
    result = Graph()
    for path in FILES:
        result += graph(path)
    return result


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file(path: Path) -> None:
    """Small, with a head that says where it comes from, and an English label for everything."""
    assert path.stat().st_size < 300_000
    assert path.read_text(encoding="utf-8").startswith("# ")
    content = graph(path)
    for kind in (SKOS.Concept, SKOS.ConceptScheme):
        for node in content.subjects(RDF.type, kind):
            labels = [o for o in content.objects(node, SKOS.prefLabel) if isinstance(o, Literal)]
            languages = Counter(str(label.language) for label in labels)
            assert languages["en"] == 1, node
            assert max(languages.values()) == 1, f"two labels in one language: {node}"
    for node in content.subjects(RDF.type, SKOS.Concept):
        assert len(list(content.objects(node, SKOS.notation))) <= 1, f"LOQ allows one: {node}"
        assert all(
            isinstance(o, Literal) and o.language for o in content.objects(node, SKOS.altLabel)
        ), f"LOQ wants a language: {node}"


@pytest.mark.parametrize(
    "path", sorted((ONTOLOGY / "frameworks").glob("*.ttl")), ids=lambda p: p.stem
)
def test_framework_file(path: Path) -> None:
    """One framework per file, named like it; sources, complete levels and statements."""
    content, iris = graph(path), Iris(BASE)
    (framework,) = content.subjects(RDF.type, NS.QualificationsFramework)
    assert str(framework) == iris.framework(path.stem)
    assert list(content.objects(framework, SKOS.notation)) == [Literal(path.stem)]
    assert list(content.objects(framework, DCTERMS.source))
    levels = set(content.subjects(RDF.type, NS.Level))
    assert levels
    for level in levels:
        (notation,) = content.objects(level, SKOS.notation)
        assert (level, SKOS.inScheme, framework) in content
        assert len(list(content.objects(level, NS["rank"]))) == 1
        if not str(level).startswith(OFFICIAL):
            assert str(level) == iris.level(path.stem, str(notation))
    for node in content.subjects(RDF.type, NS.LevelReferencing):
        for predicate in (NS.level, NS.match, NS.basis, DCTERMS.source):
            assert len(list(content.objects(node, predicate))) == 1, (node, predicate)
        (level,) = content.objects(node, NS.level)
        assert level in levels
        assert str(node).startswith(f"{BASE}id/level/{path.stem}/")
        assert str(node).rpartition("#referencing-")[2]


def test_statements_point_to_levels_that_exist(whole: Graph) -> None:
    levels = set(whole.subjects(RDF.type, NS.Level))
    assert set(whole.objects(None, NS.referencedTo)) <= levels
    kinds = set(whole.subjects(RDF.type, NS.MatchKind))
    assert set(whole.objects(None, NS.match)) <= kinds


def test_no_level_without_a_statement_has_an_eqf_level(whole: Graph, loaded: Vocabulary) -> None:
    stated = {
        str(level)
        for node, level in whole.subject_objects(NS.level)
        if (node, NS.match, NS.Comparison) not in whole
    }
    for framework, levels in loaded.levels.items():
        for notation, entry in levels.items():
            if entry.eqf:
                assert entry.iri in stated or entry.iri.startswith(EQF), (framework, notation)


@pytest.mark.parametrize(
    ("framework", "expected"),
    [
        ("eqf", {str(n): (str(n),) for n in range(1, 9)}),
        ("fr-cncp", {str(n): (str(n),) for n in range(1, 9)}),
        ("fr-nomenclature-1969", dict.fromkeys(["VI", "V bis", "V", "IV", "III", "II", "I"], ())),
        (
            "gb-rqf",
            {
                **dict.fromkeys(["Entry", "Entry 1", "Entry 1-2", "Entry 2"], ()),
                **{"Entry 3": ("1",), "1": ("2",), "1/2": ("2", "3"), "2": ("3",), "3": ("4",)},
                **{"4": ("5",), "5": ("5",), "6": ("6",), "7": ("7",), "8": ("8",)},
            },
        ),
        ("za-nqf", dict.fromkeys(map(str, range(1, 11)), ())),
        ("fi-fineqf", dict.fromkeys(map(str, range(1, 9)), ())),
        ("de-dqr", {str(n): (str(n),) for n in range(1, 9)}),
        ("nz-nzqcf", dict.fromkeys(map(str, range(1, 11)), ())),
        ("acqf", dict.fromkeys(map(str, range(1, 11)), ())),
        (
            "is-isqf",
            {
                **{"1": ("2",), "2": (), "3": (), "4": (), "5.1": ("6",), "5.2": ("6",)},
                **{"6.1": ("7",), "6.2": ("7",), "7": ("8",)},
            },
        ),
        (
            "pt-qnq",
            {str(n): (str(n),) if n < 5 else () for n in range(1, 9)},
        ),
    ],
)
def test_levels_with_their_eqf_level(
    loaded: Vocabulary, framework: str, expected: dict[str, tuple[str, ...]]
) -> None:
    assert {n: entry.eqf for n, entry in loaded.levels[framework].items()} == expected


@pytest.mark.parametrize(
    ("framework", "levels"),
    [
        ("au-aqf", {}),
        ("es-meces", {"2": "6"}),
        ("gb-fheq", {}),
        ("gb-qcf", {}),
        ("it-qnq", {}),
        ("ke-knqf", {}),
        ("lt-ltqf", {}),
        ("lv-pkl", {}),
        ("mt-mqf", {}),
        ("no-nkr", {"4": "4"}),
        ("si-sqf", {"1": "1", "2": "2", "3": "3", "4": "4", "5": "4", "6": "5", "9": "8"}),
        ("ua-nqf", {}),
    ],
)
def test_weak_derived_compared_and_ended_pairs_give_no_eqf_level(
    loaded: Vocabulary, framework: str, levels: dict[str, str]
) -> None:
    found = {n: entry.eqf for n, entry in loaded.levels[framework].items() if entry.eqf}
    assert found == {notation: (level,) for notation, level in levels.items()}


def test_the_french_levels_of_1969_are_not_taken_for_those_of_2019(whole: Graph) -> None:
    """The EU table named its French concepts III, IV, V: the levels 5, 4 and 3 of today."""
    qdr = Namespace(PREFIXES["qdr"])
    new = {"III": (qdr.c_243aefbe, "5"), "IV": (qdr.c_40020d69, "4"), "V": (qdr.c_d7cce980, "3")}
    for old, (concept, level) in new.items():
        assert whole.value(concept, SKOS.notation) == Literal(level)
        before = URIRef(f"{BASE}id/level/fr-nomenclature-1969/{old}")
        assert (before, DCTERMS.isReplacedBy, concept) in whole
        (statement,) = whole.subjects(NS.level, before)
        assert whole.value(statement, NS.referencedTo) == URIRef(EQF + level)
        assert whole.value(statement, NS.validUntil) is not None


def test_isced_f_is_complete_and_nested(whole: Graph) -> None:
    scheme = URIRef(PREFIXES["iscedf"] + "25831c2")
    fields = {
        str(whole.value(node, SKOS.notation)): node
        for node in whole.subjects(SKOS.inScheme, scheme)
    }
    lengths = Counter(map(len, fields))
    assert sorted(n for n in fields if len(n) == 2) == [f"{n:02}" for n in range(11)] + ["99"]
    assert lengths == {2: 12, 3: 58, 4: 150}
    for notation, node in fields.items():
        broader = list(whole.objects(node, SKOS.broader))
        assert broader == ([fields[notation[:-1]]] if len(notation) > 2 else [])


def test_countries_and_languages_have_both_codes(loaded: Vocabulary) -> None:
    authority = "http://publications.europa.eu/resource/authority/"
    languages = loaded.concepts[authority + "language"]
    assert len([code for code in languages if len(code) == 2]) == 182
    assert languages["nso"] == languages["NSO"]
    countries = loaded.concepts[authority + "country"]
    assert countries["XK"].endswith("/1A0")
    assert len([code for code in countries if len(code) == 2]) == 250
    frequencies = loaded.concepts[authority + "frequency"]
    assert {"DAILY", "WEEKLY", "MONTHLY", "ANNUAL", "IRREG"} <= set(frequencies)


def test_credit_systems_give_a_range_of_hours_with_its_basis(whole: Graph) -> None:
    hours = {}
    for node in whole.subjects(RDF.type, NS.CreditSystem):
        low, high = (whole.value(node, NS[f"hoursPerCredit{end}"]) for end in ("Min", "Max"))
        assert (low is None) == (high is None), node
        if low is not None and high is not None:
            assert 0 < float(low) <= float(high)
            assert whole.value(node, NS.basis), node
            assert whole.value(node, DCTERMS.source), node
            hours[str(whole.value(node, SKOS.notation))] = float(low), float(high)
    assert hours["ects"] == (25, 30)
    assert hours["za-nqf"] == (10, 10)
    assert hours["acts"] == (20, 25)
    assert "eacat" not in hours


def _terms_used() -> set[str]:
    """Collect ``qcp:`` names in code, mappings, shapes, queries and pages, not in tests."""
    names: set[str] = set()
    for folder in ("qcp_graph", "mappings", "shapes", "sparql", "web", "ontology", "data"):
        for path in (REPOSITORY / folder).rglob("*"):
            if path.suffix in {".py", ".ttl", ".rq", ".yaml", ".html", ".sparql", ".ru"}:
                text = path.read_text(encoding="utf-8")
                names.update(re.findall(r"(?<![\w:-])qcp:([A-Za-z][A-Za-z0-9]*)", text))
                names.update(re.findall(re.escape(QCP) + r"([A-Za-z][A-Za-z0-9]*)", text))
    return names


def test_our_terms_are_defined_documented_and_labelled_in_two_languages() -> None:
    content = graph(ONTOLOGY / "qcp.ttl")
    defined = {str(s).removeprefix(QCP) for s in content.subjects() if str(s).startswith(QCP)}
    assert _terms_used() - defined == set(), "used, but not defined in ontology/qcp.ttl"
    for name in defined:
        for predicate in (RDFS.label, RDFS.comment):
            values = [o for o in content.objects(NS[name], predicate) if isinstance(o, Literal)]
            assert sorted(str(o.language) for o in values) == ["en", "fr"], name


def test_documents_and_definitions_name_the_same_terms() -> None:
    content = graph(ONTOLOGY / "qcp.ttl")
    defined = {str(s).removeprefix(QCP) for s in content.subjects() if str(s).startswith(QCP)}
    pattern = re.compile(r"(?<![\w:-])qcp:([A-Za-z][A-Za-z0-9]*)")
    listed = set(pattern.findall((REPOSITORY / "docs/ontology.md").read_text(encoding="utf-8")))
    assert listed == defined
    model = set(pattern.findall((REPOSITORY / "docs/data-model.md").read_text(encoding="utf-8")))
    assert model - defined == set()


def _profile() -> list[dict[str, str]]:
    with (ONTOLOGY / "profile" / "elm.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_profile_is_well_formed() -> None:
    rows = _profile()
    described = {row["class"] for row in rows if not row["property"]}
    seen = Counter((row["class"], row["property"]) for row in rows)
    assert max(seen.values()) == 1
    for row in rows:
        assert row["meaning"], row
        assert row["class"] in described
        if row["property"]:
            assert row["property_iri"] == expand(row["property"]), row
            assert (row["min"], row["max"]) in {(low, high) for low in "01" for high in "1*"}, row
    required = {
        r["property"] for r in rows if r["class"] == "elm:Qualification" and r["min"] == "1"
    }
    assert required == {
        "dcterms:title",
        "elm:EQFLevel",
        "elm:ISCEDFCode",
        "elm:NQFLevel",
        "elm:learningOutcome",
    }


def test_value_schemes_of_the_profile_are_here_or_of_another_publisher(whole: Graph) -> None:
    elsewhere = {
        "http://data.europa.eu/esco/concept-scheme/occupations",
        "http://data.europa.eu/esco/concept-scheme/skills",
        "http://data.europa.eu/nuts",
        "http://publications.europa.eu/resource/authority/atu",
    }
    schemes = {scheme for row in _profile() for scheme in row["scheme"].split(" | ") if scheme}
    here = {str(node) for node in whole.subjects(RDF.type, SKOS.ConceptScheme)}
    assert schemes <= here | elsewhere


SAMPLE = """
<id/q> a elm:Qualification ; dcterms:title "Pain"@fr, "Bread"@en ; dcterms:description "bare" ;
    skos:altLabel "a"@en, "b"@en ; elm:EQFLevel eqf:4 ;
    elm:volumeOfLearning "PT120H"^^xsd:duration ;
    elm:isPartialQualification true ; elm:learningOutcome <id/o1>, <id/o2> ; elm:status "released" ;
    adms:identifier <id/q#id> ; dcterms:modified "2020-01-01T00:00:00Z"^^xsd:dateTime .
<id/q#id> a elm:Identifier ; skos:notation "RNCP1" ; elm:schemeName "RNCP" .
<id/q#home> a elm:WebResource ; elm:contentUrl "https://a.example/"^^xsd:anyURI .
<id/q#credit> a elm:CreditPoint ; elm:framework <id/framework/credit/za-nqf> ; elm:point "60" .
<id/q> qcp:status qcp:Registered ; qcp:validUntil "2020"^^xsd:gYear, "2021-01-01"^^xsd:date ;
    qcp:lacks elm:ISCEDFCode ; dcterms:type <http://data.europa.eu/snb/learning-opportunity/x> .
<id/link/1> a qcp:LinkAssertion, sssom:Mapping ; sssom:subject_id <id/o1> ; sssom:confidence 0.5 ;
    qcp:matchedLabel "pain"@fr ; sssom:predicate_id skos:exactMatch ; qcp:linkStatus qcp:Suggested .
"""


def test_json_ld_with_our_context_says_the_same_and_reads_well() -> None:
    context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    original = Graph().parse(data=prefixes + SAMPLE, format="turtle", publicID=BASE)
    text = original.serialize(format="json-ld", context=context, auto_compact=False)
    assert isomorphic(original, Graph().parse(data=text, format="json-ld"))
    nodes = {node["id"]: node for node in json.loads(text)["@graph"]}
    qualification = nodes[BASE + "id/q"]
    assert qualification["title"] == {"en": "Bread", "fr": "Pain"}
    assert qualification["eqfLevel"] == "eqf:4"
    assert qualification["learningOutcome"] == [BASE + "id/o1", BASE + "id/o2"]
    assert qualification["type"] == "Qualification"


def test_the_context_knows_every_property_of_profile_and_vocabulary() -> None:
    context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    meanings = [
        v if isinstance(v, str) else v["@id"] for k, v in context.items() if k != "@version"
    ]
    named = Counter(meaning for meaning in meanings if not meaning.startswith(("@", "http")))
    assert max(named.values()) == 1, "two names for one term"
    for prefix, iri in context.items():
        if isinstance(iri, str) and iri.startswith("http"):
            assert PREFIXES[prefix] == iri
    wanted = {row["property"] for row in _profile() if row["property"]}
    content = graph(ONTOLOGY / "qcp.ttl")
    owl = PREFIXES["owl"]
    for kind in ("ObjectProperty", "DatatypeProperty"):
        for node in content.subjects(RDF.type, URIRef(owl + kind)):
            wanted.add("qcp:" + str(node).removeprefix(QCP))
    assert wanted - set(named) == set()


def test_the_list_of_official_files_is_readable_and_complete() -> None:
    entries = lock.read(ONTOLOGY / "vendor.lock.toml")
    ids = {entry.id for entry in entries}
    assert {"elm-3.1", "elm-3.3", "esco-1.1.1-en", "eu-country", "eu-language"} <= ids
    assert all(entry.licence and entry.version for entry in entries)
