"""Each code that sources, fetch and readers can give is documented, once."""

import re
from pathlib import Path

CODE = re.compile(r'"(QCP-SRC-[A-Z-]+)"')


def test_every_code_has_its_section(repository: Path) -> None:
    used = {
        code
        for package in ("sources", "fetch", "readers")
        for path in (repository / "qcp_graph" / package).glob("*.py")
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    sections = [
        code
        for name in ("sources.md", "readers.md")
        for code in re.findall(
            r"^## (QCP-SRC-[A-Z-]+)$",
            (repository / "docs" / "errors" / name).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    ]
    assert used - set(sections) == set()
    assert len(set(sections)) == len(sections)
