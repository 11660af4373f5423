"""Downloads of official files, against a local server."""

import hashlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qcp_graph.errors import DataError, InternalError, UsageError
from qcp_graph.transfer.limits import Limits
from qcp_graph.vocabulary import addresses, lock
from qcp_graph.vocabulary.lock import VendorEntry
from qcp_graph.vocabulary.vendor import fetch_vendor

CONTENT = b"# official\n" * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
LIMITS = Limits(timeout=2, retries=2, backoff=0, private_networks=True)


class Handler(BaseHTTPRequestHandler):
    """Paths name the behaviour; ``requests`` records what was asked."""

    requests: list[tuple[str, str]]
    failures: int

    def do_GET(self) -> None:
        type(self).requests.append((self.path, self.headers.get("Accept", "")))
        getattr(self, "on_" + self.path.strip("/").replace("-", "_"))()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def on_file(self) -> None:
        self.answer(200, CONTENT)

    def on_flaky(self) -> None:
        if type(self).failures:
            type(self).failures -= 1
            self.answer(503)
        else:
            self.answer(200, CONTENT)

    def on_missing(self) -> None:
        self.answer(404)

    def on_short(self) -> None:
        self.answer(200, CONTENT[:100], Content_Length=str(len(CONTENT)))

    def on_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"0" * 65536)
        except OSError:
            return

    def on_hanging(self) -> None:
        type(self).stop.wait(5)

    def on_moved(self) -> None:
        self.answer(302, Location="/file")

    def on_loop(self) -> None:
        self.answer(302, Location="/loop")

    def on_to_file_scheme(self) -> None:
        self.answer(302, Location="file:///etc/passwd")

    stop = threading.Event()

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


@pytest.fixture
def server() -> Iterator[tuple[str, type[Handler]]]:
    handler = type("Own", (Handler,), {"requests": [], "failures": 0, "stop": threading.Event()})
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", handler
    handler.stop.set()
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def entry(url: str, sha256: str = DIGEST) -> VendorEntry:
    reason = "" if sha256 else "test"
    return VendorEntry(
        "a",
        "A file",
        url,
        "a.ttl",
        "1",
        "CC0",
        sha256=sha256,
        unpinned=reason,
        accept="text/turtle",
    )


def test_a_pinned_file_is_downloaded_once(
    server: tuple[str, type[Handler]], tmp_path: Path
) -> None:
    base, handler = server
    target = tmp_path / "vendor"
    seen: list[int] = []
    (first,) = fetch_vendor([entry(base + "/file")], target, LIMITS, lambda _, n: seen.append(n))
    assert (first.state, first.sha256, first.size) == ("fetched", DIGEST, len(CONTENT))
    assert first.path.read_bytes() == CONTENT
    assert seen[-1] == len(CONTENT)
    (second,) = fetch_vendor([entry(base + "/file")], target, LIMITS)
    assert second.state == "present"
    assert handler.requests == [("/file", "text/turtle")]
    assert [path.name for path in target.iterdir()] == ["a.ttl"]


def test_an_unpinned_file_reports_the_digest_to_pin(
    server: tuple[str, type[Handler]], tmp_path: Path
) -> None:
    (result,) = fetch_vendor([entry(server[0] + "/file", "")], tmp_path, LIMITS)
    assert result.sha256 == DIGEST


def test_a_file_that_differs_is_not_kept(server: tuple[str, type[Handler]], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="QCP-VOC-DIGEST") as caught:
        list(fetch_vendor([entry(server[0] + "/file", "0" * 64)], tmp_path, LIMITS))
    assert DIGEST in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_in_place_is_replaced(
    server: tuple[str, type[Handler]], tmp_path: Path
) -> None:
    (tmp_path / "a.ttl").write_text("damaged")
    (result,) = fetch_vendor([entry(server[0] + "/file")], tmp_path, LIMITS)
    assert result.state == "fetched"
    assert result.path.read_bytes() == CONTENT


def test_a_failed_download_keeps_the_older_file(
    server: tuple[str, type[Handler]], tmp_path: Path
) -> None:
    (tmp_path / "a.ttl").write_text("older")
    with pytest.raises(DataError, match="QCP-VOC-DOWNLOAD"):
        list(fetch_vendor([entry(server[0] + "/missing")], tmp_path, LIMITS))
    assert [path.read_text() for path in tmp_path.iterdir()] == ["older"]


def test_failures_that_may_pass_are_repeated(
    server: tuple[str, type[Handler]], tmp_path: Path
) -> None:
    base, handler = server
    handler.failures = 2
    (result,) = fetch_vendor([entry(base + "/flaky")], tmp_path, LIMITS)
    assert result.size == len(CONTENT)
    assert len(handler.requests) == 3


