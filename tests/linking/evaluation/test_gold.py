"""Outcomes are found again without their sentences, drawn evenly, and judged by two."""

from collections import Counter
from pathlib import Path

import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.linking.evaluation import agreement, outcomes, sampling
from qcp_graph.linking.evaluation.outcomes import Outcome, digest

ID = "https://q.example.org/id/"
ELM = "http://data.europa.eu/snb/model/elm/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
TITLE = "<http://purl.org/dc/terms/title>"


def _quads(*lines: str) -> str:
    return "".join(f"{line} <{ID}graph> .\n" for line in lines)


@pytest.fixture
def quads(tmp_path: Path) -> Path:
    """A unit with one stated outcome in two languages, and one with a text."""
    unit, other = f"<{ID}qualification/xx/reg/1/a>", f"<{ID}qualification/xx/reg/2>"
    note = f"<{ID}qualification/xx/reg/2#note-outcomes>"
    outcome = f"<{ID}outcome/xx/reg/1/a/h1>"
    path = tmp_path / "xx.nq"
    path.write_text(_quads(
        f"{unit} {TYPE} <{ELM}Qualification>", f'{unit} {TITLE} "Welding"@en',
        f"{outcome} {TYPE} <{ELM}LearningOutcome>",
        f'{outcome} {TITLE} "Weld pipes."@en', f'{outcome} {TITLE} "Souder"@fr',
        f"{other} {TYPE} <{ELM}Qualification>", f'{other} {TITLE} "Läsning"@sv',
        f'{note} <{ELM}noteLiteral> "Den studerande kan:\\n- läsa en ritning\\n2. mäta ett rör"@sv',
    ), encoding="utf-8")  # fmt: skip
    return path


def test_outcomes_and_lines_of_texts_are_read_with_their_unit(quads: Path) -> None:
    found = {(one.locator, one.language, one.text, one.title) for one in outcomes.read(quads)}
    note = "qualification/xx/reg/2#note-outcomes"
    assert found == {
        ("outcome/xx/reg/1/a/h1", "en", "Weld pipes.", "Welding"),
        ("outcome/xx/reg/1/a/h1", "fr", "Souder", "Welding"),
        (note, "sv", "Den studerande kan:", "Läsning"),
        (note, "sv", "läsa en ritning", "Läsning"),
        (note, "sv", "mäta ett rör", "Läsning"),
    }
    assert {(one.register, one.record) for one in outcomes.read(quads)} == {
        ("xx-reg", "1"), ("xx-reg", "2"),
    }  # fmt: skip


def test_a_file_that_holds_no_quads_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.nq"
    path.write_text("no quads")
    with pytest.raises(DataError, match="QCP-LNK-DATA"):
        outcomes.read(path)


def _outcome(register: str, record: str, text: str, note: bool = False) -> Outcome:
    locator = f"{register}/{record}{'#note-outcomes' if note else f'/{digest(text)}'}"
    return Outcome(register, record, locator, digest(text), "en", text)


def test_a_sample_is_even_over_registers_records_and_lengths() -> None:
    many = [
        _outcome(register, str(record), f"weld {'very ' * length}long {register} pipe {record}")
        for register, records in (("big", 40), ("small", 6))
        for record in range(records)
        for length in (0, 10, 20)
    ]
    drawn = sampling.sample(many, "en", 24)
    assert Counter(one.register for one in drawn) == {"big": 12, "small": 12}
    lengths = Counter(one.text.count("very") for one in drawn if one.register == "big")
    assert lengths == {0: 4, 10: 4, 20: 4}
    assert max(Counter(one.record for one in drawn if one.register == "small").values()) == 2
    assert sampling.sample(many[::-1], "en", 24) == drawn
    assert sampling.sample(many, "en", 24, "another") != drawn
    assert sampling.sample(many, "fr", 5) == []


