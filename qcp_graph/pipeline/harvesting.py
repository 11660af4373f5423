"""From another site to a snapshot: what ``qcp harvest`` does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from qcp_graph import fetch, sources
from qcp_graph.errors import UsageError
from qcp_graph.harvest import Bounds, Outcome, harvest
from qcp_graph.model.source import Source
from qcp_graph.pipeline.progress import Progress
from qcp_graph.pipeline.snapshots import limits
from qcp_graph.settings import Settings

_NAME: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Harvested:
    """What a harvest brought; ``snapshot`` says whether the source has a new one."""

    outcome: Outcome
    source_id: str = ""
    snapshot: fetch.Result | None = None


def target(into: str, workspace: Path | None) -> Source:
    """Return the source that a harvest is for: a register's id, or its folder.

    :raises UsageError: when there is no such register yet.
    """
    folder = Path(into)
    if (folder / "source.yaml").is_file():
        folder = folder.resolve()
        return sources.get(folder.name, folder.parent.parent)
    if folder.is_dir() or "/" in into:
        raise UsageError(
            "QCP-HAR-INTO",
            "There is no source.yaml in this folder.",
            where=into,
            remedy="Describe the register first, with `mapping: elm`; see docs/harvesting.md.",
        )
    try:
        return sources.get(into, workspace)
    except UsageError as error:
        if error.code != "QCP-SRC-UNKNOWN":
            raise
        home = workspace or Path("workspace")
        raise UsageError(
            "QCP-HAR-INTO",
            f"There is no register {into[:60]!r} yet.",
            where=str(home / "mappings" / into[:60] / "source.yaml"),
            remedy="Describe it there in eight lines, with `mapping: elm` (docs/harvesting.md has "
            "them to copy), then run this again with --workspace. Without --into, what is read "
            "is kept as it is.",
        ) from error


def run(
    settings: Settings,
    address: str,
    source: Source | None,
    progress: Progress,
    *,
    part: str = "",
    restart: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Harvested:
    """Read what is new at a site and, for a source, take a snapshot of it.

    :raises UsageError: for a dump without a source: it is a file like any other.
    """
    name = source.id if source is not None else _named(address)
    bounds = Bounds(limits(settings))
    with progress.step(f"Harvesting {name}", unit="pages") as step:
        outcome = harvest(
            address,
            settings.home / "harvest" / name,
            bounds,
            part=part,
            restart=restart,
            progress=step.update,
        )
    if source is None:
        if outcome.replica is None:
            raise UsageError(
                "QCP-HAR-INTO",
                f"The site offers a dump: {outcome.address}.",
                where=address,
                remedy="Name the register that it is for with --into, or download it.",
            )
        return Harvested(outcome)
    folder = settings.home / "snapshots"
    found = fetch.fetch(
        source.id,
        str(outcome.replica or outcome.address),
        folder,
        bounds.limits,
        previous=fetch.latest(folder, source.id),
        now=now(),
        said_origin=outcome.address,
    )
    return Harvested(outcome, source.id, found)


def _named(address: str) -> str:
    """Return a name for the folder of an address.

    >>> _named("https://example.org/feed/ldes")
    'example-org-feed-ldes-1b729bfa'
    """
    plain = _NAME.sub("-", address.partition("://")[2].lower()).strip("-")[:60]
    return f"{plain}-{sha256(address.encode()).hexdigest()[:8]}"
