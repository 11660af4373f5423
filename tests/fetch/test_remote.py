"""Downloads: conditional, complete, bounded, and never into one's own network."""

import gzip
import io
import socket
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from urllib3.connection import HTTPConnection

from qcp_graph import fetch
from qcp_graph.errors import DataError, QcpError, UsageError
from qcp_graph.transfer.headers import retry_after
from tests.fetch.conftest import LIMITS, NOW, Fetch, Site, contents, names, send

PUBLIC = replace(LIMITS, private_networks=False)


def refused(get: Fetch, address: str, limits: fetch.Limits = LIMITS) -> QcpError:
    with pytest.raises(QcpError) as caught:
        get(address, limits)
    assert caught.value.remedy
    return caught.value


def test_a_download_becomes_a_snapshot(site: Site, get: Fetch) -> None:
    site.says(b"id\n1\n", ETag='"v1"', Last_Modified="Wed, 01 May 2024 10:00:00 GMT")
    result = get(f"{site.address}/data/export.csv?all=1#top")
    assert contents(result.snapshot) == {"export.csv": b"id\n1\n"}
    assert result.snapshot.origin == f"{site.address}/data/export.csv?all=1"
    assert result.snapshot.etag == '"v1"'
    assert site.seen[0]["user-agent"].startswith("qcp-graph/")
    assert site.seen[0]["accept-encoding"] == "identity"


def test_an_unchanged_file_is_not_sent_again(site: Site, get: Fetch, folder: Path) -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        current = handler.headers.get("If-None-Match") == '"v1"'
        send(handler, b"" if current else b"id\n1\n", 304 if current else 200, ETag='"v1"')

    site.reply = reply
    first = get(f"{site.address}/a.csv").snapshot
    assert "if-none-match" not in site.seen[0]
    again = get(f"{site.address}/a.csv", previous=fetch.latest(folder, "fr-test"))
    assert site.seen[1]["if-none-match"] == '"v1"'
    assert not again.changed
    assert "304" in again.detail
    assert again.snapshot == first


def test_the_validators_of_the_last_delivery_count(site: Site, get: Fetch, folder: Path) -> None:
    site.says(ETag='"v1"', Last_Modified="Wed, 01 May 2024 10:00:00 GMT")
    first = get(f"{site.address}/a.csv").snapshot
    site.says(ETag='"v2"')
    second = get(f"{site.address}/a.csv", previous=first)
    assert site.seen[1]["if-modified-since"] == "Wed, 01 May 2024 10:00:00 GMT"
    assert not second.changed, "equal content with a new ETag"
    get(f"{site.address}/a.csv", previous=fetch.latest(folder, "fr-test"))
    assert site.seen[2]["if-none-match"] == '"v2"'


@pytest.mark.parametrize("change", ["address", "patterns", "no previous"])
def test_no_validators_for_another_question(change: str, site: Site, get: Fetch) -> None:
    site.says(ETag='"v1"')
    first = get(f"{site.address}/a.csv").snapshot
    get(
        f"{site.address}/{'b' if change == 'address' else 'a'}.csv",
        previous=None if change == "no previous" else first,
        patterns=("*.csv",) if change == "patterns" else (),
    )
    assert "if-none-match" not in site.seen[1]


def test_an_unasked_304_is_an_error(site: Site, get: Fetch) -> None:
    site.says(b"", 304)
    assert refused(get, f"{site.address}/a.csv").code == "QCP-SRC-HTTP"


def test_zip_and_gzip_are_unpacked(site: Site, get: Fetch) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.writestr("x/a.csv", "id\n1\n")
    site.says(buffer.getvalue(), Content_Type="application/zip")
    assert names(get(f"{site.address}/download").snapshot) == ["x/a.csv"]
    site.says(gzip.compress(b"id\n1\n"), Content_Encoding="gzip", Content_Type="text/csv")
    assert contents(get(f"{site.address}/all").snapshot) == {"all.csv": b"id\n1\n"}


