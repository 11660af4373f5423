"""Pages of errors say what happened to whom asked."""

import httpx


def test_a_query_that_is_not_answered_leads_back_to_the_form(browser: httpx.Client) -> None:
    answer = browser.get("/sparql", params={"query": "SELECT * {"})
    assert answer.status_code == 400
    assert "The query was not answered." in answer.text
    assert 'href="/query"' in answer.text
    assert "QCP-QRY-SYNTAX" in answer.text
    assert "Try again in a few minutes" not in answer.text


def test_an_address_without_anything_leads_to_the_search(browser: httpx.Client) -> None:
    answer = browser.get("/nothing-here")
    assert answer.status_code == 404
    assert "There is nothing under this address." in answer.text
    assert 'action="/qualifications"' in answer.text
