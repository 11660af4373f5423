"""``qcp mapping``: mappings as files, outside of a register."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.mapping_sheet import template
from qcp_graph.cli.output import note, rows

if TYPE_CHECKING:
    from qcp_graph.mapping.faces import Register

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_NEW = click.Path(path_type=Path)


@click.group("mapping")
@common_options
def command() -> None:
    """Convert mappings between YARRRML, RML and spreadsheets.

    \b
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
    sheet becomes a whole mapping folder. What the target's language
    cannot say as others would is listed, never dropped silently. A faulty mapping writes nothing.

    \b
    qcp mapping convert mappings/fr-rncp/mapping.yaml rncp.rml.ttl
    qcp mapping convert rncp.rml.ttl mapping.yaml --source-id fr-rncp
    qcp mapping convert ofqual.xlsx workspace/mappings/gb-ofqual
    """
    from qcp_graph.cli import mapping_sheet
    from qcp_graph.errors import UsageError
    from qcp_graph.mapping import faces

    if source.suffix.lower() in mapping_sheet.SHEETS:
        mapping_sheet.convert(common, source, target, force)
        return
    if target.exists() and not force:
        raise UsageError(
            "QCP-MAP-FILE", "The file exists already.", where=str(target),
            remedy="Choose another name, or overwrite it with --force.",
        )  # fmt: skip
    remarks = faces.convert(source, target, _register(common, source, source_id))
    found = [{"what": r.what, "where": r.where, "outcome": r.outcome} for r in remarks]
    columns = [("what", "WHAT"), ("where", "PLACE"), ("outcome", "OUTCOME")]
    rows(common.form, found, columns, f"{target} written; nothing was lost.")
    if found:
        note(f"{target} written; {len(found)} remarks", quiet=common.quiet)


def _register(common: Common, path: Path, source_id: str | None) -> "Register":
    """Return the register of a mapping: as stated, or by the folder that it lies in."""
    from qcp_graph.iris import Iris
    from qcp_graph.mapping.faces import Register

    folder = path.resolve().parent
    found = source_id or (folder.name if (folder / "source.yaml").is_file() else "xx-register")
    return Register(found, Iris(common.settings.base_iri))


command.add_command(template)
