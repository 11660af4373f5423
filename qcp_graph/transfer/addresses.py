"""Web addresses: cleaned of secrets, and kept from reaching into the operator's own network."""

import re
import socket
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from qcp_graph.errors import DataError, UsageError
from qcp_graph.networks import is_public

_SECRET: Final = re.compile(r"token|key|secret|passw|signature|^sig$|^auth", re.IGNORECASE)


def is_web(address: str) -> bool:
    """Tell a web address from a path."""
    return "://" in address


def split(url: str) -> SplitResult:
    """Return the parts of a web address.

    :raises UsageError: unless it is ``http`` or ``https`` with a host.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isprintable() or " " in url:
        raise _no_address(url)
    return parts


def join(url: str, target: str) -> str:
    """Return where a redirect leads (RFC 3986 §5).

    :raises UsageError: when the target is no address.
    """
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise _no_address(target) from error


def _no_address(url: str) -> UsageError:
    return UsageError(
        "QCP-SRC-URL",
        "This is no address that can be fetched.",
        where=re.sub(r"//[^/@]*@", "//", url[:200]),
        remedy="Give an http:// or https:// address, or a path.",
    )


def without_secrets(url: str) -> str:
    """Return an address as it may be stored and shown: no credentials, no tokens, no fragment.

    >>> without_secrets("https://me:pw@x.org/a.zip?api_key=1234&v=2#top")
    'https://x.org/a.zip?api_key=***&v=2'
    """
    parts = split(url)
    query = parts.query
    if _SECRET.search(query):
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode([(k, "***" if _SECRET.search(k) else v) for k, v in pairs], safe="*")
    return urlunsplit((parts.scheme, bare_host(parts), parts.path, query, ""))


def bare_host(parts: SplitResult) -> str:
    """Return host and port without credentials."""
    return parts.netloc.rpartition("@")[2]


def check(url: str) -> None:
    """Refuse an address of which any IP address is not public.

    :raises DataError: for such an address.
    :raises OSError: when the name cannot be resolved.
    """
    parts = split(url)
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that no name can have
        raise OSError(f"no such host: {host[:100]!r}") from error
    for *_, place in found:
        if not is_public(str(place[0])):
            raise private(without_secrets(url))


def private(where: str) -> DataError:
    """Return the error of an address inside a private network."""
    return DataError(
        "QCP-SRC-PRIVATE",
        "The address leads into a private network or to this machine.",
        where=where,
        remedy="If that is meant, set fetch_private_networks = true in qcp.toml.",
    )
