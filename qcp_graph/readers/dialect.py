"""Which character separates the cells of a table: found out, with the evidence for it."""

import io
from collections import Counter
from dataclasses import dataclass
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.readers import rows

DELIMITERS: Final = ";,\t|"
# A second delimiter that does nearly as well as the best one is a reason to look.
_CLOSE: Final = 0.8
_NAMES: Final = {"\t": "tab"}


@dataclass(frozen=True, slots=True)
class Cut:
    """How a delimiter cuts a sample: the commonest width, the share of rows that have it, and
    whether the first row has it, too."""

    delimiter: str
    share: float = 0.0
    width: int = 1
    rows: int = 0
    header: bool = False

    @property
    def words(self) -> str:
        """What happened, in words."""
        name = _NAMES.get(self.delimiter, self.delimiter)
        return f"{name!r} cuts {self.share:.0%} of {self.rows:,} rows into {self.width} cells"


@dataclass(frozen=True, slots=True)
class Detected:
    """The delimiter that fits best, and the next best one."""

    best: Cut
    rival: Cut | None = None

    @property
    def sure(self) -> bool:
        """Whether no other character does nearly as well, the header included."""
        if self.rival is None or not self.rival.header:
            return True
        return self.rival.share < _CLOSE * self.best.share

    @property
    def evidence(self) -> str:
        """What speaks for the delimiter, in words."""
        if self.best.width == 1:
            return "no character cuts the rows into cells: a table of one column"
        return self.best.words + (f"; {self.rival.words}" if self.rival else "")


def detect(sample: str, quotechar: str = '"', *, cut: bool = False) -> Detected:
    """Return the delimiter that cuts a sample into rows of the most even width.

    ``cut`` tells that the sample ends within a row.

    >>> detect("id;title\\n1;Baker, pastry cook\\n2;Cook\\n").best.delimiter
    ';'
    """
    found = sorted(
        (_cut(sample, delimiter, quotechar, cut=cut) for delimiter in DELIMITERS),
        key=lambda way: (way.share, way.width),
        reverse=True,
    )
    wide = [way for way in found if way.width > 1]
    if not wide:
        return Detected(Cut(",", 1.0, 1, found[0].rows))
    return Detected(wide[0], wide[1] if len(wide) > 1 else None)


def _cut(sample: str, delimiter: str, quotechar: str, *, cut: bool) -> Cut:
    text = io.StringIO(sample, newline="")
    found = [r.cells for r in rows.read(text, delimiter, quotechar, len(sample) + 1) if r.cells]
    widths = [len(cells) for cells in (found[:-1] if cut and len(found) > 1 else found)]
    if not widths or max(widths) < 2:
        return Cut(delimiter, rows=len(widths))
    width, count = Counter(widths).most_common(1)[0]
    share = count / len(widths) if width > 1 else 0.0
    return Cut(delimiter, share, max(2, width), len(widths), widths[0] == width)


def doubtful(file: str, found: Detected) -> Issue:
    """Return the remark that the cells may be cut at the wrong character."""
    name = _NAMES.get(found.best.delimiter, found.best.delimiter)
    return Issue(
        "QCP-SRC-DIALECT",
        "warning",
        f"The delimiter {name!r} is not certain: {found.evidence}.",
        locator=file,
        remedy="Look at the file and name the delimiter in mapping.yaml: "
        f'options: {{delimiter: "{found.best.delimiter}"}}.',
    )
