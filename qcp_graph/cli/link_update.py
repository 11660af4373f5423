"""``qcp link --update``: what a new version of ESCO changes in the links of the live release."""

from typing import TYPE_CHECKING

from qcp_graph.cli.context import Common
from qcp_graph.cli.output import as_json, clean, fields, note, rows

if TYPE_CHECKING:
    from qcp_graph.linking.update import Change

_COLUMNS = [("reason", "REASON"), ("language", "LANGUAGE"), ("text", "TEXT"), ("gone", "GONE"),
            ("come", "COME"), ("successors", "SUCCESSORS")]  # fmt: skip


def run(
    common: Common, source_id: str | None, old: str, new: str, tier: str | None, *, dry_run: bool
) -> int:
    """Link again what the delta touches, and print the report."""
    from qcp_graph.pipeline import link_update

    report = link_update.update(
        common.settings, (source_id,) if source_id else (), old, new, tier or "core",
        common.progress, keep=not dry_run,
    )  # fmt: skip
    counts: dict[str, object] = {
        "from": report.old,
        "to": report.new,
        "texts": report.texts.total(),
        "linked again": report.linked_again,
        **{str(name): count for name, count in sorted(report.texts.items())},
        "changed": len(report.changes),
    }
    table = [_row(one) for one in report.changes]
    if common.form == "json":
        as_json({**counts, "changes": table})
        return 0
    fields("text", counts)
    rows("text", table, _COLUMNS, "No link changed.")
    if dry_run:
        note("Nothing was kept (--dry-run).", quiet=common.quiet)
    return 0


def _row(one: "Change") -> dict[str, str]:
    return {
        "reason": one.reason,
        "language": one.language,
        "text": clean(one.text),
        "gone": "; ".join(f"{x.label} ({x.probability:.2f})" for x in one.gone),
        "come": "; ".join(f"{x.label} ({x.probability:.2f})" for x in one.come),
        "successors": " ".join(one.successors),
    }
