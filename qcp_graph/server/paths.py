"""From the path of a request to the IRI it asks for, and back."""

from typing import Any
from urllib.parse import quote, unquote

from qcp_graph.iris import encode


def route_path(scope: Any) -> str:
    """Return the decoded path inside the application, without the path of a proxy.

    >>> route_path({"path": "/site/id/x", "root_path": "/site"})
    '/id/x'
    """
    return _below(scope["path"], scope.get("root_path", ""))


def asked_path(scope: Any) -> str:
    """Return the path inside the application as IRIs spell it.

    Clients may encode more or less than we mint: ``%C3%A9`` and ``é``, ``%3A`` and ``:`` ask for
    the same thing.

    >>> asked_path({"path": "", "raw_path": b"/id/level/x%3A%C3%A9%2F1"})
    '/id/level/x:é%2F1'
    """
    raw = scope.get("raw_path") or quote(scope["path"]).encode()
    path = _below(raw.decode("latin-1"), scope.get("root_path", ""))
    return "/".join(_canonical(segment) for segment in path.split("/"))


def _below(path: str, root: str) -> str:
    if root and (path == root or path.startswith(root + "/")):
        return path[len(root) :]
    return path


def _canonical(segment: str) -> str:
    text = unquote(segment, errors="replace")
    return encode(text).replace("/", "%2F") if segment else ""


def address(path: str) -> str:
    """Return an ASCII address for a header from a path or IRI with readable letters.

    >>> address("/id/level/é%2F1")
    '/id/level/%C3%A9%2F1'
    """
    return quote(path, safe="/:?#[]@!$&'()*+,;=%~-._")
