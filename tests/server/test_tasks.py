"""The addresses in docs/tasks.md answer on the demonstration."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server import specimens

TEXT = (Path(__file__).parents[2] / "docs" / "tasks.md").read_text("utf-8")
pytestmark = pytest.mark.xdist_group("tasks")
ADDRESSES = sorted(set(re.findall(r"`(/[^` ]*)`", TEXT)))


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with specimens.site(tmp_path_factory.mktemp("tasks")) as client:
        yield client


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_answers(demonstration: httpx.Client, address: str) -> None:
    answer = demonstration.get(address.replace("http://localhost:8000/", specimens.BASE))
    assert answer.status_code == 200, answer.text[:300]
    assert answer.content


def test_each_kind_of_people_has_five_tasks() -> None:
    parts = TEXT.split("\n## ")[1:]
    assert [len(re.findall(r"^\| (?!task|---)", part, re.M)) for part in parts] == [5] * 5