@pytest.mark.parametrize(
    ("path", "headers", "name"),
    [
        ("/a.csv", {}, "a.csv"),
        ("/Comp%C3%A9tences.csv", {}, "Compétences.csv"),
        ("/", {"Content_Type": "application/json"}, "download.json"),
        ("/x", {"Content_Disposition": 'attachment; filename="b.csv"'}, "b.csv"),
        ("/x", {"Content_Disposition": "attachment; filename*=UTF-8''%C3%A9.csv"}, "é.csv"),
        ("/x.csv", {"Content_Disposition": 'attachment; filename="../../../e.csv"'}, "e.csv"),
        ("/x.csv", {"Content_Disposition": 'attachment; filename=".bashrc"'}, "x.csv"),
        ("/x.csv", {"Content_Disposition": 'attachment; filename=".."'}, "x.csv"),
        ("/%2e%2e%2f%2e%2e%2fpasswd", {"Content_Type": "text/xml"}, "passwd.xml"),
    ],
)
def test_names_of_downloads(
    path: str, headers: dict[str, str], name: str, site: Site, get: Fetch
) -> None:
    site.says(**headers)
    assert names(get(site.address + path).snapshot) == [name]


def test_redirects_are_followed(site: Site, get: Fetch) -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/old":
            send(handler, status=302, Location="/new/a.csv")
        else:
            send(handler, b"id\n1\n")

    site.reply = reply
    assert names(get(f"{site.address}/old").snapshot) == ["a.csv"]


def test_the_body_of_a_redirect_is_not_read(site: Site, get: Fetch) -> None:
    sent: list[int] = []

    def reply(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/new.csv":
            send(handler, b"id\n1\n")
            return
        handler.send_response(302)
        handler.send_header("Location", "/new.csv")
        handler.end_headers()
        for _ in range(2000):
            sent.append(handler.wfile.write(b"x" * 65536))

    site.reply = reply
    assert get(f"{site.address}/old").changed
    assert sum(sent) < 50 * 1024**2


def test_a_cookie_survives_the_redirect(site: Site, get: Fetch) -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        if "cookie" in site.seen[-1]:
            send(handler, b"id\n1\n")
        else:
            send(handler, status=302, Location="/a.csv", Set_Cookie="seen=1; Path=/")

    site.reply = reply
    assert get(f"{site.address}/a.csv").changed


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/again", "QCP-SRC-HTTP"),
        ("file:///etc/passwd", "QCP-SRC-URL"),
        ("ftp://127.0.0.1/a", "QCP-SRC-URL"),
        ("http://[::1", "QCP-SRC-URL"),
        ("http://\xff\xfe/", "QCP-SRC-UNREACHABLE"),
        ("http://x\x00y/", "QCP-SRC-URL"),
    ],
)
def test_redirects_that_lead_nowhere(target: str, code: str, site: Site, get: Fetch) -> None:
    site.says(b"", 302, Location=target)
    assert refused(get, f"{site.address}/a.csv").code == code
    assert len(site.seen) <= 11


