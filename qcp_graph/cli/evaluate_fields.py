"""``qcp evaluate iscedf``: how good the assignment of fields of education is."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.fields import code_files
from qcp_graph.cli.output import as_json, rows

if TYPE_CHECKING:
    from qcp_graph.linking.fields.evaluation import Measured
    from qcp_graph.linking.fields.examples import CodeFile

_LEAST: Final = 0.2  # share of titles answered below which a precision says little
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("iscedf")
@click.option("--data", "files", multiple=True, required=True, type=_FILE,
              help="Titles with ISCED-F codes (CSV); may be given several times.")  # fmt: skip
@click.option("--language", default="fr", show_default=True, help="Language of the titles.")
@click.option("--folds", "kind", type=click.Choice(["grouped", "random"]), default="grouped",
              show_default=True, help="grouped: near duplicates stay on one side.")  # fmt: skip
@click.option("--mapping", "mappings", multiple=True, type=_FILE,
              help="National occupations mapped to ESCO (CSV of ESCO's portal).")  # fmt: skip
@click.option("--formacode", type=_FILE, help="The French thesaurus of training.")
@click.option("--extra", "extras", multiple=True, type=_FILE,
              help="Further titles with codes to learn from (CSV), such as a ministry's "
              "nomenclature; those like a title that is left out are not used for it.")  # fmt: skip
@code_files
@click.option("--builtin", is_flag=True, help="Measure the built-in classifier instead.")
@common_options
@pass_common
def iscedf(
    common: Common, files: tuple[Path, ...], language: str, kind: str, mappings: tuple[Path, ...],
    formacode: Path | None, extras: tuple[Path, ...], codes: "tuple[CodeFile, ...]",
    builtin: bool,
) -> None:  # fmt: skip
    """Print accuracy of detailed, narrow and broad fields on titles left out of the training.

    Five folds; with 95 % intervals, beside TF-IDF with a linear SVM on the same folds where
    scikit-learn is installed, then precision by coverage. Takes some minutes. With --codes both
    also see what national codes the records have, as a build does.

    \b
    qcp evaluate iscedf --data classified.csv
    qcp evaluate iscedf --data classified.csv --codes nsf=records.csv
    """
    from qcp_graph.linking.fields import crosswalks, evaluation, examples, training
    from qcp_graph.linking.fields.builtin import builtin as opened
    from qcp_graph.linking.fields.known import known_terms

    settings = common.settings
    titles, extra = (
        [
            one._replace(language=one.language or language)
            for path in paths
            for one in examples.labelled(path, codes)
        ]
        for paths in (files, extras)
    )
    if builtin:
        found = evaluation.views_only(titles, opened(settings.workspace))
    else:
        terms = known_terms(settings.home, settings.workspace, language, mappings, formacode)
        with common.progress.step("Terms", unit="steps") as step:
            bare = training.with_views(terms, lambda _name: step.update(1))
        with common.progress.step("Folds", total=len(titles), unit="titles") as step:
            chosen: evaluation.Kind = "grouped" if kind == "grouped" else "random"
            found = evaluation.measure(
                titles, bare, chosen, told=step.update, extra=extra,
                walks=crosswalks.load(settings.workspace),
            )  # fmt: skip
    kind = "built-in" if builtin else f"{kind} folds"
    data = " + ".join(path.name for path in files)
    kind += "".join(f", codes {one.scheme}" for one in codes)
    kind += "".join(f", extra {path.name}" for path in extras)
    _print(common.form, [_row(data, kind, name, one) for name, one in found.items()])


def _row(data: str, kind: str, language: str, one: "Measured") -> dict[str, object]:
    """Return the figures of a set of titles as one flat row."""
    row: dict[str, object] = {"data": data, "task": f"fields, {kind}", "language": language}
    row["titles"] = one.titles
    for level in ("detailed", "narrow", "broad"):
        row[level] = one.accuracy[level]
        if level in one.baseline:
            row[f"{level}, peer"] = one.baseline[level]
    for level in ("detailed", "broad"):
        row[f"{level}, first code"] = one.first[level]
        if level in one.baseline_first:
            row[f"{level}, first code, peer"] = one.baseline_first[level]
    for level, curve in one.curve.items():
        row[f"{level}: precision at coverage"] = ", ".join(
            f"{precision:.3f} at {share:.0%}" for _, share, precision in curve if share > _LEAST
        )
    row["titles per core-second"] = one.per_second
    return row


def _print(form: str, found: list[dict[str, object]]) -> None:
    if form == "json":
        as_json(found)
        return
    table = [
        {"name": name, **{str(place): _cell(one.get(name)) for place, one in enumerate(found)}}
        for name in (found[0] if found else {})
    ]
    columns = [("name", "")] + [(str(place), "") for place in range(len(found))]
    rows(form, table, columns, "There was no title to measure.")


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        mean, low, high = value
        return f"{mean:.3f} ({low:.3f}–{high:.3f})"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
