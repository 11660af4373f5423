"""``qcp ontology``: the official vocabularies behind ours."""

from pathlib import Path

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import note, rows


@click.group("ontology")
@common_options
def command() -> None:
    """List and fetch the official vocabularies (ELM, ESCO, authority tables).

    qcp-graph needs none of them to run; they are for study and for newer versions.

    \b
    qcp ontology list
    qcp ontology fetch elm-3.1
    """


@command.command("list")
@common_options
@pass_common
def list_(common: Common) -> None:
    """List the official files that can be fetched, with version and licence.

    \b
    qcp ontology list
    """
    from qcp_graph import assets
    from qcp_graph.vocabulary import lock

    entries = lock.read(assets.root() / "ontology" / "vendor.lock.toml")
    found = [
        {"id": e.id, "version": e.version, "licence": e.licence, "sha256": e.sha256, "url": e.url}
        for e in entries
    ]
    columns = [("id", "ID"), ("version", "VERSION"), ("licence", "LICENCE"), ("url", "ADDRESS")]
    rows(common.form, found, columns, "No files are known.")


@command.command("fetch")
@click.argument("ids", nargs=-1)
@click.option(
    "--target",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to (default <home>/vendor).",
)
@common_options
@pass_common
def fetch(common: Common, ids: tuple[str, ...], target: Path | None) -> None:
    """Download official files, checked against their checksums (default: all of them).

    \b
    qcp ontology fetch elm-3.1
    """
    from qcp_graph import assets
    from qcp_graph.transfer.limits import Limits
    from qcp_graph.vocabulary import lock, vendor

    settings = common.settings
    entries = lock.select(lock.read(assets.root() / "ontology" / "vendor.lock.toml"), ids)
    limits = Limits(
        timeout=settings.fetch_timeout,
        retries=settings.fetch_retries,
        max_bytes=settings.fetch_max_bytes,
        private_networks=settings.fetch_private_networks,
    )
    found, folder = [], target or settings.home / "vendor"
    received: dict[str, int] = {}
    with common.progress.step("Fetching", unit="B") as step:

        def advance(entry: lock.VendorEntry, total: int) -> None:
            step.update(total - received.get(entry.id, 0))
            received[entry.id] = total

        for result in vendor.fetch_vendor(entries, folder, limits, advance):
            note(f"{result.entry.id}: licence {result.entry.licence}", quiet=common.quiet)
            if not result.entry.sha256:
                note(
                    f"{result.entry.id}: no checksum is known yet; received {result.sha256}. "
                    "Pin it in ontology/vendor.lock.toml once you trust it.",
                    quiet=common.quiet,
                )
            found.append(
                {
                    "id": result.entry.id,
                    "state": result.state,
                    "bytes": result.size,
                    "path": str(result.path),
                    "sha256": result.sha256,
                }
            )
    columns = [("id", "ID"), ("state", "STATE"), ("bytes", "BYTES"), ("path", "PATH")]
    rows(common.form, found, columns, "Nothing to fetch.")
