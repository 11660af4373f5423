"""The whole way by keys only, with scripts and without; no key is caught, focus is always seen."""

from collections.abc import Iterator

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser import chromium
from tests.browser.test_for_everyone import address, media, width
from tests.server import specimens

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("specimens")]
MOST = 120
"""Stops of the keyboard that one page may ask of a reader on the way to what they want."""
STATE = (
    "let e = document.activeElement;"
    "while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;"
    "const r = e.getBoundingClientRect(), s = getComputedStyle(e.closest('.cm-focused') ?? e);"
    "const label = e.labels && e.labels.length ? e.labels[0].innerText : '';"
    "const name = e.getAttribute('aria-label') || label || e.innerText || e.tagName;"
    "return [name.replace(/\\s+/g, ' ').trim(),"
    " r.width > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth,"
    " s.outlineStyle === 'solid' && parseFloat(s.outlineWidth) >= 2]"
)
"""Name of what has the focus, whether it lies in the window, whether its outline is drawn."""
FINNISH, FRENCH = "9110", "RNCP990301"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with specimens.site(tmp_path_factory.mktemp("keyboard-home")) as client:
        yield client


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    browser = chromium.start(tmp_path_factory.mktemp("chromium"))
    media(browser)
    width(browser, 1280)
    yield browser
    browser.quit()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def reader(driver: webdriver.Chrome, request: pytest.FixtureRequest) -> Iterator[webdriver.Chrome]:
    """Return the browser, also one that runs no script of the page."""
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not request.param})
    yield driver
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def press(driver: webdriver.Chrome, *keys: str) -> None:
    webdriver.ActionChains(driver).send_keys(*keys).perform()


def go(driver: webdriver.Chrome, *keys: str) -> None:
    """Press keys that lead to another page."""
    with chromium.opens(driver):
        press(driver, *keys)


def focus(driver: webdriver.Chrome) -> tuple[str, bool, bool]:
    """Return name of what has the focus, whether it lies in the window, whether it is marked."""
    name, inside, marked = driver.execute_script(STATE)
    return name, inside, marked


def tab_to(driver: webdriver.Chrome, name: str) -> None:
    """Press Tab until something called so has the focus; each stop is seen and marked."""
    passed = []
    for _ in range(MOST):
        press(driver, Keys.TAB)
        found, inside, marked = focus(driver)
        assert inside, f"{found} has the focus outside of the window"
        assert marked, f"nobody sees that {found} has the focus"
        if found.startswith(name):
            return
        passed.append(found)
    raise AssertionError(f"the keyboard does not reach {name}: {passed}")


def heading(driver: webdriver.Chrome) -> str:
    return driver.find_element(By.TAG_NAME, "h1").text


def test_search_read_compare_and_keep(reader: webdriver.Chrome, site: httpx.Client) -> None:
    reader.get(address(site, "/", "en"))
    tab_to(reader, "Search by title")
    go(reader, FINNISH, Keys.ENTER)
    result = reader.find_element(By.CSS_SELECTOR, ".items h3 a").text
    tab_to(reader, result)
    go(reader, Keys.ENTER)
    assert heading(reader) == result
    tab_to(reader, "Compare")  # the one of the navigation leads to an empty comparison
    tab_to(reader, "Compare")
    go(reader, Keys.ENTER)
    assert heading(reader) == "Compare qualifications"
    tab_to(reader, "Add a qualification")
    press(reader, FRENCH)
    tab_to(reader, "Purpose")
    press(reader, "w")  # "Work"
    tab_to(reader, "Compare")
    go(reader, Keys.ENTER)
    assert "purpose=work" in reader.current_url
    assert "Side by side" in reader.find_element(By.TAG_NAME, "main").text
    assert FRENCH in reader.find_element(By.CSS_SELECTOR, "table.compare thead").text
    tab_to(reader, "Sources")  # the way past a hundred lines
    press(reader, Keys.ENTER)
    tab_to(reader, "JSON-LD")
    kept = reader.switch_to.active_element.get_attribute("href")
    assert kept is not None
    answer = httpx.get(kept)
    assert (answer.status_code, FRENCH in answer.text) == (200, True)


def test_facets_open_close_and_restrict(reader: webdriver.Chrome, site: httpx.Client) -> None:
    reader.get(address(site, "/qualifications", "en"))
    tab_to(reader, "Ireland")
    go(reader, Keys.ENTER)
    assert "country=IRL" in reader.current_url
    shown = reader.find_element(By.ID, "results").text
    tab_to(reader, "Remove filter Country")
    go(reader, Keys.ENTER)
    assert "country=IRL" not in reader.current_url
    assert reader.find_element(By.ID, "results").text != shown


def test_details_open_by_enter_and_close_by_space(
    reader: webdriver.Chrome, site: httpx.Client
) -> None:
    reader.get(address(site, "/", "en"))
    tab_to(reader, "The same as a table")
    box = reader.switch_to.active_element.find_element(By.XPATH, "..")
    press(reader, Keys.ENTER)
    assert box.get_attribute("open") is not None
    press(reader, Keys.SPACE)
    assert box.get_attribute("open") is None


def test_the_language_is_changed_where_the_reader_is(
    reader: webdriver.Chrome, site: httpx.Client
) -> None:
    reader.get(address(site, f"/compare?q={FINNISH}&q={FRENCH}", "en"))
    tab_to(reader, "العربية")
    go(reader, Keys.ENTER)
    assert reader.find_element(By.TAG_NAME, "html").get_attribute("dir") == "rtl"
    assert FRENCH in reader.find_element(By.CSS_SELECTOR, "table.compare thead").text


def test_every_kind_of_page_lets_the_keyboard_through(
    driver: webdriver.Chrome, site: httpx.Client
) -> None:
    """Tab leads from the first stop to the last and out again, and leaves nothing aside."""
    for path in sorted(specimens.pages(site, 1)):
        driver.get(f"{site.base_url}{path}")
        for _ in range(MOST * 10):
            press(driver, Keys.TAB)
            left, again, name, inside, marked = driver.execute_script(
                "const now = document.activeElement, seen = window.seen ??= new Set();"
                "const again = seen.has(now) && window.last !== now;"
                f"seen.add(now); window.last = now; const found = (() => {{ {STATE} }})();"
                "return [now === document.body, again, ...found]"
            )
            if left or again:
                break
            assert (inside, marked) == (True, True), (path, name, inside, marked)
        else:
            raise AssertionError(f"{path} does not end")
        missed = driver.execute_script(
            "return [...document.querySelectorAll('a[href], button, input, select, textarea,"
            " summary, [tabindex=\"0\"]')].filter(e => e.checkVisibility() && e.type !== 'hidden'"
            " && !window.seen.has(e) && !e.disabled).map(e => e.outerHTML.slice(0, 150))"
        )
        assert missed == [], path
