"""Every case of every official suite."""

from pathlib import Path

import pytest

from tests.conformance.report import SUITES
from tests.conformance.suite import Case, Group, Suite
from tests.conftest import SHARED

FOUND: list[Suite] = [make(SHARED) for make in SUITES] if (SHARED / "conformance").is_dir() else []
GROUPS: list[Group] = [group for suite in FOUND for group in suite.groups]


@pytest.mark.shared
def test_the_suites_are_here(shared: Path) -> None:
    assert {group.title: len(group.cases) for group in GROUPS} == {
        "Original RML, CSV": 39,
        "Original RML, JSON": 41,
        "Original RML, XML": 38,
        "Original RML, PostgreSQL": 60,
        "RML-Core": 76,
        "RML-IO": 73,
        "RML-FNML": 20,
        "SHACL Core": 98,
        "SHACL-SPARQL": 23,
        "SPARQL 1.1 Protocol: queries": 13,
        "SPARQL 1.1 Protocol: bad requests": 14,
        "SPARQL 1.1 Service Description": 3,
        "SPARQL 1.1 result formats: CSV, TSV, JSON": 10,
    }


@pytest.mark.shared
@pytest.mark.parametrize(
    ("group", "case"),
    [pytest.param(group, case, id=case.name) for group in GROUPS for case in group.cases],
)
def test_case(group: Group, case: Case) -> None:
    difference = case.check()
    if case.name in group.excused:
        assert difference, "it passes now: take it off the list"
    else:
        assert not difference


@pytest.mark.shared
@pytest.mark.parametrize("group", [pytest.param(group, id=group.title) for group in GROUPS])
def test_share(group: Group) -> None:
    excused = set(group.excused)
    assert excused <= {case.name for case in group.cases}
    assert 1 - len(excused) / len(group.cases) >= group.floor
