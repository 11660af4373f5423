"""The order of literals, as SPARQL's ``<`` has it (SPARQL 1.1 §17.3, XML Schema part 2).

Two values of different families, or two dates of which only one has a time zone and which lie
within fourteen hours, have no order: the comparison is None and a constraint on it is broken.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from functools import cache
from typing import Final

from qcp_graph.namespaces import expand
from qcp_graph.terms import parts
from qcp_graph.validation.datatypes import INTEGERS, Test, lexical_test

_ZONED: Final = re.compile(r"(?P<rest>.*?)(?P<zone>Z|[+-]\d\d:\d\d)?", re.DOTALL)
_DURATION: Final = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?"
)
_DAY: Final = 86400
_ZONE_RANGE: Final = 14 * 3600
_MAX_DIGITS: Final = 1000
_NUMERIC: Final = frozenset(
    {expand(f"xsd:{name}") for name in (*INTEGERS, "decimal", "float", "double")}
)
_DATED: Final = {
    expand(f"xsd:{name}"): name
    for name in ("dateTime", "dateTimeStamp", "date", "time", "gYear", "gYearMonth")
}
_DURATIONS: Final = {expand(f"xsd:{n}") for n in ("dayTimeDuration", "yearMonthDuration")}
_STRING: Final = expand("xsd:string")
_BOOLEAN: Final = expand("xsd:boolean")
Amount = Decimal | float | str | bool


@dataclass(frozen=True, slots=True)
class Value:
    """A literal that can be ordered within its family; ``zoned`` matters for dates only."""

    family: str
    amount: Amount
    zoned: bool = True


def compare(first: str, second: str) -> int | None:
    """Return -1, 0 or 1 for the order of two terms, or None where there is no order.

    >>> integer = "http://www.w3.org/2001/XMLSchema#integer"
    >>> compare(f'"9"^^<{integer}>', f'"10"^^<{integer}>'), compare('"9"', f'"10"^^<{integer}>')
    (-1, None)
    """
    if not (first.startswith('"') and second.startswith('"')):
        return None
    return compare_values(value_of(first), value_of(second))


def compare_values(a: Value | None, b: Value | None) -> int | None:
    """Return the order of two values, see :func:`compare`."""
    if a is None or b is None or a.family != b.family:
        return None
    if a.zoned != b.zoned:
        return _indeterminate(a, b)
    x, y = a.amount, b.amount
    if x != x or y != y:  # NaN
        return None
    return (x > y) - (x < y)  # type: ignore[operator]


def _indeterminate(a: Value, b: Value) -> int | None:
    """Order a date with time zone and one without: only when no time zone changes the answer."""
    assert isinstance(a.amount, Decimal)
    assert isinstance(b.amount, Decimal)
    difference = a.amount - b.amount
    if abs(difference) <= _ZONE_RANGE:
        return None
    return 1 if difference > 0 else -1


def value_of(term: str) -> Value | None:
    """Return the value of a literal term, or None when it is ill-formed or has no order."""
    text, _language, datatype = parts(term)
    if datatype == _STRING:
        return Value("string", text)
    test = _test(datatype)
    if test is None or not test(text) or len(text) > _MAX_DIGITS:
        return None
    if datatype in _NUMERIC:
        return Value("number", _number(text))
    if datatype == _BOOLEAN:
        return Value("boolean", text in ("true", "1"))
    if datatype in _DATED:
        return _moment(_DATED[datatype], text)
    if datatype in _DURATIONS:
        return _duration(datatype, text)
    return None


@cache
def _test(datatype: str) -> Test | None:
    return lexical_test(datatype)


def _number(text: str) -> Decimal | float:
    if text in ("NaN", "INF", "+INF", "-INF"):
        return float(text.replace("INF", "inf"))
    try:
        with localcontext() as context:
            context.prec = _MAX_DIGITS
            return Decimal(text)
    except InvalidOperation:  # an exponent beyond what can be held
        return float(text)


def _moment(kind: str, text: str) -> Value:
    """Return seconds since the year 0 in UTC (in local time where there is no time zone)."""
    match = _ZONED.fullmatch(text)
    assert match is not None
    rest, zone = match["rest"], match["zone"]
    if kind == "time":
        seconds = _seconds(rest)
    elif "T" in rest:
        day, clock = rest.split("T")
        seconds = _days(day) * _DAY + _seconds(clock)
    else:
        seconds = Decimal(_days(rest) * _DAY)
    if zone and zone != "Z":
        offset = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
        seconds -= offset if zone[0] == "+" else -offset
    family = "dateTime" if kind.startswith("dateTime") else kind
    return Value(family, seconds, zoned=zone is not None)


def _seconds(clock: str) -> Decimal:
    hours, minutes, seconds = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + Decimal(seconds)


def _days(day: str) -> int:
    """Return the number of days since 0000-03-01 in the proleptic Gregorian calendar."""
    negative = day.startswith("-")
    fields = [int(field) for field in day.lstrip("-").split("-")]
    year, month, date = (*fields, 1, 1)[:3]
    year = -year if negative else year
    # Years begin in March, so that the day of leap years is the last one.
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + date - 1


def _duration(datatype: str, text: str) -> Value:
    match = _DURATION.fullmatch(text)
    assert match is not None
    years, months, days, hours, minutes = (int(group or 0) for group in match.groups()[1:6])
    seconds = Decimal(match[7] or 0)
    amount = Decimal(years * 12 + months)
    if datatype.endswith("dayTimeDuration"):
        amount = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return Value(datatype, -amount if match[1] else amount)
