"""Templates that name several columns of one side table: the columns of the same row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from qcp_graph.mapping.frames import Frame, Getter, Step, Texts, select, texts
from qcp_graph.mapping.paths import Template
from qcp_graph.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a side table, read from a given row."""

    join: str
    steps: tuple[Step, ...]

    def of(self, row: JsonValue) -> Texts:
        """Return the texts of the column in a row."""
        return [text for value in select(row, self.steps) for text in texts(value)]

    def all(self, frame: Frame) -> Texts:
        """Return the texts of the column in all joined rows."""
        return [text for row in frame.run.joined.get(self.join, ()) for text in self.of(row)]


def aligned_joins(template: Template) -> tuple[str, ...]:
    """Return the joins of which a template names more than one column."""
    names = [part.name for part in template.references if part.kind == "join"]
    return tuple(dict.fromkeys(name for name in names if names.count(name) > 1))


def aligned(
    parts: Sequence[str | Getter | Column], joins: Sequence[str], encode: Callable[[str], str],
    limit: int, rule: str,
) -> Getter:  # fmt: skip
    """Return a getter that combines the parts row by row; at most ``limit`` combinations."""

    def value(frame: Frame) -> Texts:
        others = {
            place: [encode(text) for text in part(frame)]
            for place, part in enumerate(parts)
            if not isinstance(part, str | Column)
        }
        found: list[str] = []
        for rows in product(*(frame.run.joined.get(name, ()) for name in joins)):
            chosen = dict(zip(joins, rows, strict=True))
            columns = [_texts(part, chosen, others.get(place, ()), frame, encode)
                       for place, part in enumerate(parts)]  # fmt: skip
            if len(found) + prod(map(len, columns)) > limit:
                frame.run.issue(
                    "QCP-MAP-VALUE",
                    f"The template has more than {limit} combinations of values; none is used.",
                    rule=rule, remedy="Use foreach for what repeats.",
                )  # fmt: skip
                return ()
            found.extend("".join(combination) for combination in product(*columns))
        return found

    return value


def _texts(
    part: str | Getter | Column, chosen: Mapping[str, JsonValue], other: Texts, frame: Frame,
    encode: Callable[[str], str],
) -> Texts:  # fmt: skip
    if isinstance(part, str):
        return (part,)
    if not isinstance(part, Column):
        return other
    found = part.of(chosen[part.join]) if part.join in chosen else part.all(frame)
    return [encode(text) for text in found]
