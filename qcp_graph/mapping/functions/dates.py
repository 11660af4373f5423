"""Functions on dates and durations; they give ISO 8601 texts."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from qcp_graph.mapping.functions.registry import function

_DATE = re.compile(
    r"(\d{1,2})\s*[./ -]\s*(\d{1,2})\s*[./ -]\s*(\d{4})(?:[ T]+\d{1,2}:\d{2}(?::\d{2})?)?\Z",
    re.ASCII,
)
_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?\Z", re.ASCII)
_YEAR = re.compile(r"(?<!\d)((?:1[89]|2[01])\d\d)(?!\d)", re.ASCII)
_UTC = ZoneInfo("UTC")
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,4})?\Z", re.ASCII)

Unit: TypeAlias = Literal["days", "weeks", "months", "years"]


def _day(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError as error:
        raise ValueError("is a day that does not exist") from error


@function
def date_dmy(text: str) -> str:
    """Read day, month, year (a time of day is left out).

    >>> date_dmy("1/9/2024"), date_dmy("31.12.2023 00:00:00")
    ('2024-09-01', '2023-12-31')
    """
    match = _DATE.match(text.strip())
    if not match:
        raise ValueError("is not a date written day/month/year")
    return _day(match.group(3), match.group(2), match.group(1))


@function
def date_mdy(text: str) -> str:
    """Read month, day, year.

    >>> date_mdy("9/1/2024")
    '2024-09-01'
    """
    match = _DATE.match(text.strip())
    if not match:
        raise ValueError("is not a date written month/day/year")
    return _day(match.group(3), match.group(1), match.group(2))


@function
def date_iso(text: str) -> str:
    """Read year, month, day; the time of day and the zone are left out.

    >>> date_iso("2024-09-01T10:00:00Z"), date_iso("20240901")
    ('2024-09-01', '2024-09-01')
    """
    match = _ISO.match(text.strip())
    if not match:
        raise ValueError("is not a date written year-month-day")
    return _day(*match.groups())


@function
def date_epoch_ms(text: str, zone: ZoneInfo = _UTC) -> str:
    """Read milliseconds since 1970; ``zone`` says whose calendar day counts.

    >>> date_epoch_ms("1533070800000", ZoneInfo("Europe/Helsinki")), date_epoch_ms("1533070800000")
    ('2018-08-01', '2018-07-31')
    """
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))
        return moment.astimezone(zone).date().isoformat()
    except (ValueError, OverflowError) as error:
        raise ValueError("is not a number of milliseconds since 1970") from error


@function
def year(text: str) -> str:
    """Find the only year (1800-2199) in a text.

    >>> year("Loi du 5 mars 2014")
    '2014'
    """
    found = set(_YEAR.findall(text))
    if len(found) != 1:
        raise ValueError("names no year, or several")
    return str(found.pop())


@function
def year_start(text: str) -> str:
    """Turn a year into its first day.

    >>> year_start("2014")
    '2014-01-01'
    """
    return f"{_only_year(text)}-01-01"


@function
def year_end(text: str) -> str:
    """Turn a year into its last day.

    >>> year_end("2014")
    '2014-12-31'
    """
    return f"{_only_year(text)}-12-31"


def _only_year(text: str) -> str:
    if not re.fullmatch(r"\s*\d{4}\s*", text, re.ASCII) or not int(text):
        raise ValueError("is not a year of four digits")
    return text.strip()


@function
def duration_hours(text: str) -> str:
    """Turn a number of hours into a duration; fractions become minutes.

    >>> duration_hours("120"), duration_hours("7,5 h")
    ('PT120H', 'PT7H30M')
    """
    number = text.strip().removesuffix("h").removesuffix("H").strip()
    if not _NUMBER.match(number):
        raise ValueError("is not a number of hours")
    minutes = round(float(number.replace(",", ".")) * 60)
    hours, rest = divmod(minutes, 60)
    return f"PT{hours}H{rest}M" if rest else f"PT{hours}H"


@function
def duration(text: str, unit: Unit) -> str:
    """Turn a whole number of days, weeks, months or years into a duration.

    >>> duration("3", "years"), duration("6", "weeks"), duration("6", "months")
    ('P3Y', 'P42D', 'P6M')
    """
    number = text.strip()
    if not re.fullmatch(r"\d{1,5}", number, re.ASCII):
        raise ValueError("is not a whole number")
    count = int(number)
    forms = {"days": f"P{count}D", "weeks": f"P{count * 7}D", "months": f"P{count}M"}
    return forms.get(unit, f"P{count}Y")
