"""A problem in the data, addressed to the person who can mend it."""

from dataclasses import asdict, dataclass
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
        return asdict(self)
