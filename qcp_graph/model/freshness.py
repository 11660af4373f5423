"""When a register counts as out of date: after two of its own update periods."""

from datetime import date, timedelta
from typing import Final

DAYS: Final = {
    "HOURLY": 1,
    "DAILY_2": 1,
    "DAILY": 1,
    "WEEKLY_3": 3,
    "WEEKLY_2": 4,
    "WEEKLY": 7,
    "MONTHLY_3": 11,
    "BIWEEKLY": 14,
    "MONTHLY_2": 16,
    "MONTHLY": 31,
    "BIMONTHLY": 62,
    "QUARTERLY": 92,
    "ANNUAL_3": 122,
    "ANNUAL_2": 183,
    "ANNUAL": 366,
    "BIENNIAL": 731,
    "TRIENNIAL": 1096,
}
"""Days of one period, by code of the EU frequency table; irregular ones have none."""
_PERIODS: Final = 2


def due(frequency: str, seen: date) -> date | None:
    """Return when the next state of a register is to be expected, None where nobody can tell.

    >>> due("WEEKLY", date(2026, 1, 1)), due("IRREG", date(2026, 1, 1))
    (datetime.date(2026, 1, 8), None)
    """
    days = DAYS.get(frequency)
    return seen + timedelta(days=days) if days is not None else None


def is_stale(frequency: str, seen: date, today: date) -> bool:
    """Tell whether a register last seen on a day is out of date today.

    >>> is_stale("MONTHLY", date(2026, 1, 1), date(2026, 3, 1))
    False
    >>> is_stale("MONTHLY", date(2026, 1, 1), date(2026, 4, 1))
    True
    >>> is_stale("IRREG", date(2000, 1, 1), date(2026, 1, 1))
    False
    """
    days = DAYS.get(frequency)
    return days is not None and (today - seen).days > _PERIODS * days
