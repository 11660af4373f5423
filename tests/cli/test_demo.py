"""``qcp demo``: the question of the demonstration is answered by what it builds."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from qcp_graph.cli.demo import MECHANICS
from qcp_graph.cli.main import main
from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.server.conftest import served


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    home = tmp_path_factory.mktemp("demo")
    arguments = ["--home", str(home), "demo", "--no-serve", "--port", "8123"]
    return home, CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.fixture(scope="module")
def site(built: tuple[Path, Result]) -> Iterator[httpx.Client]:
    with served(create_app(Settings(home=built[0]))) as client:
        yield client


def test_the_address_of_the_comparison_is_told(built: tuple[Path, Result]) -> None:
    assert built[1].exit_code == 0
    address = "http://localhost:8123/compare?q=9110&q=RNCP990301&purpose=work"
    assert address in built[1].stderr


def test_what_the_finnish_mechanic_has_and_the_french_one_lacks(built: tuple[Path, Result]) -> None:
    """Which skills, at which level, according to whom."""
    order = ["--home", str(built[0]), "compare", *MECHANICS, "--format", "json"]
    found = json.loads(CliRunner().invoke(main, order, catch_exceptions=False).stdout)
    finnish, french = found["qualifications"]
    assert [one["country"][-3:] for one in (finnish, french)] == ["FIN", "FRA"]
    assert (finnish["key"], finnish["seen"][:2], finnish["specimen"]) == ("9110", "20", True)
    level = next(row for row in found["rows"] if row["key"] == "eqf-level")["judgements"][0]
    assert level["reason"] == {"code": "level-higher", "values": {"levels": "1"}}
    back = found["coverage"][1]
    assert (back["linked"], back["outcomes"], back["skills"]) == (13, 18, 13)
    lacking = {one["skill"][-36:-28] for one in back["matches"] if one["grade"] == "none"}
    assert {"5b264a14", "90d04cf8"} <= lacking  # diagnostic equipment, hybrid vehicles


def test_the_question_of_the_demonstration_is_answered_first(site: httpx.Client) -> None:
    """What has a Finnish vehicle mechanic that a French one lacks, at which level, who says so?"""
    page = site.get("/compare?q=9110&q=RNCP990301&purpose=work&lang=en")
    words = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    answer = words[words.index("In short") : words.index("Change what is compared")]
    for told in (
        *("7 of 13 skills", "use automotive diagnostic equipment", "hybrid vehicle architecture"),
        *("13 of 18 outcomes of A are linked to ESCO 1.1.1", "The first one is higher by 1."),
        *("FiNQF Level 4", "official blanket statement", "Decree 2019-14", "RNCP990301"),
        *("20 computed and not reviewed, 0 decided by a person", "Specimen: invented data"),
    ):
        assert told in answer, told
    assert page.text.count('class="picture overlap"') == 1
    assert page.text.count('class="picture aligned"') == 2
    assert len(gzip.compress(page.content)) < 20_000


def test_a_matrix_of_ten_is_a_small_page(site: httpx.Client) -> None:
    ten = ("9110", "RNCP990301", "AT-L-0701", "BE-F-1001", "9010", "RNCP990401", "9120", "9130",
           "RNCP990302", "RNCP990402")  # fmt: skip
    page = site.get("/compare", params=[("q", code) for code in ten])
    assert page.status_code == 200
    assert 'class="compare sides-10"' in page.text
    assert len(gzip.compress(page.content)) < 50_000
