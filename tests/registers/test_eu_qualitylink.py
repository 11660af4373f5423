"""The real examples of QualityLink, read a second time: every course, outcome and offer."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph.namespaces import expand
from tests.registers.facts import Facts

pytestmark = pytest.mark.shared
QL = "http://data.quality-link.eu/ontology/v1#"


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "registers" / "eu-qualitylink" / "examples"


@pytest.fixture(scope="module")
def facts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return Facts("eu-qualitylink", folder, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def store(folder: Path) -> ox.Store:
    found = ox.Store()
    for path in sorted(folder.glob("*.ttl")):
        found.load(path=path, format=ox.RdfFormat.TURTLE)
    return found


def values(store: ox.Store, subject: ox.NamedNode, *path: str) -> list[str]:
    nodes: list[object] = [subject]
    for step in path:
        predicate = ox.NamedNode(expand(step))
        nodes = [q.object for n in nodes for q in store.quads_for_pattern(n, predicate, None)]  # type: ignore[arg-type]
    return sorted(str(node.value) for node in nodes)  # type: ignore[attr-defined]


def instances(store: ox.Store, name: str) -> list[ox.NamedNode]:
    kind = ox.NamedNode(QL + name)
    found = store.quads_for_pattern(None, ox.NamedNode(expand("rdf:type")), kind)
    return sorted((q.subject for q in found), key=str)  # type: ignore[misc]


def records(facts: Facts) -> dict[str, str]:
    """IRI at the source → IRI here, by the identifier each record keeps."""
    made = {}
    for row in facts.preview.rows:
        (source,) = facts.of(f"{row.iri}#id-source", "skos:notation")
        made[source] = row.iri
    return made


def test_counts(facts: Facts) -> None:
    assert facts.fates == {"published": 3}
    assert facts.reasons == {"QCP-MAP-VALUE": 3}  # the provider has no name
    assert not [note for note in facts.notes if "UNMAPPED" in note]
    assert not facts.blank


def test_courses(facts: Facts, store: ox.Store) -> None:
    here = records(facts)
    courses = instances(store, "LearningOpportunitySpecification")
    assert len(courses) == 2
    for course in courses:
        iri = here[course.value]
        assert facts.of(iri, "rdf:type") == [expand("elm:LearningAchievementSpecification")]
        for name in ("dcterms:title", "dcterms:description", "dcterms:language", "elm:ISCEDFCode"):
            assert facts.of(iri, name) == values(store, course, name)
        outcomes = ("elm:learningOutcome", "dcterms:title")
        assert facts.of(iri, *outcomes) == values(store, course, *outcomes)
        assert len(facts.of(iri, *outcomes)) == 2
        assert facts.of(iri, "qcp:status") == [expand("qcp:Registered")]


def test_offers(facts: Facts, store: ox.Store) -> None:
    here = records(facts)
    (offer,) = instances(store, "LearningOpportunityInstance")
    iri = here[offer.value]
    assert facts.of(iri, "rdf:type") == [expand("elm:LearningOpportunity")]
    assert facts.of(iri, "dcterms:title") == values(store, offer, "dcterms:title")
    (page,) = values(store, offer, "foaf:homepage")
    assert facts.of(iri, "foaf:homepage", "elm:contentUrl") == [page]
    label = ("dcterms:temporal", "skos:prefLabel")
    assert facts.of(iri, *label) == values(store, offer, *label) == ["Sommersemester 2025"]
    # The specification it names is not in the delivery: its own IRI stays.
    names = ("elm:learningAchievementSpecification",)
    assert facts.of(iri, *names) == values(store, offer, *names)
