"""Which field of a record became which statement, by which rule."""

from collections.abc import Iterator

from qcp_graph import mapping
from qcp_graph.model.record import PreparedRecord
from qcp_graph.pipeline import single
from qcp_graph.pipeline.progress import Progress
from qcp_graph.settings import Settings


def explain(
    settings: Settings, source_id: str, given: str | None, key: str, progress: Progress
) -> Iterator[dict[str, str]]:
    """Yield field, value, rule and statement of every quad that a record gives.

    :raises DataError: when no record of the delivery has this key.
    """
    with single.found(settings, source_id, given, key, progress) as one:
        if isinstance(one.prepared, PreparedRecord):
            for step in one.maker.worker.plan.explain(one.prepared, one.input_name):
                yield _row(step)


def _row(step: mapping.Explanation) -> dict[str, str]:
    return {
        "field": ", ".join(field for field, _ in step.fields),
        "value": ", ".join(value for _, value in step.fields),
        "rule": step.rule,
        "statement": " ".join(step.quad[:3]),
    }
