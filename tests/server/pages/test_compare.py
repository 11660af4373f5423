"""The page of comparisons: choosing, comparing, exporting; in each language, small, no script."""

import csv
import io
import json
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from qcp_graph.namespaces import QCP
from tests.server.pages import release
from tests.server.pages.html import Page, problems

RICH, POOR, EVIL = (release.BASE + p[1:] for p in (release.RICH, release.POOR, release.HOSTILE))
TWO = f"/compare?q={quote(RICH, safe='')}&q={quote(POOR, safe='')}"
THREE = TWO + f"&q={quote(EVIL, safe='')}"
PROGRAM = {"Accept": "application/json"}
PATHS = (
    *("/compare", "/compare?q=DEMO-100", "/compare?q=nothing+is+called+so", TWO, THREE),
    *(TWO + "&purpose=profession&date=2019-05-01&texts=1", TWO + "&purpose=x&date=2019-13-01"),
    *(TWO + "&q=" + quote("<script>alert(1)</script>"), TWO + "&release=r0"),
)


def get(browser: httpx.Client, path: str) -> Page:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


@pytest.mark.parametrize("language", ["en", "fr", "de", "fi", "pt"])
@pytest.mark.parametrize("path", PATHS)
def test_each_state_of_the_page_is_well_formed(
    browser: httpx.Client, path: str, language: str
) -> None:
    address = f"{path}{'&' if '?' in path else '?'}lang={language}"
    answer = browser.get(address)
    assert answer.status_code == 200
    assert problems(Page(answer.text)) == []
    assert len(answer.content) < 50_000
    assert "<script" not in answer.text


def test_two_are_chosen_by_code_and_address(browser: httpx.Client) -> None:
    page = get(browser, f"/compare?q=DEMO-100&q={quote(POOR, safe='')}")
    assert "Different" in page.words
    assert "Niveau 1/2" in page.words
    assert [i.attributes["value"] for i in page.all("input") if i.attributes["name"] == "q"] == [
        *(RICH, POOR, ""),
    ]


def test_one_title_that_several_have_is_asked_back(browser: httpx.Client) -> None:
    page = get(browser, "/compare?q=DEMO-100&q=a")
    assert "Several qualifications are called “a”" in page.words
    added = [a.attributes["href"] for a in page.all("a") if "/compare?" in a.attributes["href"]]
    chosen = [parse_qs(urlsplit(href).query).get("q", []) for href in added]
    assert any(len(iris) == 2 and iris[0] == RICH for iris in chosen)


def test_only_qualifications_are_compared(browser: httpx.Client) -> None:
    register = release.BASE + "id/register/fi/demo"
    assert "No qualification" in get(browser, f"/compare?q=DEMO-100&q={quote(register)}").words
    gone = quote(release.BASE + release.GONE[1:], safe="")
    page = get(browser, f"/compare?q=DEMO-100&q={gone}")  # a withdrawn one has its history
    assert "Withdrawn" in page.words


def test_the_permalink_names_date_purpose_and_release(browser: httpx.Client) -> None:
    answer = browser.get(TWO + "&purpose=work&date=2020-02-29")
    assert f"q={quote(RICH, safe='')}&amp;q={quote(POOR, safe='')}&amp;purpose=work" in answer.text
    assert "date=2020-02-29&amp;release=r1" in answer.text
    assert "made with release r0" in get(browser, TWO + "&release=r0").words


def test_exports(browser: httpx.Client) -> None:
    answer = browser.get(TWO + "&format=json")
    assert answer.headers["content-type"] == "application/json"
    assert "attachment" in answer.headers["content-disposition"]
    data = answer.json()
    assert [q["iri"] for q in data["qualifications"]] == [RICH, POOR]
    eqf = next(row for row in data["rows"] if row["key"] == "eqf-level")
    assert eqf["judgements"][0]["verdict"] == "not-comparable"
    said = eqf["cells"][0]["statements"][0]["said"]
    assert (said["kind"], said["where"]) == ("record", release.BASE + "id/record/fi/demo/100")
    rows = list(csv.reader(io.StringIO(browser.get(TWO + "&format=csv").text)))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == len(data["rows"]) + 1
    document = browser.get(THREE + "&format=html").text
    assert "<script" not in document
    assert "&lt;script&gt;" in document
    assert "http-equiv" not in document
    assert "<img" not in document


def test_json_ld_names_rows_verdicts_and_evidence(browser: httpx.Client) -> None:
    graph = Graph()
    graph.parse(data=browser.get(TWO + "&format=jsonld").text, format="json-ld")
    (node,) = graph.subjects(URIRef(QCP + "release"), None)
    verdicts = set(graph.objects(None, URIRef(QCP + "verdict")))
    assert URIRef(QCP + "NotProvided") in verdicts
    assert verdicts <= {URIRef(QCP + v) for v in ("Same", "Different", "NotComparable",
                                                  "NotProvided", "Conflicting")}  # fmt: skip
    records = {
        str(o)
        for evidence in graph.objects(None, URIRef(QCP + "evidence"))
        for o in graph.objects(evidence, URIRef("http://www.w3.org/ns/prov#wasDerivedFrom"))
    }
    assert release.BASE + "id/record/fr/demo/R1" in records
    assert str(node).startswith(release.BASE + "compare?")


