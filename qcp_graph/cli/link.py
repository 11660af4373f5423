"""``qcp link``: link a register, or one text, to ESCO."""

import sys
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from qcp_graph.cli import link_text, link_update
from qcp_graph.cli.context import Common, jobs_option, link_options, pass_common
from qcp_graph.cli.output import as_json, note, rows

if TYPE_CHECKING:
    from qcp_graph.pipeline.links import LinkRow

_SHOWN = ("record", "text", "predicate", "label", "confidence", "method", "status")


@click.command("link")
@click.argument("source_id", required=False)
@click.option("--input", "given", metavar="PATH", help="Read the register from this file.")
@click.option("--text", help="Link this text instead of a register.")
@click.option("--language", default="en", show_default=True, help="Language of --text.")
@click.option("--explain", is_flag=True, help="With --text: clauses, candidates, features and why.")
@click.option("--tier", type=click.Choice(["labels", "core", "semantic"]), help="Instead of the "
              "register's own (source.yaml, linking.tier).")  # fmt: skip
@click.option("--esco", "version", default="", help="Imported version of ESCO.")
@click.option("--update", is_flag=True, help="Link again only what a new version of ESCO touches.")
@click.option("--from", "old", default="", help="With --update: the version linked before.")
@click.option("--to", "new", default="", help="With --update: the new version.")
@click.option("--dry-run", is_flag=True, help="With --update: report only, keep nothing.")
@jobs_option
@link_options
@pass_common
def command(
    common: Common, source_id: str | None, given: str | None, text: str | None, language: str,
    explain: bool, tier: str | None, version: str, update: bool, old: str, new: str, dry_run: bool,
) -> int:  # fmt: skip
    """Link the learning outcomes of a register to ESCO, without publishing.

    Prints counts; `--format table` and `--format sssom` print every link. What was found is kept,
    so that the next `qcp build` links the same texts at no cost. Exit code 1: there is no link.

    \b
    qcp link fr-rncp --input fiches.xml --jobs 4
    qcp link fr-rncp --format sssom > links.sssom.tsv
    qcp link --text "Souder des tubes et lire des plans" --language fr --explain
    qcp link --update --from 1.1.0 --to 1.1.1
    """
    if text is not None:
        return link_text.run(common, text, language, tier, version, explain=explain)
    if update:
        return link_update.run(common, source_id, old, new, tier, dry_run=dry_run)
    if not source_id:
        raise click.UsageError("Name a register, or give --text or --update.")
    return _register(common, source_id, given, tier, version)


def _register(
    common: Common, source_id: str, given: str | None, tier: str | None, version: str
) -> int:
    from qcp_graph.linking import sssom
    from qcp_graph.pipeline import links

    tally: Counter[tuple[str, ...]] = Counter()
    counts: dict[str, int] = {}
    shown: list[dict[str, str]] = []
    form = str(common.form)
    with ExitStack() as stack:
        add = None
        if form == "sssom":
            title = f"Links of {source_id} to ESCO"
            add = stack.enter_context(sssom.writer(sys.stdout, title))

        def take(link: "LinkRow") -> None:
            kind = (link.get("status"), link.get("predicate"), link.get("method"), link.language)
            tally[kind] += 1
            if add is not None:
                add(sssom.row(link.text, link.facts))
            elif form == "table":
                plain = {"record": link.record, "text": link.text, **link.facts}
                shown.append({name: plain.get(name, "") for name in _SHOWN})

        order = links.Order(source_id, given, tier or "", version)
        report = links.of_register(common.settings, order, common.progress, take, counts)
    for issue in report.notes:
        if issue.code.startswith("QCP-LNK"):
            note(f"{issue.message} {issue.remedy} ({issue.code})", quiet=common.quiet)
    if form == "table":
        rows("text", shown, [(name, name.upper()) for name in _SHOWN], "No text was linked.")
    elif form != "sssom":
        _counts(common, source_id, tally, counts)
    return 0 if tally else 1


def _counts(
    common: Common, source_id: str, tally: Counter[tuple[str, ...]], counts: dict[str, int]
) -> None:
    columns = ("status", "match", "method", "language")
    table = [
        {**dict(zip(columns, kind, strict=True)), "links": number}
        for kind, number in sorted(tally.items())
    ]
    if common.form == "json":
        as_json({"register": source_id, **counts, "links": table})
        return
    rows("text", table, [(name, name.upper()) for name in (*columns, "links")], "No links.")
    note(
        f"{source_id}: {counts.get('linked', 0)} of {counts.get('outcomes', 0)} outcomes linked.",
        quiet=common.quiet,
    )
