"""What is read of a database, and how its values become texts: the same for files and servers."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from qcp_graph.errors import UsageError
from qcp_graph.model.record import JsonValue

EXPORT_MARK: Final = b'{"qcp-table":'
"""How the first line of an exported result begins (``docs/readers.md``, Databases)."""

# Literals, quoted names and comments: what may hold any word and any semicolon.
_QUOTED: Final = re.compile(
    r"""'(?:[^']|'')*+'|"(?:[^"]|"")*+"|`[^`]*+`|\[[^\]]*+\]|--[^\n]*+|/\*.*?\*/"""
    r"""|(\$\w*\$).*?\1""",
    re.DOTALL,
)
_FIRST: Final = re.compile(r"\s*\(*\s*(select|with|values|table)\b", re.IGNORECASE)
_WRITES: Final = re.compile(
    r"\b(insert\s+into|delete\s+from|merge\s+into|update\s+\S+\s+set|into\s+\S+\s+from"
    r"|into\s+(outfile|dumpfile|temp|temporary|unlogged)|for\s+update)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TableRequest:
    """A table, or the outcome of a SELECT statement; ``key`` identifies and orders its rows.

    ``timeout`` is in seconds; ``file`` the name of the snapshot's file it is exported to.
    """

    table: str = ""
    query: str = ""
    key: tuple[str, ...] = ()
    timeout: int = 300
    file: str = ""

    @property
    def place(self) -> str:
        """What a locator calls it."""
        return self.table or "query"


def select_only(query: str) -> str:
    """Return a statement without a closing semicolon when it is one that only reads.

    >>> select_only("SELECT a FROM t WHERE b = ';' ; ")
    "SELECT a FROM t WHERE b = ';'"

    :raises UsageError: for several statements, and for any that is no SELECT.
    """
    text = query.strip().removesuffix(";").rstrip()
    bare = _QUOTED.sub(" x ", text)
    if not _FIRST.match(bare) or ";" in bare or "\0" in text or _WRITES.search(bare):
        raise UsageError(
            "QCP-SRC-QUERY",
            "Only a single SELECT statement may be asked of a database.",
            where=f"options: query: {text[:80]}",
            remedy="Write one statement that begins with SELECT or WITH and changes nothing.",
        )
    return text


def quoted(name: str) -> str:
    """Return a name as standard SQL writes it, whatever it holds: quotation marks doubled."""
    return '"' + name.replace('"', '""') + '"'


def statement(asked: TableRequest, key: Sequence[str], quote: Callable[[str], str] = quoted) -> str:
    """Return the statement that reads a table, or a query, in the order of its key.

    >>> statement(TableRequest("public.my table"), ["id"])
    'SELECT * FROM "public"."my table" ORDER BY "id"'

    :raises UsageError: when the query does more than read.
    """
    order = " ORDER BY " + ", ".join(map(quote, key)) if key else ""
    if asked.query:
        query = select_only(asked.query)
        # Checked, and the line break ends a comment; names are quoted.
        return f"SELECT * FROM ({query}\n) AS q{order}" if key else query  # noqa: S608
    name = ".".join(quote(part) for part in asked.table.split("."))
    return f"SELECT * FROM {name}{order}"  # noqa: S608


def cell(value: object) -> JsonValue:
    """Return the text of a database's value, ``None`` for NULL; an array gives a list.

    Dates, times and durations are ISO 8601, numbers canonical, bytes hexadecimal (R2RML §10).

    >>> cell(Decimal("1.500")), cell(True), cell(b"\\x01\\xff"), cell(date(2024, 3, 1)), cell(2.0)
    ('1.5', 'true', '01FF', '2024-03-01', '2')
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex().upper()
    if isinstance(value, datetime | date | time):
        return _moment(value)
    if isinstance(value, timedelta):
        return duration(value)
    return _other(value)


def _other(value: object) -> JsonValue:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    if isinstance(value, Sequence | set | frozenset):
        return [cell(item) for item in value]
    return str(value)


def _double(value: float) -> str:
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "INF" if value > 0 else "-INF"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        return _double(float(value))
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: date | time) -> str:
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def duration(value: timedelta) -> str:
    """Return a length of time (ISO 8601, ``xsd:dayTimeDuration``).

    >>> duration(timedelta(days=2, hours=3)), duration(-timedelta(seconds=1.5))
    ('P2DT3H', '-PT1.5S')
    """
    sign, value = ("-", -value) if value < timedelta() else ("", value)
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    second = f"{seconds}.{value.microseconds:06}".rstrip("0").rstrip(".")
    parts = [(hours, f"{hours}H"), (minutes, f"{minutes}M"), (second != "0", f"{second}S")]
    clock = "".join(text for present, text in parts if present)
    days = f"{value.days}D" if value.days else ""
    if not clock and not days:
        return "PT0S"
    return f"{sign}P{days}" + (f"T{clock}" if clock else "")
