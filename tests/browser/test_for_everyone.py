"""axe on every page type, in both directions, light and dark; zoom, print, no JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.browser import chromium
from tests.browser.test_walk import PAGES
from tests.server.conftest import served
from tests.server.pages import release

pytestmark = pytest.mark.browser
AXE = Path(__file__).resolve().parents[2] / "build" / "browser" / "axe.min.js"
"""Fetched from npm by its lock file when the project is installed (``hatch_build.py``)."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = (("en", "light"), ("en", "dark"), ("ar", "light"), ("ar", "dark"))
MORE = (
    *("/query", "/frameworks", "/accessibility", "/quality", "/country/FI"),
    *("/qualifications?q=nothing-is-called-so", "/qualifications?country=FI", "/help/data"),
    "/resource?iri=http://data.europa.eu/snb/isced-f/07",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("everyone-home")
    release.publish(home, "r1", release.RDF, release.many(45))
    with served(create_app(Settings(base_iri=release.BASE, home=home))) as client:
        yield client


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    browser = chromium.start(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.quit()


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe was not fetched when the project was installed: npm was out of reach")
    return AXE.read_text(encoding="utf-8")


def address(site: httpx.Client, path: str, language: str) -> str:
    return f"{site.base_url}{path}{'&' if '?' in path else '?'}lang={language}"


def media(driver: webdriver.Chrome, kind: str = "", **features: str) -> None:
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"media": kind, "features": [{"name": n, "value": v} for n, v in features.items()]},
    )


def width(driver: webdriver.Chrome, pixels: int) -> None:
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )


def violations(driver: webdriver.Chrome, axe: str) -> list[str]:
    driver.execute_script(axe)
    found = driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']})"
        ".then(result => done(result.violations), error => done([{id: String(error), nodes: []}]))",
        RULES,
    )
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for rule in found
        for node in rule["nodes"] or [{"html": "", "failureSummary": ""}]
    ]


@pytest.mark.parametrize("path", [*PAGES, *MORE])
def test_axe_finds_no_violation(
    driver: webdriver.Chrome, site: httpx.Client, axe: str, path: str
) -> None:
    width(driver, 1280)
    for language, scheme in LOOKS:
        media(driver, **{"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"})
        driver.get(address(site, path, language))
        direction = driver.find_element(By.TAG_NAME, "html").get_attribute("dir")
        assert direction == ("rtl" if language == "ar" else "ltr")
        assert violations(driver, axe) == [], (language, scheme)


def test_axe_is_not_blind(driver: webdriver.Chrome, site: httpx.Client, axe: str) -> None:
    driver.get(address(site, "/about", "en"))
    driver.execute_script(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        " '<img src=x><p style=\"color:#ccc;background:#fff\">pale</p>')"
    )
    # The policy of the site refuses the inline style; the picture without a text is seen.
    assert any(found.startswith("image-alt") for found in violations(driver, axe))


@pytest.mark.parametrize("language", ["en", "ar", "fi"])
@pytest.mark.parametrize("path", [*PAGES, *MORE])
def test_nothing_sticks_out_at_320_pixels_and_at_twice_the_size(
    driver: webdriver.Chrome, site: httpx.Client, path: str, language: str
) -> None:
    media(driver)
    for pixels in (320, 640):  # 1280 at 200 % is 640 pixels of CSS
        width(driver, pixels)
        driver.get(address(site, path, language))
        outside = driver.execute_script(
            "const root = document.documentElement; return root.scrollWidth - root.clientWidth"
        )
        assert outside <= 0, pixels


