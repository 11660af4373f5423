"""What changed between two versions."""

from pathlib import Path

from qcp_graph.linking import esco
from tests.linking.esco.conftest import BASE, HEADS, SKILLS, Release, skill


def test_new_removed_renamed_and_relabelled_concepts_are_told_apart(
    release: Release, tmp_path: Path
) -> None:
    old = SKILLS + "".join(
        [skill("a", "weld pipes"), skill("b", "rivet", "join with rivets"), skill("c", "solder"),
         skill("d", "same")]
    )  # fmt: skip
    new = SKILLS + "".join(
        [skill("a", "weld tubes"), skill("b", "rivet"), skill("c", "solder", status="obsolete"),
         skill("d", "same"), skill("e", "glue")]
    )  # fmt: skip
    paths = [release("9.0.0", "en", skills=old), release("9.1.0", "en", skills=new)]
    esco.import_files(esco.files(paths), tmp_path / esco.FOLDER)
    with esco.open_version(tmp_path, "9.0.0") as before, esco.open_version(tmp_path) as after:
        found = esco.delta(before, after)
    assert found.renamed == (esco.Renamed(f"{BASE}skill/a", "en", "weld pipes", "weld tubes"),)
    assert found.relabelled == {f"{BASE}skill/a", f"{BASE}skill/b"}
    assert (found.added, found.removed) == ((f"{BASE}skill/e",), (f"{BASE}skill/c",))
    assert found.touched == {f"{BASE}skill/{one}" for one in "abce"}


def test_languages_of_one_version_alone_are_not_compared(release: Release, tmp_path: Path) -> None:
    paths = [
        release("9.0.0", "en", skills=SKILLS + skill("a", "weld")),
        release("9.1.0", "en", skills=SKILLS + skill("a", "weld")),
        release("9.1.0", "fr", skills=SKILLS + skill("a", "souder")),
    ]
    esco.import_files(esco.files(paths), tmp_path / esco.FOLDER)
    with esco.open_version(tmp_path, "9.0.0") as before, esco.open_version(tmp_path) as after:
        found = esco.delta(before, after)
    assert (found.languages, found.touched) == (("en",), frozenset())


def test_a_group_that_kept_its_code_is_the_successor_of_its_old_iri(
    release: Release, tmp_path: Path
) -> None:
    group = HEADS["skillGroups"] + "SkillGroup,{},joining parts,,,S7.1\r\n"
    paths = [
        release("9.0.0", "en", skillGroups=group.format(f"{BASE}skill/S7.1")),
        release("9.1.0", "en", skillGroups=group.format(f"{BASE}skill/5f0c-11")),
    ]
    esco.import_files(esco.files(paths), tmp_path / esco.FOLDER)
    with esco.open_version(tmp_path, "9.0.0") as before, esco.open_version(tmp_path) as after:
        assert esco.delta(before, after).successors == {
            f"{BASE}skill/S7.1": (f"{BASE}skill/5f0c-11",)
        }
