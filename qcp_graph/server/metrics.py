"""Figures for monitoring, in the text format of Prometheus, under ``/metrics``.

They count and time; they hold no address, no query text and no name of a client.
"""

import os
from typing import Final

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.responses import Response

from qcp_graph.server.errors import ProblemError
from qcp_graph.server.live import Live
from qcp_graph.server.seam import Problem
from qcp_graph.server.sparql.pool import Pool

_PARTS: Final = frozenset({"id", "sparql", "dumps", "static", "api", "qualifications", "skill"})
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)
_SEVERAL: Final = "PROMETHEUS_MULTIPROC_DIR"
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})


class Metrics:
    """The figures of one application."""

    def __init__(self, live: Live, pool: Pool) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "qcp_request_seconds", "Time to the end of an answer.", ("part", "status"),
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._queries = Histogram(
            "qcp_query_seconds", "Time of a SPARQL query, with waiting.", ("outcome",),
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._bytes = Counter(
            "qcp_query_bytes", "Bytes of answers to SPARQL queries.", registry=self.registry
        )
        self._waiting = Gauge(
            "qcp_queries_waiting", "SPARQL queries that wait.",
            multiprocess_mode="livesum", registry=self.registry,
        )  # fmt: skip
        self._running = Gauge(
            "qcp_queries_running", "SPARQL queries that run.",
            multiprocess_mode="livesum", registry=self.registry,
        )  # fmt: skip
        self._published = Gauge(
            "qcp_release_published_seconds", "When the live release was published (Unix time).",
            multiprocess_mode="livemax", registry=self.registry,
        )  # fmt: skip
        self._live, self._turns = live, pool.turns
        self._kinds: dict[tuple[str, int], Histogram] = {}
        self._look()

    def text(self) -> bytes:
        """Return all figures; those of all server processes where there are several."""
        self._look()
        if _SEVERAL in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            return generate_latest(registry)
        return generate_latest(self.registry)

    def _look(self) -> None:
        self._waiting.set(self._turns.waiting)
        self._running.set(self._turns.running)
        with self._live.lease() as release:
            self._published.set(release.published.timestamp() if release else 0)

    def request(self, path: str, status: int, seconds: float) -> None:
        """Count an answer; ``path`` only tells the part of the site."""
        part = path[1:].partition("/")[0]
        name = part if part in _PARTS else "page"
        kind = self._kinds.get((name, status))
        if kind is None:  # looking it up by its labels takes longer than counting
            kind = self._requests.labels(name, f"{status // 100}xx")
            self._kinds[name, status] = kind
        kind.observe(seconds)

    def query(self, outcome: str, seconds: float, size: int) -> None:
        """Count a SPARQL query by how it ended."""
        self._queries.labels(outcome).observe(seconds)
        self._bytes.inc(size)
        self._look()


def router(live: Live, metrics: Metrics) -> APIRouter:
    """Return the route of ``/metrics``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/metrics")
    def figures(request: Request) -> Response:
        if not _may_see(request, live.settings.metrics):
            raise ProblemError(
                Problem(
                    403,
                    "QCP-WEB-METRICS",
                    "The figures for monitoring are not public.",
                    remedy="Ask from the same machine, or set metrics = 'public'.",
                )
            )
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return routes


def _may_see(request: Request, setting: str) -> bool:
    if setting == "public":
        return True
    # A proxy on the same machine is local too, but it says that it forwards.
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    local = request.client is not None and request.client.host in _LOOPBACK
    return setting == "local" and local and not forwarded
