"""Micro-credentials are told by the elements that the European standard asks of them."""

from collections.abc import Iterator

import httpx
import pytest

from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.server.conftest import served
from tests.server.pages import release
from tests.server.pages.html import Page, problems

STACK = f"""
@base <{release.BASE}> .
<graph/fi/demo/data> {{
  <id/qualification/fi/demo/M1> a elm:Qualification ; dcterms:title "Sourdough"@en ;
    dcterms:type <http://data.europa.eu/snb/learning-opportunity/74a4a268e8> ;
    elm:volumeOfLearning "PT125H"^^xsd:duration ; elm:EQFLevel eqf:5 ;
    elm:creditPoint <id/qualification/fi/demo/M1#credit> ;
    elm:provenBy <id/qualification/fi/demo/M1#exam> ;
    elm:additionalNote <id/qualification/fi/demo/M1#note> ;
    elm:isPartOf <id/qualification/fi/demo/W> .
  <id/qualification/fi/demo/M1#credit> a elm:CreditPoint ; elm:point "5" .
  <id/qualification/fi/demo/M1#exam> a elm:LearningAssessmentSpecification ;
    dcterms:title "Practical test"@en .
  <id/qualification/fi/demo/M1#note> a elm:Note ; elm:noteLiteral "Supervised on site"@en ;
    dcterms:subject <http://data.europa.eu/snb/qualification-topics#assessment> .
  <id/qualification/fi/demo/W> a elm:Qualification ; dcterms:title "Master of bread"@en ;
    elm:hasPart <id/qualification/fi/demo/M1>, <id/qualification/fi/demo/100> .
}}
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("micro")
    release.publish(folder, "r1", release.RDF, STACK)
    settings = Settings(base_iri=release.BASE, home=folder, cache_bytes=0)
    with served(create_app(settings)) as browser:
        browser.headers.update({"Accept": "text/html", "Accept-Language": "en"})
        yield browser


def _elements(page: Page) -> dict[str, str]:
    heads, values = page.all("dt"), page.all("dd")
    told = [(dt.text.strip(), dd.text.strip()) for dt, dd in zip(heads, values, strict=True)]
    names = [name for name, _ in told]
    return dict(told[names.index("Country of the issuer") :])


def test_every_element_is_told_or_said_to_be_missing(client: httpx.Client) -> None:
    page = Page(client.get("/id/qualification/fi/demo/M1").text)
    assert problems(page) == []
    found = _elements(page)
    assert "125 hours" in found["Workload"]
    assert "5 credit points" in found["Workload"]
    assert found["Type of assessment"] == "Practical test"
    assert found["Supervision and identity check optional"] == "Supervised on site"
    assert found["Stacks into optional"] == "Master of bread"
    assert found["Quality assurance"] == "not provided by the source"
    assert "provides 4 of the 9 elements" in page.words


def test_the_whole_leads_to_the_check_of_its_stack(client: httpx.Client) -> None:
    page = Page(client.get("/id/qualification/fi/demo/W").text)
    assert "As a micro-credential" not in page.words
    answer = client.get(page.href("Check how they stack"))
    assert answer.status_code == 200
    assert "As a stack of micro-credentials" in answer.text


def test_other_qualifications_are_none(client: httpx.Client) -> None:
    assert "As a micro-credential" not in client.get(release.RICH).text
