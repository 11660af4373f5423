"""Dumps with length, checksum and ranges; manifest, health, robots."""

import base64
from hashlib import sha256

import httpx
import pytest

NAME = "/dumps/xx-demo.nq.gz"
CONTENT = bytes(range(256)) * 8


def test_whole_dump(client: httpx.Client) -> None:
    answer = client.get(NAME)
    assert answer.content == CONTENT
    digest = base64.b64encode(sha256(CONTENT).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert answer.headers["content-length"] == "2048"
    assert answer.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in answer.headers  # the client gets the file as it is


def test_head(client: httpx.Client) -> None:
    answer = client.head(NAME)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "2048"


def test_range(client: httpx.Client) -> None:
    answer = client.get(NAME, headers={"Range": "bytes=10-19"})
    assert answer.status_code == 206
    assert answer.content == CONTENT[10:20]
    assert client.get(NAME, headers={"Range": "bytes=9999-"}).status_code == 416


def test_resumed_range_of_another_release_is_sent_whole(client: httpx.Client) -> None:
    headers = {"Range": "bytes=10-19", "If-Range": '"another"'}
    assert client.get(NAME, headers=headers).content == CONTENT


def test_unchanged_dump_is_not_sent_again(client: httpx.Client) -> None:
    tag = client.get(NAME).headers["etag"]
    assert client.get(NAME, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/..%2Fmanifest.json",
        "/dumps/%2e%2e/manifest.json",
        "/dumps/%2Fetc%2Fpasswd",
        "/dumps/xx-demo.nq.gz%00",
        "/dumps/none.nq.gz",
        "/static/..%2F..%2Fpyproject.toml",
    ],
)
def test_no_way_out_of_the_folder(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"registers" not in answer.content


def test_listing(client: httpx.Client) -> None:
    [entry] = client.get("/dumps/").json()["dumps"]
    assert entry["sha256"] == sha256(CONTENT).hexdigest()
    assert client.get("/dumps/" + entry["href"]).content == CONTENT
    page = client.get("/dumps/", headers={"Accept": "text/html"})
    assert page.text == "xx-demo.nq.gz"


def test_release_files(client: httpx.Client) -> None:
    assert client.get("/manifest.json").json()["id"] == "r1"
    assert client.get("/health").json() == {"status": "ok", "release": "r1"}
    assert "Disallow: /sparql" in client.get("/robots.txt").text
