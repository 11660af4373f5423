"""ESCO's web service, played by a server on this machine."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from qcp_graph.errors import DataError, QcpError
from qcp_graph.linking import esco
from qcp_graph.linking.esco.fetching import fetch_files
from qcp_graph.transfer.limits import Limits

LIMITS = Limits(private_networks=True, backoff=0.001, timeout=2.0, retries=1, max_wait=0.1)
SKILL = "http://data.europa.eu/esco/skill/"
Answer = Callable[[str], object]


def concept(name: str) -> dict[str, object]:
    return {
        "className": "Skill", "uri": SKILL + name,
        "preferredLabel": {"fr": f"souder {name}"}, "alternativeLabel": {"fr": ["braser", name]},
        "description": {"fr": {"literal": "Joindre.", "mimetype": "plain/text"}},
        "_links": {
            "hasSkillType": [{"uri": "http://data.europa.eu/esco/skill-type/skill"}],
            "hasReuseLevel": [{"uri": "http://data.europa.eu/esco/skill-reuse-level/transversal"}],
            "broaderHierarchyConcept": [{"uri": SKILL + "S1"}],
        },
    }  # fmt: skip


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """Start a server that answers each request by a function of its path."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = answer(self.path)
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_all_pages_become_a_version(serve: Callable[[Answer], str], tmp_path: Path) -> None:
    asked: list[dict[str, list[str]]] = []

    def answer(path: str) -> object:
        query = parse_qs(urlsplit(path).query)
        asked.append(query)
        if "/occupation" in path:
            return {"total": 0, "_embedded": {}, "_links": {}}
        if query["offset"] == ["0"]:
            following = path.replace("offset=0", "offset=1")
            return {"_embedded": {"a": concept("a")}, "_links": {"next": {"href": following}}}
        return {"_embedded": {"b": concept("b")}, "_links": {}}

    fetch_files("1.1.1", "fr", tmp_path, LIMITS, serve(answer))
    assert {one["selectedVersion"][0] for one in asked} == {"v1.1.1"}
    assert {one["language"][0] for one in asked} == {"fr"}
    home = tmp_path / "home"
    files = esco.files([tmp_path])
    (done,) = esco.import_files(files, home / "esco", "1.1.1", lambda _name, _rows: None)
    assert done.left_out == 0
    with esco.open_version(home, "1.1.1") as catalogue:
        assert catalogue.preferred(SKILL + "b", "fr") == "souder b"
        assert {x.value for x in catalogue.labels("skill", "fr")} == {
            "souder a", "souder b", "braser", "a", "b",
        }  # fmt: skip
        assert catalogue.above(SKILL + "a") == {SKILL + "S1"}
        assert [x.reuse_level for x in catalogue.concepts("skill")] == ["transversal"] * 2


@pytest.mark.parametrize(
    "answer",
    [
        lambda path: b"<html>",
        lambda path: [],
        lambda path: {"_embedded": [1]},
        lambda path: {"_embedded": {}, "_links": {"next": {"href": path}}},
        lambda path: {"_embedded": {}, "_links": {"next": {"href": "http://169.254.169.254/x"}}},
        lambda path: {"_embedded": {}, "_links": {"next": {"href": "file:///etc/passwd"}}},
    ],
)
def test_anything_else_is_refused(
    serve: Callable[[Answer], str], tmp_path: Path, answer: Answer
) -> None:
    with pytest.raises(QcpError) as caught:
        fetch_files("1.1.1", "fr", tmp_path, LIMITS, serve(answer))
    assert caught.value.code.startswith("QCP-")


def test_private_networks_are_not_asked(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        fetch_files("1.1.1", "fr", tmp_path, Limits(retries=0), "http://127.0.0.1:9")
