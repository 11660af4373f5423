"""Spans of time as people read them."""

import re
from typing import Final

from qcp_graph.server.pages.i18n import Language

_DURATION: Final = re.compile(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,9}(?:\.\d+)?)H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d+)?)S)?)?\Z"
)


def readable(lexical: str, language: Language, *, in_hours: bool = False) -> str:
    """Return an xsd:duration in words; what is none stays as it is.

    ``in_hours`` counts days as 24 hours: a workload of 120 hours is the same xsd:duration as five
    days, and the store writes the latter.

    >>> from qcp_graph.server.pages.i18n import load
    >>> readable("P5DT2H", load(None).by_tag["en"], in_hours=True)
    '122 hours'
    """
    if not (found := _DURATION.match(lexical)) or not any(found.groups()):
        return lexical
    years, months, weeks, days, hours, minutes, _ = (float(n or 0) for n in found.groups())
    if in_hours:
        hours, days, weeks = hours + 24 * (days + 7 * weeks), 0, 0
    ngettext, number = language.ngettext, language.number
    parts = [
        ngettext("%(num)s year", "%(num)s years", int(years)) if years else "",
        ngettext("%(num)s month", "%(num)s months", int(months)) if months else "",
        ngettext("%(num)s week", "%(num)s weeks", int(weeks)) if weeks else "",
        ngettext("%(num)s day", "%(num)s days", int(days)) if days else "",
        ngettext("%(num)s hour", "%(num)s hours", int(hours), num=number(hours)) if hours else "",
        ngettext("%(num)s minute", "%(num)s minutes", int(minutes)) if minutes else "",
    ]
    return " ".join(part for part in parts if part) or lexical
