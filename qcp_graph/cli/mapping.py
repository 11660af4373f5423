"""``qcp mapping``: mappings as files, outside of a register."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.mapping_sheet import schema, template
from qcp_graph.cli.output import note, rows

if TYPE_CHECKING:
    from qcp_graph.mapping.faces import Register, Remark
    from qcp_graph.model.issue import Issue
    from qcp_graph.pipeline import rml_run

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_NEW = click.Path(path_type=Path)
_MAX_SHOWN = 10_000
_MAX_NOTED = 20
_COLUMNS = [
    ("severity", "SEVERITY"), ("code", "CODE"), ("locator", "PLACE"), ("field", "FIELD"),
    ("value", "VALUE"), ("message", "PROBLEM"), ("rule", "RULE"), ("remedy", "REMEDY"),
]  # fmt: skip


@click.group("mapping")
@common_options
def command() -> None:
    """Convert mappings between YARRRML, RML and spreadsheets; run RML mappings.

    \b
    qcp mapping run mapping.rml.ttl --output out.nq
    qcp mapping convert mappings/fr-rncp/mapping.yaml rncp.rml.ttl
    qcp mapping convert rncp.rml.ttl mapping.yaml
    """


@command.command("convert")
@click.argument("source", type=_FILE)
@click.argument("target", type=_NEW)
@click.option(
    "--source-id",
    metavar="ID",
    help="Register whose IRIs are meant, such as fr-rncp (default: the folder of the mapping).",
)
@click.option("--force", is_flag=True, help="Overwrite TARGET.")
@common_options
@pass_common
def convert(common: Common, source: Path, target: Path, source_id: str | None, force: bool) -> None:
    """Write the mapping SOURCE as TARGET; the kinds of the files say how.

    .yaml and .yml are YARRRML, .ttl is RML, .xlsx and .csv are sheets (qcp mapping template); a
    sheet becomes a whole mapping folder. What the target's language cannot say as others would is
    listed, never dropped silently. A faulty mapping writes nothing. Exit code 1 when something had
    to be left out.

    \b
    qcp mapping convert mappings/fr-rncp/mapping.yaml rncp.rml.ttl
    qcp mapping convert rncp.rml.ttl mapping.yaml --source-id fr-rncp
    qcp mapping convert ofqual.xlsx workspace/mappings/gb-ofqual
    qcp mapping convert ofqual.xlsx workspace/mappings/gb-ofqual/mapping.rml.ttl
    """
    from qcp_graph.cli import mapping_sheet
    from qcp_graph.mapping import faces

    sheet = source.suffix.lower() in mapping_sheet.SHEETS
    if sheet and target.suffix.lower() != ".ttl":
        mapping_sheet.convert(common, source, target, force)
        return
    if target.suffix.lower() in mapping_sheet.SHEETS:
        register = _register(common, source, source_id)
        mapping_sheet.unconvert(common, source, target, register, force)
        return
    _free(target, force)
    if sheet:
        remarks = _sheet_as_rml(common, source, target, force)
    else:
        remarks = faces.convert(source, target, _register(common, source, source_id))
    found = [{"what": r.what, "where": r.where, "outcome": r.outcome} for r in remarks]
    columns = [("what", "WHAT"), ("where", "PLACE"), ("outcome", "OUTCOME")]
    rows(common.form, found, columns, f"{target} written; nothing was lost.")
    if found:
        note(f"{target} written; {len(found)} remarks", quiet=common.quiet)
    if any(remark.lost for remark in remarks):
        click.get_current_context().exit(1)


def _free(path: Path, force: bool) -> None:
    from qcp_graph.errors import UsageError

    if path.exists() and not force:
        raise UsageError(
            "QCP-MAP-FILE", "The file exists already.", where=str(path),
            remedy="Choose another name, or overwrite it with --force.",
        )  # fmt: skip


def _sheet_as_rml(common: Common, sheet: Path, target: Path, force: bool) -> "list[Remark]":
    """Write what a sheet describes as RML, with its code lists and source.yaml beside it."""
    import tempfile
    from dataclasses import replace

    from qcp_graph.cli import mapping_sheet
    from qcp_graph.iris import Iris
    from qcp_graph.mapping import faces, nodes

    with tempfile.TemporaryDirectory(prefix="qcp-") as scratch:
        folder = Path(scratch) / "mapping"
        mapping_sheet.convert(replace(common, quiet=True), sheet, folder, force)
        about = nodes.read(folder / "source.yaml", "source.yaml").entries["id"]
        source_id = about.text if isinstance(about, nodes.Scalar) else ""
        others = [path for path in folder.iterdir() if path.name != "mapping.yaml"]
        for path in others:
            _free(target.parent / path.name, force)
        register = faces.Register(source_id, Iris(common.settings.base_iri))
        remarks = faces.convert(folder / "mapping.yaml", target, register)
        for path in others:
            (target.parent / path.name).write_bytes(path.read_bytes())
    return remarks


def _register(common: Common, path: Path, source_id: str | None) -> "Register":
    """Return the register of a mapping: as stated, or by the folder that it lies in."""
    from qcp_graph.iris import Iris
    from qcp_graph.mapping.faces import Register

    folder = path.resolve().parent
    found = source_id or (folder.name if (folder / "source.yaml").is_file() else "xx-register")
    return Register(found, Iris(common.settings.base_iri))


@command.command("run")
@click.argument("mapping", type=_FILE)
@click.option(
    "--output",
    "-o",
    type=_NEW,
    help="Write to this file; .nq .nt .ttl .trig .jsonld .rdf, also .gz.",
)
@click.option(
    "--base-iri",
    "base",
    default="",
    metavar="IRI",
    help="Completes relative IRIs (default: the mapping's @base).",
)
@click.option(
    "--allow",
    "allowed",
    multiple=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that the mapping may read and write besides its own and the current one.",
)
@click.option(
    "--database", type=_FILE, help="SQLite file that stands for the database of the mapping."
)
@click.option("--strict", is_flag=True, help="Write nothing when a value or record is wrong.")
@click.option("--force", is_flag=True, help="Overwrite targets that the mapping names.")
@click.option("--issues", is_flag=True, help="Print the problems as a table; needs --output.")
@common_options
@pass_common
def run(
    common: Common, mapping: Path, output: Path | None, base: str, allowed: tuple[Path, ...],
    database: Path | None, strict: bool, force: bool, issues: bool,
) -> None:  # fmt: skip
    """Run an RML mapping as it is, outside of any register, and write N-Quads.

    Original RML and the new RML (Core, IO, FNML); any IRIs, graphs and blank nodes. A file is
    read in one pass. A target appears whole or not at all. Exit code 1 when a record or
    value was wrong; what is right is written all the same, unless --strict.

    \b
    qcp mapping run mapping.rml.ttl > out.nq
    qcp mapping run mapping.rml.ttl --output out.nq --issues
    qcp mapping run mapping.rml.ttl --output out.ttl.gz --base-iri https://example.org/
    qcp mapping run r2rml.ttl --database register.sqlite > out.nq
    """
    from qcp_graph.errors import UsageError
    from qcp_graph.model.issue import Issue
    from qcp_graph.pipeline import rml_run

    if issues and output is None:
        raise UsageError(
            "QCP-RML-TARGET", "--issues prints on standard output, where the quads go.",
            remedy="Name a file for the quads with --output.",
        )  # fmt: skip
    options = rml_run.Options(
        output, base, allowed, strict, force, database, common.settings.record_max_bytes
    )
    found: list[Issue] = []

    def take(issue: Issue) -> None:
        if len(found) < _MAX_SHOWN:
            found.append(issue)

    report = rml_run.run(mapping, options, take)
    _tell(common, report, found, issues)
    if report.violations:
        click.get_current_context().exit(1)


def _tell(common: Common, report: "rml_run.Report", found: "list[Issue]", table: bool) -> None:
    if table:
        rows(common.form, (issue.as_dict() for issue in found), _COLUMNS, "No problems.")
    else:
        for issue in found[:_MAX_NOTED]:
            place = " ".join(part for part in (issue.locator, issue.field) if part)
            note(f"{issue.severity}: {place}: {issue.message} ({issue.code})", quiet=common.quiet)
    told = report.violations + report.warnings
    if not table and told > _MAX_NOTED:
        note(f"… and more; --issues lists {min(told, _MAX_SHOWN)} of them", quiet=common.quiet)
    written = ", ".join(f"{count} quads to {name}" for name, count in report.written.items())
    note(
        f"{report.records} records, {written}, {report.violations} violations, "
        f"{report.warnings} warnings",
        quiet=common.quiet,
    )


command.add_command(template)
command.add_command(schema)
