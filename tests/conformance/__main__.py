"""``python -m tests.conformance``: run the official suites and write ``docs/conformance.md``."""

import sys

from tests.conformance.report import PAGE, page
from tests.conftest import REPOSITORY, SHARED


def main() -> int:
    """Write the page."""
    if not (SHARED / "conformance").is_dir():
        print(f"The official suites are not in {SHARED}; set QCP_SHARED.", file=sys.stderr)
        return 2
    (REPOSITORY / PAGE).write_text(page(SHARED), encoding="utf-8", newline="\n")
    print(f"{PAGE} written.", file=sys.stderr)
    return 0


sys.exit(main())
