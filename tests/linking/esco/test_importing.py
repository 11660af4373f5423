"""Official releases in, catalogues out."""

import zipfile
from pathlib import Path

import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.linking import esco
from tests.linking.esco.conftest import BASE, HEADS, SKILLS, Release, skill


def _import(*paths: Path, home: Path, version: str = "") -> list[esco.Imported]:
    return esco.import_files(esco.files(paths), home / esco.FOLDER, version)


@pytest.fixture
def both(release: Release) -> list[Path]:
    """English and French of version 9.1, and the relations without language."""
    english = release(
        "9.1.0", "en",
        skills=SKILLS + skill("a", "weld pipes", "join pipes\njoin  pipes\nweld pipes")
        + skill("b", "read drawings"),
        occupations=HEADS["occupations"]
        + f"Occupation,{BASE}occupation/o,7212,pipe welder,welder of pipes,\r\n",
        skillGroups=HEADS["skillGroups"] + f"SkillGroup,{BASE}skill/S7.1,joining parts,,,\r\n",
        greenSkillsCollection=HEADS["greenSkillsCollection"]
        + f"KnowledgeSkillCompetence,{BASE}skill/a,weld pipes\r\n",
    )  # fmt: skip
    french = release("9.1.0", "fr", skills=SKILLS + skill("a", "souder des tuyaux"))
    relations = release(
        "9.1.0", "",
        broaderRelationsSkillPillar=HEADS["broaderRelationsSkillPillar"]
        + f"KnowledgeSkillCompetence,{BASE}skill/a,SkillGroup,{BASE}skill/S7.1\r\n",
        occupationSkillRelations=HEADS["occupationSkillRelations"]
        + f"{BASE}occupation/o,essential,skill/competence,{BASE}skill/a\r\n"
        + f"{BASE}occupation/o,optional,skill/competence,{BASE}skill/b\r\n",
    )  # fmt: skip
    return [english, french, relations]


def test_all_archives_of_a_version_become_one_catalogue(both: list[Path], tmp_path: Path) -> None:
    (done,) = _import(*both, home=tmp_path)
    assert (done.version, done.left_out) == ("9.1.0", 0)
    with esco.open_version(tmp_path) as catalogue:
        assert catalogue.languages() == ["en", "fr"]
        labels = [(one.value, one.preferred) for one in catalogue.labels("skill", "en")]
        assert labels == [("weld pipes", True), ("join pipes", False), ("read drawings", True)]
        assert catalogue.preferred(f"{BASE}skill/a", "fr") == "souder des tuyaux"
        (weld, _) = catalogue.concepts("skill")
        assert (weld.skill_type, weld.reuse_level) == ("skill/competence", "cross-sector")
        (group,) = catalogue.concepts("skill-group")
        assert group.code == "S7.1"
        assert list(catalogue.relations("essential")) == [(f"{BASE}occupation/o", f"{BASE}skill/a")]
        assert list(catalogue.relations("optional")) == [(f"{BASE}occupation/o", f"{BASE}skill/b")]
        assert list(catalogue.relations("broader")) == [
            (f"{BASE}occupation/o", f"{BASE}isco/C7212"),
            (f"{BASE}skill/a", f"{BASE}skill/S7.1"),
        ]
        assert list(catalogue.relations("member")) == [
            (f"{BASE}skill/a", f"{BASE}concept-scheme/green-skills")
        ]


def test_a_language_can_be_added_later_and_the_order_does_not_matter(
    both: list[Path], tmp_path: Path
) -> None:
    _import(*both, home=tmp_path / "one")
    for path in (both[1], both[0], both[2]):
        _import(path, home=tmp_path / "two")
    with (
        esco.open_version(tmp_path / "one") as one,
        esco.open_version(tmp_path / "two") as two,
    ):
        assert one.fingerprint == two.fingerprint
        assert one.summary() == two.summary()


