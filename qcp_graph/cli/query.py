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
@click.option("--as", "form", type=click.Choice(_FORMS), help="Form of the answer.")
@click.option("--release", "release_id", help="Ask another release than the live one.")
@common_options
@pass_common
def command(
    common: Common, query: str | None, path: Path | None, form: str | None, release_id: str | None
) -> None:
    """Run a SPARQL query on the live release.

    The default graph is the union of all graphs. The prefixes of the project (elm, qcp, skos, …)
    are known. Without QUERY the query is read from standard input.

    \b
    qcp query "SELECT ?t WHERE { ?q a elm:Qualification ; dcterms:title ?t } LIMIT 5"
    qcp query -f sparql/examples/levels.rq --as csv > levels.csv
    """
    from qcp_graph.cli import query_output
    from qcp_graph.errors import UsageError

    if query and path:
        raise UsageError("QCP-QRY-TWO", "Give a query or --file, not both.")
    text = query or (path.read_text(encoding="utf-8") if path else sys.stdin.read())
    if not text.strip():
        raise UsageError("QCP-QRY-EMPTY", "The query is empty.", remedy="See qcp query --help.")
    chosen = form or ("json" if common.form == "json" else "table")
    query_output.run(common.settings, text, chosen, release_id)
