"""Texts of registers within pages of another language: which one is shown, and marked as what."""

from html.parser import HTMLParser

import httpx
import pytest

from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.names import pick
from tests.server.pages import release
from tests.server.pages.html import VOID

TITLES = (Text("Vocational", "en"), Text("Leipuri", "fi"), Text("Grundexamen", "sv"))
SHOWN = {
    "Vocational qualification in baking": "en",
    "Leipurialan perustutkinto": "fi",
    "Grundexamen inom bageribranschen": "sv",
    "Bakers work in bakeries and shops.": "en",
    "Perusopetuksen oppimäärä": "fi",
    "bakes bread": "en",
    "leipoo": "fi",
    "keeps the bakery clean": "en",
    "myy tuotteita": "fi",
    "Baking College": "en",
    "Leipomo-opisto": "fi",
    "Pâtissier": "fr",
    "Ministère": "fr",
    "Registre d'exemple": "fr",
}
"""Texts of the release and the language that their register gives them."""


class Marked(HTMLParser):
    """Each text of a page with the language and direction that a browser takes it for."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, str, str]] = []
        self.texts: list[tuple[str, str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        _, language, direction = self._open[-1] if self._open else ("", "", "")
        language, direction = given.get("lang") or language, given.get("dir") or direction
        if tag not in VOID:
            self._open.append((tag, language, direction))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = {tag for tag, _, _ in self._open}
        # A picture is one image with a description for those who cannot see it.
        if data.strip() and not inside & {"title", "script", "svg"}:
            self.texts.append((data.strip(), *self._open[-1][1:]))


@pytest.mark.parametrize("language", ["en", "fr", "fi", "ar", "de"])
@pytest.mark.parametrize("path", [release.RICH, release.POOR, "/organisations", "/qualifications"])
def test_each_text_stands_in_its_own_language(
    browser: httpx.Client, path: str, language: str
) -> None:
    found = Marked(browser.get(path, params={"lang": language}).text).texts
    known = [(text, tag, way) for text, tag, way in found if text in SHOWN]
    assert known
    for text, tag, direction in known:
        assert tag == SHOWN[text], text
        if tag != language:
            assert direction == "auto", f"{text} would run with the page"


@pytest.mark.parametrize(
    ("path", "language", "title"),
    [
        (release.RICH, "fi", "Leipurialan perustutkinto"),
        (release.RICH, "fr", "Vocational qualification in baking"),
        (release.RICH, "ar", "Vocational qualification in baking"),
        (release.POOR, "ar", "Pâtissier"),
        (release.POOR, "en", "Pâtissier"),
    ],
)
def test_the_reader_s_language_then_english_then_what_there_is(
    browser: httpx.Client, path: str, language: str, title: str
) -> None:
    page = browser.get(path, params={"lang": language}).text
    heading = Marked(page[page.index("<h1") : page.index("</h1>")]).texts
    assert [text for text, _, _ in heading] == [title]


def test_regions_of_a_language_are_that_language() -> None:
    assert pick((Text("Padeiro", "pt-BR"), Text("Baker", "en")), "pt").text == "Padeiro"
    assert pick(TITLES, "sv").text == "Grundexamen"
    assert pick(TITLES, "de").text == "Vocational"
    assert pick(TITLES[1:], "de").text == "Leipuri"
