"""``qcp evaluate``: from registers to a gold set and to figures."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer
from tests.linking.esco.conftest import BASE, SKILLS, Release, release, skill

__all__ = ["release"]  # a fixture

Qcp = Callable[..., Answer]
NODE = "<https://q.example.org/id/outcome/xx/reg/1/{}>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
OUTCOME = "<http://data.europa.eu/snb/model/elm/LearningOutcome>"
TITLE = "<http://purl.org/dc/terms/title>"


@pytest.fixture
def quads(tmp_path: Path, qcp: Qcp, release: Release) -> Path:
    """Three outcomes of a register, beside two imported skills."""
    text = SKILLS + skill("aaaaaaaa", "weld pipes") + skill("bbbbbbbb", "read drawings")
    assert qcp("esco", "import", release("9.1.0", "en", skills=text)).code == 0
    path = tmp_path / "xx.nq"
    path.write_text("".join(
        f'{NODE.format(number)} {TYPE} {OUTCOME} .\n{NODE.format(number)} {TITLE} "{title}"@en .\n'
        for number, title in enumerate(["Weld some pipes.", "Read old drawings", "Sing in tune"])
    ))  # fmt: skip
    return path


def test_sample_decide_agree_and_evaluate(tmp_path: Path, qcp: Qcp, quads: Path) -> None:
    folder = tmp_path / "gold"
    assert qcp("evaluate", "sample", "--texts", quads, "--size", "en=3", "-o", folder).code == 0
    with (folder / "outcomes.tsv").open(newline="") as stream:
        drawn = {row["text"]: row["id"] for row in csv.DictReader(stream, delimiter="\t")}
    lines = [json.loads(line) for line in (folder / "candidates.jsonl").read_text().splitlines()]
    weld = next(line for line in lines if line["id"] == drawn["Weld some pipes."])
    assert {"iri": f"{BASE}skill/aaaaaaaa", "label": "weld pipes"}.items() <= (
        weld["candidates"][[c["label"] for c in weld["candidates"]].index("weld pipes")].items()
    )
    head = "id\tiri\tgrade\tnote\n"
    shared = f"{drawn['Weld some pipes.']}\taaaaaaaa\texact\t\n{drawn['Sing in tune']}\t\tnone\t\n"
    own = f"{drawn['Read old drawings']}\tbbbbbbbb\tclose\t\n"
    nothing = f"{drawn['Read old drawings']}\t\tnone\t\n"
    for name, content in (("a", shared + own), ("b", shared + nothing), ("c", own)):
        (tmp_path / f"{name}.tsv").write_text(head + content)
    a, b, c, gold = (tmp_path / f"{name}.tsv" for name in "abcg")
    gold = gold.with_suffix(".csv")
    answer = qcp("evaluate", "agreement", a, b, "--sample", folder, "--rulings", c, "-o", gold,
                 "--format", "json")  # fmt: skip
    assert answer.code == 0
    assert answer.json()["pairs"] == pytest.approx(2 / 3)
    written = gold.read_text()
    assert "Weld" not in written
    assert written.count("adjudicated") == 1
    told = qcp("evaluate", "linking", "--data", gold, "--texts", quads, "--format", "json")
    (found,) = told.json()
    assert (found["texts"], found["with skill"], found["MRR"][0]) == (3, 2, 1.0)


def test_a_gold_set_without_texts_says_what_to_give(tmp_path: Path, qcp: Qcp, quads: Path) -> None:
    gold = tmp_path / "g.csv"
    gold.write_text("register,record,locator,hash,language,skill,grade,by\n"
                    "xx-reg,1,outcome/xx/reg/1/0,00,en,,none,AB\n")  # fmt: skip
    answer = qcp("evaluate", "linking", "--data", gold)
    assert (answer.code, "QCP-LNK-GOLD" in answer.err) == (2, True)
    assert "There was no text" in (lambda a: a.err + a.out)(
        qcp("evaluate", "linking", "--data", gold, "--texts", quads)
    )


def test_a_size_without_number_is_wrong_usage(qcp: Qcp, quads: Path) -> None:
    answer = qcp("evaluate", "sample", "--texts", quads, "--size", "fr", "-o", "x")
    assert (answer.code, "fr=120" in answer.err) == (2, True)
