"""Atom: what a feed reader sees, and what a harvester reads back to the beginning."""

from xml.etree import ElementTree as ET

import pytest

from tests.feeds.conftest import Site

A = "{http://www.w3.org/2005/Atom}"
AT = "{http://purl.org/atompub/tombstones/1.0}"
FH = "{http://purl.org/syndication/history/1.0}"


def read(site: Site, address: str) -> ET.Element:
    answer = site.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == "application/atom+xml"
    return ET.fromstring(answer.content)


def link(feed: ET.Element, rel: str) -> str:
    found = [one.get("href", "") for one in feed.findall(A + "link") if one.get("rel") == rel]
    return found[0] if found else ""


def newest(site: Site) -> str:
    """The newest archived page."""
    entry = read(site, site.base + "feed/atom").find(A + "entry")
    assert entry is not None
    return link(entry, "alternate")


@pytest.mark.parametrize(("archived", "documents"), [(True, 6), (False, 2)])
def test_reading_back_to_the_beginning_gives_the_state(
    site: Site, archived: bool, documents: int
) -> None:
    address = newest(site) if archived else site.base + "feed/atom/ee-mini"
    state: dict[str, tuple[str, str]] = {}
    pages = 0
    while address:
        feed = read(site, address)
        for one in feed.findall(A + "entry"):
            name = one.findtext(A + "id", "")
            state.setdefault(name, (one.findtext(A + "updated", ""), one.findtext(A + "title", "")))
        for one in feed.findall(AT + "deleted-entry"):
            state.setdefault(one.get("ref", ""), (one.get("when", ""), ""))
        assert (feed.find(FH + "archive") is not None) is (archived or pages > 0)
        address, pages = link(feed, "prev-archive"), pages + 1
    assert pages == documents
    titles = {name.rpartition("/")[2]: title for name, (_, title) in state.items()}
    assert titles == {"Q1": "", **{f"Q{n}": f"Qualification {n}" for n in range(2, 9)}}


def test_documents_have_what_atom_asks_for(site: Site) -> None:
    current = site.base + "feed/atom/ee-mini"
    archive = newest(site)
    for address in (current, archive, site.base + "feed/atom"):
        feed = read(site, address)
        for name in ("id", "title", "updated", "author"):
            assert feed.find(A + name) is not None, name
        assert link(feed, "self") == address
        for entry in feed.findall(A + "entry"):
            assert {"id", "title", "updated"} <= {part.tag.removeprefix(A) for part in entry}
    assert link(read(site, archive), "current") == current
    assert "immutable" in site.get(archive).headers["cache-control"]
    assert "immutable" not in site.get(current).headers["cache-control"]


def test_titles_are_text_and_not_markup(site: Site) -> None:
    address, found = newest(site), []
    while address:
        feed = read(site, address)
        found += [one.findtext(A + "title") for one in feed.findall(A + "entry")]
        address = link(feed, "prev-archive")
    assert "A & <b>B</b>" in found


def test_the_site_tells_what_each_release_changed(site: Site) -> None:
    feed = read(site, site.base + "feed/atom")
    titles = [one.findtext(A + "title") for one in feed.findall(A + "entry")]
    assert titles == [
        "ee-mini: 1 withdrawn",
        "ee-mini: 1 new, 1 changed, 1 restored",
        "ee-mini: 1 changed, 1 withdrawn",
        "ee-mini: 7 new",
    ]
    for one in feed.findall(A + "entry"):
        read(site, link(one, "alternate"))


def test_a_feed_reader_sees_the_newest_version_of_each_record(site: Site) -> None:
    feed = read(site, site.base + "feed/atom/ee-mini")
    names = [one.findtext(A + "id", "") for one in feed.findall(A + "entry")]
    gone = [one.get("ref", "") for one in feed.findall(AT + "deleted-entry")]
    assert len({*names, *gone}) == len(names) + len(gone) == 8
    assert gone == [site.base + "id/qualification/ee/mini/Q1"]


def test_unknown_and_unchanged(site: Site) -> None:
    assert site.get("/feed/atom/xx-none").status_code == 404
    assert site.get("/feed/atom/ee-mini/20260101T000000Z-9").status_code == 404
    tag = site.get("/feed/atom").headers["etag"]
    assert site.get("/feed/atom", **{"If-None-Match": tag}).status_code == 304


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_browser_gets_a_page_that_leads_on(site: Site) -> None:
    start = site.get("/feed/atom", BROWSER)
    assert start.headers["content-type"].startswith("text/html")
    assert "Accept" in start.headers["vary"].split(", ")
    archived = newest(site)
    assert f'href="{archived}"' in start.text
    page = site.get(archived, BROWSER).text
    assert "Withdrawn" in page
    assert 'rel="next"' in page
    register = site.get("/feed/atom/ee-mini", BROWSER).text
    assert f'href="{site.base}id/qualification/ee/mini/Q8"' in register
    for accept in ("*/*", "application/atom+xml", "application/xml, text/html;q=0.5"):
        answer = site.get("/feed/atom/ee-mini", accept)
        assert answer.headers["content-type"].startswith("application/atom+xml")
        assert "Accept" in answer.headers["vary"]
