"""``qcp serve``: the live release as a web site and SPARQL endpoint."""

import click

from qcp_graph.cli.context import Common, common_options, pass_common


@click.command("serve")
@click.option("--host", help="Address to listen on (QCP_HOST; default 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port (QCP_PORT; default 8000).")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="Processes that answer requests (QCP_SERVER_PROCESSES; default 1).",
)
@common_options
@pass_common
def command(common: Common, host: str | None, port: int | None, processes: int | None) -> None:
    """Serve the live release as a web site, SPARQL endpoint and download area.

    A new release is picked up without a restart. Ctrl-C stops it.

    \b
    qcp serve
    qcp serve --host 0.0.0.0 --port 8080 --processes 4
    """
    serve(common, host=host, port=port, server_processes=processes)


def serve(common: Common, **given: str | int | None) -> None:
    """Start the server with the settings, overridden by the options given."""
    from qcp_graph.cli.output import note
    from qcp_graph.pipeline.releases import folder
    from qcp_graph.server.app import serve as run

    if folder(common.settings).current_id() is None:
        note("Nothing has been published yet, so pages are empty; first: qcp build --specimens")
    run(common.settings.model_copy(update={k: v for k, v in given.items() if v is not None}))
