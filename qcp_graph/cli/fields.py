"""``qcp fields``: fields of education for qualifications whose register states none."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import fields as show
from qcp_graph.cli.output import note

if TYPE_CHECKING:
    from qcp_graph.linking.fields.examples import CodeFile

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _code_files(
    context: click.Context, option: click.Parameter, values: tuple[str, ...]
) -> "tuple[CodeFile, ...]":
    """Read the files given as ``nsf=records.csv``."""
    from qcp_graph.linking.fields.examples import CodeFile

    found = []
    for one in values:
        scheme, sign, name = one.partition("=")
        if not sign or not scheme:
            raise click.BadParameter(f"{one!r} is not of the form nsf=records.csv.")
        found.append(CodeFile.read(scheme, Path(FILE.convert(name, option, context))))
    return tuple(found)


code_files = click.option(
    "--codes", "codes", multiple=True, callback=_code_files, metavar="SCHEME=FILE",
    help="Codes of a national classification by record, such as nsf=records.csv: a CSV file whose "
    "first column is also one of the titles' file, and whose second holds the code.",
)  # fmt: skip


@click.group("fields")
@common_options
def command() -> None:
    """Assign fields of education (ISCED-F 2013) where registers state none.

    Codes of national classifications go through crosswalks; else a classifier reads the title. The
    built-in one knows English, French and German terms; train your own on titles that somebody
    classified.

    \b
    qcp fields assign "Boulanger" --language fr
    qcp fields train --data classified.csv --language fr
    """


@command.command("assign")
@click.argument("title")
@click.option("--language", default="en", show_default=True, help="Language of the title.")
@click.option("--code", "codes", multiple=True, metavar="SCHEME=CODE",
              help="A code of a national classification, such as nsf=221.")  # fmt: skip
@common_options
@pass_common
def assign(common: Common, title: str, language: str, codes: tuple[str, ...]) -> None:
    """Say which field a title belongs to, how that was found and how probable it is.

    \b
    qcp fields assign "Boulanger" --language fr
    """
    from qcp_graph.linking.fields.assign import Subject
    from qcp_graph.linking.fields.opening import Fields

    stated = []
    for one in codes:
        scheme, sign, code = one.partition("=")
        if not sign:
            raise click.BadParameter(f"{one!r} is not of the form nsf=221.")
        stated.append(Subject(scheme, code))
    opened = Fields(common.settings.home, common.settings.workspace)
    found = opened.assign(title, language, stated, [])
    if not found:
        note("No field is probable enough to be named.")
    for answer in found:
        show(
            common.form,
            {
                "field": answer.field,
                "level": answer.level,
                "probability": round(answer.probability, 2),
                "status": "accepted" if answer.accepted else "suggested",
                "method": answer.method,
                "grounds": answer.comment,
            },
        )


@command.command("train")
@click.option("--data", "files", multiple=True, required=True, type=FILE,
              help="Titles with ISCED-F codes (CSV); may be given several times.")  # fmt: skip
@click.option("--language", required=True, help="Language of the titles, such as fr.")
@click.option("--mapping", "mappings", multiple=True, type=FILE,
              help="National occupations mapped to ESCO, a CSV file of ESCO's portal.")  # fmt: skip
@click.option("--formacode", type=FILE, help="The French thesaurus of training (no header, ;).")
@code_files
@common_options
@pass_common
def train(
    common: Common, files: tuple[Path, ...], language: str, mappings: tuple[Path, ...],
    formacode: Path | None, codes: "tuple[CodeFile, ...]",
) -> None:  # fmt: skip
    """Train a classifier and keep it in the home folder.

    Names of occupations and of knowledge come from the imported versions of ESCO, if any. Training
    takes a minute or two; it says how far answers can be trusted, and only answers that were right
    often enough on titles left out are used.

    \b
    qcp fields train --data classified.csv --language fr
    qcp fields train --data classified.csv --language fr --codes nsf=records.csv
    """
    from qcp_graph.linking.fields import crosswalks, examples, training
    from qcp_graph.linking.fields.keeping import keep
    from qcp_graph.linking.fields.known import known_terms
    from qcp_graph.linking.fields.opening import thresholds

    settings = common.settings
    titles = [
        one._replace(language=one.language or language)
        for path in files
        for one in examples.labelled(path, codes)
    ]
    terms = known_terms(settings.home, settings.workspace, language, mappings, formacode)
    with common.progress.step("Training", unit="steps") as step:
        model = training.train(
            titles, terms, lambda _name: step.update(1), crosswalks.load(settings.workspace)
        )
    path = keep(model, settings.home)
    told: dict[str, object] = {"titles": len(titles), "kept in": str(path)}
    told |= {f"terms: {one.name}": len(one.examples) for one in terms}
    names = {4: "detailed", 3: "narrow", 2: "broad"}
    told |= {f"{names[n]}: accepted from": limit for n, limit in thresholds(model).items()}
    if model.coded:
        told["titles with codes"] = model.about["coded titles"]
        with_codes = thresholds(model, "coded curve").items()
        told |= {f"{names[n]}, with codes: accepted from": limit for n, limit in with_codes}
    show(common.form, told)
