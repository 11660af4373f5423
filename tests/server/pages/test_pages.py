"""Every page type: it answers, is well formed, accessible, small, and shows what the graph says."""

import csv
import json
import re
from collections.abc import Sequence
from urllib.parse import quote

import httpx
import pytest

from tests.server.pages import release
from tests.server.pages.html import Page, problems

LIST = "/qualifications"
SKILL = f"/skill?iri={quote(release.SKILL, safe='')}"
EQF4 = "/resource?iri=" + quote("http://data.europa.eu/snb/eqf/4", safe="")
PATHS = (
    *("/", LIST, LIST + "?q=bak&country=FIN&sort=eqf", LIST + "?q=zzz", LIST + "?page=99999"),
    *(LIST + "?eqf=4&eqf=5&status=Registered&body=http://a b", "/organisations?q=bak"),
    *("/organisations", "/frameworks", "/registers", "/dumps/", "/sparql", "/about"),
    *(
        "/accessibility",
        release.RICH,
        release.POOR,
        release.UNIT,
        release.HOSTILE,
        SKILL,
        EQF4,
    ),
    *("/id/outcome/fi/demo/100/1", "/id/organisation/fi/demo/college"),
    *("/id/organisation/fi/demo/agency", "/id/framework/fi-nqf", "/id/level/fi-nqf/3"),
    *("/id/register/fi/demo", "/id/register/fr/demo", "/id/record/fi/demo/100"),
    *("/id/snapshot/fi/demo/aaaa", "/id/run/r1/fi/demo", "/id/release/r1"),
    *("/id/link/fi/demo/100/1-a", "/country/FIN", "/country/FRA"),
    *(f"/resource?iri={quote(i, safe='')}" for i in (release.LEVEL, release.SKILL)),
    "/resource?iri=" + quote("http://data.europa.eu/snb/isced-f/0721", safe=""),
)
OCCUPATION = "/resource?iri=" + quote("http://data.europa.eu/esco/isco/C7512", safe="")
PATHS = (*PATHS, OCCUPATION)
OTHERS = {release.GONE: 410, "/nothing": 404, "/resource?iri=x": 400, "/resource": 400}
OTHERS |= {"/registers/fi-demo/mapping": 404, "/registers/x/mapping": 404}
OTHERS |= {OCCUPATION.replace("C7512", "C9999"): 404}
OTHERS |= {"/country/XXX": 404, "/country/ZWE": 404, "/country/%3Cscript%3E": 404}
OTHERS |= {"/resource?iri=urn:x:unknown": 404, "/skill?iri=urn:x:unknown": 404}


def get(browser: httpx.Client, path: str, status: int = 200) -> Page:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


@pytest.mark.parametrize("language", ["en", "fr", "de", "fi", "pt"])
@pytest.mark.parametrize("path", [*PATHS, *OTHERS])
def test_each_page_is_well_formed_and_accessible(
    browser: httpx.Client, path: str, language: str
) -> None:
    address = path + ("&" if "?" in path else "?") + "lang=" + language
    page = get(browser, address, OTHERS.get(path, 200))
    assert problems(page) == []
    assert page.all("html")[0].attributes["lang"] == language


@pytest.mark.parametrize("path", PATHS)
def test_each_page_is_small(browser: httpx.Client, path: str) -> None:
    style = len(browser.get("/static/site.css").content)
    assert len(browser.get(path).content) + style < 50_000


@pytest.mark.parametrize("path", PATHS)
def test_links_inside_the_site_lead_somewhere(browser: httpx.Client, path: str) -> None:
    for link in get(browser, path).all("a"):
        href = link.attributes["href"]
        if href.startswith("/") and "/static/" not in href:
            assert browser.get(href).status_code in {200, 410}, href


@pytest.mark.parametrize("path", PATHS)
def test_the_language_of_the_address_is_kept_in_links(browser: httpx.Client, path: str) -> None:
    page = get(browser, path + ("&" if "?" in path else "?") + "lang=fi")
    data = re.compile(
        r"/(dumps/.+|manifest\.json|context\.jsonld|static/.*|id/.*\.(ttl|jsonld|rdf|nt))\Z"
    )
    for link in page.all("a"):
        href = link.attributes["href"]
        if href.startswith("/") and not data.match(href):
            assert "lang=" in href, href


def test_home_says_what_is_here(browser: httpx.Client) -> None:
    page = get(browser, "/")
    assert "48 qualifications" in " ".join(
        f"{dd.text} {dt.text}" for dd, dt in zip(page.all("dd"), page.all("dt"), strict=True)
    )
    assert "Demo register of Finland" in page.words
    assert "Specimen: invented data" in page.words
    assert "Out of date" in page.words
    assert "2 January 2020" in page.words


