"""Where a published record comes from: the cells of the source beside what each rule made of them.

Read again from the snapshot, which is kept, when somebody asks: one record at a time, and only
where a delivery is small enough for it.
"""

import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from qcp_graph import fetch, mapping, sources, vocabulary
from qcp_graph.errors import QcpError
from qcp_graph.iris import Iris
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.model.record import PreparedRecord, SourceRecord
from qcp_graph.model.snapshot import Snapshot
from qcp_graph.model.source import Source
from qcp_graph.pipeline import explain, reading
from qcp_graph.settings import Settings
from qcp_graph.terms import Quad

LARGEST: Final = 256 * 1024**2
"""Bytes of a delivery above which no record of it is looked for while somebody waits."""
_PATIENCE: Final = 20.0  # seconds that a reader waits for those before
_OPEN: Final = 8  # registers whose tables stay open

Reason = Literal["", "gone", "large", "changed", "busy"]
"""Why a record cannot be shown: its delivery is not here, or is too large, or others wait."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A record of the source beside its statements; ``why`` is empty where it was found.

    ``rules`` are those that ran, with cells, steps and statements, of which only published ones
    count; ``unread`` are fields that no rule reads, ``ignored`` field → the reason in the mapping.
    ``added`` are statements that stem from no rule, such as links that were computed.
    """

    why: Reason = ""
    rules: tuple[mapping.Explanation, ...] = ()
    unread: tuple[str, ...] = ()
    ignored: Mapping[str, str] = field(default_factory=dict)
    added: tuple[Quad, ...] = ()


@dataclass
class _Register:
    """A register as one delivery has it: the mapping, its folder, the snapshot, its tables."""

    plan: mapping.Plan
    snapshot: Snapshot
    tables: mapping.Tables
    scratch: "tempfile.TemporaryDirectory[str]"
    folder: Path

    def close(self) -> None:
        self.tables.close()
        self.scratch.cleanup()


class Origins:
    """Finds source records for readers of a release, one at a time; close it."""

    def __init__(self, settings: Settings, largest: int = LARGEST) -> None:
        self._settings = settings
        self._largest = largest
        self._turn = threading.Lock()
        self._open: dict[tuple[str, str], _Register] = {}
        self._levels: vocabulary.Vocabulary | None = None

    def of(self, source_id: str, row: LedgerRow) -> Origin:
        """Return the source record of a row of the ledger beside its statements."""
        if not self._turn.acquire(timeout=_PATIENCE):
            return Origin("busy")
        try:
            return self._of(source_id, row)
        except (QcpError, OSError):  # a delivery or mapping that can no longer be read
            return Origin("gone")
        finally:
            self._turn.release()

    def close(self) -> None:
        """Remove what was unpacked."""
        with self._turn:
            for register in self._open.values():
                register.close()
            self._open.clear()

    def _of(self, source_id: str, row: LedgerRow) -> Origin:
        snapshot = self._snapshot(source_id, row.snapshot)
        if snapshot is None:
            return Origin("gone")
        if sum(file.size for file in snapshot.files) > self._largest:
            return Origin("large")
        register = self._register(source_id, snapshot)
        found = _found(register, row, self._settings.record_max_bytes)
        if found is None:
            return Origin("gone")
        name, prepared = found
        if prepared.digest != row.digest:
            return Origin("changed")
        return _told(register, row, prepared, name, self._plan(source_id))

    def _snapshot(self, source_id: str, sha256: str) -> Snapshot | None:
        known = fetch.history(self._settings.home / "snapshots", source_id)
        return next((one for one in known if one.sha256 == sha256), None)

    def _register(self, source_id: str, snapshot: Snapshot) -> _Register:
        key = (source_id, snapshot.sha256)
        if key not in self._open:
            while len(self._open) >= _OPEN:
                self._open.pop(next(iter(self._open))).close()
            self._open[key] = self._opened(source_id, snapshot)
        return self._open[key]

    def _opened(self, source_id: str, snapshot: Snapshot) -> _Register:
        plan = self._plan(source_id)
        # The register object removes the folder when it is closed.
        scratch = tempfile.TemporaryDirectory(prefix="qcp-")
        limit = self._settings.record_max_bytes
        try:
            tables = reading.tables(plan, snapshot, Path(scratch.name), limit, [])
        except BaseException:
            scratch.cleanup()
            raise
        return _Register(plan, snapshot, tables, scratch, self._source(source_id).folder)

    def _plan(self, source_id: str) -> mapping.Plan:
        base, workspace = self._settings.base_iri, self._settings.workspace
        if self._levels is None:
            self._levels = vocabulary.load(base, workspace)
        source = self._source(source_id)
        return mapping.load(
            source.folder, source, Iris(base), self._levels.levels,
            own_functions=self._settings.own_functions,
        )  # fmt: skip

    def _source(self, source_id: str) -> Source:
        return sources.get(source_id, self._settings.workspace)


def _found(register: _Register, row: LedgerRow, limit: int) -> tuple[str, PreparedRecord] | None:
    """Return the record at the place that the ledger names."""
    for name, item in reading.records(register.plan, register.snapshot, limit):
        if isinstance(item, SourceRecord) and str(item.locator) == row.locator:
            prepared = register.plan.prepare(item, name, register.tables)
            if isinstance(prepared, PreparedRecord) and prepared.key == row.key:
                return name, prepared
    return None


def _told(
    register: _Register, row: LedgerRow, prepared: PreparedRecord, name: str, fresh: mapping.Plan
) -> Origin:
    """Return what the rules say of a record; ``fresh`` has seen no other one."""
    plan, folder = register.plan, register.folder
    published = {*row.quads, *row.shared}
    rules = tuple(plan.explain(prepared, name))
    explained = {quad for rule in rules for quad in rule.quads}
    fresh.prepare(prepared.record, name)
    unread = (one.field for one in fresh.audit() if one.code == "QCP-MAP-UNMAPPED")
    added = (quad for quad in (*row.quads, *row.shared) if quad not in explained)
    return Origin(
        rules=tuple(rule for rule in rules if published.issuperset(rule.quads)),
        unread=tuple(dict.fromkeys(unread)),
        ignored={
            one: explain.line_at(folder, str(place)) for one, (_, place) in fresh.ignored().items()
        },
        added=tuple(dict.fromkeys(added)),
    )
