"""``qcp doctor``: is everything in order?"""

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import rows


@click.command("doctor")
@common_options
@pass_common
def command(common: Common) -> None:
    """Check the installation, the settings, the live release and how fresh it is.

    Exit code 1 when something needs attention, 0 otherwise.

    \b
    qcp doctor
    qcp doctor --format json
    """
    from qcp_graph.pipeline import doctor

    findings = list(doctor.examine(common.settings))
    columns = [
        ("state", "STATE"),
        ("subject", "SUBJECT"),
        ("finding", "FINDING"),
        ("remedy", "REMEDY"),
    ]
    rows(common.form, [finding.as_dict() for finding in findings], columns, "Nothing to check.")
    if any(finding.state == "problem" for finding in findings):
        click.get_current_context().exit(1)
