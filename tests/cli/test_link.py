"""``qcp link`` and ``qcp review`` as a person meets them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qcp_graph.linking import esco
from tests.cli.conftest import Answer
from tests.linking.test_linker import CONCEPTS, TEAM, WELD, skills_csv
from tests.pipeline.conftest import SOURCE, row

Qcp = Callable[..., Answer]


@pytest.fixture
def place(tmp_path: Path, workspace: Path) -> Path:
    """A home with ESCO, a workspace with a register, and its file."""
    register = workspace / "mappings" / "ee-mini"
    (register / "source.yaml").write_text(
        SOURCE + "linking: {accept: 0.96, suggest: 0.2}\n", encoding="utf-8"
    )
    rows = [row(1, outcomes=["Weld steel pipes", "Sing"]), row(2, outcomes=["manage teams"])]
    (tmp_path / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    given = tmp_path / "given"
    given.mkdir()
    esco.import_files(
        esco.files([skills_csv(given, "1.1.0", CONCEPTS)]), tmp_path / "home" / "esco", "1.1.0",
        lambda _name, _rows: None,
    )  # fmt: skip
    return tmp_path


@pytest.fixture
def run(qcp: Qcp, place: Path) -> Qcp:
    """Run a command in that place."""
    assert place.exists()
    return qcp


def test_a_text_is_linked_and_explained(run: Qcp) -> None:
    found = run("link", "--text", "Weld steel pipes; lead a team", "--explain")
    assert found.code == 0
    assert "weld steel pipes" in found.out
    assert "[18, 29) lead a team" in found.out
    assert "accepted" in found.out
    assert "score" in found.out
    told = run("link", "--text", "Weld steel pipes", "--format", "json", "--explain").json()
    assert isinstance(told, dict)
    assert told["links"][0]["skill"] == WELD
    assert told["clauses"][0]["candidates"][0]["features"]


def test_no_match_and_no_language_are_answers(run: Qcp) -> None:
    nothing = run("link", "--text", "zzz")
    assert (nothing.code, nothing.out) == (1, "")
    assert "No good match" in nothing.err
    unknown = run("link", "--text", "souder", "--language", "fr")
    assert unknown.code == 1
    assert "QCP-LNK-LANGUAGE" in unknown.err


def test_a_register_is_counted_listed_and_written_as_sssom(run: Qcp, place: Path) -> None:
    words = ("link", "ee-mini", "--input", str(place / "rows.json"))
    counted = run(*words, "--format", "json").json()
    assert isinstance(counted, dict)
    assert (counted["register"], counted["outcomes"]) == ("ee-mini", 3)
    assert counted["linked"] >= 1
    assert "exact-label" in run(*words).out
    assert "weld steel pipes" in run(*words, "--format", "table").out
    lines = run(*words, "--format", "sssom").out.splitlines()
    body = [line for line in lines if not line.startswith("#")]
    rows = list(csv.DictReader(body, delimiter="\t"))
    weld = next(one for one in rows if one["object_id"] == WELD)
    assert (weld["predicate_id"], weld["mapping_justification"], weld["subject_label"]) == (
        "skos:exactMatch", "semapv:LexicalMatching", "Weld steel pipes",
    )  # fmt: skip


def test_a_review_goes_round(run: Qcp, place: Path) -> None:
    assert run("review", "export", "-o", str(place / "q.tsv")).code == 2  # nothing is built yet
    built = run("build", "ee-mini", "--input", str(place / "rows.json"))
    assert built.code == 0, built.err
    out = place / "q.tsv"
    assert run("review", "export", "ee-mini", "-o", str(out)).code == 0
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines(), delimiter="\t"))
    mine = next(one for one in rows if one["object"] == TEAM)
    assert mine["text"] == "manage teams"
    text = out.read_text(encoding="utf-8")
    line = next(one for one in text.split("\n") if TEAM in one)
    cells = line.split("\t")
    head = text.split("\n")[0].split("\t")
    cells[head.index("decision")] = "accept"
    out.write_text(text.replace(line, "\t".join(cells)), encoding="utf-8")
    refused = run("review", "import", str(out))
    assert refused.code == 1
    assert "reviewer is missing" in refused.err
    assert "row " in refused.err
    taken = run("review", "import", str(out), "--reviewer", "A", "--format", "json").json()
    assert isinstance(taken, dict)
    assert (taken["taken"], taken["conflicts"]) == (1, 0)
    assert run("build", "ee-mini", "--input", str(place / "rows.json")).code == 0
    accepted = place / "accepted.tsv"
    run("review", "export", "-o", str(accepted), "--status", "accepted")
    lines = accepted.read_text("utf-8").splitlines()
    done = {one["object"]: one["reviewer"] for one in csv.DictReader(lines, delimiter="\t")}
    assert done[TEAM] == "A"
    assert done[WELD] == ""


def test_wrong_usage_says_what_is_needed(run: Qcp) -> None:
    assert run("link").code == 2
    answer = run("link", "--update")
    assert answer.code == 2
    assert "QCP-LNK-UPDATE" in answer.err
