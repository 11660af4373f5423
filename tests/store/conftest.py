"""Releases of a small invented register."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from qcp_graph.iris import Iris
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.model.release import Counts, Manifest, RegisterEntry
from qcp_graph.store import Loaded, ReleaseFolder
from qcp_graph.terms import Quad, Triple

BASE = "https://example.org/"
TITLE = "<http://purl.org/dc/terms/title>"
NAME = "<http://www.w3.org/ns/regorg#legalName>"


def row(key: str, quads: Iterable[Quad] = (), **more: object) -> LedgerRow:
    """A published row that says at least its own title."""
    values: dict[str, object] = {
        "key": key,
        "digest": key.encode("utf-8", "replace"),
        "status": "published",
        "iri": f"{BASE}id/qualification/xx/demo/{key}",
        "locator": f"demo.csv row {key}",
        "snapshot": "ab" * 32,
        "quads": tuple(quads)
        or ((f"<{BASE}id/qualification/xx/demo/{key}>", TITLE, f'"Title {key}"@en', "data"),),
    }
    return LedgerRow(**(values | more))  # type: ignore[arg-type]


def entry(source_id: str, release: str, quads: int) -> RegisterEntry:
    counts = Counts(quads=quads)
    return RegisterEntry(source_id, "ab" * 32, "2026-11-22", "f", counts, release, "2026-11-23")


def manifest(release: str, previous: str, registers: Mapping[str, RegisterEntry]) -> Manifest:
    created = "2026-11-23T00:00:00Z"
    return Manifest(release, created, previous, "qcp-graph 0", BASE, registers, "v", 0)


def build(
    releases: ReleaseFolder,
    release: str,
    registers: Mapping[str, Iterable[LedgerRow] | None],
    vocabulary: Iterable[Triple] = (),
    small_change: float = 1000.0,
    *,
    base: bool = True,
) -> tuple[Manifest, Loaded]:
    """Build and publish a release; ``None`` instead of rows keeps the register as it is."""
    live = releases.current()
    with releases.begin(release, live if base else None) as builder:
        entries = {}
        for source_id, rows in registers.items():
            if rows is None:
                entries[source_id] = builder.keep(source_id)
                continue
            with builder.ledger(source_id) as ledger:
                for one in rows:
                    ledger.add(one)
            entries[source_id] = entry(source_id, release, builder.dump(source_id).lines)
        builder.shared_graph("vocabulary", vocabulary)
        loaded = builder.load(small_change)
        builder.search.write_bytes(b"index")
        done = builder.finish(manifest(release, live.id if live else "", entries))
    return done, loaded


@pytest.fixture
def releases(tmp_path: Path) -> ReleaseFolder:
    return ReleaseFolder(tmp_path / "home", Iris(BASE))
