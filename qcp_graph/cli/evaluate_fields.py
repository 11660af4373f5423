"""``qcp evaluate iscedf``: how good the assignment of fields of education is."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import as_json, rows

if TYPE_CHECKING:
    from qcp_graph.linking.fields.evaluation import Measured

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
@click.option("--builtin", is_flag=True, help="Measure the built-in classifier instead.")
@common_options
@pass_common
def iscedf(
    common: Common, files: tuple[Path, ...], language: str, kind: str, mappings: tuple[Path, ...],
    formacode: Path | None, builtin: bool,
) -> None:  # fmt: skip
    """Print accuracy of detailed, narrow and broad fields on titles left out of the training.

    Five folds; with 95 % intervals, beside TF-IDF with a linear SVM on the same folds where
    scikit-learn is installed, then precision by coverage. Takes some minutes.
    """
    from qcp_graph.linking.fields import evaluation, examples, training
    from qcp_graph.linking.fields.builtin import builtin as opened
    from qcp_graph.linking.fields.keeping import known_terms

    settings = common.settings
    titles = [
        one._replace(language=one.language or language)
        for path in files
        for one in examples.labelled(path)
    ]
    if builtin:
        found = evaluation.views_only(titles, opened(settings.workspace))
    else:
        terms = known_terms(settings.home, settings.workspace, language, mappings, formacode)
        with common.progress.step("Terms", unit="steps") as step:
            bare = training.with_views(terms, lambda _name: step.update(1))
        with common.progress.step("Folds", total=len(titles), unit="titles") as step:
            chosen: evaluation.Kind = "grouped" if kind == "grouped" else "random"
            found = evaluation.measure(titles, bare, chosen, told=step.update)
    _print(common.form, found)


def _print(form: str, found: "dict[str, Measured]") -> None:
    if form == "json":
        as_json({name: asdict(one) for name, one in found.items()})
        return
    table = []
    for name, one in found.items():
        facts = asdict(one)
        for level, value in facts["accuracy"].items():
            table.append(
                {
                    "titles": f"{name} ({facts['titles']})",
                    "field": level,
                    "right": _cell(value),
                    "right_first": _cell(facts["first"][level]),
                    "peer": _cell(facts["baseline"].get(level)),
                    "peer_first": _cell(facts["baseline_first"].get(level)),
                    "curve": ", ".join(
                        f"{precision:.3f} at {share:.0%}"
                        for _, share, precision in facts["curve"][level]
                        if share > 0.05
                    ),
                    "per_second": f"{facts['per_second']:.0f}",
                }
            )
    columns = [("titles", "TITLES"), ("field", "FIELD"), ("right", "RIGHT (ANY CODE)"),
               ("right_first", "RIGHT (FIRST CODE)"), ("peer", "PEER (ANY)"),
               ("peer_first", "PEER (FIRST)"), ("per_second", "TITLES/CORE-S"),
               ("curve", "PRECISION AT COVERAGE")]  # fmt: skip
    rows(form, table, columns, "There was no title to measure.")


def _cell(value: tuple[float, float, float] | None) -> str:
    return f"{value[0]:.3f} ({value[1]:.3f}–{value[2]:.3f})" if value else ""