@pytest.mark.parametrize(
    ("path", "requests"), [("flaky", 3), ("missing", 1), ("short", 3), ("loop", 11)]
)
def test_failures_are_reported_and_leave_nothing(
    server: tuple[str, type[Handler]], tmp_path: Path, path: str, requests: int
) -> None:
    base, handler = server
    handler.failures = 99
    with pytest.raises(DataError, match="QCP-VOC-DOWNLOAD"):
        list(fetch_vendor([entry(f"{base}/{path}")], tmp_path, LIMITS))
    assert len(handler.requests) == requests
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_says_nothing_is_given_up(
    server: tuple[str, type[Handler]], tmp_path: Path
) -> None:
    limits = replace(LIMITS, timeout=0.2, retries=0)
    with pytest.raises(DataError, match="QCP-VOC-DOWNLOAD"):
        list(fetch_vendor([entry(server[0] + "/hanging")], tmp_path, limits))


def test_a_file_without_end_is_cut_off(server: tuple[str, type[Handler]], tmp_path: Path) -> None:
    limits = replace(LIMITS, max_bytes=200_000)
    with pytest.raises(DataError, match="QCP-VOC-SIZE"):
        list(fetch_vendor([entry(server[0] + "/endless", "")], tmp_path, limits))
    assert list(tmp_path.iterdir()) == []


def test_redirections_are_followed_and_checked(
    server: tuple[str, type[Handler]], tmp_path: Path
) -> None:
    base, _ = server
    (result,) = fetch_vendor([entry(base + "/moved")], tmp_path, LIMITS)
    assert result.size == len(CONTENT)
    with pytest.raises(DataError, match="QCP-VOC-ADDRESS"):
        list(fetch_vendor([entry(base + "/to-file-scheme")], tmp_path / "other", LIMITS))


def test_a_closed_port_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(DataError, match="QCP-VOC-DOWNLOAD") as caught:
        list(fetch_vendor([entry(f"http://127.0.0.1:{port}/")], tmp_path, LIMITS))
    assert caught.value.remedy


def test_a_folder_that_cannot_be_made_is_an_error(
    server: tuple[str, type[Handler]], tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InternalError, match="QCP-VOC-WRITE"):
        list(fetch_vendor([entry(server[0] + "/file")], tmp_path / "taken", LIMITS))


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")


@pytest.mark.usefixtures("no_proxy")
@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/a",
        "http://",
        "http://[::1",
        "http://user:secret@93.184.216.34/",
        "http://127.0.0.1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://localhost/",
    ],
)
def test_addresses_that_may_not_be_used(url: str) -> None:
    with pytest.raises(DataError) as caught:
        addresses.check(url)
    assert caught.value.code in {"QCP-VOC-ADDRESS", "QCP-VOC-DOWNLOAD"}


@pytest.mark.usefixtures("no_proxy")
def test_a_public_address_may_be_used() -> None:
    addresses.check("https://93.184.216.34/a")


ENTRY = """
[[entry]]
id = "a"
title = "A"
url = "https://example.org/a"
file = "a.ttl"
version = "1"
licence = "CC0"
unpinned = "changes daily"
"""


def test_entries_are_selected_by_name(tmp_path: Path) -> None:
    path = tmp_path / "lock.toml"
    path.write_text(ENTRY + ENTRY.replace('"a"', '"b"').replace("a.ttl", "b.ttl"))
    entries = lock.read(path)
    assert [e.id for e in lock.select(entries, ())] == ["a", "b"]
    assert [e.id for e in lock.select(entries, ("b",))] == ["b"]
    with pytest.raises(UsageError, match="QCP-VOC-UNKNOWN") as caught:
        lock.select(entries, ("c",))
    assert "a, b" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "",
        "entry = 3",
        ENTRY + 'colour = "red"',
        ENTRY + "size = 3",
        ENTRY.replace('version = "1"\n', ""),
        ENTRY.replace("a.ttl", "../a.ttl"),
        ENTRY.replace("a.ttl", "/etc/a.ttl"),
        ENTRY.replace("a.ttl", ".hidden"),
        ENTRY.replace('unpinned = "changes daily"\n', ""),
        ENTRY + f'sha256 = "{DIGEST}"',
        ENTRY.replace('unpinned = "changes daily"', 'sha256 = "12"'),
        ENTRY + ENTRY,
    ],
)
def test_a_broken_list_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lock.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match="QCP-VOC-LOCK"):
        lock.read(path)


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="QCP-VOC-LOCK"):
        lock.read(tmp_path / "none.toml")
