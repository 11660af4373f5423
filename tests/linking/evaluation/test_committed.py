"""The gold set that the repository holds is whole, of one piece and free of sentences."""

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcp_graph.linking.evaluation import agreement

GOLD = Path(__file__).parents[3] / "data" / "gold"
SKILL = re.compile(
    r"http://data\.europa\.eu/esco/skill/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
)


def _rows(name: str, delimiter: str) -> Iterator[dict[str, str]]:
    with (GOLD / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=delimiter)


@pytest.fixture(scope="module")
def sample() -> list[dict[str, str]]:
    return list(_rows("sample.csv", ","))


@pytest.fixture(scope="module")
def gold() -> list[dict[str, str]]:
    return list(_rows("esco-outcomes.csv", ","))


@pytest.fixture(scope="module")
def keys() -> dict[str, str]:
    """Every skill that a file of the gold set names, by the key annotators may write."""
    names = ("decisions-a.tsv", "decisions-b.tsv", "ruled.tsv")
    return agreement.short_keys({row["iri"] for name in names for row in _rows(name, "\t")} - {""})


@pytest.fixture(scope="module")
def decided(keys: dict[str, str]) -> list[agreement.Decisions]:
    return [agreement.read_decisions(GOLD / f"decisions-{who}.tsv", keys) for who in "ab"]


def test_every_sampled_outcome_is_decided(
    sample: list[dict[str, str]], gold: list[dict[str, str]], decided: list[agreement.Decisions]
) -> None:
    outcomes = {(row["locator"], row["hash"]): row["language"] for row in sample}
    assert len(outcomes) == len(sample) >= 300
    assert len(set(outcomes.values())) >= 3
    assert {(row["locator"], row["hash"]): row["language"] for row in gold} == outcomes
    assert all(one.keys() == {row["id"] for row in sample} for one in decided)


def test_every_difference_is_ruled_on(
    decided: list[agreement.Decisions], keys: dict[str, str]
) -> None:
    ruled = agreement.read_decisions(GOLD / "ruled.tsv", keys)
    differ = {one for one in decided[0] if decided[0][one].keys() != decided[1][one].keys()}
    assert differ <= ruled.keys()


def test_rulings_keep_what_an_annotator_gave_or_say_why_not(
    decided: list[agreement.Decisions],
) -> None:
    for row in _rows("ruled.tsv", "\t"):
        given = any(row["iri"] in who[row["id"]] for who in decided)
        assert given or row["note"], row


def test_the_gold_set_is_what_decisions_and_rulings_make(
    sample: list[dict[str, str]],
    gold: list[dict[str, str]],
    decided: list[agreement.Decisions],
    keys: dict[str, str],
) -> None:
    place = {row["id"]: (row["locator"], row["hash"]) for row in sample}
    ruled = agreement.read_decisions(GOLD / "ruled.tsv", keys)
    settled = {
        (*place[row.id], row.iri, row.grade, row.by) for row in agreement.settle(*decided, ruled)
    }
    assert settled == {
        (row["locator"], row["hash"], row["skill"], row["grade"], row["by"]) for row in gold
    }


def test_skills_are_esco_ones_and_none_stands_alone(gold: list[dict[str, str]]) -> None:
    assert all(SKILL.fullmatch(row["skill"]) for row in gold if row["grade"] != agreement.NONE)
    often = Counter((row["locator"], row["hash"]) for row in gold)
    for row in gold:
        if row["grade"] == agreement.NONE:
            assert (row["skill"], often[row["locator"], row["hash"]]) == ("", 1)


def test_facts_only(gold: list[dict[str, str]], sample: list[dict[str, str]]) -> None:
    for row in [*gold, *sample]:
        assert re.fullmatch(r"[0-9a-f]{16}", row["hash"])
        assert not any(" " in value for value in row.values())


# ---- accepted links, judged by eye


JUDGED = sorted(GOLD.glob("accepted-*.tsv"))
# What source.yaml states of each register's threshold: links accepted, of which right.
STATED = {"fi-eperusteet": (40, 36), "fr-rncp": (8, 7), "au-nss": (15, 15)}


@pytest.mark.parametrize("path", JUDGED, ids=lambda path: path.stem)
def test_at_least_fifty_links_of_a_language_are_judged(path: Path) -> None:
    rows = list(_rows(path.name, "\t"))
    each = [(row["tier"], row["locator"], row["hash"], row["iri"]) for row in rows]
    assert len(set(each)) == len(each)
    for tier in {row["tier"] for row in rows}:
        assert sum(row["tier"] == tier for row in rows) >= 50
    for row in rows:
        assert SKILL.fullmatch(row["iri"])
        assert re.fullmatch(r"[0-9a-f]{16}", row["hash"])
        assert row["judged"] in {"right", "wrong"}
        assert 0.5 <= float(row["probability"]) <= 1


def test_languages_judged_are_those_of_registers_and_national_competences() -> None:
    assert {path.stem.rpartition("-")[2] for path in JUDGED} == {"de", "en", "fr", "nl", "sv"}


@pytest.mark.parametrize("register", STATED)
def test_a_registers_threshold_states_the_precision_that_was_measured(register: str) -> None:
    source = (GOLD.parents[1] / "mappings" / register / "source.yaml").read_text("utf-8")
    accept = float(re.search(r"accept: ([0-9.]+)", source)[1])  # type: ignore[index]
    taken = [
        row["judged"] == "right"
        for path in JUDGED for row in _rows(path.name, "\t")
        if (row["register"], row["tier"]) == (register, "core")
        and float(row["probability"]) >= accept
    ]  # fmt: skip
    assert (len(taken), sum(taken)) == STATED[register]
    assert f"Of the {len(taken)} links above this probability {sum(taken)} were right" in source
    assert math.fsum(taken) / len(taken) >= 0.8
