"""Quality figures of a build: measured for what was built, taken over for what was not."""

from collections.abc import Iterator
from contextlib import ExitStack

from qcp_graph import quality, store
from qcp_graph.errors import DataError
from qcp_graph.iris import Iris
from qcp_graph.model.release import RegisterEntry
from qcp_graph.pipeline import problem_delta
from qcp_graph.terms import Triple


def measured(
    builder: store.ReleaseBuilder,
    entry: RegisterEntry,
    created: str,
    old: store.LedgerReader | None,
) -> quality.Figures:
    """Measure a register whose ledger is complete, compare it with the last release, keep it."""
    source_id = entry.source_id
    with ExitStack() as stack:
        path = builder.folder / "registers" / f"{source_id}.sqlite"
        ledger = stack.enter_context(store.LedgerReader(path))
        changes = problem_delta.compare(source_id, old, ledger) if old is not None else []
        delta = [quality.Delta(one.code, one.new, one.solved, one.remaining) for one in changes]
        before = _before(builder, source_id)
        given = quality.Given(entry, builder.id, created, before, delta)
        figures = quality.measure(given, ledger.rows())
    quality.write(builder.folder, figures)
    return figures


def kept(builder: store.ReleaseBuilder, source_id: str) -> None:
    """Take the figures of an unchanged register over."""
    figures = _before(builder, source_id)
    if figures is not None:
        quality.write(builder.folder, figures)


def triples(builder: store.ReleaseBuilder, iris: Iris) -> Iterator[Triple]:
    """Yield the measurements of all registers of a release in the making."""
    for path in sorted((builder.folder / quality.NAME).glob("*.json")):
        figures = quality.read(builder.folder, path.stem)
        if figures is not None:
            yield from quality.triples(figures, iris)


def _before(builder: store.ReleaseBuilder, source_id: str) -> quality.Figures | None:
    if builder.base_folder is None:
        return None
    try:
        return quality.read(builder.base_folder, source_id)
    except DataError:  # what was measured before is of no use: the trend begins anew
        return None
