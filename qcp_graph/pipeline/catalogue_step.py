"""The catalogue of a release in the making: its registers as data sets, with their snapshots."""

from collections.abc import Iterator, Mapping

from qcp_graph import fetch, store
from qcp_graph.model.release import Manifest
from qcp_graph.model.snapshot import Snapshot
from qcp_graph.model.source import Source
from qcp_graph.pipeline import catalogue, dcat, dcat_exports, export_step
from qcp_graph.pipeline.context import Context
from qcp_graph.terms import Triple


def write(
    shared: Context, builder: store.ReleaseBuilder, manifest: Manifest, known: Mapping[str, Source]
) -> None:
    """Write the catalogue's graph."""
    builder.shared_graph("catalogue", triples(shared, builder, manifest, known))


def triples(
    shared: Context, builder: store.ReleaseBuilder, manifest: Manifest, known: Mapping[str, Source]
) -> Iterator[Triple]:
    """Yield what the release says of its registers; their ledgers and dumps are complete."""
    folder = shared.settings.home / "snapshots"
    used: dict[str, list[Snapshot]] = {}
    files: dict[str, list[dcat.File]] = {}
    for source_id in manifest.registers:
        with store.LedgerReader(builder.folder / "registers" / f"{source_id}.sqlite") as ledger:
            wanted = {*ledger.snapshots(), manifest.registers[source_id].snapshot_sha256}
        history = fetch.history(folder, source_id)
        used[source_id] = [one for one in history if one.sha256 in wanted]
        packed = [builder.folder / "dumps" / f"{source_id}.nq{end}" for end in dcat_exports.PACKED]
        files[source_id] = [dcat.File.of(path) for path in packed if path.exists()]
    yield from catalogue.triples(shared.iris, manifest, known, used)
    exports = builder.folder / export_step.FOLDER
    yield from dcat.Catalogue(
        shared.iris, shared.settings, manifest, known, files, exports
    ).triples()