FORMS = {
    "ttl": "text/turtle", "nt": "application/n-triples", "rdf": "application/rdf+xml",
    "nq": "application/n-quads", "trig": "application/trig", "jsonld": "application/ld+json",
}  # fmt: skip


@pytest.mark.parametrize("suffix", FORMS)
def test_every_form_of_rdf_says_the_same(browser: httpx.Client, suffix: str) -> None:
    def statements(text: str, kind: str) -> ox.Dataset:
        form = ox.RdfFormat.from_media_type(kind)
        assert form is not None
        found = ox.Dataset(ox.parse(text.encode(), form))
        found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        return found

    first = browser.get(TWO + "&format=nt").text
    wanted = statements(first, "application/n-triples")
    assert len(wanted) > 50
    media = FORMS[suffix]
    for answer in (
        browser.get(f"{TWO}&format={suffix}"),
        browser.get(TWO, headers={"Accept": f"text/x-none, {media};q=0.8, text/html;q=0.1"}),
        browser.get(TWO, headers={"Accept": media}),
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(media)
        assert answer.headers["vary"] == "Accept, Accept-Language"
        assert statements(answer.text, media) == wanted
    assert browser.get(f"{TWO}&format={suffix}").text == browser.get(f"{TWO}&format={suffix}").text
    assert browser.head(TWO, headers={"Accept": media}).headers["content-type"].startswith(media)


def test_a_comparison_by_accept(browser: httpx.Client) -> None:
    assert browser.get(TWO, headers={"Accept": "*/*"}).headers["content-type"].startswith("text/ht")
    answer = browser.get(TWO, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert "content-disposition" not in answer.headers
    assert 'type="text/turtle"' in answer.headers["link"]
    assert browser.get(TWO, headers={"Accept": "application/json"}).json()["rows"]
    refused = browser.get(TWO, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    for offer in refused.json()["alternatives"]:
        assert browser.get(offer["href"]).status_code == 200


def test_compare_stands_beside_results_and_on_qualifications(browser: httpx.Client) -> None:
    for path in ("/qualifications?q=baking", release.RICH):
        links = [a.attributes["href"] for a in get(browser, path).all("a")]
        assert any(h.startswith("/compare?q=") for h in links), path


def test_the_api_says_the_same_as_the_page(browser: httpx.Client) -> None:
    api = browser.get("/api/compare", params={"q": ["DEMO-100", POOR], "language": "fr"})
    page = browser.get(TWO + "&lang=fr&format=json").json()
    assert json.dumps(api.json()) == json.dumps(page)
    assert api.headers["content-language"] == "fr"
    assert (
        browser.get("/api/compare", params={"q": ["DEMO-100", "zzz"]}, headers=PROGRAM).status_code
        == 404
    )
    asked = browser.get("/api/compare", params={"q": ["DEMO-100", "a"]}, headers=PROGRAM)
    assert (asked.status_code, asked.json()["code"]) == (400, "QCP-CMP-AMBIGUOUS")
    assert len(asked.json()["candidates"]) > 1
    rules = browser.get("/api/stack", params={"q": ["DEMO-100", POOR]}).json()["rules"]
    assert {rule["outcome"] for rule in rules} <= {"met", "broken", "unknown"}
    listed = browser.get("/api/similar", params={"q": "DEMO-100"}).json()
    assert listed["qualification"] == RICH
    for path in ("/api/compare", "/api/similar", "/api/stack"):
        assert path in browser.get("/openapi.json").json()["paths"]


def test_the_answer_stands_first_in_plain_words(browser: httpx.Client) -> None:
    """What one has and the other lacks, at which level, according to whom; and who decided."""
    page = get(browser, TWO)
    text = page.words
    order = ["In short", "A has, B lacks", "B has, A lacks", "At which level", "According to whom"]
    places = [text.index(words) for words in [*order, "Change what is compared", "Side by side"]]
    assert places == sorted(places)
    assert "outcomes of A are linked to ESCO" in text
    assert "Would the others be pieces of A?" in text
    assert "The piece stands at least at the EQF level of the whole" in text
    assert "Decisions of people about links" in text
    assert "In short" not in get(browser, THREE).words


HOSTILE = (
    *("\x00", "a" * 999, "<script>", "%", '"', "' OR 1=1 --", "http://[", "file:///etc/passwd"),
    *("../../x", "SELECT * {}", "> . <x>", "NEAR(", "title:x", "\u202eDEMO", "\r\nX: y", "🚲", "*"),
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("path", ["/api/compare", "/api/stack", "/api/similar", "/compare"])
def test_hostile_names_are_refused_or_shown_as_text(
    browser: httpx.Client, path: str, text: str
) -> None:
    given = [("q", text)] if path == "/api/similar" else [("q", "DEMO-100"), ("q", text)]
    answer = browser.get(path, params=given, headers=PROGRAM if "api" in path else {})
    # A qualification of this release has a hostile title: some of these do name it.
    assert answer.status_code in ({200} if path == "/compare" else {200, 400, 404})
    assert "<script" not in answer.text or "json" in answer.headers["content-type"]


@pytest.mark.parametrize(
    "more", ["date=2020-13-01", "date=x", "purpose=x", "format=xml", "language=" + "x" * 21]
)
def test_parameters_that_are_not_possible_are_told(browser: httpx.Client, more: str) -> None:
    answer = browser.get(f"/api/compare?q=DEMO-100&q={quote(POOR, safe='')}&{more}")
    assert answer.status_code in {400, 422}
