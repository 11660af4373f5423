"""``qcp harvest``: read another site's event stream, OAI-PMH or dump as a source."""

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import rows


@click.command("harvest")
@click.argument("address")
@click.option("--into", help="The register that it is for: its id, or its folder of mappings.")
@click.option("--set", "part", default="", help="Read only this set of an OAI-PMH repository.")
@click.option("--restart", is_flag=True, help="Forget what was read before and read all again.")
@common_options
@pass_common
def command(common: Common, address: str, into: str | None, part: str, restart: bool) -> None:
    """Read what is new at another site: LDES, OAI-PMH or a dump.

    ADDRESS is one of these, or any page that leads there: the site's home page will do. What was
    read is kept, so the next time only news is asked for; an interrupted run goes on.

    \b
    qcp harvest https://example.org/ --into mt-register
    qcp harvest https://example.org/oai --set fr-rncp --into mappings/fr-rncp-copy
    """
    from qcp_graph.pipeline import harvesting

    settings = common.settings
    source = harvesting.target(into, settings.workspace) if into else None
    found = harvesting.run(settings, address, source, common.progress, part=part, restart=restart)
    outcome, taken = found.outcome, found.snapshot
    row = {
        "protocol": outcome.protocol,
        "address": outcome.address,
        "requests": outcome.pages,
        "changed": outcome.changed,
        "records": outcome.records,
        "deleted": outcome.deleted,
        "source": found.source_id,
        "snapshot": taken.snapshot.short if taken is not None else str(outcome.replica),
        "state": "" if taken is None else ("new" if taken.changed else "unchanged"),
    }
    columns = [(name, name.upper()) for name in row]
    rows(common.form, [row], columns, "Nothing harvested.")
