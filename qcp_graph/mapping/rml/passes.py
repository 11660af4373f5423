"""Which logical sources one pass over a file serves: those whose items lie in the same records."""

from collections.abc import Sequence

from qcp_graph.mapping.rml.plan import SourcePlan
from qcp_graph.mapping.rml.references import Iteration, Step, json_steps


def passes(sources: Sequence[SourcePlan]) -> list[list[SourcePlan]]:
    """Put sources together that one pass can serve.

    Of two iterators over a file, ``/a/b`` and ``/a/b/c``, the records of the first hold the items
    of the second, which are then taken from there. The first of a pass says how it is read.
    """
    files: dict[object, list[SourcePlan]] = {}
    for plan in sources:
        source = plan.source
        files.setdefault((source.location, source.formulation, source.options), []).append(plan)
    return [found for plans in files.values() for found in _together(plans)]


def _together(plans: Sequence[SourcePlan]) -> list[list[SourcePlan]]:
    found: list[list[SourcePlan]] = []
    for plan in sorted(plans, key=lambda plan: len(_steps(plan) or ())):
        steps = _steps(plan)
        for group in found:
            first = _steps(group[0])
            if first is not None and steps is not None and steps[: len(first)] == first:
                inner = (*steps[len(first) :], *plan.iteration.inner)
                plan.iteration = Iteration(group[0].iteration.record, inner)
                group.append(plan)
                break
        else:
            found.append([plan])
    return found


def _steps(plan: SourcePlan) -> tuple[Step, ...] | None:
    """Return the steps of what the reader streams; None for what may lie anywhere."""
    record = plan.iteration.record
    if plan.format == "json":
        return json_steps(record)
    if record.startswith("//"):
        return None
    return tuple(record.split("/")[1:])
