"""Filling and changing the Oxigraph directory of a release.

Only ``bulk_load`` is fast enough for whole registers; its memory grows with what it is given at
once, so it is given parts. Small changes go through ``remove`` and ``extend``.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from qcp_graph.errors import InternalError
from qcp_graph.store.dump import blocks

PART_BYTES: Final = 96 << 20
"""Bytes of N-Quads per bulk load: about 600,000 statements, 0.8 GB of memory."""
_BATCH: Final = 10_000


def bulk_load(folder: Path, dumps: Iterable[Path], part_bytes: int = PART_BYTES) -> None:
    """Make a store from dumps; the folder must not exist.

    :raises InternalError: when a dump is not N-Quads.
    """
    store = ox.Store(str(folder))
    for dump in dumps:
        for part in blocks(dump, part_bytes):
            try:
                store.bulk_load(part, ox.RdfFormat.N_QUADS)
            except SyntaxError as error:
                raise _not_rdf(dump, error) from error
    store.optimize()  # a tenth of the time of loading; reading one subject becomes 3 times faster
    store.flush()


def copy(base: Path, folder: Path) -> None:
    """Start a store from another one, whose files are shared through hard links.

    The base is opened read-only, so not a byte of the live release changes.
    """
    ox.Store.read_only(str(base)).backup(str(folder))


def change(folder: Path, removed: Path, added: Path) -> None:
    """Take the statements of one N-Quads file out of a store, then put those of another in."""
    store = ox.Store(str(folder))
    for quad in _parse(removed):
        store.remove(quad)
    quads = _parse(added)
    while batch := list(islice(quads, _BATCH)):
        store.extend(batch)
    _drop_empty_graphs(store)
    store.flush()


def _parse(path: Path) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise _not_rdf(path, error) from error


def _drop_empty_graphs(store: ox.Store) -> None:
    """Remove the names of graphs that hold nothing any more: a new store would not know them."""
    for graph in list(store.named_graphs()):
        if next(store.quads_for_pattern(None, None, None, graph), None) is None:
            store.remove_graph(graph)


def _not_rdf(path: Path, error: SyntaxError) -> InternalError:
    return InternalError(
        "QCP-REL-SYNTAX",
        f"A statement that the program wrote is not RDF: {error}.",
        where=str(path),
        remedy="This is a mistake in the program: please report it with the record it names.",
    )
