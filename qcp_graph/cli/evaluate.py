"""``qcp evaluate``: how good the linking is on labelled texts."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from qcp_graph.cli import evaluate_fields, evaluate_gold, evaluate_page
from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import as_json, note, rows


@click.group("evaluate")
@common_options
def command() -> None:
    """Measure linking and classification on labelled texts.

    \b
    qcp evaluate linking --data sentences.csv --esco 1.1.0
    qcp evaluate linking --data sentences.csv --esco 1.1.0 --tier semantic
    """


@command.command("linking")
@click.option(
    "--data", "files", multiple=True, required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Labelled texts (CSV); may be given several times. Forms: see docs/linking.md.",
)  # fmt: skip
@click.option(
    "--texts", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Quads of a register, in which a gold set's outcomes are looked up (docs/gold-set.md).",
)  # fmt: skip
@click.option("--language", "languages", multiple=True, help="Only texts of this language.")
@click.option("--esco", "version", default="", help="Imported version (default: the newest).")
@click.option(
    "--tier", type=click.Choice(["core", "semantic"]), default="core", show_default=True,
    help="core: labels only, every language; semantic: with a sentence encoder, English.",
)  # fmt: skip
@common_options
@pass_common
def linking(
    common: Common, files: tuple[Path, ...], texts: tuple[Path, ...], languages: tuple[str, ...],
    version: str, tier: str,
) -> None:  # fmt: skip
    """Print MRR, hit@k, R@k, R-precision, calibration and throughput, per file and language.

    Each figure stands with its 95 % interval (bootstrap over the texts).

    \b
    qcp evaluate linking --data sentences.csv --esco 1.1.0
    """
    from qcp_graph.linking import esco
    from qcp_graph.linking.evaluation import outcomes, read, running
    from qcp_graph.linking.rank import open_ranker
    from qcp_graph.linking.semantic.encoder import Encoder, find_model

    settings, found = common.settings, []
    stated = {(o.locator, o.digest): o.text for path in texts for o in outcomes.read(path)}
    encoder = None
    if tier == "semantic":
        encoder = Encoder(find_model(settings.model), settings.home / "models")
    with esco.open_version(settings.home, version) as catalogue:
        for path in files:
            queries, unknown = read(path, catalogue, stated)
            if unknown:
                note(f"{path.name}: {unknown} labels are not in ESCO {catalogue.version}.")
            for language, chosen in running.by_language(queries):
                if languages and language not in languages:
                    continue
                with common.progress.step(f"Indexing {language}", unit="texts") as step:
                    ranker = open_ranker(catalogue, language, encoder, step.update)
                with common.progress.step(path.stem, total=len(chosen), unit="texts") as step:
                    found.append(
                        running.run(catalogue, ranker, path, language, chosen, step.update)
                    )
    _print(common.form, found)


def _print(form: str, found: Sequence[Mapping[str, object]]) -> None:
    if form == "json":
        as_json(found)
        return
    table = [
        {"name": name, **{str(place): _cell(one.get(name)) for place, one in enumerate(found)}}
        for name in (found[0] if found else {})
    ]
    columns = [("name", "")] + [(str(place), "") for place in range(len(found))]
    rows(form, table, columns, "There was no text to measure.")


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        mean, low, high = value
        return f"{mean:.3f} ({low:.3f}–{high:.3f})"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


command.add_command(evaluate_fields.iscedf)
command.add_command(evaluate_gold.sample)
command.add_command(evaluate_page.page)
command.add_command(evaluate_gold.agreement)
