"""From codes of other classifications to ISCED-F: tables in ``data/fields/crosswalks``."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qcp_graph import assets

FOLDER: Final = Path("data") / "fields" / "crosswalks"


@dataclass(frozen=True)
class Crosswalk:
    """A table from the codes or names of one scheme to fields.

    Several fields stand for "one of these": the classifier chooses among them.
    """

    scheme: str
    table: Mapping[str, tuple[str, ...]]
    evidence: str = ""
    date: str = ""

    def fields(self, code: str) -> tuple[str, ...]:
        """Return the fields of a code or name, by its longest known beginning.

        Names are compared without case. Unknown codes have none.

        >>> walk = Crosswalk("x", {"25": ("07",), "251": ("0715",)})
        >>> walk.fields("251r"), walk.fields("259"), walk.fields("31")
        (('0715',), ('07',), ())
        """
        wanted = code.strip().casefold()
        if not wanted or not wanted[0].isdigit():
            return self.table.get(wanted, ())
        for end in range(len(wanted), 0, -1):
            if wanted[:end] in self.table:
                return self.table[wanted[:end]]
        return ()


def load(workspace: Path | None = None) -> dict[str, Crosswalk]:
    """Return the crosswalks by the name of their scheme; a workspace's table replaces ours."""
    found: dict[str, Crosswalk] = {}
    for root in assets.roots(workspace):
        for path in sorted((root / FOLDER).glob("*.csv")):
            found.setdefault(path.stem, _read(path))
    return dict(sorted(found.items()))


def _read(path: Path) -> Crosswalk:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = {row["code"].casefold(): tuple(row["fields"].split("|")) for row in rows}
    first = rows[0] if rows else {}
    return Crosswalk(path.stem, table, first.get("evidence", ""), first.get("date", ""))
