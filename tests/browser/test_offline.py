"""An offline bundle in headless Chromium, from the file system: search, links, no network."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from qcp_graph.pipeline.progress import Silent
from qcp_graph.server import offline
from qcp_graph.server.offline import names, words
from qcp_graph.settings import Settings
from tests.browser import chromium
from tests.browser.test_for_everyone import AXE, media, violations
from tests.server.pages import release

pytestmark = pytest.mark.browser
BAKING = "Vocational qualification in baking"
TEXTS = (
    *("Pâtissière ŒUVRE Łódź Straße İstanbul ΣΟΦΟΣ", "المُؤهِّلات المهنيّة ٣ أُسُس", "603/1234/5 x² ﬁn"),
    *(
        "Élève-ingénieur d'État",
        "Đà Nẵng — ½ día",
        "आधार योग्यता",
        "日本語 テスト",
        "a_b __proto__ C++",
    ),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offline-home")
    release.publish(folder, "r1", release.RDF, release.many(230))
    return folder


def write(home: Path, target: Path, country: str, language: str = "en") -> str:
    settings = Settings(base_iri=release.BASE, home=home)
    offline.run(settings, offline.Order(country, target, language=language), Silent())
    return (target / "index.html").as_uri()


@pytest.fixture(scope="module")
def finland(home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write(home, tmp_path_factory.mktemp("bundle") / "finland", "FIN")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    driver = chromium.start(tmp_path_factory.mktemp("chromium"), network=True)
    yield driver
    driver.quit()


@pytest.fixture
def driver(browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """A browser that said nothing and asked nobody during the test."""
    browser.get_log("browser")
    browser.get_log("performance")
    yield browser
    assert browser.get_log("browser") == []
    asked = {
        event["message"]["params"]["request"]["url"]
        for entry in browser.get_log("performance")
        if (event := json.loads(entry["message"]))["message"]["method"]
        == "Network.requestWillBeSent"
    }
    assert asked
    assert [url for url in asked if not url.startswith("file:///")] == []


def search(driver: webdriver.Chrome, text: str) -> list[str]:
    """Type a text and return the titles found, when the count says that it is done."""
    box = driver.find_element(By.ID, "q")
    box.clear()
    driver.execute_script("document.getElementById('found-count').textContent = ''")
    box.send_keys(text)
    WebDriverWait(driver, chromium.PATIENCE).until(
        lambda d: (said := d.find_element(By.ID, "found-count").text) and "…" not in said
    )
    WebDriverWait(driver, chromium.PATIENCE).until(lambda d: _drawn(d))
    return [head.text for head in driver.find_elements(By.CSS_SELECTOR, "#found h3")]


def _drawn(driver: webdriver.Chrome) -> bool:
    said = driver.find_element(By.ID, "found-count").text
    return ":" not in said or bool(driver.find_elements(By.CSS_SELECTOR, "#found h3"))


@pytest.mark.parametrize(
    "text",
    ["baking", "BAK", "Leipurialan", "leipurialan perus", "grundexamen bageri", "demo-100",
     "DEMO 100", "demo100"],
)  # fmt: skip
def test_a_qualification_is_found_and_opened(
    driver: webdriver.Chrome, finland: str, text: str
) -> None:
    driver.get(finland)
    assert search(driver, text)[0] == BAKING
    chromium.follow(driver, BAKING)
    assert driver.find_element(By.TAG_NAME, "h1").text == BAKING
    assert "bakes bread" in driver.find_element(By.TAG_NAME, "main").text


def test_with_and_without_accents(
    driver: webdriver.Chrome, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    driver.get(write(home, tmp_path_factory.mktemp("bundle") / "france", "FRA"))
    for text in ("Pâtissier", "patissier", "PATISS"):
        assert search(driver, text) == ["Pâtissier"]
    assert not driver.find_element(By.ID, "more").is_displayed()
    assert search(driver, "boulanger qui") == []
    assert "matches" in driver.find_element(By.ID, "found-count").text
    # What is hostile in the data is a text here, too.
    assert search(driver, "alert") == ["<script>alert('x')</script> {{ 7*7 }} {% raw %}"]


def test_more_and_an_address_that_keeps_the_search(driver: webdriver.Chrome, finland: str) -> None:
    driver.get(finland)
    assert len(search(driver, "course")) == 20
    assert driver.find_element(By.ID, "found-count").text.endswith("230")
    more = driver.find_element(By.ID, "more")
    assert more.is_displayed()
    more.click()
    WebDriverWait(driver, chromium.PATIENCE).until(
        lambda d: len(d.find_elements(By.CSS_SELECTOR, "#found h3")) == 40
    )
    address = driver.current_url
    assert address.endswith("#q=course")
    driver.get("about:blank")
    driver.get(address)
    WebDriverWait(driver, chromium.PATIENCE).until(
        lambda d: d.find_element(By.ID, "found-count").text.endswith("230")
    )
    driver.get_log("performance")
    driver.get(finland)  # one request to the file system for the check of the fixture


def test_words_are_folded_as_the_index_has_them(driver: webdriver.Chrome, finland: str) -> None:
    driver.get(finland)
    for text in TEXTS:
        found = driver.execute_script("return qcpOffline.words(arguments[0])", text)
        assert found == words.words(text), text


def test_right_to_left(
    driver: webdriver.Chrome, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    driver.set_window_size(1280, 900)
    driver.get(write(home, tmp_path_factory.mktemp("bundle") / "arabic", "FIN", "ar"))
    assert driver.find_element(By.TAG_NAME, "html").get_attribute("dir") == "rtl"
    brand = driver.find_element(By.CLASS_NAME, "brand")
    assert brand.rect["x"] > 640
    assert search(driver, "baking")[0] == BAKING


def test_at_320_pixels_nothing_sticks_out(driver: webdriver.Chrome, finland: str) -> None:
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": False},
    )
    try:
        for name in ("index.html", "lists.html", "organisations.html", "skills.html"):
            driver.get(finland.replace("index.html", name))
            wide = driver.execute_script("return document.documentElement.scrollWidth")
            assert wide <= 320, name
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_without_javascript_the_lists_lead_to_a_qualification(
    driver: webdriver.Chrome, finland: str
) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get(finland)
        assert not driver.find_element(By.ID, "q").is_displayed()
        assert "the lists do not" in driver.find_element(By.TAG_NAME, "main").text
        chromium.follow(driver, "By level, field and type")
        chromium.follow(driver, "FiNQF 4")
        chromium.follow(driver, BAKING)
        chromium.follow(driver, "bake bread")
        assert BAKING in driver.find_element(By.TAG_NAME, "main").text
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


# The plain browser: axe itself asks for files, which the pages forbid.
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_no_violation(
    browser: webdriver.Chrome, home: Path, tmp_path: Path, language: str
) -> None:
    if not AXE.is_file():
        pytest.skip("axe was not fetched when the project was installed: npm was out of reach")
    axe = AXE.read_text(encoding="utf-8")
    first = write(home, tmp_path / "bundle", "FIN", language)
    shown = [tmp_path / "bundle" / name for name in ("lists.html", "organisations.html")]
    shown.append(tmp_path / "bundle" / _qualification(release.RICH))
    shown += [next((tmp_path / "bundle").glob(f"{kind}/*/*.html")) for kind in ("list", "skill")]
    for scheme in ("light", "dark"):
        media(browser, **{"prefers-color-scheme": scheme})
        browser.get(first)
        search(browser, "baking")
        assert violations(browser, axe) == [], ("index.html", scheme)
        for path in shown:
            browser.get(path.as_uri())
            assert violations(browser, axe) == [], (path.name, scheme)


def _qualification(path: str) -> str:
    return names.file_of("qualification", release.BASE.rstrip("/") + path)
