"""A release from registers: work on each, load, index, describe, switch."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from qcp_graph import fetch, search, sources, store
from qcp_graph.errors import DataError
from qcp_graph.model.release import Manifest, RegisterEntry
from qcp_graph.pipeline import catalogue, context, job
from qcp_graph.pipeline.context import Context
from qcp_graph.pipeline.job import Order, RegisterJob
from qcp_graph.pipeline.progress import Progress
from qcp_graph.pipeline.register import RegisterRun
from qcp_graph.pipeline.releases import folder
from qcp_graph.pipeline.report import RegisterReport
from qcp_graph.settings import Settings

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class BuildResult:
    """What a build did; ``release`` is None when nothing had changed."""

    reports: tuple[RegisterReport, ...]
    release: Manifest | None


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def build(
    settings: Settings, order: Order, progress: Progress, *, clock: Clock = now
) -> BuildResult:
    """Build and publish a release; the live one stays as it is until the very end.

    :raises DataError: when a delivery cannot be read or falls under its minimum.
    """
    releases = folder(settings)
    with releases.lock():
        shared = context.load(settings)
        base = None if order.full else releases.current()
        base = base if base and base.base_iri == settings.base_iri else None
        jobs = job.prepare(shared, job.chosen(settings, order), order, progress)
        if base and _nothing_to_do(base, jobs, order, shared):
            return BuildResult(tuple(_kept(base, one.source.id) for one in jobs), None)
        return _Build(shared, releases, base, jobs, order, progress, clock()).run()
