"""A problem in the data, addressed to the person who can mend it."""

from dataclasses import dataclass, fields
from typing import Literal

Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem: what, where in the source, why, and what to do.

    ``code`` is a stable ``QCP-…`` code documented in ``docs/errors/``; ``locator`` the place in
    the source (``approved.csv row 12``); ``rule`` the mapping rule or shape; ``field`` the source
    field or the RDF property; ``value`` the offending value, cut at 500 characters for display.
    """

    code: str
    severity: Severity
    message: str
    source: str = ""
    record: str = ""
    locator: str = ""
    field: str = ""
    rule: str = ""
    value: str = ""
    remedy: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the issue as a flat mapping of strings, the form of every report."""
        return {name: getattr(self, name) for name in FIELDS}  # asdict() copies deeply: slow


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(Issue))
"""The names of an issue's fields, in the order of every report."""