def test_home_shows_coverage_as_a_picture_and_a_table(browser: httpx.Client) -> None:
    page = get(browser, "/")
    assert [
        e.attributes["role"] for e in page.all("svg") if "heat" in e.attributes.get("class", "")
    ] == [
        "img",
        "img",
    ]
    rows = [[cell.text for cell in tr.children] for tr in page.all("tr")]
    assert ["Finland", *"66676555", "0", "46"] in rows
    assert ["France", *"00000000", "2", "2"] in rows
    drawn = next(e for e in page.all("svg") if "heat" in e.attributes.get("class", ""))
    assert [e.text for e in drawn.children if e.attributes.get("class", "").startswith("on")] == [
        *"66676555",
        "2",
    ]


def test_a_country_shows_registers_frameworks_and_bodies(browser: httpx.Client) -> None:
    page = get(browser, "/country/FIN")
    for text in ("Demo register of Finland", "Example Board", "Finnish framework", "2 levels"):
        assert text in page.words
    for text in ("07 Engineering", "Course", "Baking College", "Out of date"):
        assert text in page.words
    bare = get(browser, "/country/FRA").words
    assert "No qualifications framework of this country is known." in bare


def test_an_unknown_country_is_told_with_help(browser: httpx.Client) -> None:
    page = get(browser, "/country/<script>alert(1)<", 404)
    assert "The home page lists all countries" in page.words
    assert not page.all("script")


def svg(page: Page, kind: str) -> str:
    """Return the words of the picture of a kind, nothing where there is none."""
    found = [e for e in page.all("svg") if kind in e.attributes.get("class", "").split()]
    return re.sub(r"\s+", " ", found[0].text) if found else ""


def test_a_framework_is_a_ladder_with_bridges(browser: httpx.Client) -> None:
    drawn = svg(get(browser, "/id/framework/fi-nqf"), "rungs")
    assert "1 of 2 levels have a sourced bridge to the EQF" in drawn
    assert "FiNQF 4" in drawn
    assert svg(get(browser, "/id/framework/eqf"), "rungs") == ""


def test_outcomes_and_dates_of_a_qualification_are_drawn(browser: httpx.Client) -> None:
    page = get(browser, release.RICH)
    drawn = svg(page, "aligned")
    for text in ("2 learning outcomes", "bakes bread", "bake bread", "clean premises"):
        assert text in drawn
    kinds = [e.attributes["class"] for e in page.all("line")]
    assert kinds == ["link accepted", "link suggested"]
    assert svg(page, "timeline") == ""  # a single date is no line
    assert svg(get(browser, release.POOR), "aligned") == ""


def test_an_occupation_names_the_qualifications_that_open_it(browser: httpx.Client) -> None:
    page = get(browser, OCCUPATION)
    assert "1 qualification" in page.words
    assert "Vocational qualification in baking Finland, stated by the source" in page.words
    rows = [[cell.text for cell in tr.children] for tr in page.all("tr")]
    assert ["Finland", "1"] in rows


def test_an_organisation_lists_what_it_assures(browser: httpx.Client) -> None:
    page = get(browser, "/id/organisation/fi/demo/agency")
    assert page.href("Vocational qualification in baking").startswith(release.RICH)
    assert [h.text for h in page.all("h2")].count("Assures quality") == 1


def test_a_computed_field_of_education_is_marked_as_such(browser: httpx.Client) -> None:
    page = browser.get("/id/qualification/fr/demo/EVIL", headers={"Accept": "text/html"}).text
    row = page.partition("Field of education")[2].partition("</tr>")[0]
    assert row.count("isced-f/0721") + row.count("Food processing") >= 1
    assert "accepted" in row
    assert "0.95" in row
    assert "/id/link/fr/demo/EVIL-0721" in row


def test_a_qualification_shows_everything(browser: httpx.Client) -> None:
    words = get(browser, release.RICH).words
    for text in (
        *("Vocational qualification in baking", "Leipurialan perustutkinto", "Leipuri", "DEMO-100"),
        *("Registered", "Valid from: 1 August 2018", "Course", "EQF level 4", "FiNQF 4"),
        *("officially referenced", "2017", "referencing report", "Food processing", "4,860 hours"),
        *("180 credit points", "ECVET", "Baking College", "from 1 August 2018", "Finnish"),
        *("bakes bread", "bake bread", "accepted", "score 0.91", "suggested, not reviewed"),
        *(
            "Bread",
            "Perusopetuksen oppimäärä",
            "Demonstration of skills",
            "Eligible for university",
        ),
        *(
            "Audit of the provider",
            "Evaluation Agency",
            "until 30 April 2028",
            "Taught since 1998.",
        ),
        *("Demo register of Finland", "Example Board", "CC0 1.0", "demo.json /0", "Turtle"),
        *(release.BASE + release.RICH[1:], "https://example.org/leaflet.pdf"),
    ):
        assert text in words, text


