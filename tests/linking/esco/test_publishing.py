"""ESCO as RDF: streamed, whole or what a release uses, with everything above it."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph.linking import esco
from qcp_graph.linking.esco.publishing import triples
from qcp_graph.terms import curie, iri, literal

E = "http://data.europa.eu/esco/"
SKILL, OTHER, GROUP, TOP = (f"{E}skill/{name}" for name in ("a", "b", "S1.1", "S1"))
JOB, ISCO = f"{E}occupation/x", f"{E}isco/C7212"
TURTLE = f"""
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{SKILL}> a esco:Skill, skos:Concept ; skos:prefLabel "weld"@en, "souder"@fr ; skos:broader <{GROUP}> ;
  esco:skillReuseLevel <{E}skill-reuse-level/cross-sector> .
<{OTHER}> a esco:Skill, skos:Concept ; skos:prefLabel "paint"@en ; skos:broader <{GROUP}> .
<{GROUP}> a skos:Concept ; skos:prefLabel "shaping"@en ; skos:notation "S1.1" ; skos:broader <{TOP}> .
<{TOP}> a skos:Concept ; skos:prefLabel "making"@en ; skos:notation "S1" .
<{JOB}> a esco:Occupation, skos:Concept ; skos:prefLabel "welder"@en ; skos:broader <{ISCO}> ;
  esco:relatedEssentialSkill <{SKILL}> ; esco:relatedOptionalSkill <{OTHER}> .
<{ISCO}> a skos:Concept ; skos:prefLabel "Welders"@en ; skos:notation "7212" .
"""  # noqa: E501


@pytest.fixture
def catalogue(tmp_path: Path) -> esco.Catalogue:
    path = tmp_path / "esco.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    esco.import_files(esco.files([path]), tmp_path / "esco", "1.1.1", lambda _name, _rows: None)
    return esco.open_version(tmp_path, "1.1.1")


def test_the_whole_version_says_labels_hierarchy_and_relations(catalogue: esco.Catalogue) -> None:
    found = list(triples(catalogue))
    assert len(found) == len(set(found))
    for expected in (
        (SKILL, "skos:prefLabel", literal("souder", language="fr")),
        (SKILL, "skos:broader", iri(GROUP)),
        (SKILL, "rdf:type", curie("esco:Skill")),
        (SKILL, "esco:skillReuseLevel", iri(f"{E}skill-reuse-level/cross-sector")),
        (JOB, "rdf:type", curie("esco:Occupation")),
        (JOB, "esco:relatedEssentialSkill", iri(SKILL)),
        (JOB, "esco:relatedOptionalSkill", iri(OTHER)),
        (JOB, "skos:broader", iri(ISCO)),
    ):
        assert (iri(expected[0]), curie(expected[1]), expected[2]) in found
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in found).encode()
    assert len(list(ox.parse(text, ox.RdfFormat.N_TRIPLES))) == len(found)


def test_what_is_used_comes_with_what_stands_above_it_and_nothing_else(
    catalogue: esco.Catalogue,
) -> None:
    found = list(triples(catalogue, [SKILL, f"{E}skill/unknown"]))
    assert {s for s, _, _ in found} == {iri(one) for one in (SKILL, GROUP, TOP)}
    with_job = list(triples(catalogue, [SKILL, JOB]))
    assert (iri(JOB), curie("esco:relatedEssentialSkill"), iri(SKILL)) in with_job
    assert not any(iri(OTHER) in triple for triple in with_job)


def test_an_occupation_finds_qualifications_through_its_skills(catalogue: esco.Catalogue) -> None:
    store, graph = ox.Store(), "<https://example.org/graph>"
    said = "".join(f"{s} {p} {o} .\n" for s, p, o in triples(catalogue))
    for name, skill in (("welding", SKILL), ("painting", OTHER), ("baking", f"{E}skill/c")):
        outcome = f"<https://example.org/{name}#outcome>"
        said += f"<https://example.org/{name}> {curie('elm:learningOutcome')} {outcome} .\n"
        said += f"{outcome} {curie('elm:relatedESCOSkill')} <{skill}> .\n"
    store.load(said.encode(), ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(graph[1:-1]))
    for kind, wanted in (("Essential", ["welding"]), ("Optional", ["painting"])):
        rows = store.query(f"""SELECT ?qualification WHERE {{ GRAPH {graph} {{
            <{JOB}> {curie(f"esco:related{kind}Skill")} ?skill .
            ?outcome {curie("elm:relatedESCOSkill")} ?skill .
            ?qualification {curie("elm:learningOutcome")} ?outcome }} }}""")
        assert isinstance(rows, ox.QuerySolutions)
        found = [row["qualification"].value.rpartition("/")[2] for row in rows]
        assert found == wanted


def test_above_is_the_whole_way_up(catalogue: esco.Catalogue) -> None:
    assert catalogue.above(SKILL) == {GROUP, TOP}
    assert catalogue.above(TOP) == frozenset()
    assert catalogue.has(SKILL)
    assert not catalogue.has("http://nowhere")
