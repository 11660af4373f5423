"""The problems of two releases compared: what is new, what was solved, what remains."""

import json

import pytest
from click.testing import CliRunner

from qcp_graph.cli.main import main
from qcp_graph.errors import UsageError
from qcp_graph.pipeline.problem_delta import ProblemDelta, between
from tests.pipeline.conftest import Mini, Row, row

CODE = "QCP-VAL-NO-TITLE"
ALL = "QCP-VAL-LACKS-NQF"  # no record of the register names a level


def _bad(number: int) -> Row:
    return row(number, title=None)


def _compared(mini: Mini, old: str | None = None, new: str | None = None) -> list[ProblemDelta]:
    return list(between(mini.releases, old, new))


def test_new_solved_and_remaining_problems_are_told_apart(mini: Mini) -> None:
    mini.build(row(1), _bad(2), _bad(3), row(4), row(5))
    first = mini.live().id
    mini.build(_bad(1), row(2), _bad(3), row(4), _bad(6))
    found = {one.code: one for one in _compared(mini)}
    assert found[CODE] == ProblemDelta("ee-mini", CODE, 2, 1, 1, ["Q1", "Q6"], ["Q2"])
    assert found[ALL] == ProblemDelta("ee-mini", ALL, 1, 1, 4, ["Q6"], ["Q5"])
    back = {one.code: one for one in _compared(mini, mini.live().id, first)}
    assert back[CODE] == ProblemDelta("ee-mini", CODE, 1, 2, 1, ["Q2"], ["Q1", "Q6"])


def test_examples_are_few_while_counts_are_complete(mini: Mini) -> None:
    mini.build(row(0))
    mini.build(row(0), *(_bad(number) for number in range(1, 10)))
    (found,) = (one for one in _compared(mini) if one.code == CODE)
    assert (found.new, found.new_examples) == (9, ["Q1", "Q2", "Q3", "Q4", "Q5"])


def test_a_first_release_has_nothing_to_be_compared_with(mini: Mini) -> None:
    mini.build(row(1))
    with pytest.raises(UsageError) as caught:
        _compared(mini)
    assert caught.value.code == "QCP-REL-FIRST"


def test_the_command_tells_problems_apart_from_records(mini: Mini) -> None:
    mini.build(row(1), _bad(2))
    mini.build(row(1), row(2), _bad(3))
    home = mini.settings.home
    words = ["release", "diff", "--problems", "--format", "json", "--home", str(home)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    (found,) = (one for one in json.loads(result.output) if one["code"] == CODE)
    assert (found["new"], found["solved"]) == (1, 1)
    assert (found["new_examples"], found["solved_examples"]) == ("Q3", "Q2")
