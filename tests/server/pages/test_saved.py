"""Lists of qualifications as JSON and RSS: the same qualifications, texts that are only texts."""

from xml.etree import ElementTree

import httpx
import pytest

from tests.server.pages import release

LIST = "/qualifications"


def test_json_pages_reach_every_qualification_once(browser: httpx.Client) -> None:
    whole = browser.get(LIST + ".json").json()
    assert (whole["total"], whole["page"], whole["pages"], whole["next"]) == (48, 1, 1, "")
    assert len({one["iri"] for one in whole["qualifications"]}) == 48


def test_json_follows_text_filters_and_sort(browser: httpx.Client) -> None:
    said = browser.get(LIST + ".json?country=FIN&q=bakign&sort=title").json()
    assert said["read"] == "baking"
    assert said["address"] == release.BASE + "qualifications?q=bakign&country=FIN&sort=title"
    (one,) = said["qualifications"]
    assert one["titles"]["fi"] == "Leipurialan perustutkinto"
    assert (one["eqf"], one["outcomes"]) == (["4"], 4)


def test_json_tells_the_next_page(browser: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcp_graph.server.pages.saved.SIZE", 20)
    seen: list[str] = []
    address = release.BASE + "qualifications.json?country=FIN"
    while address:
        said = browser.get("/" + address.removeprefix(release.BASE)).json()
        seen += [one["iri"] for one in said["qualifications"]]
        address = said["next"]
    assert len(seen) == len(set(seen)) == said["total"] == 46


def test_rss_is_read_as_rss_and_holds_texts_only(browser: httpx.Client) -> None:
    answer = browser.get(LIST + ".rss?q=%3Cscript%3E&country=FRA")
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    assert (feed.tag, feed.attrib["version"]) == ("rss", "2.0")
    (item,) = feed.iterfind("channel/item")
    assert (item.findtext("title") or "").startswith("<script>")
    assert item.findtext("guid") == item.findtext("link")
    assert feed.findtext("channel/title") == "Qualifications: <script>, FRA"


def test_rss_ends_at_its_bound(browser: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcp_graph.server.pages.saved.SIZE", 20)
    monkeypatch.setattr("qcp_graph.server.pages.saved.FOLLOWED", 40)
    feed = ElementTree.fromstring(browser.get(LIST + ".rss").content)
    assert len(list(feed.iterfind("channel/item"))) == 40


@pytest.mark.parametrize("kind", ["json", "rss"])
def test_who_has_it_already_gets_no_content(browser: httpx.Client, kind: str) -> None:
    first = browser.get(f"{LIST}.{kind}?country=FIN")
    again = browser.get(
        f"{LIST}.{kind}?country=FIN", headers={"If-None-Match": first.headers["etag"]}
    )
    other = browser.get(
        f"{LIST}.{kind}?country=FRA", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)


@pytest.mark.parametrize("kind", ["json", "rss"])
@pytest.mark.parametrize(
    "text", ["%00", "%EF%BF%BE", '"*)(', "x" * 5000, "%ED%A0%80", "]]>", "../..", "NEAR(a b)"]
)
def test_hostile_texts_give_whole_documents(browser: httpx.Client, kind: str, text: str) -> None:
    answer = browser.get(f"{LIST}.{kind}?q={text}")
    assert answer.status_code == 200
    if kind == "json":
        assert answer.json()["page"] == 1
    else:
        ElementTree.fromstring(answer.content)
