"""The page that documents how a register is mapped, made from the rules."""

from collections.abc import Iterator

import httpx
import pytest

from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.server.conftest import served
from tests.server.pages import release
from tests.server.pages.html import Page, problems

SOURCE = """
id: fi-demo
title: {en: Demo}
description: {en: A register}
country: FIN
languages: [en]
owner: {name: Example Board, homepage: "https://board.example/"}
licence: {label: Free}
frequency: IRREG
homepage: "https://board.example/list"
"""
RULES = """
sources:
  all: {access: a.json, referenceFormulation: jsonpath, iterator: "$", key: $(id)}
mappings:
  qualification:
    main: true
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - p: dcterms:title
        o: {value: "$(<b>name)", transform: [squeeze], language: en}
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("mapped")
    release.publish(folder / "home", "r1", release.RDF)
    register = folder / "own" / "mappings" / "fi-demo"
    register.mkdir(parents=True)
    (register / "source.yaml").write_text(SOURCE, encoding="utf-8")
    (register / "mapping.yaml").write_text(RULES, encoding="utf-8")
    settings = Settings(
        base_iri=release.BASE, home=folder / "home", workspace=folder / "own", cache_bytes=0
    )
    with served(create_app(settings)) as browser:
        browser.headers.update({"Accept": "text/html"})
        yield browser


def test_fields_properties_and_functions_stand_side_by_side(client: httpx.Client) -> None:
    answer = client.get("/registers/fi-demo/mapping")
    assert answer.status_code == 200, answer.text
    page = Page(answer.text)
    assert problems(page) == []
    rows = [[cell.text.strip() for cell in tr.children] for tr in page.all("tr")]
    assert ["<b>name", "dcterms:title", "squeeze", "11"] in rows
    assert "Demo register of Finland" in page.words


def test_the_register_leads_there(client: httpx.Client) -> None:
    page = Page(client.get("/id/register/fi/demo").text)
    assert page.href("How its fields are mapped").startswith("/registers/fi-demo/mapping")


def test_a_register_without_rules_here_does_not_lead_there(client: httpx.Client) -> None:
    assert "How its fields are mapped" not in client.get("/id/register/fr/demo").text
    answer = client.get("/registers/fr-demo/mapping")
    assert answer.status_code == 404
    assert "The list of registers names all" in answer.text
