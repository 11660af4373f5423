"""``qcp evaluate page``: figures into a page of documentation."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from qcp_graph.cli.context import common_options
from qcp_graph.errors import UsageError


@click.command("page")
@click.argument("page", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument(
    "figures", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@common_options
def page(page: Path, figures: tuple[Path, ...]) -> None:
    """Write figures (what qcp evaluate … --format json printed) between the marks of a page.

    \b
    qcp evaluate linking --data sentences.csv --format json > sentences.json
    qcp evaluate page docs/evaluation.md sentences.json
    """
    from qcp_graph.linking.evaluation import page as pages

    rows = []
    for path in figures:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise UsageError(
                "QCP-LNK-PAGE", f"The figures are no JSON: {error}", where=str(path),
                remedy="Write them with qcp evaluate … --format json.",
            ) from error  # fmt: skip
        rows += pages.rows_of(found, path.stem)
    text = pages.written(page.read_text(encoding="utf-8"), rows, datetime.now(UTC).date())
    page.write_text(text, encoding="utf-8")