def test_labels_of_an_older_release_serve_under_a_newer_version(
    release: Release, tmp_path: Path
) -> None:
    new = release("9.1.0", "en", skills=SKILLS + skill("a", "weld pipes"))
    old = release("8.0", "fr", skills=SKILLS + skill("a", "souder des tuyaux"))
    _import(new, home=tmp_path)
    _import(old, home=tmp_path, version="9.1.0")
    with esco.open_version(tmp_path, "9.1.0") as catalogue:
        (label,) = catalogue.labels("skill", "fr")
    assert (label.value, label.origin) == ("souder des tuyaux", "8.0.0")


def test_versions_stay_side_by_side(release: Release, tmp_path: Path) -> None:
    _import(
        release("9.1.0", "en", skills=SKILLS + skill("a", "weld pipes")),
        release("9.10.0", "en", skills=SKILLS + skill("a", "weld tubes")),
        home=tmp_path,
    )
    assert esco.versions(tmp_path) == ["9.1.0", "9.10.0"]
    with esco.open_version(tmp_path) as newest, esco.open_version(tmp_path, "v9.1") as old:
        assert newest.preferred(f"{BASE}skill/a", "en") == "weld tubes"
        assert old.preferred(f"{BASE}skill/a", "en") == "weld pipes"


def test_search_finds_labels_without_case_and_accents_codes_and_iris(
    release: Release, tmp_path: Path
) -> None:
    text = SKILLS + skill("a", "réparer 100 % des moteurs") + skill("b", "réparer des vélos")
    groups = HEADS["skillGroups"] + f"SkillGroup,{BASE}skill/S7.1,réparer,,,\r\n"
    _import(release("9.1.0", "fr", skills=text, skillGroups=groups), home=tmp_path)
    with esco.open_version(tmp_path) as catalogue:
        assert [hit.label for hit in catalogue.search("REPARER DES")] == ["réparer des vélos"]
        assert [hit.label for hit in catalogue.search("100 %")] == ["réparer 100 % des moteurs"]
        assert [hit.kind for hit in catalogue.search("S7.1")] == ["skill-group"]
        assert len(catalogue.search("reparer", limit=2)) == 2
        assert catalogue.search("  ") == catalogue.search("reparer", language="en") == []


def test_rows_that_are_no_use_are_named_and_left_out(release: Release, tmp_path: Path) -> None:
    bad = "KnowledgeSkillCompetence,javascript:alert(1),,,x,,,,,,,,\r\n"
    relations = HEADS["occupationSkillRelations"] + f"{BASE}occupation/o,maybe,,{BASE}skill/a\r\n"
    path = release(
        "9.1.0", "en", skills=SKILLS + skill("a", "weld") + bad, occupationSkillRelations=relations
    )
    (done,) = _import(path, home=tmp_path)
    assert done.left_out == 2
    assert [(p.file.partition(": ")[2], p.line) for p in done.problems] == [
        ("occupationSkillRelations_en.csv", 2), ("skills_en.csv", 3),
    ]  # fmt: skip


def test_a_table_without_its_columns_is_named(release: Release, tmp_path: Path) -> None:
    path = release("9.1.0", "en", skills=SKILLS + skill("a", "weld"), occupations="a,b\r\n1,2\r\n")
    (done,) = _import(path, home=tmp_path)
    assert [p.message for p in done.problems] == [
        "the column conceptUri, preferredLabel is missing"
    ]


