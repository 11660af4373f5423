"""``qcp mapping template``, and sheets as a form of a mapping for ``qcp mapping convert``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import note, rows
from qcp_graph.errors import UsageError
from qcp_graph.model.issue import Issue

if TYPE_CHECKING:
    from qcp_graph.mapping.faces import Register

SHEETS = (".xlsx", ".csv")
_NAMED = 5  # other files that a note names


@click.command("template")
@click.argument("given", metavar="SOURCE")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("mapping.xlsx"),
    show_default=True,
    help="File to write: .xlsx, .csv (with further .csv beside it) or .yaml.",
)
@click.option("--id", "source_id", default="", help="Id the register will have, such as gb-ofqual.")
@click.option("--languages", default="", help="Languages of its texts, such as en,cy.")
@click.option("--file", "pattern", default="", help="Which of several files (a name, or *.csv).")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@common_options
@pass_common
def template(
    common: Common, given: str, out: Path, source_id: str, languages: str, pattern: str, force: bool
) -> None:
    """Make a mapping sheet from what SOURCE really holds.

    SOURCE is a file, a folder, an archive, a web address, or the id of a register that was
    fetched. The sheet has a row for each field with examples, proposes targets where a field's
    name tells them, and lists the words of fields that hold codes.

    \b
    qcp mapping template approved.csv --id gb-ofqual --languages en --out ofqual.xlsx
    qcp mapping convert ofqual.xlsx workspace/mappings/gb-ofqual
    """
    from qcp_graph.pipeline import templating

    if out.suffix.lower() not in {*SHEETS, ".yaml", ".yml"}:
        raise UsageError(
            "QCP-MAP-FACE", f"{out.suffix or 'A name without ending'} is no kind of sheet.",
            where=out.name, remedy="Use .xlsx, .csv or .yaml.",
        )  # fmt: skip
    _free(out, force)
    made = templating.make(
        common.settings, given, common.progress,
        pattern=pattern, source_id=source_id, languages=languages,
    )  # fmt: skip
    _write(common, made, out)
    profile = made.template.profile
    for remark in made.remarks:
        note(f"Note: {remark}", quiet=common.quiet)
    if made.others:
        more = len(made.others) - _NAMED
        names = ", ".join(made.others[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        note(
            f"Note: made from {made.file}; --file chooses another: {names}. A sheet is about one "
            "file; what others add is written in mapping.yaml afterwards, under `joins` "
            "(docs/mapping.md).",
            quiet=common.quiet,
        )
    if made.stopped:
        note(f"Note: only the first {profile.records} records were counted", quiet=common.quiet)
    proposed = len({line.profile.name for line in made.template.lines if line.target})
    note(
        f"{out} written: {profile.records} records, {len(profile.fields)} fields, "
        f"targets proposed for {proposed}, {len(made.template.codes)} code lists",
        quiet=common.quiet,
    )


def _write(common: Common, made: "object", out: Path) -> None:
    from qcp_graph.mapping.sheet import composing, grids, reading, workbook, writing
    from qcp_graph.pipeline import sheets
    from qcp_graph.pipeline.templating import Made

    assert isinstance(made, Made)
    found = writing.of_template(made.template)
    if out.suffix.lower() == ".xlsx":
        workbook.write(found, out, made.template.choices)
    elif out.suffix.lower() == ".csv":
        grids.write_csv(found, out)
    else:
        book, _ = reading.read(found)
        files, _ = composing.folder(book, sheets.levels(common.settings))
        out.write_text(files["mapping.yaml"], encoding="utf-8", newline="\n")


def convert(common: Common, sheet: Path, target: Path, force: bool) -> None:
    """Write the mapping folder that a sheet describes; print everything that is wrong with it.

    :raises UsageError: with exit code 2 when something is; then nothing is written.
    """
    from qcp_graph.mapping.sheet import composing, grids, reading
    from qcp_graph.pipeline import sheets

    book, problems = reading.read(grids.read(sheet))
    files, more = composing.folder(book, sheets.levels(common.settings))
    folder = target.parent if target.suffix in {".yaml", ".yml"} else target
    issues = [*problems, *more]
    if not any(issue.severity == "violation" for issue in issues):
        issues.extend(_loaded(common, book.register["id"], files))
    _print(common, issues)
    violations = sum(issue.severity == "violation" for issue in issues)
    if violations:
        raise UsageError(
            "QCP-MAP-SHEET", f"The sheet has {violations} mistake(s); nothing was written.",
            where=str(sheet), remedy="Correct them in the sheet, save it and run this again.",
        )  # fmt: skip
    for name in files:
        _free(folder / name, force)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    note(f"{folder} written: {', '.join(files)}", quiet=common.quiet)
    register = book.register
    if folder.parent.name == "mappings" and folder.name == register["id"]:
        workspace = folder.parent.parent
        note(
            f"Next: qcp --workspace {workspace} source check {register['id']} "
            f"--input {register['file']}",
            quiet=common.quiet,
        )
    else:
        note(
            f"Put the folder where it is found: <workspace>/mappings/{register['id']}",
            quiet=common.quiet,
        )


def unconvert(common: Common, source: Path, sheet: Path, register: "Register", force: bool) -> None:
    """Write a mapping as a sheet; what a sheet cannot say is listed."""
    from qcp_graph.mapping import faces
    from qcp_graph.mapping.sheet import face, grids, workbook, writing

    _free(sheet, force)
    root, remarks = faces.face_of(source).read(source, register)
    book, more = face.book(root, source.parent, register)
    found = writing.of_book(book)
    if sheet.suffix.lower() == ".xlsx":
        workbook.write(found, sheet)
    else:
        grids.write_csv(found, sheet)
    lost = [*remarks, *more]
    listed = [{"what": r.what, "where": r.where, "outcome": r.outcome} for r in lost]
    if listed:
        columns = [("what", "WHAT"), ("where", "PLACE"), ("outcome", "OUTCOME")]
        rows(common.form, listed, columns, "")
    note(f"{sheet} written: {len(book.rows)} rows; {len(lost)} remarks", quiet=common.quiet)
    if any(remark.lost for remark in lost):
        click.get_current_context().exit(1)


def _loaded(common: Common, source_id: str, files: dict[str, str]) -> list[Issue]:
    """Load the mapping once in a temporary folder: what the sheet cannot see is told now."""
    import tempfile

    from qcp_graph.pipeline import sheets

    with tempfile.TemporaryDirectory(prefix="qcp-") as scratch:
        return sheets.tried(common.settings, source_id, files, Path(scratch))


def _print(common: Common, issues: list[Issue]) -> None:
    listed = [issue.as_dict() for issue in issues]
    columns = [
        ("severity", "SEVERITY"), ("locator", "PLACE"), ("message", "PROBLEM"),
        ("value", "VALUE"), ("remedy", "REMEDY"),
    ]  # fmt: skip
    if listed:
        rows(common.form, listed, columns, "")


def _free(path: Path, force: bool) -> None:
    if path.exists() and not force:
        raise UsageError(
            "QCP-MAP-FILE", "The file exists already.", where=str(path),
            remedy="Choose another name, or overwrite it with --force.",
        )  # fmt: skip


@click.command("schema")
@click.argument("what", type=click.Choice(["mapping", "source"]))
def schema(what: str) -> None:
    """Print the JSON Schema of mapping.yaml or source.yaml, for editors.

    \b
    qcp mapping schema mapping > mapping.schema.json
    """
    from importlib import resources

    package = {"mapping": "qcp_graph.mapping", "source": "qcp_graph.sources"}[what]
    file = resources.files(package) / f"{what}.schema.json"
    click.echo(file.read_text(encoding="utf-8"), nl=False)
