"""The page of figures: tables written between two marks, the prose around them left alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from qcp_graph.errors import UsageError

BEGIN: Final = "<!-- figures: written by qcp evaluate page -->"
END: Final = "<!-- end of figures -->"
PRECISION: Final = 0.92
Row = Mapping[str, object]
# Of the figures of linking these are shown; the rest is in what `qcp evaluate linking` prints.
COLUMNS: Final = (
    "language", "texts", "with skill", "MRR", "hit@1", "hit@5", "hit@10", "R@10", "RP", "RP@5",
    "calibration error", "calibration error of the first", "first, where none fits",
    "texts per core-second", "MB",
)  # fmt: skip
# What others reached, published or measured before, on the hidden part of the same sets (MRR).
BASELINES: Final[Mapping[str, Sequence[tuple[str, float]]]] = {
    "tech_validation_annotations": (
        ("character TF-IDF", 0.43), ("sentence vectors", 0.43), ("weighted sum of both", 0.50),
        ("with clause windows, tuned", 0.59), ("best trained model", 0.63),
    ),
    "house_validation_annotations": (
        ("character TF-IDF", 0.34), ("sentence vectors", 0.36), ("weighted sum of both", 0.43),
        ("with clause windows, tuned", 0.51), ("best trained model", 0.49),
    ),
}  # fmt: skip


def rows_of(answer: object, name: str) -> list[Row]:
    """Return the rows that a command printed: a list, or fields of education by group.

    ``name`` says where fields come from; of the curve stands the greatest share of titles that may
    be assigned with a precision of :data:`PRECISION`.
    """
    if isinstance(answer, list):
        return [row for row in answer if isinstance(row, Mapping)]
    if not isinstance(answer, Mapping):
        return []
    return [
        {
            "data": name, "task": "ISCED-F", "titles of": group, "titles": found["titles"],
            "level": level, "accuracy": accuracy,
            f"coverage at precision {PRECISION}": _coverage(found["curve"].get(level, ())),
        }
        for group, found in answer.items()
        if isinstance(found, Mapping) and "accuracy" in found
        if group != "all" or len(answer) != 2  # "all" of one language says the same twice
        for level, accuracy in found["accuracy"].items()
    ]  # fmt: skip


def _coverage(curve: Iterable[Sequence[float]]) -> float:
    """Return the greatest coverage of (threshold, coverage, precision) that is precise enough."""
    return max((covered for _, covered, precise in curve if precise >= PRECISION), default=0.0)


def written(page: str, figures: Iterable[Row], day: date) -> str:
    """Return a page with the figures between its marks replaced.

    :raises UsageError: when the marks are missing, or stand in the wrong order.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UsageError(
            "QCP-LNK-PAGE", "The page has no place for the figures.",
            remedy=f"Put the lines {BEGIN} and {END} where they belong.",
        )  # fmt: skip
    tables = "\n\n".join([f"Measured on {day.isoformat()}.", *_tables(list(figures))])
    return f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"


def _tables(figures: Sequence[Row]) -> Iterable[str]:
    """Yield a table per data set and tier, then what others reached beside it."""
    groups: dict[str, list[Row]] = {}
    for row in figures:
        kind = row.get("tier", row.get("task", ""))
        heading = f"{row.get('data', 'index')}, {kind}" + (
            f", ESCO {row['esco']}" if "esco" in row else ""
        )
        groups.setdefault(heading, []).append(row)
    for heading, rows in sorted(groups.items()):
        linked = "MRR" in rows[0]
        named = [name for name in (COLUMNS if linked else rows[0]) if name in rows[0]]
        yield f"### {heading}"
        yield _table(named, [[_cell(row.get(name, "")) for name in named] for row in rows])
        if baselines := BASELINES.get(str(rows[0].get("data"))):
            yield _beside(rows[0], baselines)


def _beside(row: Row, baselines: Sequence[tuple[str, float]]) -> str:
    reached = _mean(row["MRR"])
    cells = [[name, f"{value:.2f}", f"{reached / value:.2f}"] for name, value in baselines]
    return _table(["others, on the hidden part", "MRR", "ours by theirs"], cells)


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _mean(value: object) -> float:
    return float(value[0] if isinstance(value, list | tuple) else str(value))


def _cell(value: object) -> str:
    if isinstance(value, list | tuple) and len(value) == 3:
        mean, low, high = (float(one) for one in value)
        return f"{mean:.3f} ({low:.3f}–{high:.3f})"
    if isinstance(value, float):
        return f"{value:.3f}" if value < 10 else f"{value:.0f}"
    return " ".join(str(value).split()).replace("|", "/")
