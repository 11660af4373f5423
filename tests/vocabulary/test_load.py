"""Loading: base IRI, level tables, dates of validity, and what is refused."""

import time
from datetime import date
from pathlib import Path

import pytest

from qcp_graph import vocabulary
from qcp_graph.errors import UsageError
from qcp_graph.model.level import LevelEntry
from qcp_graph.terms import curie, is_iri_term
from tests.vocabulary.conftest import BASE, FRAMEWORK, Write

TODAY = date(2026, 11, 23)


def statement(match: str, extra: str = "", to: str = "eqf:4") -> str:
    return f"""
<id/level/xx-nqf/1#referencing-eqf> a qcp:LevelReferencing ; qcp:level <id/level/xx-nqf/1> ;
    qcp:referencedTo {to} ; qcp:match qcp:{match} {extra} ; qcp:basis "report" .
"""


def test_a_workspace_adds_a_framework_under_the_base_iri(workspace: Write) -> None:
    loaded = vocabulary.load(BASE, workspace(FRAMEWORK), today=TODAY)
    assert loaded.levels["xx-nqf"] == {"1": LevelEntry(f"{BASE}id/level/xx-nqf/1", "First")}
    assert "fr-cncp" in loaded.levels


@pytest.mark.parametrize(
    ("match", "extra", "expected"),
    [
        ("Referenced", "", ("4",)),
        ("BlanketStatement", "", ("4",)),
        ("Comparison", "", ()),
        ("Referenced", '; qcp:validUntil "2026-11-23"^^xsd:date', ("4",)),
        ("Referenced", '; qcp:validUntil "2026-11-22"^^xsd:date', ()),
        ("Referenced", '; qcp:validUntil "2026"^^xsd:gYear', ("4",)),
        ("Referenced", '; qcp:validUntil "2025"^^xsd:gYear', ()),
        ("Referenced", '; qcp:validFrom "2026-11-24"^^xsd:date', ()),
        ("Referenced", '; qcp:validFrom "2026"^^xsd:gYear', ("4",)),
    ],
)
def test_only_official_statements_that_are_valid_today_give_an_eqf_level(
    workspace: Write, match: str, extra: str, expected: tuple[str, ...]
) -> None:
    folder = workspace(FRAMEWORK + statement(match, extra))
    assert vocabulary.load(BASE, folder, today=TODAY).levels["xx-nqf"]["1"].eqf == expected


def test_a_level_may_span_two_eqf_levels(workspace: Write) -> None:
    folder = workspace(FRAMEWORK + statement("Referenced", to="eqf:3, eqf:2"))
    assert vocabulary.load(BASE, folder, today=TODAY).levels["xx-nqf"]["1"].eqf == ("2", "3")


def test_a_statement_about_another_framework_gives_no_eqf_level(workspace: Write) -> None:
    folder = workspace(FRAMEWORK + statement("Referenced", to="<id/level/acqf/4>"))
    assert vocabulary.load(BASE, folder, today=TODAY).levels["xx-nqf"]["1"].eqf == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<id/framework/xx-nqf> a skos:ConceptScheme", "QCP-VOC-SYNTAX"),
        ("<id/x> <not an iri> <id/y> .", "QCP-VOC-SYNTAX"),
        ('<id/x> skos:prefLabel "\ud800" .'.encode("utf-8", "surrogatepass"), "QCP-VOC-SYNTAX"),
        (FRAMEWORK + "[] a qcp:LevelReferencing .", "QCP-VOC-BLANK"),
        (FRAMEWORK + "<id/x> skos:related ( <id/y> ) .", "QCP-VOC-BLANK"),
        (FRAMEWORK.replace("qcp:rank 1", 'qcp:rank "one"'), "QCP-VOC-LEVEL"),
        (FRAMEWORK.replace('"First"@en', '"First"@sw'), "QCP-VOC-LEVEL"),
        (FRAMEWORK.replace('skos:notation "1"', 'skos:note "1"'), "QCP-VOC-LEVEL"),
        (FRAMEWORK.replace("a skos:ConceptScheme, qcp:Q", "a qcp:q"), "QCP-VOC-LEVEL"),
        (
            FRAMEWORK + FRAMEWORK.replace("xx-nqf/1>", "xx-nqf/2>"),
            "QCP-VOC-DUPLICATE",
        ),
    ],
)
def test_broken_files_are_refused(workspace: Write, text: str | bytes, code: str) -> None:
    folder = workspace(text if isinstance(text, str) else "")
    if isinstance(text, bytes):
        (folder / "ontology" / "frameworks" / "xx-nqf.ttl").write_bytes(text)
    with pytest.raises(UsageError) as caught:
        vocabulary.load(BASE, folder, today=TODAY)
    assert caught.value.code == code
    assert caught.value.remedy


