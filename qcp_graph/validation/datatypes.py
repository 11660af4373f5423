"""Lexical forms of XML Schema datatypes: whether a literal is well-formed (SHACL §4.1.2)."""

import base64
import binascii
import json
import re
from calendar import monthrange
from collections.abc import Callable
from typing import Final

from qcp_graph.namespaces import expand
from qcp_graph.validation.patterns import compile_pattern

Test = Callable[[str], bool]

_ZONE: Final = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR: Final = r"(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH: Final = r"(0[1-9]|1[0-2])"
_DAY: Final = r"(0[1-9]|[12][0-9]|3[01])"
_TIME: Final = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_TIME_PART: Final = r"(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_FORMS: Final = {
    "boolean": r"true|false|1|0",
    "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "float": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    "duration": rf"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?{_TIME_PART}",
    "dayTimeDuration": rf"-?P(?=[0-9T])(?:[0-9]+D)?{_TIME_PART}",
    "yearMonthDuration": r"-?P(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?",
    "time": _TIME + _ZONE,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
    "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    "normalizedString": r"[^\r\n\t]*",
    "token": r"(?:[^\r\n\t ]+(?: [^\r\n\t ]+)*)?",
}
_NAMES: Final = {"NMTOKEN": r"^\c+$", "Name": r"^\i\c*$", "NCName": r"^[\i-[:]][\c-[:]]*$"}
_DATES: Final = {
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})",
}
_UNBOUNDED: Final = 10**30
INTEGERS: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
}
_INTEGER: Final = re.compile(r"([+-]?)0*([0-9]+)")


def _matching(form: str) -> Test:
    found = re.compile(form, re.ASCII).fullmatch
    return lambda text: found(text) is not None


def _integer(low: int | None, high: int | None) -> Test:
    def test(text: str) -> bool:
        found = _INTEGER.fullmatch(text)
        if found is None:
            return False
        # A number of a million digits would take minutes to convert; its size is enough.
        size = int(found[2]) if len(found[2]) <= 30 else _UNBOUNDED
        number = -size if found[1] == "-" else size
        return (low is None or number >= low) and (high is None or number <= high)

    return test


def _dated(form: str) -> Test:
    found = re.compile(form, re.ASCII).fullmatch

    def test(text: str) -> bool:
        match = found(text)
        # The Gregorian calendar repeats every 400 years, which datetime's range does not limit.
        return match is not None and day_exists(match[1], int(match[2]), int(match[3]))

    return test


def day_exists(year: str, month: int, day: int) -> bool:
    """Tell whether a day is in the calendar: 2024-02-31 is not.

    >>> day_exists("2024", 2, 29), day_exists("2023", 2, 29)
    (True, False)
    """
    return day <= 28 or day <= monthrange(int(year[-9:].lstrip("-") or 0) % 400 + 2000, month)[1]


def _month_day(text: str) -> bool:
    match = re.fullmatch(f"--{_MONTH}-{_DAY}{_ZONE}", text, re.ASCII)
    return match is not None and day_exists("2000", int(match[1]), int(match[2]))


def _base64(text: str) -> bool:
    try:
        base64.b64decode(re.sub(r"[ \t\r\n]", "", text), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _table() -> dict[str, Test]:
    tests: dict[str, Test] = {name: _matching(form) for name, form in _FORMS.items()}
    tests["double"] = tests["float"]
    tests |= {name: _dated(form) for name, form in _DATES.items()}
    tests |= {name: _integer(*bounds) for name, bounds in INTEGERS.items()}
    tests |= {"gMonthDay": _month_day, "base64Binary": _base64}
    return {expand(f"xsd:{name}"): test for name, test in tests.items()}


_TESTS: Final = _table()


def lexical_test(datatype: str) -> Test | None:
    """Return the test for lexical forms of a datatype IRI; None where every form is accepted.

    ``xsd:anyURI`` accepts every string (XML Schema 1.1 §3.3.17), as unknown datatypes do.
    """
    name = datatype.removeprefix(expand("xsd:"))
    if name in _NAMES:
        found = compile_pattern(_NAMES[name]).search
        return lambda text: found(text) is not None
    if datatype == expand("rdf:JSON"):
        return _json
    return _TESTS.get(datatype)
