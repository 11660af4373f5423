"""``qcp compare`` on two specimen registers: every form, every way to name a qualification."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from qcp_graph.cli.main import main
from qcp_graph.errors import UsageError
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.settings import Settings

MECHANICS = ("AT-L-0701", "BE-F-1001")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    ids = ("at-berufe-specimen", "be-formation-specimen")
    build(Settings(home=folder), Order(source_ids=ids), Silent())
    return folder


def run(home: Path, *arguments: str) -> str:
    result = CliRunner().invoke(
        main, ["--home", str(home), "compare", *arguments], standalone_mode=False
    )
    if result.exception:
        raise result.exception
    return result.output


def test_two_mechanics_as_text(home: Path) -> None:
    text = run(home, *MECHANICS, "--purpose", "work", "--date", "2025-01-01")
    assert text.index("ESCO SKILLS") < text.index("LEVEL")
    assert "Occupations: Same. Both sources say the same." in text
    assert "No sourced referencing leads from its level to this framework." in text
    assert "4 of 7 outcomes of B are linked to ESCO 1.1.1." in text
    assert text.index("IN SHORT") < text.index("A has, B lacks: ") < text.index("ESCO SKILLS")
    assert "maintain vehicle records: not covered" in text
    assert "only a neighbouring skill (no credit) ← perform road testing of vehicles" in text


def test_names_iris_codes_and_titles_lead_to_the_same(home: Path) -> None:
    iri = "http://localhost:8000/id/qualification/at/berufe-specimen/AT-L-0701"
    title = "mecanicien/mecanicienne d'entretien automobile"
    first = run(home, *MECHANICS, "--format", "json")
    assert run(home, iri, title, "--format", "json") == first
    assert json.loads(first)["qualifications"][0]["iri"] == iri


def test_the_forms_agree(home: Path) -> None:
    data = json.loads(run(home, *MECHANICS, "--format", "json", "--language", "fr"))
    rows = list(csv.DictReader(io.StringIO(
        run(home, *MECHANICS, "--format", "csv", "--language", "fr")
    )))  # fmt: skip
    assert [r["verdict A/B"] for r in rows] == [
        row["judgements"][0]["verdict"] for row in data["rows"]
    ]
    assert [r["reason A/B"] for r in rows] == [row["judgements"][0]["text"] for row in data["rows"]]
    linked = json.loads(run(home, *MECHANICS, "--format", "jsonld"))
    assert [r["verdict"] for r in linked["rows"]] == [r["verdict A/B"] for r in rows]
    for told, c in zip(linked["coverage"], data["coverage"], strict=True):
        assert (told["linkedOutcomes"], told["outcomes"]) == (c["linked"], c["outcomes"])
        assert [m["grade"] for m in told["matches"]] == [m["grade"] for m in c["matches"]]
        assert sum(sum(g["grades"].values()) for g in c["groups"]) == c["skills"]
    page = run(home, *MECHANICS, "--format", "html", "--language", "fr")
    assert page.lstrip().startswith("<!doctype html>")
    assert all(r["reason A/B"].replace("'", "&#39;") in page for r in rows)


def test_the_date_decides(home: Path) -> None:
    past = json.loads(run(home, *MECHANICS, "--date", "2019-01-01", "--format", "json"))
    status = next(row for row in past["rows"] if row["key"] == "status")
    assert status["judgements"][0]["reason"] == {
        "code": "status-differs", "values": {"first": "not-yet", "second": "in-force"},
    }  # fmt: skip


def test_a_stack(home: Path) -> None:
    found = json.loads(run(home, "--stack", *MECHANICS, "--format", "json"))
    rules = {rule["name"]: rule["outcome"] for rule in found["rules"]}
    assert rules["no-duplicates"] == "met"
    assert rules["volume"] == "unknown"
    told = run(home, "--stack", *MECHANICS)
    assert "Unknown    The pieces have at least the hours of the whole" in told
    assert ": the same skill" in told


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("AT-L-0701", "nothing is called so"), "QCP-CMP-UNKNOWN"),
        (("AT-L-0701", ""), "QCP-CMP-UNKNOWN"),
        (("AT-L-0701", "in"), "QCP-CMP-AMBIGUOUS"),
        (("AT-L-0701", "AT-L-0701"), "QCP-CMP-SIDES"),
        (("AT-L-0701",), "QCP-CMP-SIDES"),
        ((*MECHANICS, "--language", "xx"), "QCP-CMP-LANGUAGE"),
        (("--stack", *MECHANICS, "--format", "csv"), "QCP-CMP-FORM"),
    ],
)
def test_what_cannot_be_compared_is_told(home: Path, arguments: tuple[str, ...], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(home, *arguments)
    assert caught.value.code == code
    assert caught.value.remedy
