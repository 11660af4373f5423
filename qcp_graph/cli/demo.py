"""``qcp demo``: what `make demo` runs."""

import click

from qcp_graph.cli.context import Common, common_options, pass_common


@click.command("demo")
@click.option("--port", type=click.IntRange(0, 65535), help="Port (QCP_PORT; default 8000).")
@click.option("--no-serve", is_flag=True, help="Only build.")
@common_options
@pass_common
def command(common: Common, port: int | None, no_serve: bool) -> None:
    """Build the specimen registers and serve them.

    The registers in data/specimen were invented to show every page; they are no real
    qualifications. The second time only what changed is built.

    \b
    qcp --home .qcp/demo demo
    """
    from qcp_graph.cli.build import build
    from qcp_graph.cli.serve import serve

    build(common, (), specimens=True)
    if not no_serve:
        serve(common, port=port)
