"""Literals whose lexical form their datatype allows (XSD 1.1 part 2), written as N-Triples."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from qcp_graph.mapping.vocabulary import is_safe_iri
from qcp_graph.namespaces import expand

_ZONE = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_DATE = re.compile(rf"(\d{{4}}-\d\d-\d\d){_ZONE}\Z", re.ASCII)
_DATE_TIME = re.compile(rf"(\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{{1,12}})?{_ZONE}\Z", re.ASCII)
_TIME = re.compile(rf"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{{1,12}})?{_ZONE}\Z", re.ASCII)
_DURATION = re.compile(
    r"-?P(?=[\dT])(?:\d{1,9}Y)?(?:\d{1,9}M)?(?:\d{1,9}D)?"
    r"(?:T(?=\d)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}(?:\.\d{1,9})?S)?)?\Z",
    re.ASCII,
)


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(rf"(?:{pattern})\Z", re.ASCII)
    return lambda text: bool(compiled.match(text))


def _is_date(text: str) -> bool:
    match = _DATE.match(text)
    return bool(match) and _exists(date.fromisoformat, match.group(1) if match else "")


def _is_date_time(text: str) -> bool:
    match = _DATE_TIME.match(text)
    return bool(match) and _exists(datetime.fromisoformat, match.group(1) if match else "")


def _exists(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_integer: Final = _form(r"[+-]?\d{1,100}")
_CHECKS: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = {
    "date": (_is_date, "a date such as 2024-12-31"),
    "dateTime": (_is_date_time, "a date with time such as 2024-12-31T10:00:00Z"),
    "time": (lambda text: bool(_TIME.match(text)), "a time such as 10:00:00"),
    "gYear": (_form(rf"(?!0000)\d{{4}}{_ZONE}"), "a year of four digits"),
    "gYearMonth": (_form(rf"(?!0000)\d{{4}}-(?:0[1-9]|1[0-2]){_ZONE}"), "a month such as 2024-12"),
    "integer": (_integer, "a whole number"),
    "int": (lambda t: bool(_integer(t)) and -(2**31) <= int(t) < 2**31, "a whole number"),
    "long": (lambda t: bool(_integer(t)) and -(2**63) <= int(t) < 2**63, "a whole number"),
    "nonNegativeInteger": (_form(r"\+?\d{1,100}|-0+"), "a whole number, 0 or more"),
    "positiveInteger": (_form(r"\+?0*[1-9]\d{0,99}"), "a whole number, 1 or more"),
    "decimal": (_form(r"[+-]?(?:\d{1,100}(?:\.\d{0,100})?|\.\d{1,100})"), "a number such as 1.5"),
    "double": (
        _form(r"[+-]?(?:\d{1,99}(?:\.\d{0,99})?|\.\d{1,99})(?:[eE][+-]?\d{1,9})?|[+-]?INF|NaN"),
        "a number such as 1.5 or 1e3",
    ),
    "boolean": (_form("true|false|1|0"), "true or false"),
    "duration": (
        lambda text: bool(_DURATION.match(text)) and text[-1] not in "PT",
        "a duration such as PT120H",
    ),
    "anyURI": (is_safe_iri, "a web address with http:// or https://"),
    "language": (_form(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"), "a language tag such as fr"),
}
CHECKS: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = {
    expand(f"xsd:{name}"): check for name, check in _CHECKS.items()
} | {expand("xsd:float"): _CHECKS["double"]}

# Everything that the fast way of writing a literal does not cover: characters with an escape,
# characters that XML cannot carry, halves of characters.
UNUSUAL: Final = re.compile('[\\\\"\n\r\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]')
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_ESCAPED: Final = re.compile(r'[\\"\n\r]')


def escaped(text: str) -> str:
    r"""Write a text without control characters as N-Triples does, without the quotation marks.

    >>> print(escaped('a "b"\n'))
    a \"b\"\n
    """
    return _ESCAPED.sub(lambda match: _ESCAPES[match.group()], text)
