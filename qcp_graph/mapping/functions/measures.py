"""Functions on credits, hours and lengths of time written in words."""

import re
from decimal import Decimal, InvalidOperation

from qcp_graph.mapping.functions.numbers import decimal
from qcp_graph.mapping.functions.registry import function

_AMOUNT = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?)", re.ASCII)
_TIME = re.compile(r"(\d{1,5}(?:[.,]\d{1,2})?)\s*([^\W\d_]+)")
_CLOCK = re.compile(r"(\d{1,4})\s*h\s*(\d{2})\b", re.ASCII)
# Beginnings of words, longest first; a unit is the first that fits.
_UNITS = {
    "Y": "year an ans año años ano anos anno anni jahr vuosi vuotta år jaar rok lata rik y a yr",
    "M": "month mois mes mese mês meses mesi monat kuukau måned månad maand miesi mth mo",
    "W": "week semaine semana settiman woche viikko uge vecka tydz wk sem",
    "D": "day jour día dia giorn tag päivä dag dzie d j",
    "H": "hour heure hora ora ore stunde std tunti tuntia time timm uur godz h hr hrs",
    "N": "min minute minuto minuut",
}


@function
def credits_(text: str) -> str:
    """Find the only number in a text about credits.

    >>> credits_("60 ECTS"), credits_("Credits: 7,5")
    ('60', '7.5')
    """
    found = _AMOUNT.findall(text[:1000])
    if len(found) != 1:
        raise ValueError("names no number of credits, or several")
    return str(decimal(found[0]))


@function
def multiply(text: str, by: str) -> str:
    """Multiply a number, for example credits by hours per credit.

    >>> multiply("60", "25"), multiply("7,5", "10")
    ('1500', '75')
    """
    try:
        product = Decimal(str(decimal(text))) * Decimal(by)
    except InvalidOperation as error:
        raise ValueError("is not a number") from error
    if not product.is_finite() or abs(product) > Decimal("1e12"):
        raise ValueError("is too large a number")
    return format(product.normalize(), "f")


@function
def duration_words(text: str) -> str:
    """Read a length of time in words (several languages) and write it as a duration.

    Weeks count seven days; a fraction of a year is given in months.

    >>> duration_words("2 years 6 months"), duration_words("1 an"), duration_words("120 heures")
    ('P2Y6M', 'P1Y', 'PT120H')
    >>> duration_words("1,5 vuotta"), duration_words("3 Wochen"), duration_words("90 min")
    ('P1Y6M', 'P21D', 'PT90M')
    """
    words = _CLOCK.sub(r"\1 h \2 min", text[:1000].casefold())
    found = _TIME.findall(words)
    if re.search(r"\d", _TIME.sub("", words)):
        raise ValueError("is not a length of time: a number has no unit")
    counts: dict[str, Decimal] = {}
    for number, word in found:
        unit = _unit(word)
        if not unit or unit in counts:
            raise ValueError("is not a length of time")
        counts[unit] = Decimal(number.replace(",", "."))
    if not counts:
        raise ValueError("is not a length of time")
    return _written(counts)


def _unit(word: str) -> str:
    best = ("", 0)
    for unit, names in _UNITS.items():
        for name in names.split():
            # One letter must be the whole word; longer names may have an ending.
            fits = word == name if len(name) < 3 else word.startswith(name)
            if fits and len(name) > best[1]:
                best = (unit, len(name))
    return best[0]


def _written(counts: dict[str, Decimal]) -> str:
    days = counts.get("D", Decimal()) + 7 * counts.get("W", Decimal())
    months = counts.get("M", Decimal())
    years = counts.get("Y", Decimal())
    months += (years % 1) * 12
    minutes = counts.get("N", Decimal()) + (counts.get("H", Decimal()) % 1) * 60
    hours = counts.get("H", Decimal())
    parts: list[tuple[int | Decimal, str]] = [(int(years), "Y"), (months, "M"), (days, "D")]
    clock: list[tuple[int | Decimal, str]] = [(int(hours), "H"), (minutes, "M")]
    if any(value != int(value) for value, _ in (*parts, *clock)):
        raise ValueError("is a length of time that days and minutes cannot say")
    found = "".join(f"{int(value)}{mark}" for value, mark in parts if value)
    later = "".join(f"{int(value)}{mark}" for value, mark in clock if value)
    if not found and not later:
        raise ValueError("is no time at all")
    return f"P{found}" + (f"T{later}" if later else "")