def test_what_a_source_leaves_out_is_said(browser: httpx.Client) -> None:
    page = get(browser, release.POOR)
    facts = dict(
        zip((e.text for e in page.all("dt")), (e.text for e in page.all("dd")), strict=True)
    )
    assert facts["EQF level"] == facts["Field of education"] == "not provided by the source"
    assert "The source writes: “Niveau 1/2”" in facts["National level"]
    assert "not provided by the source: EQF level, Field of education, Learning" in page.words
    assert "Nothing is said about: volume of learning, entry requirements" in page.words
    assert "Replaced by: Vocational qualification in baking" in page.words


def test_a_unit_names_what_it_is_part_of(browser: httpx.Client) -> None:
    page = get(browser, release.UNIT)
    assert "Partial qualification" in page.words
    assert page.href("Vocational qualification in baking") == release.RICH


def test_texts_of_the_data_carry_their_language(browser: httpx.Client) -> None:
    page = get(browser, release.POOR)
    assert page.all("h1")[0].children[0].attributes["lang"] == "fr"
    assert get(browser, release.POOR + "?lang=fr").all("h1")[0].children == []


def test_a_title_in_the_language_of_the_reader_comes_first(browser: httpx.Client) -> None:
    assert get(browser, release.RICH + "?lang=fi").all("h1")[0].text == "Leipurialan perustutkinto"
    answer = browser.get(release.RICH, headers={"Accept-Language": "sv;q=0.3, fi-FI;q=0.9"})
    assert answer.headers["content-language"] == "fi"
    assert "accept-language" in answer.headers["vary"].lower()


def test_data_cannot_become_markup_or_an_address(browser: httpx.Client) -> None:
    for path in (release.HOSTILE, LIST + "?q=script", "/id/register/fr/demo"):
        text = browser.get(path).text
        for data in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text):
            json.loads(data)  # the text ends where its element ends
            text = text.replace(f'<script type="application/ld+json">{data}</script>', "")
        assert "<script" not in text
        assert "<img" not in text
        assert 'href="javascript' not in text.lower()
        assert " 49 " not in text
    words = get(browser, release.HOSTILE).words
    assert "<script>alert('x')</script> {{ 7*7 }} {% raw %}" in words
    assert "<img src=x onerror=alert(1)>" in words
    assert "javascript:alert(1)" in words


@pytest.mark.parametrize("value", ['"><script>x</script>', "{{7*7}}", "' onfocus='x", "\x00", "💥"])
def test_parameters_cannot_become_markup(browser: httpx.Client, value: str) -> None:
    for name in ("q", "sort", "page", "country", "body", "lang", "skill"):
        page = get(browser, f"{LIST}?{name}={quote(value)}")
        assert problems(page) == []
    assert problems(get(browser, f"/organisations?q={quote(value)}&page={quote(value)}")) == []
    assert problems(get(browser, f"/sparql?example={quote(value)}")) == []


def test_filters_can_be_added_and_removed(browser: httpx.Client) -> None:
    page = get(browser, LIST)
    assert "48 qualifications" in page.words
    page = get(browser, page.href("France"))
    assert "2 qualifications" in page.words
    assert "Country: France" in page.words
    page = get(browser, page.href("Remove all filters"))
    assert "48 qualifications" in page.words


def test_the_search_form_keeps_filters_and_language(browser: httpx.Client) -> None:
    page = get(browser, LIST + "?country=FIN&country=FRA&lang=fr")
    hidden = [e.attributes for e in page.all("input") if e.attributes.get("type") == "hidden"]
    assert [(h["name"], h["value"]) for h in hidden] == [
        ("country", "FIN"),
        ("country", "FRA"),
        ("lang", "fr"),
    ]


def titles(page: Page) -> Sequence[str]:
    return [e.text.strip() for e in page.all("h3") if "li" in e.path]


def test_paging(browser: httpx.Client) -> None:
    first = get(browser, LIST + "?country=FIN")
    second = get(browser, first.href("Next page"))
    third = get(browser, second.href("Next page"))
    assert [len(titles(page)) for page in (first, second, third)] == [20, 20, 6]
    assert not set(titles(first)) & set(titles(second))
    assert "Page 3 of 3" in third.words
    assert titles(get(browser, third.href("Previous page"))) == titles(second)
    assert "The list ends before this page." in get(browser, LIST + "?page=4").words


