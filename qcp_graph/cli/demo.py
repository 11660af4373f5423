"""``qcp demo``: what `make demo` runs."""

from typing import Final

import click

from qcp_graph.cli.context import Common, common_options, pass_common

# A Finnish and a French vehicle mechanic of the specimen registers.
MECHANICS: Final = ("9110", "RNCP990301")


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
    from qcp_graph.cli.output import note
    from qcp_graph.cli.serve import serve

    build(common, (), specimens=True)
    here = f"http://localhost:{common.settings.port if port is None else port}"
    one, other = MECHANICS
    note("What has a Finnish vehicle mechanic that a French one lacks, and who says so?")
    note(f"{here}/compare?q={one}&q={other}&purpose=work")
    if not no_serve:
        serve(common, port=port)
