"""The history of a release: which releases changed which registers, and when they went live.

``feed/log.json`` of a release; a new release takes over the history of the newest one and adds a
batch, so all histories of a home are beginnings of one line.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from qcp_graph.errors import DataError

NAME: Final = "log.json"
_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"


def stamp(moment: datetime) -> str:
    """Return a moment as feeds write it: UTC, whole seconds.

    >>> stamp(datetime(2026, 1, 1, 12, 0, 0, 5, UTC))
    '2026-01-01T12:00:00Z'
    """
    return moment.astimezone(UTC).strftime(_MOMENT)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records of a register a release changed, and on how many pages they stand.

    ``sha256`` is the checksum of the file of pages.
    """

    pages: int
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    restored: int = 0
    sha256: str = ""

    @property
    def members(self) -> int:
        """The number of versions."""
        return self.new + self.changed + self.withdrawn + self.restored


@dataclass(frozen=True, slots=True)
class Batch:
    """What one release changed.

    ``created`` is when it was built and stands in the feeds; ``published`` when it went live,
    empty in its own history: that is known afterwards only. Both never go back from one batch to
    the next.
    """

    release: str
    created: str
    registers: Mapping[str, Tally]
    published: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """All batches, oldest first; the number of a batch is its place, from 1."""

    batches: tuple[Batch, ...] = ()
    _places: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._places.update({batch.release: n for n, batch in enumerate(self.batches, 1)})

    def number(self, release: str) -> int:
        """Return the number of the batch of a release, 0 where it changed nothing."""
        return self._places.get(release, 0)

    def of(self, source_id: str) -> list[Batch]:
        """Return the batches that changed a register, oldest first."""
        return [batch for batch in self.batches if source_id in batch.registers]

    def registers(self) -> list[str]:
        """Return the registers that ever changed, sorted."""
        return sorted({name for batch in self.batches for name in batch.registers})

    def settled(self, release: str, went_live: datetime) -> "History":
        """Return the history with the moment at which its last batch went live.

        ``release`` is the live one; where it is another one, the moment is only later than the
        true one, so a harvester gets a record once more rather than never.
        """
        if not self.batches or self.batches[-1].published:
            return self
        *rest, last = self.batches
        moment = stamp(went_live) if last.release == release else stamp(datetime.now(UTC))
        floor = rest[-1].published if rest else ""
        return History((*rest, replace(last, published=max(moment, floor, last.created))))

    def extended(self, batch: Batch) -> "History":
        """Return the history with one more batch, which is never older than the last one."""
        floor = self.batches[-1].created if self.batches else ""
        return History((*self.batches, replace(batch, created=max(batch.created, floor))))

    def dumps(self) -> str:
        """Return the history as JSON text."""
        batches = [asdict(batch) for batch in self.batches]
        return json.dumps({"batches": batches}, indent=0, sort_keys=True) + "\n"


def load(path: Path) -> History | None:
    """Return a history, None where there is none.

    :raises DataError: when the file is damaged.
    """
    try:
        content = json.loads(path.read_bytes())
        return History(_ADAPTER.validate_python(content["batches"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise DataError(
            "QCP-FED-DAMAGED",
            "The history of changes of a release is damaged.",
            where=str(path),
            remedy="Go back with qcp release rollback, then build again.",
        ) from error


_ADAPTER: Final = TypeAdapter(tuple[Batch, ...])
