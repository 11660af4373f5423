"""``qcp export``: a register in the form of another system."""

from pathlib import Path

import click

from qcp_graph.cli import export_offline, output
from qcp_graph.cli.context import Common, common_options, pass_common

_NEEDS = (
    "A qualification needs a title, an EQF level, a national level that Europass knows, a field "
    "(ISCED-F) and a learning outcome; the others are reported."
)
_ACQF = (
    "A qualification needs a title, an outcome, an awarding opportunity, a publisher and a "
    "supplementary document; the others are reported."
)
_ENDS = {
    "acqf": "json", "acqf-rdf": "nt", "schema.org": "jsonld", "ctdl": "jsonld",
    "csv": "csv", "xlsx": "xlsx", "turtle": "ttl",
}  # fmt: skip
# Name → what it is, what it asks for, an example.
_FORMS = {
    "loq": ("LOQ XML of the Europass register (ELM 3.1)", _NEEDS, "fr-rncp"),
    "ams": ("AMS XML of the Europass register: accreditations (ELM 3.1)", "", "eu-deqar"),
    "acqf": ("the import file (JSON) of the African platform ACQF QCP", _ACQF, "za-saqa"),
    "acqf-rdf": ("RDF (N-Triples) of ACQF's exchange model", _ACQF, "za-saqa"),
    "schema.org": ("JSON-LD in the words of schema.org, for search engines", "", "fr-rncp"),
    "ctdl": ("JSON-LD of the Credential Registry (CTDL)", "", "fr-rncp"),
    "csv": ("a table, a line per qualification (CSV)", "", "gb-ofqual"),
    "xlsx": ("a workbook, a line per qualification (XLSX)", "", "gb-ofqual"),
    "turtle": ("all its statements (Turtle)", "", "fi-eperusteet"),
}
_MOST = 12  # reasons that are printed


@click.group("export")
def command() -> None:
    """Write a register in the form of another system.

    Every form reports what it had to leave out, record by record, and why.

    \b
    qcp export loq fr-rncp --output rncp-loq.xml --report left-out.tsv
    qcp export loq gb-ofqual --dry-run
    qcp export offline --country FI --output finland.zip
    """


def _subcommand(form: str) -> click.Command:
    what, needs, example = _FORMS[form]

    @click.command(form, short_help=what)
    @click.argument("register")
    @click.option(
        "--output", "target", type=click.Path(path_type=Path, dir_okay=False),
        help="File to write, compressed where it ends in .gz (default: <register>-<form>.<type>).",
    )  # fmt: skip
    @click.option(
        "--report", type=click.Path(path_type=Path, dir_okay=False),
        help="Table (TSV) of all that is left out.",
    )  # fmt: skip
    @click.option("--dry-run", is_flag=True, help="Only tell what is written and what left out.")
    @click.option("--release", "release_id", help="Export another release than the live one.")
    @common_options
    @pass_common
    def subcommand(
        common: Common, register: str, target: Path | None, report: Path | None, dry_run: bool,
        release_id: str | None,
    ) -> None:  # fmt: skip
        from qcp_graph.pipeline import exporting

        path = None if dry_run else target or Path(f"{register}-{form}.{_ENDS.get(form, 'xml')}")
        order = exporting.Order(form, register, release_id, path, report)
        _print(common, exporting.run(common.settings, order, common.progress), path)

    subcommand.help = (
        f"Write REGISTER as {what}.\n\n{needs}\n\n\b\n"
        f"qcp export {form} {example} --report left-out.tsv\n"
    )
    return subcommand


for _form in _FORMS:
    command.add_command(_subcommand(_form))
command.add_command(export_offline.command)


def _print(common: Common, outcome: object, path: Path | None) -> None:
    from qcp_graph.exports import summary
    from qcp_graph.pipeline.export_outcome import Outcome

    assert isinstance(outcome, Outcome)
    reasons = summary(outcome.left_out)
    if common.form == "json":
        output.as_json({
            "form": outcome.form, "register": outcome.register, "release": outcome.release,
            "records": outcome.records, "written": outcome.written,
            "file": str(path) if path else None,
            "left_out": [{"field": f, "reason": r, "times": n} for f, r, n in reasons],
        })  # fmt: skip
        return
    what = f"{outcome.written:,} things of {outcome.records:,} records"
    click.echo(f"{outcome.register}: {what} written to {path}" if path else f"Would write {what}.")
    for name, reason, times in reasons[:_MOST]:
        click.echo(f"  {times:>7,}  {name}: {reason}")
    if len(reasons) > _MOST:
        click.echo(f"  … and {len(reasons) - _MOST} other reasons; --report FILE lists all.")
