"""A release without its search index, and a site under a path."""

from pathlib import Path

from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.server.conftest import served
from tests.server.pages import release
from tests.server.pages.html import Page, problems

HTML = {"Accept": "text/html"}


def test_a_missing_index_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    folder = release.publish(tmp_path, "r1", release.RDF)
    (folder / "search.sqlite").unlink()
    app = create_app(Settings(base_iri=release.BASE, home=tmp_path))
    with served(app) as client:
        client.headers.update(HTML)
        answer = client.get("/")
        assert answer.status_code == 503
        assert "QCP-WEB-INDEX" in answer.text
        assert str(tmp_path) not in answer.text


def test_before_the_first_release_there_is_a_page(tmp_path: Path) -> None:
    app = create_app(Settings(base_iri=release.BASE, home=tmp_path))
    with served(app) as client:
        client.headers.update(HTML)
        answer = client.get("/")
        assert answer.status_code == 503
        assert problems(Page(answer.text)) == []


def test_below_a_path_all_links_stay_below_it(tmp_path: Path) -> None:
    release.publish(tmp_path, "r1", release.RDF)
    settings = Settings(base_iri=release.BASE, home=tmp_path, root_path="/site")
    with served(create_app(settings)) as client:
        client.headers.update(HTML)
        for path in ("/site/", "/site/qualifications", "/site" + release.RICH):
            page = Page(client.get(path).text)
            local = [a.attributes["href"] for a in page.all("a", "link")]
            assert all(href.startswith(("/site/", "http", "#")) for href in local), path


def test_a_workspace_overrides_a_template_and_adds_a_language(tmp_path: Path) -> None:
    release.publish(tmp_path / "home", "r1", release.RDF)
    web = tmp_path / "own" / "web"
    (web / "templates").mkdir(parents=True)
    (web / "templates" / "about.html").write_text("<h1>{{ _('About this site') }}</h1>")
    catalogue = web / "translations" / "sw" / "LC_MESSAGES" / "messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "About this site"\nmsgstr "Kuhusu tovuti hii"\n'
    )
    settings = Settings(base_iri=release.BASE, home=tmp_path / "home", workspace=tmp_path / "own")
    with served(create_app(settings)) as client:
        client.headers.update(HTML)
        assert client.get("/about?lang=sw").text == "<h1>Kuhusu tovuti hii</h1>"
        assert "Kiswahili" in client.get("/?lang=sw").text
