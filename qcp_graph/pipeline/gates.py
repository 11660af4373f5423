"""What a register must keep to before its new state goes live: minimum and thresholds."""

from qcp_graph.errors import DataError
from qcp_graph.model.source import Source
from qcp_graph.pipeline.report import RegisterReport


def breach(source: Source, report: RegisterReport, before: int) -> DataError | None:
    """Return why a register must not go live as it is, None when nothing speaks against it.

    ``before`` is the number of records published in the live release, 0 when there is none.
    """
    counts, limits = report.counts, source.thresholds
    published, withheld = counts.published, counts.quarantined + counts.rejected
    if published < source.minimum:
        return _stop(
            "QCP-REL-MINIMUM",
            f"Only {published} records could be published; {source.id} declares at least "
            f"{source.minimum}.",
            "minimum", source, report,
        )  # fmt: skip
    if withheld > limits.withheld * counts.read:
        return _stop(
            "QCP-REL-WITHHELD",
            f"{withheld} of {counts.read} records of {source.id} had to be quarantined or "
            f"rejected; it allows {limits.withheld:.0%} of them.",
            "thresholds.withheld", source, report,
        )  # fmt: skip
    if before - published > limits.lost * before:
        return _stop(
            "QCP-REL-LOST",
            f"{published} records of {source.id} could be published, {before} were before; it "
            f"allows to lose {limits.lost:.0%} of them.",
            "thresholds.lost", source, report,
        )  # fmt: skip
    return None


def _stop(code: str, what: str, key: str, source: Source, report: RegisterReport) -> DataError:
    top = "; ".join(f"{one.count}x {one.code} {one.message.rstrip('.')}" for one in report.top(3))
    why = f" Most frequent problems: {top}." if top else ""
    return DataError(
        code,
        f"{what} The register was not changed.{why}",
        where=source.id,
        remedy="Check whether the delivery is complete. If it is right as it is: "
        f"qcp build {source.id} --accept {source.id}, or change `{key}` in source.yaml.",
    )