def test_the_keyboard_reaches_everything_in_the_order_of_reading(
    driver: webdriver.Chrome, site: httpx.Client
) -> None:
    media(driver)
    width(driver, 1280)
    for path in ("/", "/qualifications", release.RICH, "/compare"):
        driver.get(address(site, path, "en"))
        wanted = driver.execute_script(
            "return [...document.querySelectorAll('a[href], button, input, select, textarea,"
            ' summary, [tabindex="0"]\')]'
            ".filter(e => e.checkVisibility() && e.type !== 'hidden').length"
        )
        reached = 0
        for _ in range(min(wanted, 60)):
            driver.switch_to.active_element.send_keys(Keys.TAB)
            seen = driver.execute_script(
                "const e = document.activeElement, s = getComputedStyle(e);"
                "const before = window.last; window.last = e;"
                # A field for a date has several stops of its own.
                "const after = !before || before === e || before.compareDocumentPosition(e) & 4;"
                "return [e.tagName, s.outlineStyle, parseFloat(s.outlineWidth), !!after]"
            )
            assert seen[0] != "BODY", (path, reached, wanted)
            assert (seen[1], seen[3]) == ("solid", True), (path, reached, seen)
            assert seen[2] >= 2
            reached += 1
        assert reached == min(wanted, 60)


def test_everything_can_be_hit(driver: webdriver.Chrome, site: httpx.Client) -> None:
    """WCAG 2.5.8: 24 pixels, or as much room around; links within sentences are exempt."""
    width(driver, 320)
    driver.get(address(site, "/", "ar"))
    small = driver.execute_script(
        "return [...document.querySelectorAll('header.site a, footer.site a, button, select,"
        " input:not([type=hidden]), summary')].filter(e => e.checkVisibility())"
        ".filter(e => e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"
    )
    assert small == []


def test_the_walk_without_javascript(driver: webdriver.Chrome, site: httpx.Client) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        width(driver, 1280)
        driver.get(address(site, "/", "en"))
        with chromium.opens(driver):
            driver.find_element(By.NAME, "q").send_keys("leipurialan", Keys.ENTER)
        chromium.follow(driver, "Vocational qualification in baking")
        assert "bakes bread" in driver.find_element(By.TAG_NAME, "main").text
        chromium.follow(driver, "العربية")
        assert driver.find_element(By.TAG_NAME, "html").get_attribute("dir") == "rtl"
        assert release.RICH in driver.current_url
        driver.get(address(site, "/query", "en"))
        form = driver.find_element(By.TAG_NAME, "textarea")
        form.clear()
        form.send_keys("ASK {}")
        with chromium.opens(driver):
            driver.find_element(By.CSS_SELECTOR, "main form button").click()
        assert "/sparql" in driver.current_url
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_language_switch_keeps_page_and_filters(
    driver: webdriver.Chrome, site: httpx.Client
) -> None:
    driver.get(address(site, "/qualifications?q=baking&page=1", "en"))
    chromium.follow(driver, "Español")
    assert "q=baking" in driver.current_url
    assert driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "es"


def test_texts_of_registers_have_their_own_language_and_direction(
    driver: webdriver.Chrome, site: httpx.Client
) -> None:
    width(driver, 1280)
    driver.get(address(site, release.RICH, "ar"))
    title = driver.find_element(By.TAG_NAME, "h1")
    marked = driver.execute_script(
        "const h = arguments[0], e = h.hasAttribute('lang') ? h : h.querySelector('[lang]');"
        "return e && [e.lang, getComputedStyle(e).direction]",
        title,
    )
    assert marked is not None
    assert marked[0] in {"en", "fi", "sv"}
    assert marked[1] == "ltr"


def test_paper_has_no_navigation_and_black_letters(
    driver: webdriver.Chrome, site: httpx.Client
) -> None:
    media(driver, "print", **{"prefers-color-scheme": "dark"})
    for path in (release.RICH, "/", "/qualifications"):
        driver.get(address(site, path, "en"))
        shown, ink, ground = driver.execute_script(
            "return [[...document.querySelectorAll('nav, form, .skip')]"
            ".filter(e => e.checkVisibility()).length,"
            " getComputedStyle(document.querySelector('h1')).color,"
            " getComputedStyle(document.body).backgroundColor]"
        )
        assert shown == 0
        assert (ink, ground) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
    media(driver)
