"""``qcp review``: suggested links out as a table, people's decisions in."""

from datetime import UTC, datetime
from pathlib import Path

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import as_json, note


@click.group("review")
@common_options
def command() -> None:
    """Export suggested links for review, and import decisions.

    A reviewer writes `accept` or `reject` into the column `decision` (empty: not decided), and may
    add rows with another skill for the same key. Decisions are kept in the workspace, by text,
    and hold in the next build wherever the text stands.

    \b
    qcp review export fr-rncp -o queue.xlsx
    qcp review import queue.xlsx --reviewer "A. Martin" --workspace my-registers
    qcp build fr-rncp
    """


@command.command("export")
@click.argument("source_ids", nargs=-1)
@click.option("--output", "-o", "path", required=True, type=click.Path(path_type=Path),
              help="File to write: .tsv or .xlsx; .sssom.tsv for SSSOM.")  # fmt: skip
@click.option("--status", type=click.Choice(["suggested", "accepted", "rejected"]),
              default="suggested", show_default=True)  # fmt: skip
@click.option("--limit", type=click.IntRange(1), help="The surest so many alone.")
@common_options
@pass_common
def export(
    common: Common, source_ids: tuple[str, ...], path: Path, status: str, limit: int | None
) -> None:
    """Write the suggestions of the live release, one row per text and concept, the surest first.

    \b
    qcp review export fr-rncp -o queue.xlsx
    """
    from itertools import islice

    from qcp_graph.linking import review, sssom
    from qcp_graph.pipeline import reviewing

    rows = islice(reviewing.suggestions(common.settings, source_ids, status.capitalize()), limit)
    with common.progress.step("Exporting", unit="links"):
        if path.name.endswith(".sssom.tsv"):
            count = sssom.write(path, rows)
        else:
            count = review.write(path, rows)
    if common.form == "json":
        as_json({"rows": count, "path": str(path)})
    else:
        note(f"{count} links written to {path}.", quiet=common.quiet)


@command.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--reviewer", default="", help="Who decided, where the column is empty.")
@click.option("--dry-run", is_flag=True, help="Check every row; keep nothing.")
@common_options
@pass_common
def import_(common: Common, path: Path, reviewer: str, dry_run: bool) -> int:
    """Check a reviewed file and keep its decisions. Exit code 1: reviewers disagree.

    \b
    qcp review import queue.xlsx --reviewer "A. Martin" --workspace my-registers
    """
    from qcp_graph.pipeline import reviewing

    today = datetime.now(UTC).date().isoformat()
    done = reviewing.take_in(common.settings, path, reviewer, today, dry_run=dry_run)
    if common.form == "json":
        as_json({"taken": done.taken, "open": done.open, "decisions": done.all,
                 "conflicts": len(done.conflicts), "path": str(done.path)})  # fmt: skip
        return 1 if done.conflicts else 0
    kept = "checked, nothing kept" if dry_run else f"kept in {done.path}"
    note(f"{done.taken} decisions {kept}; {done.open} rows are undecided.", quiet=common.quiet)
    for said in done.conflicts:
        words = ", ".join(f"{one.reviewer}: {one.verdict} ({one.date})" for one in said)
        note(f"Reviewers disagree on {said[0].key} and {said[0].object}: {words}.")
    return 1 if done.conflicts else 0
