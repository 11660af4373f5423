"""``qcp map``: map a register to RDF and print N-Quads."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.context import Common, jobs_option, listing_options, pass_common
from qcp_graph.cli.output import as_json, note
from qcp_graph.cli.problems import TakeRow, collected, listed, of_row

if TYPE_CHECKING:
    from qcp_graph.model.release import Counts
    from qcp_graph.pipeline.report import RegisterReport

Write = Callable[[bytes], object]


@click.command("map")
@click.argument("source_id")
@click.option("--input", "given", help="Read this file, folder or address instead.")
@click.option(
    "--output",
    "-o",
    help="Write the quads to this file (.nq or .nq.gz); - prints them, also beside --issues.",
)
@click.option(
    "--issues",
    is_flag=False,
    flag_value="-",
    metavar="[FILE|-]",
    help="List the problems: - prints them, a file is .json, .jsonl, .csv, .xlsx or .html.",
)
@click.option("--record", "key", help="Only the record with this key.")
@click.option(
    "--explain",
    is_flag=True,
    help="Show how each cell of the record became which triple, or why not (--record).",
)
@click.option("--dry-run", is_flag=True, help="Do everything, write and print no quads.")
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    help="spark: map on a Spark cluster into a new folder of parts (--output FOLDER).",
)
@click.option("--master", help="Spark's master, such as local[4] or spark://host:7077.")
@jobs_option
@listing_options
@pass_common
def command(
    common: Common,
    source_id: str,
    given: str | None,
    output: str | None,
    issues: str | None,
    key: str | None,
    explain: bool,
    dry_run: bool,
    engine: str,
    master: str | None,
) -> None:
    """Map a register to RDF and print N-Quads; nothing is published.

    Problems are counted on standard error; --issues lists them all, on the terminal or in a file
    for the data owner. Exit code 1 when a record was quarantined or rejected.

    \b
    qcp map gb-ofqual --input approved.csv --output gb.nq.gz --jobs 4
    qcp map gb-ofqual --input approved.csv --record 61008187 --explain
    qcp map gb-ofqual --input approved.csv --issues problems.xlsx
    """
    from qcp_graph.errors import UsageError

    if explain:
        if not key:
            raise UsageError("QCP-MAP-RECORD", "--explain needs --record with the key of a record.")
        _explain(common, source_id, given, key)
        return
    if engine == "spark":
        refused = {"--issues": issues, "--record": key, "--dry-run": dry_run}
        _end(common, source_id, _spark(common, source_id, given, output, master, refused))
        return
    with ExitStack() as stack:
        wanted = None if dry_run else output or (None if issues else "-")
        lines = stack.enter_context(_quads(wanted)) if wanted else None
        work = partial(_one, key=key) if key else _whole
        counts = work(common, source_id, given, lines, issues)
    _end(common, source_id, counts)


def _end(common: Common, source_id: str, counts: "Counts") -> None:
    note(
        f"{source_id}: {counts.read} read, {counts.published} publishable, "
        f"{counts.quarantined} quarantined, {counts.rejected} rejected",
        quiet=common.quiet,
    )
    if counts.quarantined or counts.rejected:
        click.get_current_context().exit(1)


def _whole(
    common: Common, source_id: str, given: str | None, lines: Write | None, issues: str | None
) -> "Counts":
    from qcp_graph.pipeline import preview

    def check(take: TakeRow) -> "RegisterReport":
        return preview.check(
            common.settings, source_id, given, progress=common.progress, take=take, lines=lines
        )

    return collected(common, issues, check).counts


def _spark(
    common: Common, source_id: str, given: str | None, output: str | None, master: str | None,
    refused: Mapping[str, object],
) -> "Counts":  # fmt: skip
    from qcp_graph.errors import UsageError
    from qcp_graph.pipeline import spark

    names = [name for name, value in refused.items() if value]
    if names or output in {None, "-"}:
        raise UsageError(
            "QCP-SYS-OUTPUT",
            f"--engine spark goes without {', '.join(names)}."
            if names
            else "--engine spark writes parts of quads and of problems into a folder.",
            remedy="Name a new folder: --engine spark --output FOLDER",
        )
    path = Path(output or "")
    return spark.run(common.settings, source_id, given, path, common.progress, master).counts


@contextmanager
def _quads(where: str) -> Iterator[Write]:
    """Yield a function that writes N-Quads to standard output or a file."""
    from qcp_graph.pipeline import files

    if where == "-":
        yield sys.stdout.buffer.write
        return
    with files.quads(Path(where)) as file:
        yield file.write


def _one(
    common: Common, source_id: str, given: str | None, lines: Write | None, issues: str | None,
    key: str,
) -> "Counts":  # fmt: skip
    from qcp_graph.model.release import Counts
    from qcp_graph.pipeline import single

    with single.found(common.settings, source_id, given, key, common.progress) as one:
        row = one.row()
        if lines:
            lines(one.maker.lines(row))
    if issues:
        with listed(common, issues) as take:
            for problem in of_row(row):
                take(problem)
    return Counts(read=1, **{row.status: 1})


def _explain(common: Common, source_id: str, given: str | None, key: str) -> None:
    from qcp_graph.cli import account
    from qcp_graph.pipeline.explain import explain

    found = explain(common.settings, source_id, given, key, common.progress)
    if common.form == "json":
        as_json(found.as_dict())
    else:
        account.show(found)
