"""Occupations: mapping files of ESCO's portal, wider codes, and the skills asked for."""

from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.linking import occupations
from qcp_graph.linking.esco import Catalogue, import_files
from qcp_graph.linking.esco import files as esco_files
from tests.linking.esco.conftest import BASE, skill
from tests.linking.esco.conftest import Release as Release
from tests.linking.esco.conftest import release as release

HEAD = (
    "Mapping project name,Test\nClassification 1 Version,1.1.1\nClassification 2 Name,ROME\n\n"
    "classification 1 ID,classification 1 prefered label,classification 2 ID,"
    "classification 2 prefered label,mapping relation\n"
)
ROWS = (
    f"{BASE}occupation/baker,baker,101,Boulanger,skos:exactMatch\n"
    f"{BASE}occupation/confectioner,confectioner,102,Pâtissier,skos:narrowMatch\n"
    f"{BASE}isco/C7512,Bakers,103,Autre,skos:closeMatch\n"
)


@pytest.fixture
def crosswalk(tmp_path: Path) -> occupations.OccupationCrosswalk:
    path = tmp_path / "mapping.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return occupations.read(path)


def test_relations_are_read_from_the_national_side(
    crosswalk: occupations.OccupationCrosswalk,
) -> None:
    assert (crosswalk.name, crosswalk.version) == ("ROME", "1.1.1")
    assert [one.match for one in crosswalk.of("101")] == ["exactMatch"]
    assert [one.match for one in crosswalk.of("102")] == ["broadMatch"]
    assert crosswalk.of("103") == ()


def test_wider_codes_have_narrower_occupations(crosswalk: occupations.OccupationCrosswalk) -> None:
    wide = occupations.through_groups(crosswalk, {"101": "D1102", "102": "D1102", "9": "X"})
    assert {one.match for one in wide.of("D1102")} == {"narrowMatch"}
    assert len(wide.of("D1102")) == 2
    alone = occupations.through_groups(crosswalk, {"101": "D1104"})
    assert [one.match for one in alone.of("D1104")] == ["exactMatch"]


def test_only_what_an_official_body_says_plainly_is_accepted(
    crosswalk: occupations.OccupationCrosswalk,
) -> None:
    exact = occupations.assertions(crosswalk, "https://e.org/q", ["101", "unknown"])
    assert [(one.status, one.task, one.comment) for one in exact] == [
        ("accepted", "occupation", "101")
    ]
    wide = occupations.through_groups(crosswalk, {"101": "D", "102": "D"})
    assert {one.status for one in occupations.assertions(wide, "https://e.org/q", ["D"])} == {
        "suggested"
    }


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="QCP-LNK-OCCUPATIONS"):
        occupations.read(path)


def test_skills_of_an_occupation_can_be_compared(release: Release, tmp_path: Path) -> None:
    relation = (
        "occupationUri,relationType,skillType,skillUri\r\n"
        f"{BASE}occupation/baker,essential,skill/competence,{BASE}skill/dough\r\n"
        f"{BASE}occupation/baker,optional,skill/competence,{BASE}skill/sales\r\n"
    )
    head = (
        "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,"
        "modifiedDate,scopeNote,definition,inScheme,description\r\n"
    )
    archive = release(
        "1.1.1", "en", skills=head + skill("dough", "make dough") + skill("sales", "sell"),
        occupations="conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description\r\n"
        f'Occupation,{BASE}occupation/baker,7512,baker,,"bakes"\r\n',
        occupationSkillRelations=relation,
    )  # fmt: skip
    (done,) = import_files(esco_files([archive]), tmp_path / "esco")
    with Catalogue(done.path) as catalogue:
        found = occupations.requirements(catalogue, [f"{BASE}occupation/baker", "x"])
    asked = found[f"{BASE}occupation/baker"]
    compared = occupations.compare([f"{BASE}skill/sales"], asked)
    assert compared.coverage == 0
    assert compared.missing == (f"{BASE}skill/dough",)
    assert compared.optional == (f"{BASE}skill/sales",)
