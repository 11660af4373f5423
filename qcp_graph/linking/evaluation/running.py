"""A data set run through the ranking: figures per language, with what they cost."""

import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from qcp_graph.linking.esco.catalogue import Catalogue
from qcp_graph.linking.evaluation.datasets import Query
from qcp_graph.linking.evaluation.measures import DEPTH, measure
from qcp_graph.linking.rank import Ranker

Row = dict[str, object]
_UNIT: Final = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


def by_language(queries: Sequence[Query]) -> list[tuple[str, list[Query]]]:
    """Return queries by language, sorted."""
    found: dict[str, list[Query]] = {}
    for query in queries:
        found.setdefault(query.language, []).append(query)
    return sorted(found.items())


def run(
    catalogue: Catalogue, ranker: Ranker, data: Path, language: str, queries: Sequence[Query],
    advance: Callable[[int], object] = lambda n: None,
) -> Row:  # fmt: skip
    """Return the figures of a data set in a language as one row, by name.

    Means are (mean, low, high) of a 95 % interval; the throughput is texts by CPU second of this
    process, so the encoder must have one thread.
    """
    start, ranked = time.process_time(), []
    for found in ranker.rank_all([query.text for query in queries], DEPTH):
        ranked.append(found)
        advance(1)
    spent = time.process_time() - start
    result = measure(queries, ranked)
    return {
        "data": data.stem,
        "language": language,
        "tier": ranker.tier,
        "esco": catalogue.version,
        "texts": len(queries),
        "with skill": result.queries,
        **result.values,
        "calibration error": result.calibration,
        "calibration error of the first": result.first,
        "first, where none fits": result.unfit,
        "texts per core-second": len(queries) / max(spent, 1e-9),
        "MB": peak(),
    }


def peak() -> int:
    """Return the most memory this process has taken so far, in MB."""
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1024 / 1024)
