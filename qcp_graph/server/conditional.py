"""Validators and conditional requests (RFC 9110 §13)."""

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request
from starlette.responses import Response

_KEPT = ("etag", "vary", "cache-control", "content-location", "expires")


def entity_tag(*parts: str | bytes) -> str:
    """Return the strong entity tag of what the parts name.

    >>> entity_tag("r1", "/id/x", "ttl") == entity_tag("r1", "/id/x", "ttl")
    True
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return f'"{digest.hexdigest()[:32]}"'


def http_date(moment: datetime) -> str:
    """Return a moment as HTTP writes it (RFC 9110 §5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def unchanged(request: Request, tag: str, modified: datetime) -> bool:
    """Tell whether the client already has this answer; If-None-Match is stronger than the date."""
    given = request.headers.get("if-none-match")
    if given is not None:
        known = {item.strip().removeprefix("W/") for item in given.split(",")}
        return "*" in known or tag.removeprefix("W/") in known
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return modified.replace(microsecond=0) <= moment


def not_modified(response: Response) -> Response:
    """Return the 304 that stands for a full answer, with the headers RFC 9110 §15.4.5 asks for.

    The client has the others already: links alone are two thousand characters.
    """
    headers = {name: value for name, value in response.headers.items() if name in _KEPT}
    return Response(status_code=304, headers=headers)