def test_nothing_found_explains_itself(browser: httpx.Client) -> None:
    words = get(browser, LIST + "?q=zzzz&country=FIN").words
    assert "Nothing in this release matches." in words
    assert "Not found in any record" in words
    assert "Remove a filter" in words


def test_the_list_as_csv_holds_all_pages_and_no_formula(browser: httpx.Client) -> None:
    answer = browser.get(LIST + ".csv?country=FIN")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert len({row["iri"] for row in rows}) == 46
    baking = next(row for row in rows if row["iri"].endswith("/100"))
    assert (baking["country"], baking["eqf"], baking["outcomes"], baking["outcomes_linked"]) == (
        *("FIN", "4"),
        *("4", "1"),
    )


def test_formulas_in_csv_are_disarmed() -> None:
    from qcp_graph.server.pages.qualifications import _line

    assert _line(["=1+1", "a", "@x"]) == "'=1+1,a,'@x\r\n"


def test_register_page(browser: httpx.Client) -> None:
    words = get(browser, "/id/register/fi/demo").words
    for text in ("Example Board", "board@example.org", "daily", "QCP-VAL-SHAPE", "Out of date"):
        assert text in words
    assert "All rights reserved" in get(browser, "/id/register/fr/demo").words


def test_skill_page_counts_per_country(browser: httpx.Client) -> None:
    page = get(browser, SKILL)
    assert "bread baking" in page.words
    assert "leipoa leipää" in page.words
    rows = [e.text.split() for e in page.all("tr")]
    assert ["Finland", "1"] in rows
    assert page.href("Vocational qualification in baking") == release.RICH


def test_levels_lead_to_each_other(browser: httpx.Client) -> None:
    assert "FiNQF 4" in get(browser, EQF4).words
    framework = get(browser, "/id/framework/fi-nqf")
    level = get(browser, framework.href("FiNQF 4"))
    assert "EQF level 4" in level.words
    assert "Vocational qualification in baking" in level.words
    assert "no sourced EQF level" in get(browser, "/id/level/fi-nqf/3").words


def test_our_own_iris_are_redirected_to_their_pages(browser: httpx.Client) -> None:
    iri = quote(release.BASE + release.RICH[1:], safe="")
    answer = browser.get(f"/resource?iri={iri}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, release.RICH)


def test_a_tombstone_names_its_successor(browser: httpx.Client) -> None:
    page = get(browser, release.GONE, 410)
    assert "On 2 January 2026 the register did not list this record any more." in page.words
    assert page.href("Pâtissier") == release.POOR


def test_an_example_query_fills_the_form(browser: httpx.Client) -> None:
    page = get(browser, "/sparql")
    for link in [a for a in page.all("a") if "example=" in a.attributes["href"]]:
        text = get(browser, link.attributes["href"]).all("textarea")[0].text
        assert "WHERE" in text
        answer = browser.get("/sparql", params={"query": text})
        assert answer.status_code == 200


def test_an_external_link_is_marked(browser: httpx.Client) -> None:
    links = get(browser, release.RICH).all("a")
    outside = [a for a in links if a.attributes["href"].startswith("http")]
    assert outside
    assert all("external" in a.attributes["rel"] for a in outside)


def test_many_outcomes_are_folded(browser: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcp_graph.server.pages.outcomes.FIRST", 1)
    page = get(browser, release.RICH)
    assert "myy tuotteita" not in page.words
    more = page.href("Show all 3 outcomes")
    assert "myy tuotteita" in get(browser, release.RICH + more.partition("#")[0]).words


def test_pages_carry_schema_org_for_search_engines(browser: httpx.Client) -> None:
    pages = {
        "EducationalOccupationalCredential": release.RICH,
        "Organization": "/id/organisation/fi/demo/agency",
    }
    for kind, path in pages.items():
        text = browser.get(path).text
        (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
        found = json.loads(script)
        assert found["@type"] == kind
        assert "<" not in script


def test_an_empty_list_names_the_filters_in_the_way(browser: httpx.Client) -> None:
    page = get(browser, LIST + "?country=FRA&eqf=4&q=baking")
    assert "Nothing in this release matches." in page.words
    way = page.href("Remove filter Country: France")
    assert "country=" not in way
    assert titles(get(browser, way)) == ["Vocational qualification in baking"]
    found = get(browser, LIST + "?country=FRA&eqf=4").words
    assert "Remove filter Country: France – 7 qualifications" in found
