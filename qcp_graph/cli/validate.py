"""``qcp validate``: check a register or an RDF file with SHACL shapes."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import note, rows

if TYPE_CHECKING:
    from qcp_graph.model.issue import Issue

_COLUMNS = [
    ("record", "RECORD"), ("severity", "SEVERITY"), ("code", "CODE"), ("locator", "PLACE"),
    ("field", "PROPERTY"), ("value", "VALUE"), ("message", "PROBLEM"), ("remedy", "REMEDY"),
]  # fmt: skip


@click.command("validate")
@click.argument("what")
@click.option("--input", "given", help="Read the register from this file, folder or address.")
@click.option(
    "--shapes",
    "profiles",
    multiple=True,
    metavar="PROFILE|FILE",
    help="Profile of shapes/ or a shapes file; may be repeated (default: what publishing needs).",
)
@click.option(
    "--engine",
    type=click.Choice(["compiled", "pyshacl"]),
    default="compiled",
    show_default=True,
    help="pyshacl is the slow referee, for RDF files.",
)
@click.option("--report", is_flag=True, help="Print the standard SHACL report as Turtle.")
@common_options
@pass_common
def command(
    common: Common,
    what: str,
    given: str | None,
    profiles: tuple[str, ...],
    engine: str,
    report: bool,
) -> None:
    """Check WHAT, a register or an RDF file, with SHACL shapes.

    Exit code 0: conforms; 1: violations; 2 or 3: could not be judged. Warnings alone conform.

    \b
    qcp validate gb-ofqual --input approved.csv
    qcp validate gb-ofqual --input approved.csv --shapes elm-loq
    qcp validate mine.ttl --shapes publication --report
    """
    if Path(what).suffix and Path(what).is_file():
        broken = _file(common, Path(what), profiles, engine, report)
    else:
        broken = _register(common, what, given, profiles, engine, report)
    click.get_current_context().exit(1 if broken else 0)


def _file(common: Common, path: Path, profiles: tuple[str, ...], engine: str, report: bool) -> bool:
    from qcp_graph import validation
    from qcp_graph.pipeline import context, rdf_file

    results = rdf_file.validate(common.settings, path, profiles or context.BLOCKING, engine)
    if report:
        click.echo(rdf_file.report(results))
    else:
        _print(common, [validation.issue_of(result) for result in results])
    return any(result.severity == "violation" for result in results)


def _register(
    common: Common, source_id: str, given: str | None, profiles: tuple[str, ...], engine: str,
    report: bool,
) -> bool:  # fmt: skip
    from qcp_graph.errors import UsageError
    from qcp_graph.model.ledger import LedgerRow
    from qcp_graph.pipeline import context, preview

    if engine != "compiled" or report:
        raise UsageError(
            "QCP-VAL-ENGINE",
            "--engine pyshacl and --report judge RDF files.",
            remedy=f"First: qcp map {source_id} > {source_id}.nq; then validate that file.",
        )
    found: list[Issue] = []

    def take(row: LedgerRow) -> None:
        found.extend(row.issues)

    result = preview.check(
        common.settings, source_id, given, progress=common.progress, take=take,
        profiles=profiles or context.BLOCKING,
    )  # fmt: skip
    _print(common, found)
    return bool(result.counts.quarantined or result.counts.rejected)


def _print(common: Common, issues: "list[Issue]") -> None:
    rows(common.form, (issue.as_dict() for issue in issues), _COLUMNS, "No problems: conforms.")
    if issues and common.form == "text":
        blocking = sum(issue.severity == "violation" for issue in issues)
        note(f"{len(issues)} problems, {blocking} of them violations", quiet=common.quiet)
