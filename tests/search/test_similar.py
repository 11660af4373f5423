"""What is like a qualification: by rare shared skills, field and level, other countries first."""

from collections.abc import Iterator

import pytest

from qcp_graph import search
from qcp_graph.search import Wanted
from tests.search.graph import BASE, iri, qualification, store

SKILL = "http://data.europa.eu/esco/skill/"


def record(register: str, key: str, country: str, more: str, skills: tuple[str, ...]) -> str:
    outcome = f"<{BASE}o/{key}>"
    linked = "".join(f"{outcome} elm:relatedESCOSkill <{SKILL}{s}> . " for s in skills)
    return qualification(
        register, key, f'"{key}"@en', f"elm:learningOutcome {outcome} ; {more}", "", country
    ) + (f" GRAPH <{BASE}graph/links> {{ {linked} }}" if linked else "")


PARTS = (
    record("fi/demo", "near", "FIN", "elm:EQFLevel eqf:4 ; elm:ISCEDFCode iscedf:0716",
           ("weld", "rare", "talk")),
    record("fr/demo", "rare", "FRA", "elm:EQFLevel eqf:5", ("rare",)),
    record("fr/demo", "common", "FRA", "elm:EQFLevel eqf:5", ("talk",)),
    record("fr/demo", "field", "FRA", "elm:EQFLevel eqf:4 ; elm:ISCEDFCode iscedf:0716", ()),
    record("fr/demo", "level", "FRA", "elm:EQFLevel eqf:4", ()),
    *(record("fr/demo", f"talker{n}", "FRA", "elm:EQFLevel eqf:7", ("talk",)) for n in range(5)),
)  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[search.Index]:
    path = tmp_path_factory.mktemp("similar") / "search.sqlite"
    search.build(path, store(*PARTS))
    opened = search.Index(path)
    yield opened
    opened.close()


def wanted(*skills: str) -> Wanted:
    return Wanted(
        iri("fi/demo/me"), [SKILL + s for s in skills], ["0716"], ["4"],
        "http://publications.europa.eu/resource/authority/country/FIN",
    )  # fmt: skip


def test_other_countries_come_first_rare_skills_before_common_ones(index: search.Index) -> None:
    found = [s.iri.rsplit("/", 1)[-1] for s in search.similar(index, wanted("rare", "talk"))]
    assert found.index("rare") < found.index("common")
    assert found.index("field") < found.index("near")  # the nearest is at home
    assert "level" not in found  # a level alone is not alike


def test_each_has_its_reasons(index: search.Index) -> None:
    found = {s.iri.rsplit("/", 1)[-1]: s for s in search.similar(index, wanted("weld", "rare"))}
    near, field = found["near"], found["field"]
    assert (near.shared, near.same_field, near.same_eqf, near.abroad) == (2, True, True, False)
    assert (field.shared, field.same_field, field.same_eqf, field.abroad) == (0, True, True, True)


def test_without_skills_field_and_level_decide(index: search.Index) -> None:
    assert {s.iri.rsplit("/", 1)[-1] for s in search.similar(index, wanted())} == {"field", "near"}
    nothing = Wanted(iri("fi/demo/me"), ["urn:x"], [], [], "")
    assert search.similar(index, nothing) == ()


def test_it_is_never_like_itself_and_the_list_is_short(index: search.Index) -> None:
    one = Wanted(iri("fi/demo/near"), [SKILL + "talk"], ["0716"], ["4"], "")
    found = search.similar(index, one, most=3)
    assert len(found) == 3
    assert one.iri not in {s.iri for s in found}
