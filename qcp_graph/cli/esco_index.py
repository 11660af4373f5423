"""``qcp esco index``: the label indexes of a version, built ahead of linking."""

import time

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import rows


@click.command("index")
@click.option("--version", default="", help="Version to index (default: the newest).")
@click.option(
    "--language",
    "languages",
    multiple=True,
    default=["en"],
    show_default=True,
    help="Language of the texts to be linked; may be given several times.",
)
@click.option("--tier", type=click.Choice(["core", "semantic"]), default="core", show_default=True,
              help="semantic: with the vectors of the labels, English only.")  # fmt: skip
@common_options
@pass_common
def index(common: Common, version: str, languages: tuple[str, ...], tier: str) -> None:
    """Build the indexes that linking needs; an index that is there is only opened.

    Linking builds them itself when they are missing. Printed are the seconds it took, the CPU
    seconds of all cores, and the most memory so far.

    \b
    qcp esco index --language fr --language en --tier semantic
    """
    from qcp_graph.linking import esco
    from qcp_graph.linking.evaluation.running import peak
    from qcp_graph.linking.rank import open_ranker
    from qcp_graph.linking.semantic.encoder import Encoder, find_model

    home, found = common.settings.home, []
    encoder = None
    if tier == "semantic":
        encoder = Encoder(find_model(common.settings.model), home / "models")
    with esco.open_version(home, version) as catalogue:
        for language in languages:
            start, spent = time.perf_counter(), time.process_time()
            with common.progress.step(f"Indexing {language}", unit="texts") as step:
                ranker = open_ranker(catalogue, language, encoder, step.update)
            found.append({
                "task": "index", "esco": catalogue.version, "language": language,
                "tier": ranker.tier, "skills": len(ranker.uris),
                "seconds": round(time.perf_counter() - start, 1),
                "CPU seconds": round(time.process_time() - spent, 1), "MB": peak(),
            })  # fmt: skip
    columns = [(name, name.upper()) for name in found[0]]
    rows(common.form, found, columns, "Nothing to index.")
