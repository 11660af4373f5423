"""What surrounds every request: headers, one shape of errors, the leased release."""

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response

from qcp_graph.server.app import create_app
from qcp_graph.server.live import Live, Release
from qcp_graph.server.releases import current
from qcp_graph.server.seam import Problem, release_of
from qcp_graph.settings import Settings
from tests.server.conftest import BASE, QUALIFICATION, PlainPages, publish, served

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    "path", ["/", QUALIFICATION, "/none", "/sparql", "/health", "/static/x", "/broken"]
)
def test_security_headers_are_on_every_answer(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "//" not in policy  # no third party
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/none", 404, "QCP-WEB-NOTFOUND"),
        ("/broken", 500, "QCP-WEB-INTERNAL"),
        ("/number?n=many", 400, "QCP-WEB-PARAMETER"),
        ("/number", 400, "QCP-WEB-PARAMETER"),
        ("/docs", 404, "QCP-WEB-NOTFOUND"),
    ],
)
def test_errors_have_one_shape(client: httpx.Client, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"].endswith("#" + code)
    assert problem["instance"] == path.partition("?")[0]
    page = client.get(path, headers=BROWSER)
    assert page.status_code == status
    assert code in page.text
    for text in (answer.text, page.text):
        assert "secret" not in text
        assert "Traceback" not in text
        assert str(Path(__file__).parent.parent.parent) not in text


def test_every_code_is_documented(repository: Path) -> None:
    text = "".join(p.read_text() for p in (repository / "docs" / "errors").glob("*.md"))
    server = repository / "qcp_graph" / "server"
    files = [*server.glob("*.py"), *(server / "sparql").glob("*.py")]
    source = "".join(path.read_text() for path in files)
    used = set(re.findall(r"QCP-(?:WEB|QRY)-[A-Z]+", source))
    documented = set(re.findall(r"^## (QCP-(?:WEB|QRY)-[A-Z]+)$", text, re.MULTILINE))
    assert used <= documented


def test_head_of_a_page(client: httpx.Client) -> None:
    answer = client.head("/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(client.get("/").content))
    assert client.get("/health").status_code == 200  # the connection is still in step


def test_a_large_body_is_refused_before_it_is_read(client: httpx.Client) -> None:
    where = (client.base_url.host, client.base_url.port or 80)
    with socket.create_connection(where, timeout=5) as connection:
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_an_error_page_that_fails_still_answers(settings: Settings) -> None:
    class Broken(PlainPages):
        def render_problem(self, request: Request, live: Live, problem: Problem) -> Response:  # type: ignore[override]
            raise KeyError("template")

    with served(create_app(settings, Broken())) as client:
        answer = client.get("/none", headers=BROWSER)
    assert answer.status_code == 404
    assert "<!doctype html>" in answer.text


def test_an_error_page_may_read_the_release(settings: Settings) -> None:
    class Curious(PlainPages):
        def render_problem(self, request: Request, live: Live, problem: Problem) -> Response:  # type: ignore[override]
            return Response(f"{problem.code} {release_of(request).id}")

    with served(create_app(settings, Curious())) as client:
        assert client.get("/none", headers=BROWSER).text == "QCP-WEB-NOTFOUND r1"


# --- the live release ---------------------------------------------------------------------------


def test_before_the_first_release(tmp_path: Path) -> None:
    settings = Settings(base_iri=BASE, home=tmp_path)
    with served(create_app(settings, PlainPages())) as client:
        answer = client.get("/")
        assert (answer.status_code, answer.json()["code"]) == (503, "QCP-WEB-EMPTY")
        assert "qcp build" in answer.json()["remedy"]
        assert "retry-after" in answer.headers
        assert client.get("/health").json() == {"status": "empty", "release": None}
        assert client.get("/robots.txt").status_code == 200
        publish(tmp_path, "r1")
        assert client.get("/").status_code == 200


def test_a_switch_is_noticed_and_tags_change(tmp_path: Path) -> None:
    publish(tmp_path, "r1")
    settings = Settings(base_iri=BASE, home=tmp_path)
    with served(create_app(settings, PlainPages())) as client:
        before = client.get(QUALIFICATION + ".ttl").headers["etag"]
        publish(tmp_path, "r2")
        time.sleep(1.1)
        answer = client.get(QUALIFICATION + ".ttl", headers={"If-None-Match": before})
        assert answer.status_code == 200
        assert client.get("/health").json()["release"] == "r2"


@pytest.mark.parametrize("damage", ["pointer", "store", "manifest", "nothing there"])
def test_a_damaged_release_leaves_the_old_one(tmp_path: Path, damage: str) -> None:
    publish(tmp_path, "r1")
    settings = Settings(base_iri=BASE, home=tmp_path)
    with served(create_app(settings, PlainPages())) as client:
        assert client.get("/").status_code == 200
        break_release(tmp_path, damage)
        time.sleep(1.1)
        assert client.get("/health").json()["release"] == "r1"
    with served(create_app(settings, PlainPages())) as client:  # started on the damaged one
        answer = client.get("/")
        assert (answer.status_code, answer.json()["code"]) == (503, "QCP-WEB-RELEASE")
        assert str(tmp_path) not in answer.text


def break_release(home: Path, damage: str) -> None:
    text = {"pointer": "../../etc", "nothing there": "r7"}.get(damage)
    if text is None:
        publish(home, "r2")
        path = home / "releases" / "r2"
        if damage == "manifest":
            (path / "manifest.json").write_text("[]")
        else:
            (path / "store" / "CURRENT").unlink()
        text = "r2"
    pointer = home / "releases" / "CURRENT.new"
    pointer.write_text(text)
    pointer.replace(home / "releases" / "CURRENT")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[Live, Clock]]:
    publish(tmp_path, "r1")
    clock = Clock()
    made = Live(Settings(home=tmp_path), clock)
    made.refresh()
    yield made, clock
    made.close()


def test_a_leased_release_stays_open_until_it_is_given_back(live: tuple[Live, Clock]) -> None:
    made, clock = live
    closed: list[str] = []

    class Index:
        def close(self) -> None:
            closed.append("index")

    with made.lease() as old:
        assert old is not None
        assert old.resource("index", lambda _: Index()) is old.resource("index", lambda _: Index())
        publish(made.settings.home, "r2")
        clock.now = 2.0
        assert made.due()
        made.refresh()
        with made.lease() as new:
            assert new is not None
            assert new.id == "r2"
        assert len(list(old.store.named_graphs())) == 4
        assert not closed
    assert closed == ["index"]
    with pytest.raises(RuntimeError):
        _ = old.store


def test_the_pointer_is_looked_at_once_a_second(live: tuple[Live, Clock]) -> None:
    made, clock = live
    assert not made.due()
    clock.now = 0.9
    assert not made.due()
    clock.now = 1.0
    assert made.due()


def test_an_unused_release_is_closed_at_once(tmp_path: Path) -> None:
    publish(tmp_path, "r1")
    place = current(tmp_path)
    assert place is not None
    release = Release(place)
    release.close()
    with pytest.raises(RuntimeError):
        _ = release.store


# --- below a path -------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/registers"])  # the proxy removes its path, or not
def test_below_a_path(settings: Settings, prefix: str) -> None:
    below = settings.model_copy(update={"root_path": "/registers"})
    with served(create_app(below, PlainPages())) as client:
        answer = client.get(prefix + QUALIFICATION + ".ttl")
        assert answer.status_code == 200
        assert answer.headers["content-location"] == "/registers" + QUALIFICATION + ".ttl"
        assert f"</registers{QUALIFICATION}.html>" in answer.headers["link"]
        assert client.get(prefix + "/health").status_code == 200
        assert client.get(prefix + "/dumps/xx-demo.nq.gz").status_code == 200


def test_openapi_is_offered(client: httpx.Client, app: FastAPI) -> None:
    assert client.get("/openapi.json").json()["info"]["title"] == app.title
