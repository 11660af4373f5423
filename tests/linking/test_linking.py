"""Links: literal matches are accepted, everything less is a suggestion, nothing is a guess."""

from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcp_graph import linking
from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.terms import Triple, curie, iri, literal, nquad

BRAKES, WELD, DRAW, READ = (f"http://data.europa.eu/esco/skill/{n}" for n in ("b", "w", "d", "r"))
TYPE = curie("rdf:type")
IRIS = Iris("http://e.org/")
OUTCOME = IRIS.entity("outcome", "xx-y", "Q1/1")


def skill(name: str, *labels: tuple[str, str, str]) -> list[Triple]:
    found = [(iri(name), TYPE, curie("esco:Skill"))]
    found += [(iri(name), curie(kind), literal(text, language=lang)) for kind, text, lang in labels]
    return found


INDEX = linking.EscoIndex.from_triples(
    [
        *skill(BRAKES, ("skos:prefLabel", "repair vehicle brakes", "en"),
               ("skos:altLabel", "fix brakes", "en"),
               ("skos:prefLabel", "réparer des freins", "fr")),
        *skill(WELD, ("skos:prefLabel", "weld metal", "en")),
        *skill(DRAW, ("skos:prefLabel", "read drawings", "en")),
        *skill(READ, ("skos:altLabel", "read drawings", "en")),
        (iri("http://e.org/no-skill"), curie("skos:prefLabel"), literal("paint", language="en")),
    ],
    "1.1.1",
)  # fmt: skip


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("Repair  vehicle brakes.", "en", [(BRAKES, "exact-label", "accepted", 1.0)]),
        ("Fix brakes", "en", [(BRAKES, "exact-label", "accepted", 0.95)]),
        ("Repair vehicle brakes", "en-GB", [(BRAKES, "exact-label", "accepted", 1.0)]),
        ("RÉPARER DES FREINS", "fr", [(BRAKES, "exact-label", "accepted", 1.0)]),
        ("To repair the vehicle brakes", "en", [(BRAKES, "normalised-label", "suggested", 0.9)]),
        ("Repair vehicle brakes", "de", []),  # another language's label says nothing
        ("read drawings", "en", [(DRAW, "exact-label", "suggested", 0.6),
                                 (READ, "exact-label", "suggested", 0.6)]),
        ("Cut pipes; weld metal and sing", "en", [(WELD, "clause-label", "suggested", 0.5)]),
        ("paint", "en", []),  # no skill
        ("", "en", []),
        ("Understand brakes", "en", []),
    ],
)  # fmt: skip
def test_what_a_title_links_to(
    title: str, language: str, expected: list[tuple[str, str, str, float]]
) -> None:
    found = linking.link(INDEX, [(OUTCOME, title, language)])
    assert [(x.object, x.method, x.status, x.score) for x in found] == expected


def test_titles_in_two_languages_give_one_link_the_best() -> None:
    titles = [(OUTCOME, "to repair vehicle brakes", "en"), (OUTCOME, "Réparer des freins", "fr")]
    (found,) = linking.link(INDEX, titles)
    assert (found.status, found.language, found.match) == ("accepted", "fr", "exactMatch")
    assert linking.link(INDEX, titles[::-1]) == [found]


def test_only_accepted_links_are_asserted() -> None:
    links = linking.link(
        INDEX, [(OUTCOME, "Fix brakes", "en"), (OUTCOME + "b", "cut pipes, weld metal", "en")]
    )
    quads = linking.quads(links, IRIS, "xx-y")
    asserted = [(s, o) for s, p, o, _ in quads if p == curie("elm:relatedESCOSkill")]
    assert asserted == [(iri(OUTCOME), iri(BRAKES))]
    assert {q[3] for q in quads} == {"links"}
    assert (
        iri("http://e.org/id/link/xx/y/Q1/1-b"),
        TYPE,
        curie("qcp:LinkAssertion"),
        "links",
    ) in quads


@given(st.text(), st.sampled_from(["en", "fr", "fi", "x-y", ""]))
def test_any_text_gives_valid_quads(title: str, language: str) -> None:
    links = linking.link(INDEX, [(OUTCOME, title, language)])
    lines = [nquad(quad, "http://e.org/g") for quad in linking.quads(links, IRIS, "xx-y")]
    data = "\n".join(lines).encode()
    assert len(list(pyoxigraph.parse(data, pyoxigraph.RdfFormat.N_QUADS))) == len(lines)


def test_the_fingerprint_changes_with_labels_and_version() -> None:
    triples = skill(WELD, ("skos:prefLabel", "weld metal", "en"))
    one = linking.EscoIndex.from_triples(triples, "1").fingerprint
    assert one == linking.EscoIndex.from_triples(triples[::-1], "1").fingerprint
    assert one != linking.EscoIndex.from_triples(triples, "2").fingerprint
    more = [*triples, *skill(DRAW, ("skos:prefLabel", "draw", "en"))]
    assert one != linking.EscoIndex.from_triples(more, "1").fingerprint


def test_a_very_long_text_is_not_searched_clause_by_clause() -> None:
    assert linking.link(INDEX, [(OUTCOME, "weld metal, " * 100_000, "en")]) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<a> <b> ", "QCP-LNK-EXTRACT"),
        ("<http://a/> <http://b/> [] .", "QCP-LNK-EXTRACT"),
    ],
)
def test_a_broken_extract_is_named(tmp_path: Path, content: str, code: str) -> None:
    folder = tmp_path / "data" / "esco"
    folder.mkdir(parents=True)
    (folder / "broken.ttl").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=code) as caught:
        linking.load_extract(tmp_path)
    assert "broken.ttl" in str(caught.value)
