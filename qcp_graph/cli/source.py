"""``qcp source``: which registers there are, and what state they are in."""

from functools import partial
from pathlib import Path

import click

from qcp_graph.cli.context import Common, common_options, jobs_option, listing_options, pass_common
from qcp_graph.cli.output import as_json, clean, fields, rows


@click.group("source")
@common_options
def command() -> None:
    """List, show and check the registers.

    \b
    qcp source list
    qcp source show fr-rncp
    qcp source check gb-ofqual --input approved.csv
    qcp source sniff approved.csv
    """


@command.command("list")
@common_options
@pass_common
def list_(common: Common) -> None:
    """List all registers of the project and the workspace.

    \b
    qcp source list
    """
    from qcp_graph import fetch, sources

    settings = common.settings
    found = []
    for source in sources.scan(settings.workspace).values():
        last = fetch.latest(settings.home / "snapshots", source.id)
        found.append(
            {
                "id": source.id,
                "country": source.country,
                "title": source.title.get("en") or next(iter(source.title.values())),
                "frequency": source.frequency,
                "specimen": source.specimen,
                "kind": "specimen" if source.specimen else "register",
                "snapshot": last.retrieved.date().isoformat() if last else "-",
                "licence": source.licence.label,
            }
        )
    columns = [
        ("id", "ID"),
        ("country", "COUNTRY"),
        ("kind", "KIND"),
        ("frequency", "FREQUENCY"),
        ("snapshot", "SNAPSHOT"),
        ("title", "TITLE"),
    ]
    rows(common.form, found, columns, "No registers.")


@command.command("show")
@click.argument("source_id")
@common_options
@pass_common
def show(common: Common, source_id: str) -> None:
    """Show one register: owner, licence, address, snapshots.

    \b
    qcp source show gb-ofqual
    """
    from qcp_graph import fetch, sources

    settings = common.settings
    source = sources.get(source_id, settings.workspace)
    history = fetch.history(settings.home / "snapshots", source.id)
    last = history[-1] if history else None
    fields(
        common.form,
        {
            "id": source.id,
            **{f"title ({language})": text for language, text in source.title.items()},
            "country": source.country,
            "owner": source.owner.name,
            "homepage": source.homepage,
            "licence": f"{source.licence.label} {source.licence.iri}".strip(),
            "frequency": source.frequency,
            "address": source.address or "none: give a file with --input",
            "languages": ", ".join(source.languages),
            "minimum": source.minimum,
            "specimen": "yes" if source.specimen else "no",
            "mapping": str(source.folder),
            "snapshots": len(history),
            "latest snapshot": f"{last.short} of {last.retrieved:%Y-%m-%d %H:%M} UTC"
            if last
            else "none",
            "note": source.note,
        },
    )


@command.command("check")
@click.argument("source_id")
@click.option("--input", "given", help="Read this file, folder or address instead.")
@click.option(
    "--issues",
    is_flag=False,
    flag_value="-",
    metavar="[FILE|-]",
    help="List the problems: - prints them, a file is .json, .jsonl, .csv or .xlsx.",
)
@jobs_option
@listing_options
@pass_common
def check(common: Common, source_id: str, given: str | None, issues: str | None) -> None:
    """Read, map and validate a register without publishing it.

    Prints counts, the most frequent reasons and unmapped fields. Exit code 1 when records would
    be quarantined or rejected.

    \b
    qcp source check gb-ofqual --input approved.csv
    """
    from qcp_graph.cli.build import print_notes, print_reports
    from qcp_graph.cli.problems import collected
    from qcp_graph.pipeline import preview

    work = partial(preview.check, common.settings, source_id, given, progress=common.progress)
    report = collected(common, issues, lambda take: work(take=take))
    if issues != "-":
        print_reports(common, [report])
    print_notes(common, report)
    if report.counts.quarantined or report.counts.rejected:
        click.get_current_context().exit(1)


@command.command("sniff")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@common_options
@pass_common
def sniff(common: Common, path: Path) -> None:
    """Show what a file looks like: format, encoding, delimiter, fields.

    \b
    qcp source sniff approved.csv
    """
    from dataclasses import asdict

    from qcp_graph import readers
    from qcp_graph.model.snapshot import SnapshotFile

    report = asdict(readers.sniff(SnapshotFile(path.name, path, path.stat().st_size, "")))
    if common.form == "json":
        as_json(report)
        return
    names = report.pop("fields")
    fields("text", {name: value for name, value in report.items() if value})
    click.echo("fields")
    for name in names:
        click.echo(f"  {clean(name)}")
