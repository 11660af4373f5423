"""``qcp query``: SPARQL on the live release, from the command line."""

import sys
from pathlib import Path

import click

from qcp_graph.cli.context import Common, common_options, pass_common

_FORMS = ("json", "xml", "csv", "tsv", "ttl", "nt", "rdf", "table")


@click.command("query")
@click.argument("query", required=False)
@click.option(
    "--file",
    "-f",
    "path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read the query from a file (.rq).",
)
@click.option(
    "--saved", metavar="NAME", help="Ask a documented query; its name as --list shows it."
)
@click.option(
    "--set", "given", multiple=True, metavar="NAME=VALUE", help="A parameter of the saved query."
)
@click.option("--list", "listed", is_flag=True, help="Show the documented queries.")
@click.option("--as", "form", type=click.Choice(_FORMS), help="Form of the answer.")
@click.option("--release", "release_id", help="Ask another release than the live one.")
@common_options
@pass_common
def command(
    common: Common, query: str | None, path: Path | None, saved: str | None,
    given: tuple[str, ...], listed: bool, form: str | None, release_id: str | None,
) -> None:  # fmt: skip
    """Run a SPARQL query on the live release.

    The default graph is the union of all graphs. The prefixes of the project (elm, qcp, skos, …)
    are known. Without QUERY the query is read from standard input.

    \b
    qcp query "SELECT ?t WHERE { ?q a elm:Qualification ; dcterms:title ?t } LIMIT 5"
    qcp query -f my-query.rq --as csv > levels.csv
    qcp query --list
    qcp query --saved qualifications-of-a-country --set country=PRT --set limit=5
    """
    from qcp_graph.cli import query_output, query_saved
    from qcp_graph.errors import UsageError

    if listed:
        query_saved.show(common)
        return
    if saved and (query or path):
        raise UsageError("QCP-QRY-TWO", "Give a query, --file or --saved: one of them.")
    text = query_saved.bound(common.settings, saved, given) if saved else _text(query, path, given)
    chosen = form or ("json" if common.form == "json" else "table")
    query_output.run(common.settings, text, chosen, release_id)


def _text(query: str | None, path: Path | None, given: tuple[str, ...]) -> str:
    from qcp_graph.errors import UsageError

    if query and path:
        raise UsageError("QCP-QRY-TWO", "Give a query or --file, not both.")
    if given:
        raise UsageError("QCP-QRY-SET", "--set goes with --saved.", remedy="See qcp query --help.")
    text = query or (path.read_text(encoding="utf-8") if path else sys.stdin.read())
    if not text.strip():
        raise UsageError("QCP-QRY-EMPTY", "The query is empty.", remedy="See qcp query --help.")
    return text
