"""``qcp fetch``: take a snapshot of what a register publishes."""

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import rows


@click.command("fetch")
@click.argument("source_ids", nargs=-1, required=True)
@click.option("--input", "given", help="Read this file, folder or address instead (one source).")
@common_options
@pass_common
def command(common: Common, source_ids: tuple[str, ...], given: str | None) -> None:
    """Take a snapshot of what registers publish.

    A remote file is asked for with the validators of the last snapshot, so an unchanged register
    costs one request.

    \b
    qcp fetch fr-rncp
    qcp fetch gb-ofqual --input approved.csv
    """
    from qcp_graph import sources
    from qcp_graph.errors import UsageError
    from qcp_graph.pipeline.snapshots import obtain

    if given and len(source_ids) > 1:
        raise UsageError("QCP-SRC-INPUT", "--input goes with one source.")
    settings = common.settings
    found = []
    for source_id in source_ids:
        source = sources.get(source_id, settings.workspace)
        result = obtain(settings, source, common.progress, given=given, renew=True)
        snapshot = result.snapshot
        found.append(
            {
                "id": source_id,
                "state": "new" if result.changed else "unchanged",
                "snapshot": snapshot.short,
                "sha256": snapshot.sha256,
                "retrieved": snapshot.retrieved.isoformat(timespec="seconds"),
                "files": len(snapshot.files),
                "bytes": sum(file.size for file in snapshot.files),
                "origin": snapshot.origin,
            }
        )
    columns = [
        ("id", "ID"),
        ("state", "STATE"),
        ("snapshot", "SNAPSHOT"),
        ("retrieved", "RETRIEVED"),
        ("files", "FILES"),
        ("bytes", "BYTES"),
        ("origin", "ORIGIN"),
    ]
    rows(common.form, found, columns, "Nothing fetched.")