def test_an_unreadable_file_is_an_error_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "ontology" / "a-folder.ttl").mkdir(parents=True)
    with pytest.raises(UsageError, match="QCP-VOC-SYNTAX"):
        vocabulary.load(BASE, tmp_path, today=TODAY)


def test_a_framework_defined_twice_names_both_files(workspace: Write) -> None:
    workspace(FRAMEWORK)
    folder = workspace(FRAMEWORK, "copy.ttl")
    with pytest.raises(UsageError) as caught:
        vocabulary.load(BASE, folder, today=TODAY)
    assert caught.value.code == "QCP-VOC-DUPLICATE"
    assert "copy.ttl" in caught.value.where
    assert "xx-nqf.ttl" in caught.value.where


def test_literals_are_not_rewritten(workspace: Write) -> None:
    triples = vocabulary.load(
        BASE,
        workspace(
            FRAMEWORK + '<id/x> qcp:a "01.50"^^xsd:decimal ; qcp:b "a\\tb\\n\\"c\\""@EN-gb .'
        ),
        today=TODAY,
    ).triples
    values = {value for subject, _, value in triples if subject == f"<{BASE}id/x>"}
    assert values == {
        '"01.50"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"a\tb\\n\\"c\\""@en-gb',
    }


def test_the_fingerprint_follows_content_base_and_validity(workspace: Write) -> None:
    expiring = FRAMEWORK + statement("Referenced", '; qcp:validUntil "2026-12-31"^^xsd:date')
    folder = workspace(expiring)
    first = vocabulary.load(BASE, folder, today=TODAY).fingerprint
    assert vocabulary.load(BASE, folder, today=TODAY).fingerprint == first
    assert vocabulary.load(BASE, folder, today=date(2026, 12, 31)).fingerprint == first
    others = {
        vocabulary.load(BASE, folder, today=date(2027, 1, 1)).fingerprint,
        vocabulary.load("https://other.org/", folder, today=TODAY).fingerprint,
        vocabulary.load(BASE, workspace(expiring + "# note\n"), today=TODAY).fingerprint,
    }
    assert len(others | {first}) == 4


def test_concepts_are_found_by_any_of_their_codes(loaded: vocabulary.Vocabulary) -> None:
    countries = loaded.concepts["http://publications.europa.eu/resource/authority/country"]
    assert countries["FR"] == countries["FRA"]
    languages = loaded.concepts["http://publications.europa.eu/resource/authority/language"]
    assert languages["sw"].endswith("/SWA")
    assert loaded.concepts[f"{BASE}id/framework/credit"]["ects"].endswith("/6fcec5c5af")


def test_every_scheme_of_a_concept_is_typed(loaded: vocabulary.Vocabulary) -> None:
    """The shapes of ELM demand it of the data they validate."""
    everything = [*loaded.triples, *loaded.ontology]
    schemes = {s for s, p, o in everything if (p, o) == (curie("rdf:type"), SCHEME)}
    used = {o for _, p, o in everything if p == curie("skos:inScheme")}
    assert used - schemes == set()
    concepts = {s for s, p, o in everything if p == curie("skos:inScheme")}
    typed = {s for s, p, o in everything if (p, o) == (curie("rdf:type"), curie("skos:Concept"))}
    assert concepts == typed


SCHEME = curie("skos:ConceptScheme")


def test_triples_are_sorted_and_under_the_base_iri(loaded: vocabulary.Vocabulary) -> None:
    assert list(loaded.triples) == sorted(set(loaded.triples))
    assert all(is_iri_term(s) and is_iri_term(p) for s, p, _ in loaded.triples)
    assert not [o for *_, o in loaded.triples if o.startswith(("_:", "<id/"))]


def test_loading_is_fast() -> None:
    """Every command loads it; 0.1 s was measured, the bound leaves room for a busy machine."""
    start = time.process_time()
    vocabulary.load(BASE, today=TODAY)
    assert time.process_time() - start < 1.0
