"""``qcp compare``: two to ten qualifications side by side, every line with its source."""

from datetime import date, datetime

import click

from qcp_graph.cli.context import Common, compare_options, pass_common


@click.command("compare")
@click.argument("qualifications", nargs=-1, required=True, metavar="A B [C…]")
@click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Compare what held on this day (default: the day of the release).",
)
@click.option(
    "--purpose",
    type=click.Choice(["further-study", "work", "profession"]),
    default="further-study",
    show_default=True,
    help="Puts the rows that matter for it first; leaves none out.",
)
@click.option(
    "--language", default="en", show_default=True, help="Language of names and sentences."
)
@click.option("--texts", is_flag=True, help="Also tell outcomes of equal wording without links.")
@click.option("--stack", is_flag=True, help="Check how B, C, … stack towards A (text or json).")
@click.option("--release", "release_id", help="Compare in another release than the live one.")
@compare_options
@pass_common
def command(
    common: Common,
    qualifications: tuple[str, ...],
    on: datetime | None,
    purpose: str,
    language: str,
    texts: bool,
    stack: bool,
    release_id: str | None,
) -> None:
    """Compare qualifications; the first one with each other one.

    A, B, … are IRIs, codes of a register (RNCP35185) or whole titles. What B asks for and A covers
    comes first. Nothing here is a decision on recognition.

    Each line says: same, different, not comparable, not provided (a source is silent; never a
    difference) or conflicting (one record contradicts itself).

    \b
    qcp compare RNCP36490 RNCP37873 --purpose work
    qcp compare AT-L-0701 BE-F-1001 --date 2020-06-30 --format csv > lines.csv
    qcp compare 9110 RNCP990301 AT-L-0701 --format html > to-print.html
    qcp compare --stack RNCP990401 MC-2222 MC-2223

    Ends with 0 whatever the verdicts are, and with 2 where a qualification, day or language is not
    known or a title names several (they are listed then).
    """
    from qcp_graph.cli import compare_output

    day: date | None = on.date() if on else None
    order = compare_output.Order(qualifications, purpose, day, language, texts, stack, release_id)
    click.echo(compare_output.run(common.settings, order, common.form), nl=False)
