"""Every code of the mapping has its section, and every section its code."""

import re
from pathlib import Path

# Written by the pipeline, which alone sees two records at once, and which files there are.
ELSEWHERE = {"QCP-MAP-DUPLICATE", "QCP-MAP-OPTIONAL", "QCP-MAP-QUERY"}


def test_codes_and_pages_agree(repository: Path) -> None:
    files = (repository / "qcp_graph" / "mapping").rglob("*.py")
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    used = set(re.findall(r'"(QCP-MAP-[A-Z]+)"', code))
    page = (repository / "docs" / "errors" / "mapping.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^## (QCP-[A-Z-]+)$", page, re.MULTILINE))
    assert used | ELSEWHERE == documented
