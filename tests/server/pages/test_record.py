"""Where a fact comes from: the source record beside the statements that were made of it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from qcp_graph.model.ledger import LedgerRow
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.origin import Origins
from qcp_graph.pipeline.progress import Silent
from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from qcp_graph.store import LedgerReader
from tests.server.conftest import served
from tests.server.pages.html import Page, problems

BASE = "https://records.example/"
SOURCE = """
id: ee-mini
title: {en: Mini register}
country: EST
languages: [en]
owner: {name: Mini authority}
licence: {label: CC0, iri: "https://creativecommons.org/publicdomain/zero/1.0/"}
frequency: MONTHLY
minimum: 1
"""
MAPPING = """
sources:
  rows: {access: "*.json", referenceFormulation: jsonpath, iterator: "$[*]", key: $(id)}
ignore:
  clerk: initials of a person
mappings:
  qualification:
    main: true
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - p: dcterms:title
        o: {value: $(title), transform: [squeeze], language: en}
      - p: elm:awardingOpportunity
        o: {mapping: award}
      - p: elm:learningOutcome
        o: {mapping: outcome}
  award:
    subjects: qualification:$(id)#award
    predicateobjects:
      - [a, elm:AwardingOpportunity]
      - p: elm:awardingBody
        o: {mapping: body}
  body:
    shared: true
    subjects: organisation:$(body)
    predicateobjects:
      - [a, elm:Organisation]
      - p: rov:legalName
        o: {value: "Body $(body)", language: en}
  outcome:
    foreach: outcomes
    subjects: outcome:$(^id)/$(@index)
    predicateobjects:
      - [a, elm:LearningOutcome]
      - p: dcterms:title
        o: {value: $(.), language: en}
"""
ROWS = [
    {"id": "Q1", "title": "Baker  <b>of</b> bread", "body": "guild", "clerk": "SECRET-AB",
     "unknown": "SECRET-CD", "outcomes": ["bakes"]},
    {"id": "Q2", "title": "Cook", "body": "guild", "clerk": "XY",
     "outcomes": [f"cooks dish {n}" for n in range(150)]},
]  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("records")
    register = folder / "own" / "mappings" / "ee-mini"
    register.mkdir(parents=True)
    (register / "source.yaml").write_text(SOURCE, encoding="utf-8")
    (register / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    file = folder / "rows.json"
    file.write_text(json.dumps(ROWS), encoding="utf-8")
    found = Settings(
        base_iri=BASE, home=folder / "home", workspace=folder / "own", cache_bytes=0, jobs=1
    )
    build(found, Order(("ee-mini",), inputs={"ee-mini": str(file)}), Silent())
    return found


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx.Client]:
    with served(create_app(settings)) as browser:
        browser.headers.update({"Accept": "text/html"})
        yield browser


def test_fields_stand_beside_the_statements_made_of_them(client: httpx.Client) -> None:
    answer = client.get("/id/record/ee/mini/Q1")
    assert answer.status_code == 200, answer.text
    page = Page(answer.text)
    assert problems(page) == []
    pairs = [li.text for li in page.all("li") if "In the source record" in li.text]
    (title,) = [text for text in pairs if "Baker" in text]
    assert "title" in title
    assert "Baker  <b>of</b> bread" in title
    assert "squeeze" in title
    assert '"Baker <b>of</b> bread"@en' in title
    (body,) = [text for text in pairs if "Body guild" in text and "Awarding body" in text]
    assert "guild" in body.partition("In the graph")[0], "what made the body's IRI was read"


def test_what_is_not_published_is_named_without_its_value(client: httpx.Client) -> None:
    answer = client.get("/id/record/ee/mini/Q1")
    words = Page(answer.text).words
    assert "clerk: initials of a person" in words
    assert "unknown: no rule reads it" in words
    assert "SECRET" not in answer.text


def test_long_records_are_paged(client: httpx.Client) -> None:
    first = Page(client.get("/id/record/ee/mini/Q2").text)
    assert "cooks dish 149" not in first.words
    last = client.get("/id/record/ee/mini/Q2", params={"page": "99999"}).text
    assert "cooks dish 149" in last
    sent = client.get("/id/record/ee/mini/Q2", headers={"Accept-Encoding": "gzip"})
    assert int(sent.headers["Content-Length"]) < 50_000


def test_the_qualification_leads_to_its_record(client: httpx.Client) -> None:
    page = Page(client.get("/id/qualification/ee/mini/Q1").text)
    assert page.href("Q1").startswith("/id/record/ee/mini/Q1")


def test_each_fact_names_the_fields_it_is_made_of(client: httpx.Client) -> None:
    page = Page(client.get("/id/qualification/ee/mini/Q1").text)
    told = [details.text for details in page.all("details") if "Awarding body" in details.text]
    assert len(told) == 1
    assert "Mini register" in told[0]
    assert "Fields it is made of: body" in " ".join(told[0].split())
    assert problems(page) == []


def _row(settings: Settings) -> LedgerRow:
    current = (settings.home / "releases" / "CURRENT").read_text().strip()
    with LedgerReader(settings.home / "releases" / current / "registers/ee-mini.sqlite") as ledger:
        row = ledger.get("Q1")
    assert row is not None
    return row


def test_a_delivery_that_is_too_large_or_gone_is_said_to_be(settings: Settings) -> None:
    row = _row(settings)
    small = Origins(settings, largest=10)
    assert small.of("ee-mini", row).why == "large"
    elsewhere = Origins(settings.model_copy(update={"home": Path("/nowhere")}))
    assert elsewhere.of("ee-mini", row).why == "gone"


def test_a_record_that_reads_otherwise_now_is_not_shown(settings: Settings) -> None:
    origins = Origins(settings)
    assert origins.of("ee-mini", replace(_row(settings), digest=b"other")).why == "changed"
    assert origins.of("ee-mini", replace(_row(settings), locator="rows.json /7")).why == "gone"
    origins.close()


def test_every_published_statement_is_told(settings: Settings) -> None:
    row, origins = _row(settings), Origins(settings)
    found = origins.of("ee-mini", row)
    told = {quad for rule in found.rules for quad in rule.quads} | set(found.added)
    assert told == {*row.quads, *row.shared}
    origins.close()
