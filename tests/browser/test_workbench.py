"""The query page in headless Chromium: completion, marked errors, views, share; and no script."""

from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.shadowroot import ShadowRoot
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser import chromium
from tests.browser.test_walk import driver, site

__all__ = ["driver", "site"]
SCRIPT = Path(__file__).resolve().parents[2] / "web" / "static" / "built" / "workbench.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not SCRIPT.is_file(), reason="its script was not built: npm was missing"),
]
COUNTS = "SELECT ?type (COUNT(*) AS ?n) WHERE { ?s a ?type } GROUP BY ?type ORDER BY ?type"
STATEMENTS = (
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . FILTER(isIRI(?o)) } ORDER BY ?s ?p ?o LIMIT 20"
)


def opened(driver: webdriver.Chrome, site: httpx.Client, query: str = "") -> ShadowRoot:
    driver.get_log("browser")  # what earlier pages left
    driver.get(f"{site.base_url}/query?lang=en&query={quote(query)}")
    edit = (By.XPATH, "//button[contains(., 'Edit with completion')]")
    wait(driver, lambda: driver.find_elements(*edit))
    driver.find_element(*edit).click()
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "form.query textarea[hidden]"))
    return driver.find_element(By.CSS_SELECTOR, "form.query > div").shadow_root


def wait(driver: webdriver.Chrome, condition: object) -> None:
    WebDriverWait(driver, chromium.PATIENCE).until(lambda _: condition())  # type: ignore[operator]


def ask(driver: webdriver.Chrome) -> WebElement:
    """Run the query; return the answer when it is there."""
    driver.find_element(By.CSS_SELECTOR, "form.query button").click()
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".answer .taking, .answer .notice"))
    return driver.find_element(By.CSS_SELECTOR, ".answer")


def view(answer: WebElement, name: str) -> WebElement:
    answer.find_element(By.XPATH, f".//button[text()='{name}']").click()
    return answer


def write(driver: webdriver.Chrome, root: ShadowRoot, text: str) -> WebElement:
    content = root.find_element(By.CSS_SELECTOR, ".cm-content")
    content.click()
    keys = webdriver.ActionChains(driver)
    keys.key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).send_keys(Keys.DELETE, text)
    keys.perform()
    return content


def test_rows_as_table_chart_and_text(driver: webdriver.Chrome, site: httpx.Client) -> None:
    opened(driver, site, COUNTS)
    answer = ask(driver)
    rows = answer.find_elements(By.CSS_SELECTOR, "tbody tr")
    assert any("elm:Qualification" in row.text for row in rows)
    links = answer.find_elements(By.CSS_SELECTOR, "tbody a")
    assert all(one.get_attribute("href").startswith(str(site.base_url)) for one in links)  # type: ignore[union-attr]
    bars = view(answer, "Chart").find_elements(By.CSS_SELECTOR, "svg rect")
    assert len(bars) == len(rows)
    assert "two columns of addresses" in view(answer, "Picture").text
    assert '"bindings"' in view(answer, "As it was sent").find_element(By.TAG_NAME, "pre").text
    assert driver.get_log("browser") == []


def test_statements_as_a_picture(driver: webdriver.Chrome, site: httpx.Client) -> None:
    opened(driver, site, STATEMENTS)
    answer = ask(driver)
    assert len(answer.find_elements(By.CSS_SELECTOR, "tbody tr")) == 20
    assert len(view(answer, "Picture").find_elements(By.CSS_SELECTOR, "svg line")) == 20


def test_the_address_is_the_query(driver: webdriver.Chrome, site: httpx.Client) -> None:
    opened(driver, site, COUNTS)
    answer = ask(driver)
    assert parse_qs(urlsplit(driver.current_url).query)["query"] == [COUNTS]
    table = answer.find_element(By.LINK_TEXT, "CSV").get_attribute("href")
    assert table is not None
    assert httpx.get(table).text.startswith("type,n\r\n")


def test_what_is_wrong_is_marked_and_told(driver: webdriver.Chrome, site: httpx.Client) -> None:
    root = opened(driver, site, "SELECT * WHERE {")
    wait(driver, lambda: root.find_elements(By.CSS_SELECTOR, ".cm-lint-marker-error"))
    assert "not valid SPARQL" in ask(driver).find_element(By.CSS_SELECTOR, "[role=alert]").text


def test_terms_of_the_graph_are_completed_and_their_prefix_declared(
    driver: webdriver.Chrome, site: httpx.Client
) -> None:
    root = opened(driver, site)
    content = write(driver, root, "SELECT * WHERE { ?q elm:learningOutc")
    wait(driver, lambda: root.find_elements(By.CSS_SELECTOR, ".cm-tooltip-autocomplete"))
    pause = webdriver.ActionChains(driver).pause(0.3)  # what opens under the hand is not taken
    pause.send_keys(Keys.ENTER).perform()
    wait(driver, lambda: "PREFIX elm: <http://data.europa.eu/snb/model/elm/>" in content.text)
    rest = webdriver.ActionChains(driver).send_keys(" ?o } LIMIT 1")
    rest.key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    area = driver.find_element(By.CSS_SELECTOR, "form.query textarea")
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".answer .taking, .answer .notice"))
    assert area.get_attribute("value") == (
        "PREFIX elm: <http://data.europa.eu/snb/model/elm/>\n"
        "SELECT * WHERE { ?q elm:learningOutcome ?o } LIMIT 1"
    )
    assert len(driver.find_elements(By.CSS_SELECTOR, ".answer tbody tr")) == 1


def test_tab_leaves_the_editor(driver: webdriver.Chrome, site: httpx.Client) -> None:
    content = write(driver, opened(driver, site), "ASK {}")
    content.send_keys(Keys.TAB)
    assert driver.switch_to.active_element.get_attribute("id") == "format"


def test_a_hostile_graph_gives_no_address_that_runs(
    driver: webdriver.Chrome, site: httpx.Client
) -> None:
    bad = (
        'SELECT ?a ?b { VALUES (?a ?b) { (<javascript:alert(1)> "<img src=x onerror=alert(1)>") } }'
    )
    opened(driver, site, bad)
    answer = ask(driver)
    assert answer.find_elements(By.CSS_SELECTOR, "tbody a, tbody img") == []
    assert "<img src=x" in answer.text


def test_without_a_script_the_form_asks(site: httpx.Client) -> None:
    page = httpx.get(f"{site.base_url}/query", params={"query": COUNTS}).text
    assert '<form class="query" action="/sparql" method="get"' in page
    assert "GROUP BY ?type" in page
    answer = httpx.get(f"{site.base_url}/sparql", params={"query": COUNTS, "format": "csv"})
    assert answer.text.startswith("type,n")
