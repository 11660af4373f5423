"""``qcp map``: map a register to RDF and print N-Quads."""

import click

from qcp_graph.cli.context import Common, common_options, jobs_option, pass_common
from qcp_graph.cli.output import note, rows


@click.command("map")
@click.argument("source_id")
@click.option("--input", "given", help="Read this file, folder or address instead.")
@click.option("--record", "key", help="Only the record with this key.")
@click.option("--explain", is_flag=True, help="Show which field became which triple (--record).")
@click.option("--issues", is_flag=True, help="Print the problems instead of the quads.")
@jobs_option
@common_options
@pass_common
def command(
    common: Common, source_id: str, given: str | None, key: str | None, explain: bool, issues: bool
) -> None:
    """Map a register to RDF and print N-Quads; nothing is published.

    Problems are counted on standard error; --issues prints them all. Exit code 1 when a record
    was quarantined or rejected.

    \b
    qcp map gb-ofqual --input approved.csv > gb.nq
    qcp map gb-ofqual --input approved.csv --record 61008187 --explain
    qcp map gb-ofqual --input approved.csv --issues --format json
    """
    from qcp_graph.errors import UsageError
    from qcp_graph.iris import Iris
    from qcp_graph.model.ledger import LedgerRow
    from qcp_graph.pipeline import preview

    if explain:
        if not key:
            raise UsageError("QCP-MAP-RECORD", "--explain needs --record with the key of a record.")
        _explain(common, source_id, given, key)
        return
    iris = Iris(common.settings.base_iri)
    found: list[dict[str, str]] = []

    def take(row: LedgerRow) -> None:
        if key is not None and row.key != key:
            return
        if issues:
            found.extend({**issue.as_dict(), "status": row.status} for issue in row.issues)
        else:
            for line in preview.nquads(row, iris, source_id):
                click.echo(line)

    report = preview.check(common.settings, source_id, given, progress=common.progress, take=take)
    if issues:
        found.extend({**issue.as_dict(), "status": "-"} for issue in report.notes)
        columns = [
            ("record", "RECORD"),
            ("status", "FATE"),
            ("severity", "SEVERITY"),
            ("code", "CODE"),
            ("locator", "PLACE"),
            ("field", "FIELD"),
            ("value", "VALUE"),
            ("message", "PROBLEM"),
            ("remedy", "REMEDY"),
        ]
        rows(common.form, found, columns, "No problems.")
    counts = report.counts
    note(
        f"{source_id}: {counts.read} read, {counts.published} publishable, "
        f"{counts.quarantined} quarantined, {counts.rejected} rejected",
        quiet=common.quiet,
    )
    if counts.quarantined or counts.rejected:
        click.get_current_context().exit(1)


def _explain(common: Common, source_id: str, given: str | None, key: str) -> None:
    from qcp_graph.pipeline.explain import explain

    steps = explain(common.settings, source_id, given, key, common.progress)
    columns = [("field", "FIELD"), ("value", "VALUE"), ("rule", "RULE"), ("statement", "STATEMENT")]
    rows(common.form, steps, columns, "The record gives no statement.")
