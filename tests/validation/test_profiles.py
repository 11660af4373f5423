"""The catalogue of profiles and what they say of records."""

from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.validation import ReferenceGraph, profiles
from qcp_graph.validation.profiles import Judgement, compile_profile, judge
from qcp_graph.validation.shapes_graph import read_turtle
from tests.conftest import REPOSITORY

PREFIXES = """
@prefix : <https://example.org/p#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix qcp: <https://w3id.org/qcp-graph/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HEAD = """
<https://example.org/p> a qcp:Profile ; dcterms:title "Demo"@en, "Essai"@fr ;
    owl:versionInfo "2026-1" ; dcterms:source "Act 7" ; qcp:standing "primary" ;
    qcp:about "Courses."@en, "Les cours."@fr .
"""
SHAPES = """
:Course a sh:NodeShape ; sh:targetClass :C ; sh:property :Name, :Size, :Note, :Level ;
    qcp:appliesWhen [ a sh:NodeShape ; sh:not [ sh:property [ sh:path :old ; sh:minCount 1 ] ] ] .
:Name a sh:PropertyShape ; sh:path :name ; sh:minCount 1 ; qcp:code "X-NAME" ;
    sh:message "No name"@en, "Pas de nom"@fr .
:Size a sh:PropertyShape ; sh:path :size ; sh:minCount 1 ; sh:maxInclusive 10 ;
    qcp:ifAbsent "unknown" ; qcp:code "X-SIZE" ; sh:message "Too big"@en .
:Note a sh:PropertyShape ; sh:path :note ; sh:minCount 1 ; sh:severity sh:Info .
:Level a sh:PropertyShape ; sh:path :level ; sh:in (1 2) ; sh:severity sh:Warning ;
    qcp:appliesWhen [ a sh:NodeShape ; sh:property [ sh:path :scale ; sh:minCount 1 ] ] .
:Other a sh:NodeShape ; sh:targetClass :D ; sh:nodeKind sh:IRI .
:Fair a qcp:NotCheckableRule ; sh:message "Fairness"@en, "Équité"@fr .
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "demo.ttl"
    path.write_text(PREFIXES + text)
    return path


def verdict(tmp_path: Path, data: str) -> Judgement:
    profile = profiles.read(write(tmp_path, HEAD + SHAPES))
    assert profile is not None
    (tmp_path / "data.txt").write_text(PREFIXES + data)
    triples = read_turtle(tmp_path / "data.txt")[0]
    return judge(compile_profile(profile), triples, ReferenceGraph({}))


@pytest.mark.parametrize(
    ("data", "summary", "states"),
    [
        (':a a :C ; :name "A" ; :size 5 ; :note "n"', "pass", "ppp-"),
        (':a a :C ; :name "A" ; :size 50', "fail", "pfu-"),
        (':a a :C ; :name "A"', "unknown", "puu-"),
        (":a a :C ; :size 5", "fail", "fpu-"),
        (':a a :C ; :name "A" ; :size 5 ; :scale 1 ; :level 3', "warning", "ppuw"),
        (':a a :C ; :name "A" ; :size 5 ; :scale 1 ; :level 2', "pass", "ppup"),
        (':a a :C ; :name "A" ; :size 5 ; :level 3', "pass", "ppu-"),
        (":a a :C ; :old 1", "not-applicable", "----"),
        (":a a :E", "not-applicable", "----"),
    ],
)
def test_each_rule_has_its_state(tmp_path: Path, data: str, summary: str, states: str) -> None:
    found = verdict(tmp_path, data + " .")
    short = {"not-applicable": "-", "not-checkable": "?"}
    seen = {o.rule: short.get(o.state, o.state[0]) for o in found.outcomes}
    assert found.state == summary
    assert "".join(seen[rule] for rule in ("Name", "Size", "Note", "Level")) == states
    assert (seen["Fair"], seen["Other"]) == ("?", "-")
    assert (found.profile, found.version) == ("demo", "2026-1")


def test_a_finding_names_the_node_and_says_it_in_two_languages(tmp_path: Path) -> None:
    found = verdict(tmp_path, ':a a :C ; :size 5 . :b a :C ; :name "B" ; :size 11 .')
    assert [(o.rule, o.focus[-3:], o.code, o.state) for o in found.reasons()] == [
        ("Name", "#a>", "X-NAME", "fail"),
        ("Size", "#b>", "X-SIZE", "fail"),
    ]
    assert [found.reasons()[0].message(tag) for tag in ("fr", "de")] == ["Pas de nom", "No name"]


def test_a_workspace_replaces_a_profile_and_other_shapes_are_none(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + SHAPES)
    (tmp_path / "publication.ttl").write_bytes(path.read_bytes())
    (tmp_path / "plain.ttl").write_text(PREFIXES + SHAPES)
    found = profiles.load([tmp_path, REPOSITORY / "shapes"])
    assert found["publication"].title("fr") == "Essai"
    assert "plain" not in found
    assert found["demo"].rules[-1].checkable is False
    assert {r.name: r.severity for r in found["demo"].rules if r.checkable} == {
        "Name": "violation",
        "Size": "violation",
    }


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "shapes").glob("*.ttl")), ids=lambda p: p.stem
)
def test_every_file_of_ours_is_a_profile(path: Path) -> None:
    found = profiles.read(path)
    assert found is not None
    assert found.iri == f"https://w3id.org/qcp-graph/shapes/{path.stem}"
    assert found.rules


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('owl:versionInfo "2026-1" ;', "", "owl:versionInfo"),
        ('qcp:standing "primary"', 'qcp:standing "hearsay"', "hearsay"),
        (', "Essai"@fr', "", "French"),
        ("<https://example.org/p> a", "<https://example.org/q> a qcp:Profile . :p a", "several"),
    ],
)
def test_an_incomplete_description_is_refused(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    with pytest.raises(UsageError, match=problem) as caught:
        profiles.read(write(tmp_path, HEAD.replace(old, new)))
    assert caught.value.code == "QCP-VAL-PROFILE-FILE"


def test_a_state_that_is_none_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + SHAPES.replace('"unknown"', '"maybe"'))
    profile = profiles.read(path)
    assert profile is not None
    with pytest.raises(UsageError, match="ifAbsent"):
        compile_profile(profile)


def test_the_page_lists_the_catalogue() -> None:
    page = (REPOSITORY / "docs/profiles.md").read_text()
    for name, one in profiles.load([REPOSITORY / "shapes"]).items():
        checked = sum(rule.checkable for rule in one.rules)
        row = f"| `{name}` | {one.title()} | {one.version} | {one.standing} | {one.source} |"
        assert f"{row} {checked} |" in page
        assert all(f"`{name}`: {words}" in page for tag, words in one.not_checked if tag == "en")
