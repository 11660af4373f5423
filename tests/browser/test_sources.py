"""Where facts come from and how records changed, in a browser: axe, both directions, 320 pixels."""

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.browser import chromium
from tests.browser.test_for_everyone import LOOKS, address, axe, media, violations, width
from tests.server.conftest import served
from tests.server.pages.test_versions import Q1, settings

__all__ = ["axe", "settings"]
pytestmark = pytest.mark.browser
PATHS = (
    "/id/record/ee/mini/Q1",
    "/id/qualification/ee/mini/Q1",
    "/id/register/ee/mini",
    f"/versions?iri={quote(Q1, safe='')}",
)


@pytest.fixture(scope="module")
def site(settings: Settings) -> Iterator[httpx.Client]:
    with served(create_app(settings)) as client:
        yield client


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    browser = chromium.start(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.quit()


def _opened(driver: webdriver.Chrome) -> None:
    driver.execute_script("document.querySelectorAll('details').forEach(d => { d.open = true })")


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_no_violation_with_everything_opened(
    driver: webdriver.Chrome,
    site: httpx.Client,
    axe: str,
    path: str,
) -> None:
    width(driver, 1280)
    for language, scheme in LOOKS:
        media(driver, **{"prefers-color-scheme": scheme})
        driver.get(address(site, path, language))
        _opened(driver)
        assert violations(driver, axe) == [], (language, scheme)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_sticks_out_at_320_pixels(
    driver: webdriver.Chrome, site: httpx.Client, path: str, language: str
) -> None:
    width(driver, 320)
    driver.get(address(site, path, language))
    _opened(driver)
    outside = driver.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert outside <= 0


def test_from_a_fact_to_its_field_without_a_script(
    driver: webdriver.Chrome, site: httpx.Client
) -> None:
    width(driver, 1280)
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get(address(site, "/id/qualification/ee/mini/Q1", "en"))
        driver.find_element(By.CSS_SELECTOR, "details.why summary").click()
        link = driver.find_element(By.CSS_SELECTOR, "details.why[open] a[href*='/id/record/']")
        with chromium.opens(driver):
            link.click()
        assert "In the source record" in driver.find_element(By.TAG_NAME, "main").text
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
