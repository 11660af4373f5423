"""``qcp export offline``: a country as pages that are read without a network."""

from dataclasses import asdict
from pathlib import Path

import click

from qcp_graph.cli import output
from qcp_graph.cli.context import Common, common_options, pass_common


@click.command("offline", short_help="a country as static pages with a search, as folder or zip")
@click.option(
    "--country", required=True, metavar="COUNTRY",
    help="Its code (FIN or FI) or its English name.",
)  # fmt: skip
@click.option("--register", metavar="REGISTER", help="Only the qualifications of one register.")
@click.option(
    "--output", "target", type=click.Path(path_type=Path),
    help="Folder to write, or a file that ends in .zip (default: <country>-offline.zip).",
)  # fmt: skip
@click.option("--language", default="en", help="Language of the pages around the data (en, fr, …).")
@click.option("--release", "release_id", help="Export another release than the live one.")
@click.option("--dry-run", is_flag=True, help="Make every page, but write none.")
@common_options
@pass_common
def command(
    common: Common, country: str, register: str | None, target: Path | None, language: str,
    release_id: str | None, dry_run: bool,
) -> None:  # fmt: skip
    """Write the qualifications of a country as pages that need no server and no network.

    Open index.html in a browser: it searches by title and code, and leads to every qualification
    with its outcomes and skills, to the framework, organisations, and lists by level and field.

    \b
    qcp export offline --country FI
    qcp export offline --country France --language fr --output france
    qcp export offline --country GBR --register gb-ofqual --dry-run --format json
    """
    from qcp_graph.server import offline

    path = None if dry_run else target or Path(f"{_plain(country)}-offline.zip")
    order = offline.Order(country, path, register, language, release_id)
    outcome = offline.run(common.settings, order, common.progress)
    if common.form == "json":
        output.as_json(asdict(outcome) | {"output": str(path) if path else None})
        return
    what = f"{outcome.qualifications:,} qualifications of {outcome.name} on {outcome.pages:,} pages"
    size = f"{outcome.files:,} files, {outcome.size / 1e6:,.1f} MB before compression"
    click.echo(f"{what} written to {path} ({size})." if path else f"Would write {what} ({size}).")


def _plain(country: str) -> str:
    return "".join(c for c in country.lower() if c.isalnum())[:40] or "country"
