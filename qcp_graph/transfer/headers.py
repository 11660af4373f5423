"""What a server's header fields say: a file's name, a time to wait."""

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import Message
from typing import Final
from urllib.parse import unquote, urlsplit

from qcp_graph.errors import DataError
from qcp_graph.transfer import names

_ENDINGS: Final = {
    "text/csv": ".csv",
    "application/json": ".json",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/zip": ".zip",
}


def file_name(headers: Mapping[str, str], url: str) -> str:
    """Return the name of a download: the server's (RFC 6266), else the address' last part.

    >>> file_name({"Content-Disposition": 'attachment; filename="../../etc/a.csv"'}, "http://x/y")
    'a.csv'
    >>> file_name({"Content-Type": "text/csv; charset=utf-8"}, "http://x.org/api/export?all=1")
    'export.csv'
    """
    message = Message()
    message["Content-Disposition"] = headers.get("Content-Disposition", "")
    message["Content-Type"] = headers.get("Content-Type", "")
    for given in (message.get_filename() or "", unquote(urlsplit(url).path)):
        name = given.replace("\\", "/").rstrip("/").rpartition("/")[2]
        try:
            name = names.safe(name, url)
        except DataError:  # the server's name is only a proposal
            continue
        if not names.hidden(name):
            return name if "." in name else name + _ENDINGS.get(message.get_content_type(), "")
    return "download" + _ENDINGS.get(message.get_content_type(), "")


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float:
    """Return the seconds a server asks to wait (RFC 9110 §10.2.3), 0 when it does not.

    >>> retry_after({"Retry-After": "7"}), retry_after({})
    (7.0, 0.0)
    """
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
