"""The style sheet: contrast in both colour schemes, and nothing from elsewhere."""

import re
from pathlib import Path

import httpx
import pytest

CSS = (Path(__file__).resolve().parents[3] / "web" / "static" / "site.css").read_text("utf-8")
PAIRS = (
    *(("ink", "ground"), ("ink", "paper"), ("ink", "soft"), ("quiet", "ground")),
    *(("quiet", "paper"), ("quiet", "soft"), ("accent", "ground"), ("accent", "paper")),
    *(("accent", "soft"), ("accent-ink", "accent"), ("deep-ink", "deep"), ("sun-ink", "sun")),
    *(("good", "good-ground"), ("past", "past-ground"), ("warn", "warn-ground")),
)


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


LIGHT = colours(CSS[: CSS.index("@media")])
DARK = LIGHT | colours(CSS[CSS.index("prefers-color-scheme: dark") : CSS.index("*, *::before")])


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast(scheme: dict[str, str], text: str, ground: str) -> None:
    low, high = sorted((luminance(scheme[text]), luminance(scheme[ground])))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert "@import" not in CSS
    assert "url(" not in CSS


def test_colours_are_named_once() -> None:
    rules = CSS[CSS.index("*, *::before") : CSS.index("@media print")]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", rules)


def test_a_versioned_style_sheet_is_cached_for_long(browser: httpx.Client) -> None:
    page = browser.get("/").text
    address = re.search(r'href="(/static/site\.css\?v=[0-9a-f]+)"', page)
    assert address is not None
    assert "immutable" in browser.get(address.group(1)).headers["cache-control"]
    assert "immutable" not in browser.get("/static/site.css").headers["cache-control"]


def test_base_styles_lie_in_a_layer_and_come_before_ours(browser: httpx.Client) -> None:
    built = Path(__file__).resolve().parents[3] / "web" / "static" / "built" / "base.css"
    page = browser.get("/").text
    if not built.is_file():
        assert "base.css" not in page
        return
    assert page.index("/static/built/base.css?v=") < page.index("/static/site.css?v=")
    assert built.read_text("utf-8").startswith("@layer base{")
    assert "modern-normalize" in built.with_name("workbench.licences.txt").read_text("utf-8")


def test_paper_is_never_dark_and_no_side_is_left_or_right() -> None:
    assert "@media screen and (prefers-color-scheme: dark)" in CSS
    sided = r"(?:margin|padding|border|text-align:|float:|[;{])[ -]?(?:left|right)\b"
    assert not re.findall(sided, CSS)