def test_headings_and_repetitions_are_left_out() -> None:
    units = [_outcome("r", str(number), "Students know how to", note=True) for number in range(9)]
    rest = [
        _outcome("r", "a", "Skills", note=True), _outcome("r", "b", "The learner can:", note=True),
        _outcome("r", "c", "Active"), _outcome("r", "d", "weld thin pipes", note=True),
        _outcome("r", "e", "weld thin pipes"), _outcome("r", "f", "read drawings"),
        _outcome("r", "f", "a line of the text that was split", note=True),
    ]  # fmt: skip
    drawn = sampling.sample([*units, *rest], "en", 100)
    assert sorted(one.text for one in drawn) == ["read drawings", "weld thin pipes"]


def test_the_pool_unites_rankings_and_hides_their_order() -> None:
    outcome = _outcome("r", "1", "weld and cut")
    seen: list[str] = []

    def first(text: str) -> list[str]:
        seen.append(text)
        return [f"{text}-{place}" for place in range(40)]

    found = sampling.pool(outcome, [first, lambda _: ["only"]], ["weld", "cut"])
    assert set(seen) == {"weld and cut", "weld", "cut"}
    assert {"only", "weld-2", "cut-2", "weld and cut-9"} <= set(found)
    assert "weld-3" not in found
    assert found != sorted(found)
    assert found == sampling.pool(outcome, [lambda _: ["only"], first], ["cut", "weld"])


def test_agreement_by_hand() -> None:
    first = {"1": {"a": "exact", "b": "close"}, "2": {}, "3": {"c": "broader"}, "9": {"z": "exact"}}
    second = {"1": {"a": "close"}, "2": {}, "3": {}}
    shown = {"1": ["a", "x"], "2": ["y"], "3": ["c"]}
    found = agreement.agree(first, second, shown)
    assert found.outcomes == 3
    assert found.pairs == 2 * 1 / (3 + 1)
    assert found.pairs_right == 2 * 1 / (2 + 1)
    assert (found.common, found.only_first, found.only_second) == (1, 2, 0)
    assert found.grades == 0.0
    assert found.same_set == pytest.approx(1 / 3)
    assert found.fits == pytest.approx((2 / 3 - (2 / 9 + 2 / 9)) / (1 - 4 / 9))
    # pairs a, b, c, x, y: both say yes to a, no to x and y
    assert found.pairs_kappa == pytest.approx((3 / 5 - (3 / 25 + 8 / 25)) / (1 - 11 / 25))


def test_what_both_say_stands_and_the_rest_is_ruled() -> None:
    first = {"1": {"a": "exact", "b": "close"}, "2": {}, "3": {"c": "broader"}}
    second = {"1": {"a": "close"}, "2": {}, "3": {"d": "exact"}}
    rows = agreement.settle(first, second, {"1": {"a": "exact", "b": "close"}})
    assert [tuple(row) for row in rows] == [
        ("1", "a", "close", "AB"), ("1", "b", "close", "adjudicated"),
        ("2", "", "none", "AB"), ("3", "", "none", "adjudicated"),
    ]  # fmt: skip


def test_decisions_may_shorten_iris_and_say_none(tmp_path: Path) -> None:
    keys = agreement.short_keys(["http://e/skill/01234567-89", "http://e/skill/abcdefgh-1"])
    path = tmp_path / "a.tsv"
    path.write_text('id\tiri\tgrade\tnote\n1\t01234567\texact\ta "quote\n'
                    "1\thttp://e/skill/01234567-89\tclose\t\n2\t\tnone\tno\n")  # fmt: skip
    assert agreement.read_decisions(path, keys) == {
        "1": {"http://e/skill/01234567-89": "exact"}, "2": {},
    }  # fmt: skip


@pytest.mark.parametrize("line", ["1\t99999999\texact\t", "1\t01234567\tsame\t", "1\t\texact\t"])
def test_an_unknown_skill_or_grade_is_named(tmp_path: Path, line: str) -> None:
    keys = agreement.short_keys(["http://e/skill/01234567-89"])
    path = tmp_path / "a.tsv"
    path.write_text(f"id\tiri\tgrade\tnote\n{line}\n")
    with pytest.raises(UsageError, match="line 2"):
        agreement.read_decisions(path, keys)
