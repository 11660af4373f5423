"""``docs/conformance.md``, written from a run of every official suite."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests.conformance import rml, shacl, sparql
from tests.conformance.suite import Suite, section

SUITES: Final[Sequence[Callable[[Path], Suite]]] = (rml.suite, shacl.all_cases, sparql.all_cases)
PAGE: Final = Path("docs") / "conformance.md"
_HEAD: Final = """\
# Conformance

How this program does in the official test suites of the standards that it implements. Written by
`make conformance`, which runs every case; the tests fail when the page is out of date, when a
share falls, and when a case that is listed as not passed begins to pass.
"""


def page(shared: Path) -> str:
    """Run all suites and return the page."""
    return "\n".join([_HEAD, *(section(make(shared)) for make in SUITES)])
