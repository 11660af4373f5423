"""Downloads over HTTP(S): conditional, bounded, complete or not at all (RFC 9110, RFC 9111)."""

import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import requests
import urllib3
from requests.cookies import extract_cookies_to_jar

from qcp_graph.errors import DataError, QcpError
from qcp_graph.transfer import addresses, session
from qcp_graph.transfer.headers import file_name, retry_after
from qcp_graph.transfer.limits import Limits, Meter, Progress, too_large
from qcp_graph.transfer.problems import explained

_MAX_REDIRECTS: Final = 10
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TRY_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_CHUNK: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of the state we have, to ask for a newer one (RFC 9110 §8.8)."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """Return the header fields of a conditional request."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class Download:
    """A complete download: its name, the server's validators, where it came from at last."""

    name: str
    validators: Validators
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class _AgainError(Exception):
    """An attempt failed in a way that may pass; ``wait`` is what the server asked for."""

    def __init__(self, error: QcpError, wait: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


def download(
    url: str,
    target: Path,
    limits: Limits,
    known: Validators,
    progress: Progress | None,
    accept: str = "*/*",
    http: requests.Session | None = None,
) -> Download | None:
    """Write what an address delivers to ``target``; ``None`` when the state ``known`` is current.

    ``accept`` are the media types to ask for (RFC 9110 §12.5.1). ``http`` is a session of
    :func:`qcp_graph.transfer.session.new` whose connections are used again, and which stays open.

    :raises DataError: when the server, the network or the content fails after all attempts.
    """
    where = addresses.without_secrets(url)
    own = session.new(private_networks=limits.private_networks) if http is None else None
    with own or nullcontext(http) as http:
        assert http is not None
        http.headers["Accept"] = accept
        attempt = 0
        while True:
            try:
                return _attempt(http, url, target, limits, known, progress)
            except _AgainError as problem:
                if attempt >= limits.retries:
                    raise problem.error from problem
                wait = max(problem.wait, limits.backoff * 2**attempt)
                if wait > limits.max_wait:
                    raise _busy(where, wait) from problem
            time.sleep(wait)
            attempt += 1


def _attempt(
    http: requests.Session,
    url: str,
    target: Path,
    limits: Limits,
    known: Validators,
    progress: Progress | None,
) -> Download | None:
    where = addresses.without_secrets(url)
    try:
        with _follow(http, url, limits, known) as answer:
            if answer.status_code == 304 and known.headers():
                return None
            _judge(answer, where, limits)
            with explained(target):
                _save(answer, target, where, limits, progress)
            headers = answer.headers
            found = Validators(headers.get("ETag", ""), headers.get("Last-Modified", ""))
            return Download(file_name(headers, answer.url), found, answer.url, dict(headers))
    except requests.exceptions.SSLError as error:
        raise DataError(
            "QCP-SRC-TLS",
            "The server's certificate cannot be trusted.",
            where=where,
            remedy="Check the address; for an authority of your own, set REQUESTS_CA_BUNDLE.",
        ) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _AgainError(_unreachable(where, error)) from error


def _follow(
    http: requests.Session, url: str, limits: Limits, known: Validators
) -> requests.Response:
    """Return the answer behind all redirects, each hop checked like the first address."""
    first = addresses.split(url)
    login = (first.username, first.password or "") if first.username else None
    for _ in range(_MAX_REDIRECTS + 1):
        parts = addresses.split(url)
        if not limits.private_networks:
            _check(url)
        own = (parts.scheme, addresses.bare_host(parts)) == (
            first.scheme,
            addresses.bare_host(first),
        )
        target = parts._replace(netloc=addresses.bare_host(parts)).geturl()
        # A password is for the host it was given for.
        answer = _send(http, target, known, login if own else None, limits.timeout)
        if answer.status_code not in _REDIRECTS:
            return answer
        answer.close()
        # http.client reads header fields as Latin-1, whatever the server meant.
        sent = answer.headers.get("Location", "").encode("latin-1", "replace")
        url = addresses.join(url, sent.decode("utf-8", "replace"))
    raise DataError(
        "QCP-SRC-HTTP",
        f"The server redirects more than {_MAX_REDIRECTS} times.",
        where=addresses.without_secrets(url),
        remedy="Open the address in a browser and use the one that it ends at.",
    )


def _send(
    http: requests.Session,
    url: str,
    known: Validators,
    login: tuple[str, str] | None,
    timeout: float,
) -> requests.Response:
    # Session.get would read a redirect's whole body, however large, and its target unguarded.
    asked = requests.Request("GET", url, headers=known.headers(), auth=login)
    request = http.prepare_request(asked)
    found = http.merge_environment_settings(url, {}, True, None, None)
    answer = http.get_adapter(url).send(
        request,
        stream=True,
        timeout=timeout,
        verify=True if found["verify"] is None else found["verify"],
        cert=found["cert"],
        proxies=found["proxies"],
    )
    extract_cookies_to_jar(http.cookies, request, answer.raw)  # type: ignore[no-untyped-call]
    return answer


def _check(url: str) -> None:
    where = addresses.without_secrets(url)
    try:
        addresses.check(url)
    except OSError as error:
        if requests.utils.get_environ_proxies(url):  # the proxy may know names that we do not
            return
        raise _AgainError(_unreachable(where, error)) from error


def _judge(answer: requests.Response, where: str, limits: Limits) -> None:
    status = answer.status_code
    if status in _TRY_AGAIN:
        raise _AgainError(_refused(where, status), retry_after(answer.headers))
    if status != 200:
        raise _refused(where, status)
    coding = answer.headers.get("Content-Encoding", "identity").lower()
    if coding not in {"identity", "gzip", "x-gzip"}:  # gzip is recognised by its content
        raise DataError(
            "QCP-SRC-HTTP",
            f"The server sends the file in a coding that was not asked for ({coding[:40]}).",
            where=where,
            remedy="Download it with a browser and give the file.",
        )
    announced = answer.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > limits.max_bytes:
        raise too_large(limits.max_bytes, where)


def _save(
    answer: requests.Response, target: Path, where: str, limits: Limits, progress: Progress | None
) -> None:
    meter = Meter(limits.max_bytes, where, progress)
    size = 0
    with target.open("wb") as out:
        for chunk in answer.raw.stream(_CHUNK, decode_content=False):
            meter.add(len(chunk))
            size += len(chunk)
            out.write(chunk)
    announced = answer.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) != size:
        raise _AgainError(
            DataError(
                "QCP-SRC-TRUNCATED",
                f"The download ended after {size:,} of {int(announced):,} bytes.",
                where=where,
                remedy="Try again later; if it stays so, tell the publisher.",
            )
        )


