"""Pages travel compressed, to whoever takes it, and nothing else about the answer changes."""

import asyncio
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from qcp_graph.server.app import create_app
from qcp_graph.server.compressed import SMALLEST, Compressed
from qcp_graph.settings import Settings
from tests.server.conftest import served
from tests.server.pages import release

PLAIN = {"Accept-Encoding": "identity", "Accept": "text/html"}
ZIPPED = {"Accept-Encoding": "gzip, br", "Accept": "text/html"}
LIMIT = 50_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("compressed-home")
    release.publish(home, "r1", release.RDF, release.many(45))
    with served(create_app(Settings(base_iri=release.BASE, home=home))) as client:
        yield client


def raw(client: httpx.Client, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    with client.stream("GET", path, headers=headers) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize("path", ["/", "/qualifications", "/static/site.css", "/openapi.json"])
def test_the_same_content_in_fewer_bytes(site: httpx.Client, path: str) -> None:
    plain, whole = raw(site, path, **PLAIN)
    for _ in range(2):  # the second one is kept in memory
        zipped, body = raw(site, path, **ZIPPED)
        assert zipped.headers["content-encoding"] == "gzip"
        assert int(zipped.headers["content-length"]) == len(body) < len(whole) / 2
        assert gzip.decompress(body) == whole
        assert "Accept-Encoding" in zipped.headers["vary"]
        assert "Accept-Encoding" in plain.headers["vary"]
        assert "content-encoding" not in plain.headers


def test_a_compressed_page_has_a_weak_tag_that_is_recognised(site: httpx.Client) -> None:
    plain, _ = raw(site, release.RICH, **PLAIN)
    for _ in range(2):
        zipped, _ = raw(site, release.RICH, **ZIPPED)
        tag = zipped.headers["etag"]
        assert tag == f"W/{plain.headers['etag']}"
        same, body = raw(site, release.RICH, **ZIPPED, **{"If-None-Match": tag})
        assert (same.status_code, body, same.headers["etag"]) == (304, b"", tag)
        other, body = raw(site, release.RICH, **PLAIN, **{"If-None-Match": '"x"'})
        assert (other.status_code, other.headers["etag"]) == (200, plain.headers["etag"])


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples"])
def test_data_stay_as_they_are(site: httpx.Client, accept: str) -> None:
    answer, _ = raw(site, release.RICH, **ZIPPED | {"Accept": accept})
    assert "content-encoding" not in answer.headers
    assert not answer.headers["etag"].startswith("W/")


@pytest.mark.parametrize("asked", ["gzip;q=0", "br", "identity", ""])
def test_who_takes_no_gzip_gets_none(site: httpx.Client, asked: str) -> None:
    answer, body = raw(site, "/", **PLAIN | {"Accept-Encoding": asked})
    assert "content-encoding" not in answer.headers
    assert body.startswith(b"<!doctype html>")


def test_a_range_is_one_of_the_plain_bytes(site: httpx.Client) -> None:
    answer, body = raw(site, "/static/site.css", **ZIPPED, Range="bytes=0-9")
    assert (answer.status_code, len(body)) == (206, 10)
    assert "content-encoding" not in answer.headers


def test_no_page_with_its_style_is_heavier_than_the_limit(site: httpx.Client) -> None:
    _, style = raw(site, "/static/site.css", **ZIPPED)
    _, icon = raw(site, "/static/icon.svg", **ZIPPED)
    for path in ("/", "/qualifications", release.RICH, "/frameworks", "/registers", "/about"):
        _, page = raw(site, path, **ZIPPED)
        assert len(page) + len(style) + len(icon) < LIMIT, path


def answered(pieces: list[bytes], headers: list[tuple[bytes, bytes]]) -> list[Message]:
    """Return what is sent of an answer in pieces."""
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, piece in enumerate(pieces, 1):
            more = number < len(pieces)
            await send({"type": "http.response.body", "body": piece, "more_body": more})

    async def collect(message: Message) -> None:
        sent.append(message)

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(Compressed(app)(scope, nothing, collect))
    return sent


def test_a_stream_is_passed_on_piece_by_piece() -> None:
    pieces = [b"<p>one</p>" * 200, b"<p>two</p>" * 200]
    length = str(sum(map(len, pieces))).encode()
    start, *bodies = answered(
        pieces, [(b"content-type", b"text/html"), (b"content-length", length)]
    )
    assert b"content-length" not in dict(start["headers"])
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert [reader.decompress(body["body"]) for body in bodies] == pieces
    assert reader.eof


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-type", b"application/zip")],
        [(b"content-type", b"text/html"), (b"content-encoding", b"br")],
        [(b"content-type", b"text/html"), (b"content-length", str(SMALLEST - 1).encode())],
    ],
)
def test_what_is_small_or_compressed_already_passes(headers: list[tuple[bytes, bytes]]) -> None:
    piece = b"x" * (SMALLEST - 1)
    assert answered([piece], list(headers))[1]["body"] == piece


def test_the_folder_of_built_files_is_served_compressed(site: httpx.Client) -> None:
    script = Path("web/static/built/workbench.js")
    if not script.is_file():
        pytest.skip("the script of the query page is not built")
    _, body = raw(site, "/static/built/workbench.js", **ZIPPED)
    assert gzip.decompress(body) == script.read_bytes()


@pytest.mark.parametrize("asked", ["gzip", "identity"])
def test_head_tells_what_get_would(site: httpx.Client, asked: str) -> None:
    """Whether the answer is kept already or not."""
    headers = {"Accept-Encoding": asked, "Accept": "text/html"}
    for path in ("/downloads", release.RICH):
        first = site.head(path, headers=headers).headers
        whole = site.get(path, headers=headers).headers
        kept = site.head(path, headers=headers).headers
        for name in ("etag", "content-encoding", "content-type", "vary"):
            assert first.get(name) == whole.get(name) == kept.get(name), name
        assert first.get("content-length") in {None, whole["content-length"]}
