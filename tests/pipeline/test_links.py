"""Linking in the flow: ranking, cache, decisions, a new version of ESCO, ESCO's own graph."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.linking import esco
from qcp_graph.linking.cache import Cache, stored
from qcp_graph.linking.engine import RankEngine
from qcp_graph.pipeline import link_update, links, reviewing
from qcp_graph.pipeline.progress import Silent
from tests.linking.test_linker import CONCEPTS, DRAW, TEAM, WELD, skills_csv
from tests.pipeline.conftest import Mini, row

ROWS = [
    row(1, outcomes=["Weld steel pipes", "Sing a song about nothing"]),
    row(2, outcomes=["Lead a team and read technical drawings; weld"]),
]
ACCEPTED = "SELECT ?o ?s { ?o elm:relatedESCOSkill ?s }"


def add(mini: Mini, version: str, rows: tuple[tuple[str, str, str, str], ...]) -> None:
    folder = mini.settings.home / f"given-{version}"
    folder.mkdir()
    path = skills_csv(folder, version, rows)
    target = mini.settings.home / "esco"
    esco.import_files(esco.files([path]), target, version, lambda _name, _rows: None)


@pytest.fixture
def linked(make_mini: Callable[..., Mini]) -> Mini:
    """A register built with a small version of ESCO."""
    mini = make_mini()
    add(mini, "1.1.0", CONCEPTS)
    mini.build(*ROWS)
    return mini


def skills(mini: Mini) -> set[str]:
    return {skill for _, skill in mini.ask(ACCEPTED)}


def test_links_come_from_the_imported_version_which_is_published_beside_them(
    linked: Mini,
) -> None:
    assert skills(linked) == {WELD, DRAW, TEAM}
    text = gzip.decompress(linked.dump("esco-1.1.0")).decode()
    assert f"<{WELD}>" in text
    assert "skill/java" not in text
    assert "graph/esco/1.1.0> ." in text
    assert linked.ask("SELECT ?l { GRAPH ?g { ?s a esco:Skill ; skos:prefLabel ?l } "
                      "FILTER(STRENDS(STR(?g), 'graph/esco/1.1.0')) }") == [
        ("manage a team",), ("read technical drawings",), ("weld steel pipes",),
    ]  # fmt: skip


def test_a_second_build_ranks_nothing_and_says_the_same(
    linked: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = linked.dump()

    def no_ranking(*_: object) -> None:
        raise AssertionError("a text was ranked again")

    monkeypatch.setattr(RankEngine, "find", no_ranking)
    linked.build(full=True)
    assert linked.dump() == before


def test_several_processes_give_the_same_bytes(
    linked: Mini, make_mini: Callable[..., Mini]
) -> None:
    other = make_mini("other")
    add(other, "1.1.0", CONCEPTS)
    other.settings = other.settings.model_copy(update={"jobs": 2})
    other.build(*ROWS)
    assert other.dump() == linked.dump()


def test_decisions_of_reviewers_hold_in_the_next_build(linked: Mini, tmp_path: Path) -> None:
    queue = [one for one in reviewing.suggestions(linked.settings, (), "Accepted")
             if one["object"] == WELD]  # fmt: skip
    (mine,) = [one for one in queue if one["text"] == "Weld steel pipes"]
    assert (mine["label"], mine["qualification"], mine["texts"]) == (
        "weld steel pipes", "Qualification 1", "1",
    )  # fmt: skip
    assert not mine["comment"], "that is the reviewer's; the program's is the reason"
    from qcp_graph.linking import review

    path = tmp_path / "q.tsv"
    review.write(path, [{**mine, "decision": "reject"}])
    assert linked.settings.workspace is not None
    dry = reviewing.take_in(linked.settings, path, "A", "2026-01-02", dry_run=True)
    assert not dry.path.exists()
    done = reviewing.take_in(linked.settings, path, "A", "2026-01-02")
    assert (done.taken, done.all, done.conflicts) == (1, 1, [])
    linked.build()
    rejected = linked.ask(
        "SELECT ?o ?r { ?l qcp:linkStatus qcp:Rejected ; sssom:subject_id ?o ; "
        "sssom:reviewer_label ?r }"
    )
    assert [name for _, name in rejected] == ["A"]
    assert not [1 for outcome, skill in linked.ask(ACCEPTED)
                if skill == WELD and outcome == rejected[0][0]]  # fmt: skip
    review.write(path, [{**mine, "decision": "accept", "reviewer": "B"}])
    assert len(reviewing.take_in(linked.settings, path, "", "2026-01-03").conflicts) == 1
    review.write(path, [{**mine, "decision": "perhaps"}])
    with pytest.raises(DataError, match="row 2: decision is 'perhaps'"):
        reviewing.take_in(linked.settings, path, "A", "2026-01-02")


def test_reviewers_read_the_name_of_a_field_in_the_language_of_the_title(linked: Mini) -> None:
    rows = reviewing.suggestions(linked.settings, ())
    assert {(one["text"], one["language"], one["object"][-3:], one["label"]) for one in rows
            if one["task"] == "field"} == {
        ("Qualification 1", "en", "/07", "Engineering, manufacturing and construction"),
        ("Qualification 2", "en", "061", "Information and Communication Technologies (ICTs)"),
    }  # fmt: skip


def test_an_update_touches_only_what_changed(linked: Mini) -> None:
    newer = (
        (WELD, "skill/competence", "weld steel pipes", "join steel pipes"),
        (DRAW, "skill/competence", "interpret blueprints", ""),
        ("http://data.europa.eu/esco/skill/new", "skill/competence", "sing a song", ""),
        CONCEPTS[3],
    )
    add(linked, "1.1.1", newer)
    dry = link_update.update(linked.settings, (), "1.1.0", "1.1.1", "core", Silent(), keep=False)
    report = link_update.update(linked.settings, (), "", "", "core", Silent())
    assert dict(dry.texts) == dict(report.texts)
    assert dict(report.texts) == {"untouched": 1, "removed": 1, "new label": 1}
    changed = {one.text: one for one in report.changes}
    team = changed["Lead a team and read technical drawings; weld"]
    assert TEAM in {one.skill for one in team.gone}
    song = changed["Sing a song about nothing"]
    assert [one.skill.rpartition("/")[2] for one in song.come] == ["new"]
    engine = RankEngine(linked.settings.home)
    kept = Cache(linked.settings.home, engine.fingerprint).get("Weld steel pipes", "en")
    assert kept is not None
    assert (kept[0].skill, kept[0].version) == (WELD, "1.1.1")
    assert len(list(stored(linked.settings.home))) == 2


def test_an_update_needs_a_release_and_an_older_version(make_mini: Callable[..., Mini]) -> None:
    mini = make_mini()
    add(mini, "1.1.0", CONCEPTS)
    with pytest.raises(UsageError, match="QCP-LNK-UPDATE"):
        link_update.update(mini.settings, (), "", "", "core", Silent())
    add(mini, "1.1.1", CONCEPTS)
    with pytest.raises(UsageError, match="There is no release"):
        link_update.update(mini.settings, (), "", "", "core", Silent())


def test_a_register_is_linked_without_publishing(linked: Mini) -> None:
    found: list[links.LinkRow] = []
    counts: dict[str, int] = {}
    order = links.Order("ee-mini", str(linked.file), tier="core", esco="1.1.0")
    links.of_register(linked.settings, order, Silent(), found.append, counts)
    assert counts["outcomes"] == 3
    weld = next(one for one in found if one.text == "Weld steel pipes")
    assert (weld.get("predicate"), weld.get("status"), weld.context) == (
        "exactMatch", "Accepted", "Qualification 1",
    )  # fmt: skip
