"""``qcp release``: what was published, what changed, and the way back."""

from typing import Final

import click

from qcp_graph.cli.context import Common, common_options, listing_options, pass_common
from qcp_graph.cli.output import as_json, fields, note, rows
from qcp_graph.cli.problems import listed

_SHOWN: Final = 100
_PROBLEMS: Final = [
    ("register", "REGISTER"),
    ("code", "CODE"),
    ("new", "NEW"),
    ("solved", "SOLVED"),
    ("remaining", "REMAINING"),
    ("new_examples", "NEW IN"),
    ("solved_examples", "SOLVED IN"),
]


@click.group("release")
@common_options
def command() -> None:
    """List, show, compare, publish and roll back releases.

    \b
    qcp release list
    qcp release diff
    qcp release issues --source gb-ofqual --status quarantined
    qcp release rollback
    """


@command.command("list")
@common_options
@pass_common
def list_(common: Common) -> None:
    """List the releases kept, newest first; * marks the live one.

    \b
    qcp release list
    """
    from qcp_graph.pipeline.releases import folder

    releases = folder(common.settings)
    live = releases.current()
    found = [
        {
            "live": "*" if live and live.id == manifest.id else "",
            "state": "waits for approval" if releases.waits(manifest.id) else "",
            "id": manifest.id,
            "created": manifest.created,
            "registers": len(manifest.registers),
            "published": sum(e.counts.published for e in manifest.registers.values()),
            "quads": manifest.quads,
            "previous": manifest.previous,
        }
        for manifest in sorted(releases.list(), key=lambda m: m.id, reverse=True)
    ]
    columns = [
        ("live", " "),
        ("id", "RELEASE"),
        ("created", "CREATED"),
        ("registers", "REGISTERS"),
        ("published", "PUBLISHED"),
        ("quads", "QUADS"),
        ("state", "STATE"),
    ]
    rows(common.form, found, columns, "No release yet. Make one: qcp build --specimens")


@command.command("show")
@click.argument("release_id", required=False)
@click.option("--verify", is_flag=True, help="Compute every checksum again.")
@common_options
@pass_common
def show(common: Common, release_id: str | None, verify: bool) -> None:
    """Show a release (default: the live one): counts, versions, files.

    \b
    qcp release show
    qcp release show 20261101T060000Z --format json
    """
    from qcp_graph.pipeline.releases import as_dict, folder, named

    releases = folder(common.settings)
    manifest = named(releases, release_id)
    if verify:
        releases.verify(manifest.id)
        note("All checksums are right.", quiet=common.quiet)
    if common.form == "json":
        as_json(as_dict(manifest))
        return
    fields(
        "text",
        {
            "release": manifest.id,
            "created": manifest.created,
            "previous": manifest.previous,
            "software": manifest.software,
            "base IRI": manifest.base_iri,
            "quads": manifest.quads,
            **{f"version of {n}": v for n, v in manifest.versions.items() if n != "descriptions"},
        },
    )
    click.echo()
    columns = [
        ("id", "REGISTER"),
        ("snapshot", "SNAPSHOT"),
        ("retrieved", "RETRIEVED"),
        ("read", "READ"),
        ("published", "PUBLISHED"),
        ("quarantined", "QUARANTINED"),
        ("rejected", "REJECTED"),
        ("withdrawn", "WITHDRAWN"),
        ("quads", "QUADS"),
    ]
    table = [
        {
            "id": e.source_id,
            "snapshot": e.snapshot_sha256[:16],
            "retrieved": e.retrieved,
            **e.counts.as_dict(),
        }
        for e in manifest.registers.values()
    ]
    rows("text", table, columns, "No registers.")


@command.command("issues")
@click.option("--source", "source_id", help="Only this register.")
@click.option(
    "--status",
    type=click.Choice(["published", "quarantined", "rejected"]),
    help="Only records of this fate.",
)
@click.option("--release", "release_id", help="Another release than the live one.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    help="At most so many problems (default 100 on the terminal, all in a file).",
)
@click.option(
    "--output", "-o", default="-", help="Make this .json, .jsonl, .csv, .xlsx or .html file."
)
@click.option(
    "--language",
    default="",
    metavar="TAG",
    help="Problems that shapes found in this language, as far as they have it (fr).",
)
@listing_options
@pass_common
def issues(
    common: Common,
    source_id: str | None,
    status: str | None,
    release_id: str | None,
    limit: int | None,
    output: str,
    language: str,
) -> None:
    """List problems of records: quarantined and rejected ones with their reasons.

    \b
    qcp release issues --source gb-ofqual --output problems.xlsx
    qcp release issues --source fr-rncp --language fr --output problemes.html
    """
    from itertools import islice

    from qcp_graph.pipeline.releases import folder, issues_of, named, translated

    releases = folder(common.settings)
    manifest = named(releases, release_id)
    if limit is None and output == "-" and common.form == "text":
        limit = _SHOWN
    found = islice(issues_of(releases, manifest, source_id, status), limit)
    count = 0
    with listed(common, output, language) as take:
        for problem in translated(common.settings, found, language) if language else found:
            take(problem)
            count += 1
    if output != "-":
        note(f"{count} problems written to {output}.", quiet=common.quiet)


@command.command("diff")
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--problems", is_flag=True, help="Compare the problems instead of the records.")
@common_options
@pass_common
def diff(common: Common, old: str | None, new: str | None, problems: bool) -> None:
    """Show which records were added, changed or withdrawn between two releases.

    Default: from the release before the live one to the live one. With --problems: per register
    and code, how many records have a problem that is new, solved, or remains, with examples.

    \b
    qcp release diff
    qcp release diff 20261101T060000Z 20261201T060000Z --problems
    """
    from qcp_graph.pipeline import problem_delta
    from qcp_graph.pipeline.releases import changes, folder

    if problems:
        found = problem_delta.between(folder(common.settings), old, new)
        table = (one.as_dict() for one in found)
        rows(common.form, table, _PROBLEMS, "No problems in either release.")
        return
    columns = [("register", "REGISTER"), ("change", "CHANGE"), ("key", "RECORD"), ("iri", "IRI")]
    rows(common.form, changes(folder(common.settings), old, new), columns, "No differences.")


@command.command("publish")
@click.argument("release_id")
@click.option("--by", default="", help="Who approves it, where it waits for approval.")
@common_options
@pass_common
def publish(common: Common, release_id: str, by: str) -> None:
    """Make a kept release the live one; one that waits for approval needs a name.

    \b
    qcp release publish 20261101T060000Z
    qcp release publish 20261101T060000Z --by "A. Martin"
    """
    from qcp_graph.pipeline import remote_step
    from qcp_graph.pipeline.releases import folder

    remote_step.publish(common.settings, folder(common.settings), release_id, by)
    note(f"Release {release_id} is live.", quiet=common.quiet)


@command.command("rollback")
@common_options
@pass_common
def rollback(common: Common) -> None:
    """Go back to the release before the live one.

    \b
    qcp release rollback
    """
    from qcp_graph.pipeline import remote_step
    from qcp_graph.pipeline.releases import folder

    manifest = remote_step.rollback(common.settings, folder(common.settings))
    note(f"Release {manifest.id} is live again.", quiet=common.quiet)
