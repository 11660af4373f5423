"""Headless Chromium as the browser tests drive it."""

import shutil
from pathlib import Path

import pytest
from selenium import webdriver

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--force-prefers-reduced-motion",
)


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
    browser.set_page_load_timeout(30)
    return browser
