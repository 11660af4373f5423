"""The event stream in a browser: a page that explains it; programs get RDF as before."""

import re

import pytest

from tests.feeds.conftest import Site

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def hrefs(text: str) -> list[str]:
    return re.findall(r'<a [^>]*?href="([^"]+)"', text)


def test_a_browser_walks_from_the_stream_to_its_oldest_page(site: Site) -> None:
    root = site.get("/feed/ldes", BROWSER)
    assert root.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept" in root.headers["vary"]
    assert "ee-mini" in root.text
    assert f"qcp harvest {site.base}feed/ldes" in root.text
    assert "/feed/ldes/ee-mini" in hrefs(root.text)
    assert "/id/qualification/ee/mini/Q8" in hrefs(root.text), "the latest versions are named"

    view = site.get("/feed/ldes/ee-mini", BROWSER)
    pages = [one for one in hrefs(view.text) if re.fullmatch(r"/feed/ldes/ee-mini/[^/.]+", one)]
    assert len(pages) == len(set(pages)) > 1
    walked, here = [], pages[0]
    while here:
        walked.append(here)
        page = site.get(here, BROWSER)
        assert page.status_code == 200
        found = re.search(r'rel="next" href="([^"]+)"', page.text)
        here = found[1] if found else ""
    assert walked == pages
    assert "Withdrawn" in "".join(site.get(one, BROWSER).text for one in pages)


@pytest.mark.parametrize("path", ["/feed/ldes", "/feed/ldes/ee-mini"])
def test_every_form_that_the_page_names_is_rdf(site: Site, path: str) -> None:
    text = site.get(path, BROWSER).text
    forms = [one for one in hrefs(text) if one.startswith(f"{path}.")]
    assert len(forms) == 6
    for one in forms:
        answer = site.get(one, BROWSER)
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] in text
    assert site.get(f"{path}?format=html").headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "",
        "application/trig, text/html;q=0.5",
        "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,text/html;q=0.2",
    ],
)
def test_programs_get_rdf(site: Site, accept: str) -> None:
    for path in ("/feed/ldes", "/feed/ldes/ee-mini"):
        kind = site.get(path, accept).headers["content-type"].partition(";")[0]
        assert kind in {"application/n-quads", "application/trig"}


@pytest.mark.parametrize("path", ["/feed/ldes/xx-none", "/feed/ldes/ee-mini/x-9"])
def test_what_is_not_there_is_no_page(site: Site, path: str) -> None:
    assert site.get(path, BROWSER).status_code == 404
