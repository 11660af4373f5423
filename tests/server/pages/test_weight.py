"""Every kind of page over all specimens is there, answers, and is small on the way."""

import gzip
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.server import specimens

pytestmark = pytest.mark.xdist_group("specimens-weight")
LIMIT = 50_000
"""Bytes of a page with its styles, compressed as they travel."""
KINDS = {
    *("/", "/qualifications", "/qualifications?…", "/compare", "/compare?…", "/country/…"),
    *("/id/qualification", "/id/outcome", "/id/organisation", "/id/framework", "/id/level"),
    *("/id/register", "/id/record", "/id/snapshot", "/registers", "/registers/mapping"),
    *("/organisations", "/frameworks", "/quality", "/quality/…", "/query", "/about"),
    *("/accessibility", "/skill?…", "/nothing", "/resource isco", "/resource eqf", "/resource qdr"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with specimens.site(tmp_path_factory.mktemp("weight-home")) as client:
        yield client


@pytest.fixture(scope="module", params=["en", "ar"])
def pages(site: httpx.Client, request: pytest.FixtureRequest) -> dict[str, httpx.Response]:
    return specimens.pages(site, 20, request.param)


def test_all_kinds_of_pages_are_there(pages: dict[str, httpx.Response]) -> None:
    assert {specimens.kind(address) for address in pages} >= KINDS
    assert len(pages) > 200


def test_no_page_is_heavier_than_fifty_kilobytes(
    site: httpx.Client, pages: dict[str, httpx.Response]
) -> None:
    styles = sum(
        len(gzip.compress(answer.content))
        for answer in map(site.get, ("/static/site.css", "/static/built/base.css"))
        if answer.status_code == 200
    )
    script = site.get("/static/built/workbench.js")
    if script.status_code == 200:  # the editor itself comes when the reader asks for it
        styles += len(gzip.compress(script.content))
    weights = {path: len(gzip.compress(page.content)) for path, page in pages.items()}
    heavy = {path: weight for path, weight in weights.items() if weight + styles > LIMIT}
    assert heavy == {}
    print(f"{len(weights)} pages, the heaviest {max(weights.values())} bytes, styles {styles}")


def test_no_page_fails(pages: dict[str, httpx.Response]) -> None:
    wrong = {p: a.status_code for p, a in pages.items() if a.status_code not in (200, 410)}
    assert {path.partition("?")[0] for path in wrong} == {"/nothing"}


@pytest.mark.parametrize("language", ["fr", "fi"])
def test_no_text_is_escaped_twice(site: httpx.Client, language: str) -> None:
    """Languages with apostrophes show what joins texts of different kinds."""
    pages = specimens.pages(site, 3, language)
    twice = {
        path: found[0]
        for path, page in pages.items()
        if (found := re.findall(r".{0,40}&amp;(?:#\d+|lt|gt|amp|quot);.{0,20}", page.text))
    }
    assert twice == {}
