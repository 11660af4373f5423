"""Fields of education: which qualifications by country and level."""

from urllib.parse import quote

import httpx
import pytest

from tests.server.pages.html import Page, problems

FIELD = "/resource?iri=" + quote("http://data.europa.eu/snb/isced-f/0721", safe="")
BROAD = "/resource?iri=" + quote("http://data.europa.eu/snb/isced-f/07", safe="")


def _row(page: Page, name: str) -> list[str]:
    rows = [[cell.text.strip() for cell in tr.children] for tr in page.all("tr")]
    return next(row for row in rows if row and row[0] == name)


def test_a_field_counts_its_qualifications_by_country_and_level(browser: httpx.Client) -> None:
    answer = browser.get(FIELD)
    assert answer.status_code == 200
    page = Page(answer.text)
    assert problems(page) == []
    assert "Food processing" in page.words
    row = _row(page, "Finland")
    assert row[4] == "1", "the baker at EQF level 4"
    assert row[-1] == str(sum(int(figure) for figure in row[1:-1]))


@pytest.mark.parametrize("address", [FIELD, BROAD])
def test_its_figures_are_those_of_the_lists_they_lead_to(
    browser: httpx.Client, address: str
) -> None:
    page = Page(browser.get(address).text)
    links = [a for a in page.all("a") if "eqf=4" in a.attributes["href"]]
    assert links
    for link in links:
        words = Page(browser.get(link.attributes["href"]).text).words
        assert f"{link.text.strip()} qualification" in words
