"""A reader's walk in headless Chromium: from the home page to a qualification, and by keyboard."""

from collections.abc import Iterator

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.browser import chromium
from tests.server.conftest import served
from tests.server.pages import release

pytestmark = pytest.mark.browser
PAGES = (
    *("/", "/qualifications", release.RICH, release.POOR, release.GONE, "/sparql", "/registers"),
    *("/id/register/fi/demo", "/id/framework/fi-nqf", "/organisations", "/dumps/", "/about"),
    *("/id/organisation/fi/demo/college", "/id/outcome/fi/demo/100/1", "/id/record/fi/demo/100"),
    *("/compare", f"/compare?q=DEMO-100&q={release.BASE}{release.POOR[1:]}"),
    f"/compare?q=DEMO-100&q={release.BASE}{release.POOR[1:]}&q={release.BASE}{release.UNIT[1:]}",
    *(f"/skill?iri={release.SKILL}", "/resource?iri=http://data.europa.eu/snb/eqf/4", "/nothing"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("walk-home")
    release.publish(home, "r1", release.RDF, release.many(45))
    with served(create_app(Settings(base_iri=release.BASE, home=home))) as client:
        yield client


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    browser = chromium.start(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.quit()


def test_from_the_home_page_to_a_qualification(
    driver: webdriver.Chrome, site: httpx.Client
) -> None:
    driver.set_window_size(1280, 900)
    driver.get(f"{site.base_url}/?lang=en")
    assert "National qualifications" in driver.find_element(By.TAG_NAME, "h1").text
    with chromium.opens(driver):
        driver.find_element(By.NAME, "q").send_keys("leipurialan", Keys.ENTER)
    chromium.follow(driver, "Vocational qualification in baking")
    assert driver.find_element(By.TAG_NAME, "h1").text == "Vocational qualification in baking"
    assert "bakes bread" in driver.find_element(By.TAG_NAME, "main").text
    chromium.follow(driver, "bake bread")
    assert "By country" in driver.find_element(By.TAG_NAME, "main").text
    with chromium.opens(driver):
        driver.back()
    chromium.follow(driver, "Suomi")
    assert driver.find_element(By.TAG_NAME, "h1").text == "Leipurialan perustutkinto"


def test_the_first_tab_skips_to_the_content(driver: webdriver.Chrome, site: httpx.Client) -> None:
    driver.get(f"{site.base_url}/qualifications?lang=en")
    driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    focused = driver.switch_to.active_element
    assert focused.text == "Skip to the content"
    assert focused.is_displayed()
    assert focused.rect["x"] >= 0
    focused.send_keys(Keys.ENTER)
    assert driver.switch_to.active_element.get_attribute("id") == "main"


@pytest.mark.parametrize("path", PAGES)
def test_at_320_pixels_nothing_sticks_out_and_the_console_is_silent(
    driver: webdriver.Chrome, site: httpx.Client, path: str
) -> None:
    driver.get_log("browser")  # what earlier pages left
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": False},
    )
    driver.get(f"{site.base_url}{path}")
    outside = driver.execute_script(
        "const root = document.documentElement; return root.scrollWidth - root.clientWidth"
    )
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert outside <= 0
    # The browser reports the answers 404 and 410 themselves; nothing else may be complained about.
    complaints = [
        e for e in driver.get_log("browser") if "Failed to load resource" not in e["message"]
    ]
    assert complaints == []