def test_a_redirect_into_a_private_network_is_refused(
    site: Site, get: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first host counts as public, the second does not."""
    port = int(site.address.rpartition(":")[2])
    site.says(b"", 302, Location=f"http://localhost:{port}/secret")

    def public(ip: str) -> bool:
        return ip == "127.0.0.1" and len(site.seen) == 0

    for module in ("addresses", "session"):
        monkeypatch.setattr(f"qcp_graph.transfer.{module}.is_public", public)
    assert refused(get, f"{site.address}/a.csv", PUBLIC).code == "QCP-SRC-PRIVATE"
    assert [seen["path"] for seen in site.seen] == ["/a.csv"]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "2130706433",
        "0x7f000001",
        "127.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:7f00:1::]",
        "user:pw@127.0.0.1",
    ],
)
def test_private_addresses_are_refused(host: str, get: Fetch) -> None:
    error = refused(get, f"http://{host}/a.csv", PUBLIC)
    assert error.code in {"QCP-SRC-PRIVATE", "QCP-SRC-UNREACHABLE"}
    if not host[0].isdigit() or host.count(".") == 3:
        assert error.code == "QCP-SRC-PRIVATE"


def test_a_name_that_resolves_differently_the_second_time(
    site: Site, get: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the check sees a public address, the connection goes to this machine."""
    site.says()
    port = int(site.address.rpartition(":")[2])
    real, asked = socket.getaddrinfo, []

    def rebinding(host: str, *args: object, **kwargs: object) -> object:
        if host != "rebind.example":
            return real(host, *args, **kwargs)  # type: ignore[arg-type]
        asked.append(host)
        ip = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    error = refused(get, f"http://rebind.example:{port}/a.csv", PUBLIC)
    assert error.code == "QCP-SRC-PRIVATE"
    assert len(asked) == 2
    assert not site.seen, "not a byte was sent"


def test_the_connection_check_is_where_urllib3_connects() -> None:
    """We override a method that urllib3 does not promise to keep."""
    assert callable(HTTPConnection._new_conn)


def test_a_failing_server_is_asked_again(site: Site, get: Fetch) -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        fail = len(site.seen) < 3
        send(handler, b"x" if fail else b"id\n1\n", 503 if fail else 200)

    site.reply = reply
    assert get(f"{site.address}/a.csv").changed
    assert len(site.seen) == 3
    site.says(b"", 500)
    site.seen.clear()
    assert refused(get, f"{site.address}/a.csv").code == "QCP-SRC-HTTP"
    assert len(site.seen) == 1 + LIMITS.retries


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 206, 204])
def test_other_answers_are_final(status: int, site: Site, get: Fetch) -> None:
    site.says(b"", status)
    error = refused(get, f"{site.address}/a.csv")
    assert str(status) in error.message
    assert isinstance(error, DataError)
    assert len(site.seen) == 1


def test_retry_after_is_honoured_within_bounds(site: Site, get: Fetch) -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        if len(site.seen) == 1:
            send(handler, status=429, Retry_After="1")
        else:
            send(handler, b"id\n1\n")

    site.reply = reply
    start = time.monotonic()
    assert get(f"{site.address}/a.csv", replace(LIMITS, max_wait=2)).changed
    assert time.monotonic() - start >= 1
    site.says(b"", 503, Retry_After="86400")
    start = time.monotonic()
    assert "86,400 seconds" in refused(get, f"{site.address}/a.csv").message
    assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("9" * 5000, 999_999_999),
        (format_datetime(datetime(2024, 5, 1, 12, 1, tzinfo=UTC), usegmt=True), 60),
        (format_datetime(datetime(2024, 5, 1, 11, 0, tzinfo=UTC), usegmt=True), 0),
    ],
)
def test_times_to_wait(value: str, seconds: float, site: Site) -> None:
    assert retry_after({"Retry-After": value}, NOW) == seconds


@pytest.mark.parametrize("kind", ["length", "chunked", "reset"])
def test_a_truncated_download_is_never_stored(
    kind: str, site: Site, get: Fetch, folder: Path
) -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        if kind == "length":
            send(handler, b"id\n1\n", Content_Length="100")
        elif kind == "chunked":
            handler.protocol_version = "HTTP/1.1"
            send(handler, b"5\r\nid\n1\n\r\n64\r\nhalf", Transfer_Encoding="chunked")
        else:
            handler.connection.close()

    site.reply = reply
    error = refused(get, f"{site.address}/a.csv")
    expected = {"length": {"QCP-SRC-TRUNCATED"}, "reset": {"QCP-SRC-UNREACHABLE"}}
    assert error.code in expected.get(kind, {"QCP-SRC-TRUNCATED", "QCP-SRC-UNREACHABLE"})
    assert len(site.seen) == 1 + LIMITS.retries
    assert fetch.history(folder, "fr-test") == []