def test_nothing_changes_when_an_import_fails(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _import(release("9.1.0", "en", skills=SKILLS + skill("a", "weld")), home=tmp_path)
    with esco.open_version(tmp_path) as catalogue:
        before = catalogue.fingerprint
    again = release("9.1.0", "fr", skills=SKILLS + skill("a", "souder"))
    damaged = bytearray(again.read_bytes())
    damaged[60:90] = bytes(30)
    again.write_bytes(damaged)
    with pytest.raises(DataError):
        _import(again, home=tmp_path)
    with esco.open_version(tmp_path) as catalogue:
        assert catalogue.fingerprint == before
    assert [path.name for path in (tmp_path / esco.FOLDER).iterdir()] == ["9.1.0.sqlite"]


def test_relations_alone_are_no_version(both: list[Path], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="QCP-LNK-ESCO-EMPTY"):
        _import(both[2], home=tmp_path)
    assert esco.versions(tmp_path) == []


def test_a_file_without_version_asks_for_one(tmp_path: Path) -> None:
    path = tmp_path / "skills_en.csv"
    path.write_text(SKILLS + skill("a", "weld"), encoding="utf-8")
    with pytest.raises(UsageError, match="QCP-LNK-ESCO-VERSION"):
        _import(path, home=tmp_path)
    (done,) = _import(path, home=tmp_path, version="9.2.0")
    assert done.rows == {"skills_en.csv": 3 + 1}


@pytest.mark.parametrize("wrong", ["../../etc", "1", "1.1.1/..", "latest", "9" * 30 + ".1"])
def test_a_version_never_becomes_a_path(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(UsageError):
        esco.check(wrong)
    with pytest.raises(UsageError):
        esco.open_version(tmp_path, wrong)


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "notes.csv"
    other.write_text("a,b", encoding="utf-8")
    broken = tmp_path / "ESCO v9.1.0.zip"
    broken.write_bytes(b"PK\x03\x04 no zip at all")
    for path, code in ((other, "FILES"), (tmp_path / "none", "FILES"), (broken, "ARCHIVE")):
        with pytest.raises((UsageError, DataError), match=f"QCP-LNK-ESCO-{code}"):
            esco.files([path])


def test_a_bomb_stays_closed(tmp_path: Path) -> None:
    path = tmp_path / "ESCO v9.1.0.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("skills_en.csv", bytes(100_000_000))
    with pytest.raises(DataError, match="QCP-LNK-ESCO-BOMB"):
        esco.files([path])


def test_a_damaged_catalogue_says_so(tmp_path: Path) -> None:
    folder = tmp_path / esco.FOLDER
    folder.mkdir()
    (folder / "9.1.0.sqlite").write_bytes(b"no database")
    with pytest.raises(DataError, match="QCP-LNK-ESCO-CATALOGUE"):
        esco.open_version(tmp_path)


TURTLE = f"""
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<{BASE}skill/a> a esco:Skill ; skos:prefLabel "weld pipes"@en, "souder"@fr ;
    skos:altLabel "join pipes"@en ; esco:skillType <{BASE}skill-type/knowledge> ;
    skos:broader <{BASE}isced-f/0715> ; dcterms:isReplacedBy <{BASE}skill/b> .
<{BASE}skill/b> a esco:Skill ; skos:prefLabel "weld tubes"@en ;
    esco:isEssentialSkillFor <{BASE}occupation/o> .
<{BASE}occupation/o> a esco:Occupation ; esco:relatedOptionalSkill <{BASE}skill/a> .
<{BASE}isced-f/0715> a skos:Concept ; skos:notation "0715" .
<http://example.org/other> a esco:Skill .
"""


def test_rdf_gives_the_same_catalogue_as_tables(tmp_path: Path) -> None:
    path = tmp_path / "esco_v9.1.0.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    _import(path, home=tmp_path)
    with esco.open_version(tmp_path) as catalogue:
        assert [one.uri for one in catalogue.concepts("skill")] == [
            f"{BASE}skill/a", f"{BASE}skill/b",
        ]  # fmt: skip
        assert next(iter(catalogue.concepts("skill"))).skill_type == "knowledge"
        assert [one.value for one in catalogue.labels("skill", "en")] == [
            "weld pipes", "join pipes", "weld tubes",
        ]  # fmt: skip
        assert list(catalogue.relations("replaced-by")) == [(f"{BASE}skill/a", f"{BASE}skill/b")]
        assert list(catalogue.relations("essential")) == [(f"{BASE}occupation/o", f"{BASE}skill/b")]
        assert [one.code for one in catalogue.concepts("skill-group")] == ["0715"]


def test_damaged_rdf_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "esco_v9.1.0.ttl"
    path.write_text(TURTLE + "\n<broken", encoding="utf-8")
    (done,) = _import(path, home=tmp_path)
    assert done.left_out == 1
    assert done.problems[0].line > 10
