"""Readers who change how pages look: zoom, text spacing, forced colours, less motion, paper."""

from collections.abc import Iterator

import httpx
import pytest
from selenium import webdriver

from tests.browser import chromium
from tests.browser.test_for_everyone import axe, media, violations, width
from tests.server import specimens

__all__ = ["axe"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("specimens")]
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    " word-spacing: .16em !important } p { margin-block-end: 2em !important }"
)
"""What WCAG 1.4.12 lets readers set; sheets made by a script are none that the policy refuses."""
ADD = (
    "const sheet = new CSSStyleSheet(); sheet.replaceSync(arguments[0]);"
    "document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];"
)
OUTSIDE = "const root = document.documentElement; return root.scrollWidth - root.clientWidth"
CUT = """
return [...document.querySelectorAll('main *, header *, footer *')].filter(e => {
  const s = getComputedStyle(e);
  const hides = [s.overflowX, s.overflowY].some(o => o === 'hidden' || o === 'clip');
  if (!hides || e.closest('svg') || e.matches('.hidden, select, input')) return false;
  return e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1;
}).map(e => e.outerHTML.slice(0, 120))
"""
"""Texts that lie in a box which hides what does not fit."""
LOST = """
return [...document.querySelectorAll('.scroll')].filter(e =>
  e.scrollWidth > e.clientWidth && !(e.tabIndex === 0
  && (e.getAttribute('aria-label') || e.getAttribute('aria-labelledby'))
  && e.getAttribute('role'))).map(e => e.outerHTML.slice(0, 120))
"""
"""Boxes that scroll and that the keyboard or a screen reader does not know."""
SMALL = """
const wanted = 'a[href], button, input:not([type=hidden]), select, summary';
return [...document.querySelectorAll(wanted)].filter(e => e.checkVisibility()
  && !e.closest('svg') && getComputedStyle(e).display !== 'inline').filter(e => {
  const r = e.getBoundingClientRect();
  return r.height < 23.5 && !(e.type === 'checkbox' && e.closest('label'));
}).map(e => e.outerHTML.slice(0, 120))
"""
"""WCAG 2.5.8: links within lines of text are exempt."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with specimens.site(tmp_path_factory.mktemp("reading-home")) as client:
        yield client


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    browser = chromium.start(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.quit()


@pytest.fixture(scope="module", params=["en", "ar", "fr"])
def paths(site: httpx.Client, request: pytest.FixtureRequest) -> list[str]:
    """One page of each kind in one language."""
    return sorted(specimens.pages(site, 1, request.param))


def test_every_kind_of_page_at_320_pixels(
    driver: webdriver.Chrome, site: httpx.Client, paths: list[str]
) -> None:
    """1280 pixels at 400 %: one way of scrolling; wide tables scroll by themselves (1.4.10)."""
    media(driver)
    wrong: dict[str, object] = {}
    for path in paths:
        for pixels in (320, 640):
            width(driver, pixels)
            driver.get(f"{site.base_url}{path}")
            found = (
                driver.execute_script(OUTSIDE),
                *(driver.execute_script(script) for script in (CUT, LOST, SMALL)),
            )
            if found != (0, [], [], []):
                wrong[f"{path} {pixels}"] = found
    assert wrong == {}


def test_spacing_of_the_readers_own(
    driver: webdriver.Chrome, site: httpx.Client, paths: list[str]
) -> None:
    media(driver)
    wrong: dict[str, object] = {}
    for path in paths:
        for pixels in (320, 1280):
            width(driver, pixels)
            driver.get(f"{site.base_url}{path}")
            driver.execute_script(ADD, SPACING)
            found = (driver.execute_script(OUTSIDE), driver.execute_script(CUT))
            if found != (0, []):
                wrong[f"{path} {pixels}"] = found
    assert wrong == {}


def test_axe_on_every_kind_of_page_of_the_specimens(
    driver: webdriver.Chrome, site: httpx.Client, axe: str, paths: list[str]
) -> None:
    pixels, scheme = (1280, "light") if "lang=en" in paths[0] else (390, "dark")
    width(driver, pixels)
    media(driver, **{"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"})
    wrong: dict[str, object] = {}
    for path in paths:
        driver.get(f"{site.base_url}{path}")
        if found := violations(driver, axe):
            wrong[f"{path} {pixels} {scheme}"] = found
    assert wrong == {}


def test_nothing_moves_for_those_who_asked_for_rest(
    driver: webdriver.Chrome, site: httpx.Client
) -> None:
    for asked, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        media(driver, **{"prefers-reduced-motion": asked})
        driver.get(f"{site.base_url}/?lang=en")
        moving, scrolling = driver.execute_script(
            "return [document.getAnimations().length,"
            " getComputedStyle(document.documentElement).scrollBehavior]"
        )
        assert (moving, scrolling) == (0, behaviour)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_that_readers_force(
    driver: webdriver.Chrome, site: httpx.Client, scheme: str
) -> None:
    """What a ground told is told by a border, and pictures keep their marks apart."""
    width(driver, 1280)
    media(driver, **{"forced-colors": "active", "prefers-color-scheme": scheme})
    driver.get(f"{site.base_url}/qualifications?lang=en")
    borders = driver.execute_script(
        "return [...document.querySelectorAll('.status, .level, button')]"
        ".map(e => [getComputedStyle(e).borderTopStyle, getComputedStyle(e).borderTopWidth])"
    )
    assert len(borders) > 5
    assert {tuple(border) for border in borders} == {("solid", "1px")}
    driver.get(f"{site.base_url}/?lang=en")
    strong, figure, ground, ink = driver.execute_script(
        "const fill = s => getComputedStyle(document.querySelector(s)).fill;"
        "const page = getComputedStyle(document.body);"
        "return [fill('.heat .h5'), fill('.heat .on5'), page.backgroundColor, page.color]"
    )
    assert strong != figure
    assert ground != ink
    media(driver)
