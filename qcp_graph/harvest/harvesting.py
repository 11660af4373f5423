"""A harvest: find what a site offers, read what is new, write down what it says now."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from qcp_graph.errors import DataError
from qcp_graph.harvest import discovery, ldes, oai
from qcp_graph.harvest.state import State
from qcp_graph.harvest.web import Bounds, Web
from qcp_graph.transfer import addresses
from qcp_graph.transfer.limits import Progress
from qcp_graph.transfer.problems import explained

REPLICA: Final = "replica.nt"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a harvest brought.

    ``replica`` holds the statements of all records as N-Triples; for a dump, which is fetched like
    any file, it is None and ``address`` that of the dump. ``pages`` counts requests, ``changed``
    records with another version than before.
    """

    protocol: discovery.Protocol
    address: str
    replica: Path | None = None
    pages: int = 0
    changed: int = 0
    records: int = 0
    deleted: int = 0


def harvest(
    address: str,
    folder: Path,
    bounds: Bounds,
    *,
    part: str = "",
    restart: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Read what is new at a site; ``folder`` keeps what was read, for this address alone.

    ``part`` is a set of OAI-PMH; ``restart`` reads everything again; ``progress`` hears of pages.

    :raises DataError: when the site offers nothing, or its answers cannot be used.
    :raises UsageError: for an address that cannot be one.
    """
    addresses.split(address)
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if restart:
            for path in folder.glob("state.sqlite*"):
                path.unlink()
        with State(folder / "state.sqlite") as state, Web(folder, bounds, progress) as web:
            _begin(state, f"{address} {part}")
            found = _found(state, web, address)
            if found.protocol == "dump":
                return Outcome("dump", found.address, pages=web.asked)
            changed = _read(found, state, web, part)
            target = folder / REPLICA
            _write(state, target)
            living, deleted = state.counts()
            outcome = Outcome(found.protocol, found.address, target, web.asked, changed, living)
            return replace(outcome, deleted=deleted)


def _begin(state: State, what: str) -> None:
    if (before := state.told("address")) and before != what:
        raise DataError(
            "QCP-HAR-OTHER",
            f"Another address was harvested here before: {before.split(' ')[0][:200]}.",
            remedy="Take another source for another site, or begin anew with --restart.",
        )
    state.note("address", what)


def _found(state: State, web: Web, address: str) -> discovery.Found:
    protocol, where = state.told("protocol"), state.told("found")
    for known in ("ldes", "oai"):
        if protocol == known:
            return discovery.Found(known, where)
    found = discovery.find(web, address)
    state.note("protocol", found.protocol)
    state.note("found", found.address)
    return found


def _read(found: discovery.Found, state: State, web: Web, part: str) -> int:
    if found.protocol == "oai":
        reader = oai.Reader(web, state, found.address, part)
        reader.run()
        return reader.changed
    walk = ldes.Walk(web, state)
    walk.run(found.address)
    return walk.changed


def _write(state: State, target: Path) -> None:
    """Write the replica beside its place, then put it there."""
    draft = target.with_name(f".{target.name}.new")
    with draft.open("wb") as out:
        for statements in state.statements():
            out.write(statements)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(target)
