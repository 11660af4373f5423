"""Every example of the help page for programs works as it stands there."""

import contextlib
import io
import shlex

import httpx
import pytest

from qcp_graph.server.pages.examples import _COUNT
from tests.server.pages import release
from tests.server.pages.html import Page, problems


def _commands(page: Page) -> list[list[str]]:
    found = [code.text for code in page.all("code") if code.text.startswith("curl ")]
    return [shlex.split(command) for command in found]


def test_every_command_is_answered_in_the_form_it_asks_for(browser: httpx.Client) -> None:
    answer = browser.get("/help/data")
    assert answer.status_code == 200
    page = Page(answer.text)
    assert problems(page) == []
    commands = _commands(page)
    assert len(commands) >= 12
    for words in commands:
        *options, asked = words[1:]
        accept = options[options.index("-H") + 1].partition(": ")[2] if "-H" in options else "*/*"
        assert asked.startswith(release.BASE), asked
        path = "/" + asked.removeprefix(release.BASE)
        found = browser.get(path, headers={"Accept": accept})
        assert found.status_code == 200, (path, found.text[:300])
        kind = found.headers["content-type"].partition(";")[0]
        assert kind == accept or accept == "*/*", (path, kind)
        assert found.content


@pytest.mark.parametrize("language", ["ar", "de", "es", "fi", "fr", "pt"])
def test_it_speaks_every_language(browser: httpx.Client, language: str) -> None:
    page = Page(browser.get("/help/data", params={"lang": language}).text)
    assert problems(page) == []
    assert "Use the data" not in page.words


def test_the_links_are_the_addresses_of_the_commands(browser: httpx.Client) -> None:
    page = Page(browser.get("/help/data").text)
    links = {a.attributes["href"] for a in page.all("a")}
    assert {"/" + words[-1].removeprefix(release.BASE) for words in _commands(page)} <= links


def test_the_python_example_runs(browser: httpx.Client) -> None:
    page = Page(browser.get("/help/data").text)
    (program,) = [code.text for code in page.all("code") if code.text.startswith("import json")]
    here = str(browser.base_url).rstrip("/") + "/"
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(compile(program.replace(release.BASE, here), "example", "exec"), {})
    lines = told.getvalue().splitlines()
    assert "http://data.europa.eu/snb/eqf/4 7" in lines, lines
    assert _COUNT in program