def _refused(where: str, status: int) -> DataError:
    reasons = {
        401: "asks for a password",
        403: "forbids the download",
        404: "has nothing at this address",
        410: "no longer offers this file",
        429: "has had too many requests",
    }
    return DataError(
        "QCP-SRC-HTTP",
        f"The server {reasons.get(status, 'answers with an error')} (HTTP {status}).",
        where=where,
        remedy="Open the address in a browser; if it moved, correct `address` in source.yaml.",
    )


def _unreachable(where: str, error: Exception) -> DataError:
    truncated = isinstance(error, urllib3.exceptions.IncompleteRead) or any(
        isinstance(part, urllib3.exceptions.IncompleteRead) for part in error.args
    )
    if truncated:
        return DataError(
            "QCP-SRC-TRUNCATED",
            "The download ended before the announced length.",
            where=where,
            remedy="Try again later; if it stays so, tell the publisher.",
        )
    return DataError(
        "QCP-SRC-UNREACHABLE",
        f"The server cannot be reached or fell silent ({type(error).__name__}).",
        where=where,
        remedy="Check the address and the network; behind a proxy, set HTTPS_PROXY.",
    )


def _busy(where: str, wait: float) -> DataError:
    return DataError(
        "QCP-SRC-HTTP",
        f"The server asks to wait {wait:,.0f} seconds.",
        where=where,
        remedy="Try again after that time.",
    )
