"""The real files of Australia, read a second time by other code: every unit, link and skill."""

from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.registers.facts import Facts

pytestmark = pytest.mark.shared
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DCT = "http://purl.org/dc/terms/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "https://schema.org/"
WHOLE = ("IT2017.ttl", "certIIIitUnits.ttl", "nstTgaUcAcmCombined.ttl")
Said = dict[str, dict[str, set[str]]]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "registers" / "au-nss-skills-ttl"


@pytest.fixture(scope="module")
def facts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return Facts("au-nss", folder, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def said(folder: Path) -> Said:
    """Subject → property → values, of the files without a fault."""
    found: Said = defaultdict(lambda: defaultdict(set))
    for name in WHOLE:
        for quad in ox.parse(path=folder / name, format=ox.RdfFormat.TURTLE):
            found[str(quad.subject.value)][quad.predicate.value].add(str(quad.object.value))
    return found


@pytest.fixture(scope="module")
def courses(said: Said) -> list[str]:
    return [iri for iri, values in said.items() if f"{SCHEMA}Course" in values[RDF_TYPE]]


def local(iri: str) -> str:
    return iri.rpartition("/")[2]


def test_every_unit_is_published_and_the_damaged_statement_named(facts: Facts) -> None:
    assert facts.fates == {"published": 128, "rejected": 1}
    (damaged,) = [row for row in facts.preview.rows if row.status == "rejected"]
    assert damaged.key == "https://test.linked.data.gov.au/def/nst/SK000799"
    assert damaged.issues[0].locator == "allSkillsSnippet.ttl line 351"
    assert facts.notes == ["QCP-SRC-RDF-REST "] * 3  # skills of units that are not in the delivery
    assert facts.reasons["QCP-SRC-RDF"] == 1
    assert set(facts.reasons) <= {
        "QCP-SRC-RDF", "QCP-VAL-LACKS-AWARDING-BODY", "QCP-VAL-LACKS-EQF",
        "QCP-VAL-LACKS-ISCEDF", "QCP-VAL-LACKS-NQF", "QCP-VAL-LACKS-OUTCOMES",
    }  # fmt: skip
    assert not facts.blank


def test_titles_codes_and_pages(facts: Facts, said: Said, courses: list[str]) -> None:
    assert len(courses) == 128
    for course in courses:
        iri = facts.qualification(local(course))
        values = said[course]
        names = values[f"{SKOS}prefLabel"] or values[f"{SCHEMA}name"]
        assert facts.of(iri, "dcterms:title") == [" ".join(name.split()) for name in names]
        codes = values[f"{SCHEMA}courseCode"] or {local(course)}
        assert facts.of(iri, "adms:identifier", "skos:notation") == sorted(codes)
        pages = values[f"{DCT}source"] or values[DCT] or {course}
        assert facts.of(iri, "foaf:homepage", "elm:contentUrl") == sorted(pages)


def test_wholes_parts_and_succession(facts: Facts, said: Said, courses: list[str]) -> None:
    wholes = links = 0
    for course in courses:
        iri, values = facts.qualification(local(course)), said[course]
        above = {o for c in courses for o in [c] if course in said[c][f"{SCHEMA}hasPart"]}
        expected = values[f"{DCT}isReferencedBy"] | values[f"{DCT}isRequiredBy"]
        expected |= {facts.qualification(local(one)) for one in above}
        assert facts.of(iri, "elm:isPartOf") == sorted(expected)
        parts = [facts.qualification(local(part)) for part in values[f"{SCHEMA}hasPart"]]
        assert facts.of(iri, "elm:hasPart") == sorted(parts)
        later = values[f"{DCT}isReplacedBy"] | values[f"{DCT}replacedBy"]
        assert facts.of(iri, "dcterms:isReplacedBy") == sorted(
            facts.qualification(local(one)) for one in later
        )
        wholes += bool(parts)
        links += len(expected)
    assert wholes == 1
    assert links > 450


def test_outcomes_are_skills_and_stated_ones(facts: Facts, said: Said, courses: list[str]) -> None:
    of_unit: dict[str, set[str]] = defaultdict(set)
    for iri, values in said.items():
        if "https://test.linked.data.gov.au/def/nst/ontology#Skill" in values[RDF_TYPE]:
            for unit in values[f"{DCT}source"]:
                of_unit[unit] |= values[f"{SKOS}prefLabel"]
            text = facts.of(f"{facts.base}id/outcome/au/nss/{local(iri)}", "dcterms:description")
            assert text == sorted(values[f"{SKOS}definition"])
    assert sum(map(len, of_unit.values())) == 83
    found = 0
    for course in courses:
        stated = {" ".join(text.split()) for text in said[course][f"{SCHEMA}learningOutcome"]}
        titles = facts.of(
            facts.qualification(local(course)), "elm:learningOutcome", "dcterms:title"
        )
        assert set(titles) >= stated | of_unit[course]
        found += len(titles)
    assert found >= 83 + 53


def test_no_level_is_made_up(facts: Facts, said: Said, courses: list[str]) -> None:
    assert facts.count("elm:NQFLevel") == facts.count("elm:EQFLevel") == 0
    for course in courses:
        words = sorted(said[course][f"{SCHEMA}educationalLevel"])
        assert facts.of(facts.qualification(local(course)), "qcp:sourceLevel") == words
        credits = facts.of(facts.qualification(local(course)), "elm:creditPoint", "elm:point")
        assert credits == sorted(said[course][f"{SCHEMA}numberOfCredits"])
