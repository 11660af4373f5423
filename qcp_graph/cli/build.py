"""``qcp build``: map, validate, link and publish registers as a new release."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.context import Common, common_options, jobs_option, pass_common
from qcp_graph.cli.output import as_json, note, rows

if TYPE_CHECKING:
    from qcp_graph.model.issue import Issue
    from qcp_graph.pipeline.report import RegisterReport

_PLACES = 5  # fields that a summary names
_MEANINGS = {
    "QCP-MAP-UNMAPPED": "Fields that are neither mapped nor ignored.",
    "QCP-MAP-UNUSED": "Fields that the mapping uses and no record has.",
}


@click.command("build")
@click.argument("source_ids", nargs=-1)
@click.option("--specimens", is_flag=True, help="Build the specimen registers of data/specimen.")
@click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="[ID=]PATH",
    help="Read a source from this file, folder or address instead.",
)
@click.option("--fetch", "renew", is_flag=True, help="Ask remote addresses for news first.")
@click.option("--dry-run", is_flag=True, help="Do everything except publishing.")
@click.option("--hold", is_flag=True, help="Let the release wait until somebody approves it.")
@click.option("--full", is_flag=True, help="Work on every record again and load from scratch.")
@click.option("--remove", multiple=True, metavar="ID", help="Take a register out of the release.")
@click.option(
    "--accept",
    multiple=True,
    metavar="ID",
    help="Publish a register although it misses its minimum or thresholds; this is recorded.",
)
@jobs_option
@common_options
@pass_common
def command(
    common: Common,
    source_ids: tuple[str, ...],
    specimens: bool,
    inputs: tuple[str, ...],
    renew: bool,
    dry_run: bool,
    hold: bool,
    full: bool,
    remove: tuple[str, ...],
    accept: tuple[str, ...],
) -> None:
    """Map, validate, link and publish registers as a new release.

    Registers that are not named stay as they are in the live release. Without names, every
    register that has been fetched is built. The switch to the new release is atomic; the server
    picks it up by itself.

    \b
    qcp build --specimens
    qcp build gb-ofqual --input approved.csv
    qcp build --specimens --hold
    qcp build fr-rncp za-saqa --input fr-rncp=fiches.xml --input za-saqa=saqa/
    """
    build(
        common,
        source_ids,
        specimens=specimens,
        inputs=inputs,
        renew=renew,
        dry_run=dry_run,
        hold=hold,
        full=full,
        remove=remove,
        accept=accept,
    )


def build(
    common: Common,
    source_ids: Sequence[str],
    *,
    specimens: bool = False,
    inputs: Sequence[str] = (),
    renew: bool = False,
    dry_run: bool = False,
    hold: bool = False,
    full: bool = False,
    remove: Sequence[str] = (),
    accept: Sequence[str] = (),
) -> None:
    """Build and print the table of counts."""
    from qcp_graph.pipeline import build as pipeline
    from qcp_graph.pipeline import job, preview

    order = job.Order(
        source_ids=tuple(source_ids),
        specimens=specimens,
        inputs=_inputs(source_ids, inputs),
        renew=renew,
        full=full,
        remove=tuple(remove),
        accept=tuple(accept),
        hold=hold or common.settings.hold_releases,
    )
    if dry_run:
        found = job.chosen(common.settings, order)
        given = order.inputs or {}
        reports = [
            preview.check(common.settings, one.id, given.get(one.id), progress=common.progress)
            for one in found
        ]
        print_reports(common, reports)
        _summarise(common, reports)
        note("Nothing was published (--dry-run).", quiet=common.quiet)
        return
    result = pipeline.build(common.settings, order, common.progress)
    print_reports(common, result.reports)
    _summarise(common, result.reports)
    if result.release is None:
        note("Nothing changed: the live release stays.", quiet=common.quiet)
    elif order.hold:
        release = result.release
        note(
            f"Release {release.id} waits: {release.quads} quads. See qcp release diff "
            f"{release.previous or release.id} {release.id}; whoever approves it publishes it: "
            f"qcp release publish {release.id} --by NAME",
            quiet=common.quiet,
        )
    else:
        note(
            f"Release {result.release.id} is live: {result.release.quads} quads. "
            "See it with: qcp serve",
            quiet=common.quiet,
        )
    for report in result.reports:
        if report.stopped is not None:
            raise report.stopped  # the others are live


def print_reports(common: Common, reports: "Sequence[RegisterReport]") -> None:
    """Print counts per register and the most frequent reasons."""
    from qcp_graph.validation import brief

    if common.form == "json":
        as_json([report.as_dict() for report in reports])
        return
    columns = [
        ("id", "REGISTER"),
        ("read", "READ"),
        ("published", "PUBLISHED"),
        ("quarantined", "QUARANTINED"),
        ("rejected", "REJECTED"),
        ("withdrawn", "WITHDRAWN"),
        ("unchanged", "UNCHANGED"),
        ("quads", "QUADS"),
    ]
    table = [{"id": report.source_id, **report.counts.as_dict()} for report in reports]
    rows("text", table, columns, "No registers were built.")
    for report in reports:
        for reason in report.top(10):
            note(
                f"  {report.source_id}  {reason.count:>6}  {reason.severity:<9}  {reason.code}  "
                f"{reason.message}",
                quiet=common.quiet,
            )
        if report.compared:
            note(
                f"  {report.source_id}  {report.new:,} new problems, {report.solved:,} solved "
                "since the release before (qcp release diff --problems)",
                quiet=common.quiet,
            )
        if report.silent:
            shapes = ", ".join(brief(one.rule) for one in report.silent)
            note(
                f"  {report.source_id}  {len(report.silent):>6}  info       QCP-VAL-SILENT  "
                f"Shapes found nothing to judge: {shapes}",
                quiet=common.quiet,
            )


def _summarise(common: Common, reports: "Sequence[RegisterReport]") -> None:
    """Print, by code, what is wrong with registers as a whole: fields that are new, above all."""
    if common.form == "json":
        return  # part of the reports
    for report in reports:
        found: dict[tuple[str, str], list[Issue]] = {}
        for issue in report.notes:
            if issue.severity != "info":
                found.setdefault((issue.severity, issue.code), []).append(issue)
        for (severity, code), issues in found.items():
            places = list(dict.fromkeys(filter(None, (i.field or i.locator for i in issues))))
            more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
            shown = ", ".join(places[:_PLACES]) + more
            meaning = _MEANINGS.get(code, issues[0].message)
            line = f"  {report.source_id}  {len(issues):>6}  {severity:<9}  {code}  {meaning}"
            note(f"{line} [{shown}]" if shown else line, quiet=common.quiet)
        if found:
            note(
                f"  `qcp source check {report.source_id}` tells each with its place.",
                quiet=common.quiet,
            )


def print_notes(common: Common, report: "RegisterReport") -> None:
    """Print what concerns the register as a whole: fields without a rule, guessed encodings."""
    if common.form == "json":
        return  # part of the report
    for issue in report.notes:
        place = f" [{issue.field or issue.locator}]" if issue.field or issue.locator else ""
        note(f"  {report.source_id}  {issue.severity:<9}  {issue.code}  {issue.message}{place}")


def _inputs(source_ids: Sequence[str], given: Sequence[str]) -> dict[str, str]:
    from qcp_graph.errors import UsageError

    found: dict[str, str] = {}
    for entry in given:
        name, separator, path = entry.partition("=")
        if separator and name in source_ids:
            found[name] = path
        elif len(source_ids) == 1:
            found[source_ids[0]] = entry
        else:
            raise UsageError(
                "QCP-SRC-INPUT",
                f"It is not clear which source --input {entry} belongs to.",
                remedy="Write --input ID=PATH with an ID that the command names.",
            )
    return found
