"""Dates as sources write them: a year, a month or a day, as the span of days it covers."""

import re
from calendar import monthrange
from datetime import date
from typing import Final

_FORM: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def span(lexical: str) -> tuple[date, date] | None:
    """Return the first and last day of an xsd:gYear, xsd:gYearMonth, xsd:date or xsd:dateTime.

    >>> span("2024-02")[1].isoformat()
    '2024-02-29'
    >>> span("soon") is None
    True
    """
    found = _FORM.match(lexical)
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        if month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return None


def begins(lexical: str) -> date | None:
    """Return the first day that a date covers, None for no date."""
    found = span(lexical)
    return found[0] if found else None


def ends(lexical: str) -> date | None:
    """Return the last day that a date covers, None for no date."""
    found = span(lexical)
    return found[1] if found else None


def within(start: str, end: str, on: date) -> bool:
    """Tell whether a day lies in a period; an open end is no bound.

    >>> within("2020", "", date(2020, 1, 1)), within("", "2019-12", date(2020, 1, 1))
    (True, False)
    """
    first, last = begins(start), ends(end)
    return (first is None or first <= on) and (last is None or on <= last)
