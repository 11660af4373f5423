"""From a source's address, or a file the user names, to the snapshot a build reads."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from qcp_graph import assets, fetch, mapping, readers, vocabulary
from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.model.database import TableRequest
from qcp_graph.model.source import Source
from qcp_graph.pipeline.progress import Progress
from qcp_graph.settings import Settings


def obtain(
    settings: Settings,
    source: Source,
    progress: Progress,
    *,
    given: str | None = None,
    renew: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> fetch.Result:
    """Return the snapshot to work on.

    A file or address ``given`` by the user is always read. Otherwise an address on this machine
    (a specimen) is always read, a remote one only when there is no snapshot yet or ``renew``.

    :raises UsageError: when the source names no address and none is given.
    """
    folder = settings.home / "snapshots"
    previous = fetch.latest(folder, source.id)
    address = given or _local(source, settings.workspace) or source.address
    if previous is not None and not given and (not address or (_remote(address) and not renew)):
        return fetch.Result(previous, changed=False, detail="snapshot kept")
    if not address:
        raise UsageError(
            "QCP-SRC-ADDRESS",
            f"The register {source.id} names no public address.",
            where=str(source.folder / "source.yaml"),
            remedy=f"Name the file: --input {source.id}=path/to/file.",
        )
    with progress.step(f"Fetching {source.id}", unit="B") as step:
        return fetch.fetch(
            source.id,
            address,
            folder,
            limits(settings),
            previous=previous,
            now=now(),
            progress=step.update,
            tables=_asked(settings, source) if fetch.is_database(address) else (),
        )


def _asked(settings: Settings, source: Source) -> list[TableRequest]:
    """Return what the mapping of a source asks of its database."""
    known = vocabulary.load(settings.base_iri, settings.workspace)
    plan = mapping.load(
        source.folder, source, Iris(settings.base_iri), known.levels,
        own_functions=settings.own_functions,
    )  # fmt: skip
    specs: list[mapping.Input | mapping.SideTable] = [*plan.inputs, *plan.side_tables]
    specs = [spec for spec in specs if spec.format == "sql"]
    return [replace(readers.request(spec), file=spec.pattern) for spec in specs]


def limits(settings: Settings) -> fetch.Limits:
    """Return the limits of the settings in the form the fetch stage takes."""
    return fetch.Limits(
        max_bytes=settings.fetch_max_bytes,
        timeout=settings.fetch_timeout,
        retries=settings.fetch_retries,
        private_networks=settings.fetch_private_networks,
    )


def _local(source: Source, workspace: Path | None) -> str:
    if not source.address or _remote(source.address):
        return ""
    for root in assets.roots(workspace):
        if (root / source.address).exists():
            return str(root / source.address)
    raise UsageError(
        "QCP-SRC-ADDRESS",
        f"The register {source.id} lies at {source.address}, which does not exist.",
        where=str(source.folder / "source.yaml"),
        remedy="Correct `address`, or name the file with --input.",
    )


def _remote(address: str) -> bool:
    return address.lower().startswith(("http://", "https://")) or fetch.is_database(address)
