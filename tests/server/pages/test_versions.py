"""The versions of a record: when it changed, and what, in words."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from qcp_graph.feeds import IndexReader, Pages, history
from qcp_graph.feeds.places import Places
from qcp_graph.feeds.versions import Versions
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.server.app import create_app
from qcp_graph.server.pages import differences
from qcp_graph.settings import Settings
from tests.server.conftest import served
from tests.server.pages.html import Page, problems
from tests.server.pages.test_record import BASE, MAPPING, SOURCE

Q1 = BASE + "id/qualification/ee/mini/Q1"
MANY = 230
"""Records of the first release: they fill three pages of the feed."""
LONG = "The holder bakes white bread and rolls for shops, keeps the oven clean and counts the stock"


OWN_MAPPING = MAPPING.replace(
    "      - p: elm:awardingOpportunity\n",
    """      - p: elm:volumeOfLearning
        o: {value: $(hours), datatype: xsd:duration}
      - p: dcterms:issued
        o: {value: $(issued), datatype: xsd:date}
      - p: elm:awardingOpportunity
""",
)


def rows(**changes: object) -> list[dict[str, Any]]:
    first = {
        "id": "Q1", "title": "Baker", "body": "guild", "outcomes": [LONG, "sells bread"],
        "hours": "PT120H", "issued": "2020-09-01",
    }  # fmt: skip
    found = [{**first, **changes}] if changes.get("title", "x") else []
    return [
        *found,
        *(
            {"id": f"R{n:03}", "title": f"Other {n}", "body": "guild", "outcomes": []}
            for n in range(MANY)
        ),
    ]


STATES: Sequence[list[dict[str, Any]]] = (
    rows(),
    rows(
        title="Master <i>baker</i>",
        outcomes=["sells bread", LONG.replace("white", "rye")],
        hours="PT4900H",
        issued="2024-09-01",
    ),
    rows(title=""),
    rows(body="chamber", outcomes=["sells bread"]),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("versions")
    register = folder / "own" / "mappings" / "ee-mini"
    register.mkdir(parents=True)
    (register / "source.yaml").write_text(SOURCE, encoding="utf-8")
    (register / "mapping.yaml").write_text(OWN_MAPPING, encoding="utf-8")
    file = folder / "rows.json"
    found = Settings(
        base_iri=BASE, home=folder / "home", workspace=folder / "own", cache_bytes=0, jobs=1,
        keep_releases=2,
    )  # fmt: skip
    for state in STATES:
        file.write_text(json.dumps(state), encoding="utf-8")
        build(found, Order(("ee-mini",), inputs={"ee-mini": str(file)}), Silent())
    return found


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx.Client]:
    with served(create_app(settings)) as browser:
        browser.headers.update({"Accept": "text/html"})
        yield browser


def versions(settings: Settings) -> Versions:
    home = settings.home
    release = home / "releases" / (home / "releases" / "CURRENT").read_text().strip()
    past = history.load(release / "feed" / history.NAME)
    assert past is not None
    index = IndexReader(release / "feed" / "ee-mini.sqlite")
    return Versions(Places(BASE), Pages(home / "feed"), past, "ee-mini", index)


def test_all_versions_are_found_though_their_releases_are_gone(settings: Settings) -> None:
    found = versions(settings).of(Q1)
    assert [one.kind for one in found.versions] == ["new", "changed", "withdrawn", "restored"]
    assert found.complete
    assert b"Master <i>baker</i>" in versions(settings).text(found.versions[1])
    assert not versions(settings).of(Q1, most=2).complete


@pytest.mark.parametrize("number", [0, 99, 100, 199, MANY - 1])
def test_a_record_is_found_on_any_page(settings: Settings, number: int) -> None:
    finder = versions(settings)
    record = f"{BASE}id/qualification/ee/mini/R{number:03}"
    (one,) = finder.of(record).versions
    assert one.kind == "new"
    assert f'"Other {number}"@en'.encode() in finder.text(one)
    assert finder.of(record + "-no").versions == ()


def test_the_page_says_what_changed_in_words(client: httpx.Client, settings: Settings) -> None:
    first, second, *_ = versions(settings).of(Q1).versions
    asked = {"iri": Q1, "from": first.release, "to": second.release}
    answer = client.get("/versions", params=asked)
    assert answer.status_code == 200, answer.text
    page = Page(answer.text)
    assert problems(page) == []
    changes = [
        " ".join(li.text.split()) for li in page.all("li") if li.text.strip().startswith("Changed:")
    ]
    assert changes == [
        "Changed: Volume of learning Before: 120 hoursAfter: 4,900 hours",
        "Changed: Published Before: 1 September 2020After: 1 September 2024",
        "Changed: Title Before: BakerAfter: Master <i>baker</i>",
        "Changed: Learning outcomes › Title The holder bakes white rye bread and rolls for shops,"
        " keeps the oven clean and counts the stock",
    ], "an outcome that moved is none, one whose text changed is one"
    assert "<del>white</del>" in answer.text
    assert "<ins>rye</ins>" in answer.text


def test_the_other_way_round_tells_the_opposite(client: httpx.Client, settings: Settings) -> None:
    first, second, *_ = versions(settings).of(Q1).versions
    asked = {"iri": Q1, "from": second.release, "to": first.release}
    text = client.get("/versions", params=asked).text
    assert "<ins>white</ins>" in text
    assert "<del>rye</del>" in text


def test_withdrawals_are_told_as_such(client: httpx.Client) -> None:
    text = Page(client.get("/versions", params={"iri": Q1}).text).words
    assert "a withdrawal" in text
    assert "Listed again" in text
    assert "First published" in text


def test_a_record_that_never_changed_says_so(client: httpx.Client) -> None:
    page = Page(
        client.get("/versions", params={"iri": f"{BASE}id/qualification/ee/mini/R001"}).text
    )
    assert "There is one version so far" in page.words


@pytest.mark.parametrize("iri", ["", "x", Q1 + "0", "https://other.example/id/qualification/a/b/c"])
def test_what_has_no_versions_is_not_found(client: httpx.Client, iri: str) -> None:
    assert client.get("/versions", params={"iri": iri}).status_code == 404


def test_the_qualification_leads_to_its_versions(client: httpx.Client) -> None:
    page = Page(client.get("/id/qualification/ee/mini/Q1").text)
    assert client.get(page.href("What changed, and when")).status_code == 200


def _facts(text: str) -> set[differences.Fact]:
    quads = ox.parse(text.replace("Q:", BASE + "id/qualification/x/y/1"), ox.RdfFormat.N_QUADS)
    return differences.facts(BASE + "id/qualification/x/y/1", quads)


def test_new_numbers_of_nodes_are_no_change() -> None:
    told = (
        "<Q:> <http://data.europa.eu/snb/model/elm/additionalNote> <Q:#note-{n}> .\n"
        '<Q:#note-{n}> <http://data.europa.eu/snb/model/elm/noteLiteral> "A note"@en .\n'
    )
    old, new = (_facts(told.replace("{n}", n)) for n in "12")
    assert differences.between(old, new) == []
    assert len(old) == 1


def test_a_circle_of_nodes_ends() -> None:
    told = (
        "<Q:> <http://data.europa.eu/snb/model/elm/hasPart> <Q:#a> .\n"
        "<Q:#a> <http://data.europa.eu/snb/model/elm/hasPart> <Q:> .\n"
        '<Q:#a> <http://purl.org/dc/terms/title> "A" .\n'
    )
    assert [fact.text.text for fact in _facts(told)] == ["A"]


def test_the_register_tells_its_latest_changes(client: httpx.Client) -> None:
    page = Page(client.get("/id/register/ee/mini").text)
    assert problems(page) == []
    rows = [[cell.text.strip() for cell in tr.children] for tr in page.all("tr")]
    changes = [row[1:] for row in rows if len(row) == 5][1:]
    assert changes[0] == ["0", "0", "0", "1"], "the newest first: Q1 is listed again"
    assert changes[-1] == [str(MANY + 1), "0", "0", "0"]
    assert "Seen today" in page.words
    assert client.get(page.href("Follow its changes")).status_code == 200
