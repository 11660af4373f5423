"""The outcomes drawn for the gold set are found again in the registers they come from."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from qcp_graph.linking.evaluation import outcomes
from qcp_graph.pipeline import preview
from qcp_graph.settings import Settings

SOURCES = {
    "fr-rncp": "fr-rncp-xml-v41", "fi-eperusteet": "fi-eperusteet",
    "au-nss": "au-nss-skills-ttl", "us-ctdl": "us-ctdl",
}  # fmt: skip


def _drawn(repository: Path) -> list[dict[str, str]]:
    with (repository / "data" / "gold" / "sample.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_enough_outcomes_are_drawn_in_three_languages_and_no_sentence_is_kept(
    repository: Path,
) -> None:
    drawn = _drawn(repository)
    assert Counter(row["language"] for row in drawn) == {"fr": 120, "en": 110, "sv": 100}
    assert len({(row["locator"], row["hash"]) for row in drawn}) == len(drawn)
    assert set(drawn[0]) == {"id", "register", "record", "locator", "hash", "language"}
    assert all(" " not in "".join(row.values()) for row in drawn)


@pytest.mark.shared
@pytest.mark.parametrize("register", sorted(SOURCES))
def test_each_outcome_is_found_by_locator_and_hash(
    register: str, shared: Path, repository: Path, tmp_path: Path
) -> None:
    written, folder = tmp_path / "quads.nq", shared / "registers" / SOURCES[register]
    with written.open("wb") as stream:
        settings = Settings(home=tmp_path / "home")
        preview.check(settings, register, str(folder), lines=stream.write, sample=True)
    known = {(one.locator, one.digest, one.language) for one in outcomes.read(written)}
    mine = {
        (row["locator"], row["hash"], row["language"])
        for row in _drawn(repository)
        if row["register"] == register
    }
    assert mine
    assert mine <= known
