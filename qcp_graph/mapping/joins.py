"""Side tables at work: which rows are taken, and which of them belong to a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from qcp_graph.mapping.audit import Audit
from qcp_graph.mapping.compile_values import Test
from qcp_graph.mapping.frames import Frame, Getter, RejectedError, Run, keys_of
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.spec import SideTable
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import SourceRecord

if TYPE_CHECKING:
    from qcp_graph.mapping.tables import Row, Tables

MAX_ROWS: Final = 10_000


@dataclass
class JoinPlan:
    """A side table that runs: its rows' keys and conditions, and which columns are needed.

    ``fields`` are the outermost columns that the mapping reads; None for whole rows. ``rows`` and
    ``met`` count the rows taken, and the records that found any.
    """

    spec: SideTable
    key: Getter
    where: Test | None
    audit: Audit
    fields: frozenset[str] | None = None
    rows: int = 0
    met: int = 0
    asked: int = 0

    def take(self, row: SourceRecord, source: str) -> "tuple[Sequence[str], Row]":
        """Return the keys of a row (none: it is not needed) and what is kept of it."""
        frame = Frame(row.data, None, 1, Run(source, "", row.locator, {}))
        if self.where is not None and not self.where(frame):
            return (), {}
        self.audit.see(row.data, row.locator)
        keys = keys_of(self.key, frame)
        self.rows += bool(keys)
        if self.fields is None:
            return keys, row.data
        return keys, {name: value for name, value in row.data.items() if name in self.fields}

    def unmet(self, source: str) -> list[Issue]:
        """Return an issue when no record found a row: the two keys are written differently."""
        if self.met or not self.asked or not self.rows:
            return []
        return [
            Issue(
                "QCP-MAP-JOIN", "info" if self.spec.optional else "warning",
                f"None of {self.asked} records has a row in the side table {self.spec.name!r}.",
                source, field=f"join:{self.spec.name}", rule=str(self.spec.place),
                remedy="Compare how `key` and `on` are written in both files (zeros, spaces).",
            )
        ]  # fmt: skip


@dataclass(frozen=True)
class Joined:
    """The joins of one input, each after those whose rows it is keyed on."""

    plans: Mapping[str, JoinPlan]
    on: Mapping[str, Getter] = field(default_factory=dict)

    def rows(self, frame: Frame, tables: "Tables") -> "Mapping[str, Sequence[Row]]":
        """Return the rows of every side table for a record.

        :raises RejectedError: when a side table has more rows for it than any record needs.
        """
        run = frame.run
        found: dict[str, Sequence[Row]] = {}
        run.joined = found  # a join of joins reads what the earlier ones found
        for name, getter in self.on.items():
            rows = found[name] = self._rows(name, keys_of(getter, frame), tables)
            plan = self.plans[name]
            plan.asked += 1
            plan.met += bool(rows)
            if len(rows) > MAX_ROWS:
                raise _too_many(run, plan.spec)
        return found

    @staticmethod
    def _rows(name: str, keys: Sequence[str], tables: "Tables") -> "Sequence[Row]":
        if len(keys) == 1:
            return tables.rows(name, keys[0], MAX_ROWS + 1)
        found: list[Row] = []
        for key in keys:
            found += tables.rows(name, key, MAX_ROWS + 1)
            if len(found) > MAX_ROWS:
                break
        return found


def either(getters: Sequence[Getter]) -> Getter:
    """Return a getter of the values of all getters."""
    if len(getters) == 1:
        return getters[0]
    return lambda frame: [text for getter in getters for text in getter(frame)]


def ordered(joins: Mapping[str, SideTable]) -> list[str]:
    """Return the names so that each join comes after those whose rows it is keyed on.

    :raises UsageError: when joins are keyed on each other in a circle.
    """
    done: dict[str, None] = {}

    def visit(name: str, chain: tuple[str, ...]) -> None:
        if name in chain:
            message = f"Joins are keyed on each other in a circle: {' → '.join([*chain, name])}."
            raise fault("QCP-MAP-CYCLE", message, joins[name].place)
        if name not in done:
            for needed in joins[name].needs:
                visit(needed, (*chain, name))
            done[name] = None

    for name in joins:
        visit(name, ())
    return list(done)


def _too_many(run: Run, spec: SideTable) -> RejectedError:
    run.issue(
        "QCP-MAP-JOIN",
        f"The record has more than {MAX_ROWS} rows in the side table {spec.name!r}.",
        severity="violation", field=f"join:{spec.name}", rule=str(spec.place),
        remedy="Choose keys that tell records apart, or leave rows out with `where`.",
    )  # fmt: skip
    return RejectedError()
