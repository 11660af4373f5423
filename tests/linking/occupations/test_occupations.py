"""Occupations: mapping files of ESCO's portal, wider codes, and the skills asked for."""

from pathlib import Path

import pytest

from qcp_graph.errors import DataError, UsageError
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


def test_only_exact_occupations_are_accepted(crosswalk: occupations.OccupationCrosswalk) -> None:
    codes = ["101", "102", "unknown"]
    found = occupations.assertions(
        crosswalk, "https://e.org/q", [(code, crosswalk.of(code)) for code in codes], "rome"
    )
    assert [(one.status, one.match, one.comment) for one in found] == [
        ("accepted", "exactMatch", "rome 101"), ("suggested", "broadMatch", "rome 102"),
    ]  # fmt: skip
    assert {(one.task, one.version, one.justification) for one in found} == {
        ("occupation", "1.1.1", "MappingChaining")
    }
    wide = occupations.through_groups(crosswalk, {"101": "D", "102": "D"})
    several = occupations.assertions(wide, "https://e.org/q", [("D", wide.of("D"))], "rome")
    assert {one.status for one in several} == {"suggested"}


def classification(tmp_path: Path, rows: str) -> list[occupations.Entry]:
    path = tmp_path / "rome.csv"
    path.write_text(f'"code_rome","libelle_rome","code_rome_parent"\n{rows}', encoding="utf-8")
    return occupations.entries(path)


def test_codes_that_registers_state_are_found_by_name(
    crosswalk: occupations.OccupationCrosswalk, tmp_path: Path
) -> None:
    rows = (
        '"D1102","Boulanger / Boulangère","D1102"\n"D1199","Pâtissier / Pâtissière","D1102"\n'
        '"D1104","Boulanger","D1104"\n"X1","Autre métier","X1"\n'
    )
    walk = occupations.regrouped(crosswalk, classification(tmp_path, rows))
    # D1102 is a group of two and a member of itself: without a name it means the group.
    assert {one.match for one in walk.of("D1102")} == {"narrowMatch"}
    assert [one.match for one in walk.of("D1104")] == ["exactMatch"]
    assert [one.match for one in walk.of("D1199")] == ["broadMatch"]
    assert walk.of("X1") == ()
    occupations.keep(walk, "rome", tmp_path)
    opened = occupations.Occupations(tmp_path)
    by_name = opened.of(occupations.Stated("rome", "D1102", "Boulanger / Boulangère"))
    assert [one.match for one in by_name] == ["exactMatch"]
    by_group = opened.of(occupations.Stated("rome", "D1102", "Boulangerie"))
    assert {one.match for one in by_group} == {"narrowMatch"}


def test_a_group_with_members_nobody_mapped_is_no_single_occupation(
    crosswalk: occupations.OccupationCrosswalk, tmp_path: Path
) -> None:
    rows = '"D1102","Boulanger","D1102"\n"D1199","Traiteur","D1102"\n'
    walk = occupations.regrouped(crosswalk, classification(tmp_path, rows))
    assert [one.match for one in walk.of("D1102")] == ["narrowMatch"]


def test_crosswalks_are_kept_as_they_were(
    crosswalk: occupations.OccupationCrosswalk, tmp_path: Path
) -> None:
    opened = occupations.Occupations(tmp_path)
    assert not opened.known
    assert opened.links("https://e.org/q", [occupations.Stated("rome", "101")]) == []
    before = opened.fingerprint
    occupations.keep(crosswalk, "rome", tmp_path)
    opened = occupations.Occupations(tmp_path)
    assert opened.known
    assert opened.fingerprint != before
    assert opened.crosswalks["rome"].table == crosswalk.table
    stated = [occupations.Stated("rome", "101"), occupations.Stated("isco-08", "7512")]
    assert [one.object for one in opened.links("https://e.org/q", stated)] == [
        f"{BASE}occupation/baker"
    ]


@pytest.mark.parametrize("text", ["", "a,b\n", "name,version,language\nx,1,fr\n"])
def test_a_damaged_crosswalk_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "occupations").mkdir()
    (tmp_path / "occupations" / "rome.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="QCP-LNK-OCCUPATIONS"):
        occupations.Occupations(tmp_path).links(
            "https://e.org/q", [occupations.Stated("rome", "1")]
        )


def test_names_of_schemes_cannot_lead_out_of_the_folder(
    crosswalk: occupations.OccupationCrosswalk, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="QCP-LNK-OCCUPATIONS"):
        occupations.keep(crosswalk, "../rome", tmp_path)


def test_a_classification_without_codes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="QCP-LNK-OCCUPATIONS"):
        occupations.entries(path)


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
