"""Headless Chromium as the browser tests drive it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--force-prefers-reduced-motion",
)
PATIENCE = 60
"""Seconds that a page may take on a machine that is busy with other tests."""


def start(profile: Path, network: bool = False) -> webdriver.Chrome:
    """Return a browser with a profile of its own; the test is skipped where there is none.

    ``network``: its log ``performance`` tells every request that pages make.
    """
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={profile}", "--lang=en"):
        options.add_argument(flag)
    told = {"browser": "ALL"} | ({"performance": "ALL"} if network else {})
    options.set_capability("goog:loggingPrefs", told)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    browser.set_page_load_timeout(PATIENCE)
    return browser


@contextmanager
def opens(driver: webdriver.Chrome) -> Iterator[None]:
    """Wait for the page that what is done here leads to.

    Keys and clicks return before the browser has left the page, so what is looked up next might
    still be found, or missed, on the old one.
    """
    left = driver.find_element(By.TAG_NAME, "html")
    yield
    wait = WebDriverWait(driver, PATIENCE, ignored_exceptions=[WebDriverException])
    wait.until(expected_conditions.staleness_of(left))
    wait.until(lambda page: page.execute_script("return document.readyState") == "complete")


def follow(driver: webdriver.Chrome, text: str) -> None:
    """Click the link of this text and wait for its page."""
    with opens(driver):
        driver.find_element(By.LINK_TEXT, text).click()
