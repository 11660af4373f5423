"""The model of links: the same for skills, fields and occupations, and equal input, equal bytes."""

import dataclasses

import pytest

from qcp_graph.iris import Iris
from qcp_graph.linking import Assertion, quads, text_key
from qcp_graph.terms import curie, iri, literal

IRIS = Iris("http://e.org/")
QUALIFICATION = IRIS.entity("qualification", "xx-y", "Q1")
FIELD = "http://data.europa.eu/snb/isced-f/0721"
BASE = Assertion(
    "field", QUALIFICATION, FIELD, "closeMatch", "accepted", "crosswalk-nsf", "2013",
    probability=0.934, key=text_key("Boulanger", "fr", "field"),
)  # fmt: skip


def values(one: Assertion, prefixed: str) -> list[str]:
    return [o for _, p, o, _ in quads([one], IRIS, "xx-y") if p == curie(prefixed)]


@pytest.mark.parametrize(
    ("task", "prefixed"),
    [
        ("skill", "elm:relatedESCOSkill"),
        ("field", "elm:ISCEDFCode"),
        ("occupation", "qcp:relatedOccupation"),
    ],
)
def test_an_accepted_link_also_says_the_plain_property(task: str, prefixed: str) -> None:
    one = dataclasses.replace(BASE, task=task)  # type: ignore[arg-type]
    assert values(one, prefixed) == [iri(FIELD)]
    for status in ("suggested", "rejected"):
        assert values(dataclasses.replace(one, status=status), prefixed) == []  # type: ignore[arg-type]


def test_links_of_qualifications_have_short_iris() -> None:
    assert quads([BASE], IRIS, "xx-y")[0][0] == iri("http://e.org/id/link/xx/y/Q1-0721")


def test_what_is_not_known_is_not_said() -> None:
    said = {p for _, p, _, _ in quads([BASE], IRIS, "xx-y")}
    for absent in ("qcp:score", "qcp:spanEnd", "qcp:matchedLabel", "sssom:reviewer_label",
                   "qcp:reviewDate", "sssom:comment", "qcp:escoVersion"):  # fmt: skip
        assert curie(absent) not in said
    assert values(BASE, "sssom:object_source_version") == [literal("2013")]


def test_a_reviewed_link_says_who_and_when_and_where() -> None:
    one = dataclasses.replace(
        BASE, task="skill", start=3, end=9, reviewer="A. B.", date="2026-01-02", comment="no",
        justification="ManualMappingCuration", status="rejected",
    )  # fmt: skip
    assert values(one, "sssom:reviewer_label") == ['"A. B."']
    assert values(one, "qcp:reviewDate")[0].startswith('"2026-01-02"^^')
    assert values(one, "qcp:spanEnd")[0].startswith('"9"^^')
    assert values(one, "qcp:linkStatus") == [curie("qcp:Rejected")]
    assert values(one, "sssom:mapping_justification")[0].endswith("ManualMappingCuration>")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Weld pipes", "en", "skill"), ("weld  PIPES\n", "en-IE", "skill"), True),
        (("e\u0301tudier", "fr", "skill"), ("\u00e9tudier", "fr", "skill"), True),
        (("Weld pipes", "en", "skill"), ("Weld pipes", "sv", "skill"), False),
        (("Weld pipes", "en", "skill"), ("Weld pipes", "en", "field"), False),
        (("Weld pipes", "en", "skill"), ("Weld pipe", "en", "skill"), False),
    ],
)  # fmt: skip
def test_the_key_names_a_text_not_its_spelling(
    one: tuple[str, str, str], other: tuple[str, str, str], same: bool
) -> None:
    assert (text_key(*one) == text_key(*other)) is same  # type: ignore[arg-type]