def test_a_lying_length_does_not_pass_the_limit(site: Site, get: Fetch) -> None:
    site.says(b"x" * 200_000, Content_Length="10")
    assert contents(get(f"{site.address}/a.csv").snapshot) == {"a.csv": b"x" * 10}

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(b"x" * 65536)

    site.reply = endless
    assert (
        refused(get, f"{site.address}/a.csv", replace(LIMITS, max_bytes=10**6)).code
        == "QCP-SRC-SIZE"
    )


def test_an_announced_excess_is_refused_at_once(site: Site, get: Fetch) -> None:
    site.says(b"x", Content_Length=str(10**12))
    assert refused(get, f"{site.address}/a.csv").code == "QCP-SRC-SIZE"
    assert len(site.seen) == 1


def test_a_silent_server_is_given_up(site: Site, get: Fetch) -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.5)

    site.reply = reply
    error = refused(get, f"{site.address}/a.csv", replace(LIMITS, timeout=0.1, retries=0))
    assert error.code == "QCP-SRC-UNREACHABLE"


def test_unknown_hosts_and_closed_ports(get: Fetch, site: Site) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        assert refused(get, f"http://127.0.0.1:{port}/").code == "QCP-SRC-UNREACHABLE"
    for limits in (LIMITS, PUBLIC):
        error = refused(get, "http://nowhere.invalid/a.csv", replace(limits, retries=0))
        assert error.code == "QCP-SRC-UNREACHABLE"


@pytest.mark.parametrize(
    "address",
    [
        "ftp://x.org/a",
        "http:///a",
        "file:///etc/passwd",
        "http://x.org:99999/a",
        "http://[::1/a",
        "http://x y/",
    ],
)
def test_addresses_that_are_none(address: str, get: Fetch) -> None:
    with pytest.raises(UsageError) as caught:
        get(address)
    assert caught.value.code == "QCP-SRC-URL"


def test_credentials_are_sent_to_their_host_only_and_never_stored(
    site: Site, get: Fetch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(site.address.rpartition(":")[2])

    def reply(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.startswith("/in"):
            send(handler, status=302, Location=f"http://localhost:{port}/out.csv")
        else:
            send(handler, b"id\n1\n")

    site.reply = reply
    get(f"http://me:s3cret@127.0.0.1:{port}/in?token=s3cret&v=1")
    assert site.seen[0]["authorization"].startswith("Basic ")
    assert "authorization" not in site.seen[1]
    stored = "".join(path.read_text() for path in folder.rglob("*.json"))
    assert "s3cret" not in stored
    assert "v=1" in stored
    site.says(b"", 404)
    assert "s3cret" not in str(refused(get, f"http://me:s3cret@127.0.0.1:{port}/?key=s3cret"))


def test_stored_passwords_are_not_sent(
    site: Site, get: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    site.says()
    get(f"{site.address}/a.csv")
    assert "authorization" not in site.seen[0]


def test_what_is_equal_keeps_its_first_date(site: Site, get: Fetch) -> None:
    site.says()
    first = get(f"{site.address}/a.csv").snapshot
    later = get(f"{site.address}/a.csv", previous=first, now=NOW + timedelta(days=1))
    assert later.snapshot.retrieved == NOW
    assert not later.changed


def test_a_foreign_coding_is_refused(site: Site, get: Fetch) -> None:
    site.says(b"x", Content_Encoding="br")
    assert refused(get, f"{site.address}/a.csv").code == "QCP-SRC-HTTP"


def test_an_empty_download(site: Site, get: Fetch) -> None:
    site.says(b"")
    assert refused(get, f"{site.address}/a.csv").code == "QCP-SRC-EMPTY"
