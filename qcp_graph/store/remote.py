"""A release in a SPARQL 1.1 store elsewhere: its graphs are written by the Graph Store Protocol.

Each release has graphs of its own there, ``<base>release/<id>/graph/…`` for ``<base>graph/…``, and
one with the statements of all of them, which is the default graph of queries. So the switch
is the one of ``CURRENT``: until then nobody looks at the new graphs, afterwards nobody at the
old ones. What was written is noted in ``<home>/remote/<id>.txt`` before it is, so whatever a crash
leaves is removed later.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from qcp_graph.errors import UsageError
from qcp_graph.settings import Settings
from qcp_graph.store.dump import blocks
from qcp_graph.store.remote_protocol import Client, Place

PART: Final = 8 * 1024**2
"""Bytes of N-Triples that are sent at once."""
_BLOCK: Final = 4 << 20
_GRAPH: Final = re.compile(rb" <([^<>]+)> \.\n?\Z")
_COMPLETE: Final = "complete"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a release's graphs in the store; ``base`` is the base IRI of the site."""

    base: str
    release: str

    @property
    def public(self) -> str:
        """How the names of graphs begin for everybody."""
        return f"{self.base}graph/"

    @property
    def hidden(self) -> str:
        """How they begin in the store."""
        return f"{self.base}release/{self.release}/graph/"

    @property
    def union(self) -> str:
        """The graph with all statements of the release."""
        return f"{self.base}release/{self.release}/all"

    @property
    def nothing(self) -> str:
        """A graph that is always empty."""
        return f"{self.base}release/{self.release}/none"

    def inside(self, graph: str) -> str:
        """Return what a graph is called in the store; one that is none of ours is empty.

        >>> Names("https://x.org/", "r1").inside("https://x.org/graph/catalogue")
        'https://x.org/release/r1/graph/catalogue'
        """
        if not graph.startswith(self.public):
            return self.nothing
        return self.hidden + graph[len(self.public) :]


@dataclass
class RemoteStore:
    """The graphs of releases in a store elsewhere; ``folder`` notes what was written."""

    client: Client
    base: str
    folder: Path

    def upload(self, release: str, dumps: Iterable[Path]) -> None:
        """Write all graphs of a release; nobody sees them before the release is live.

        :raises DataError: when the store cannot be reached or does not take them.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        writer = _Writer(self, Names(self.base, release), self._note(release))
        with writer.note.open("w", encoding="utf-8") as notes:
            writer.notes = notes
            for dump in dumps:
                for block in blocks(dump, _BLOCK):
                    writer.add(block)
                writer.flush()
            _told(notes, _COMPLETE)

    def has(self, release: str) -> bool:
        """Tell whether all graphs of a release were written."""
        note = self._note(release)
        return note.is_file() and note.read_text(encoding="utf-8").endswith(f"{_COMPLETE}\n")

    def graphs(self, release: str) -> list[str]:
        """Return the public names of the graphs of a release, sorted."""
        names = Names(self.base, release)
        hidden = [one for one in self._noted(release) if one.startswith(names.hidden)]
        return sorted(names.public + one[len(names.hidden) :] for one in hidden)

    def drop(self, release: str) -> None:
        """Remove all graphs of a release.

        :raises DataError: when the store cannot be reached.
        """
        for graph in self._noted(release):
            self.client.delete(graph)
        self._note(release).unlink(missing_ok=True)

    def sweep(self, kept: Iterable[str]) -> None:
        """Remove the graphs of all releases but those that are kept."""
        spared = set(kept)
        for note in sorted(self.folder.glob("*.txt")):
            if note.stem not in spared:
                self.drop(note.stem)

    def _note(self, release: str) -> Path:
        return self.folder / f"{release}.txt"

    def _noted(self, release: str) -> list[str]:
        note = self._note(release)
        lines = note.read_text(encoding="utf-8").splitlines() if note.is_file() else []
        return [line for line in lines if line != _COMPLETE]


def of(settings: Settings) -> RemoteStore | None:
    """Return the store that the settings name, None where the graph is served from the release.

    :raises UsageError: when an address is missing.
    """
    if settings.store_backend == "local":
        return None
    if not (settings.store_query and settings.store_graphs):
        raise UsageError(
            "QCP-REL-REMOTE",
            "store_backend is sparql, but store_query or store_graphs is missing.",
            where="qcp.toml",
            remedy="Name both addresses of the store; see docs/remote-store.md.",
        )
    place = Place(
        settings.store_query,
        settings.store_graphs,
        settings.store_user,
        settings.store_password,
        settings.store_login == "digest",
    )
    return RemoteStore(Client(place), settings.base_iri, settings.home / "remote")


@dataclass
class _Writer:
    """Sorts the statements of dumps into graphs and sends them in parts."""

    store: RemoteStore
    names: Names
    note: Path
    notes: TextIO = field(init=False)
    _parts: dict[str, list[bytes]] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def add(self, block: bytes) -> None:
        """Take whole lines of N-Quads."""
        for line in block.splitlines(keepends=True):
            found = _GRAPH.search(line)
            assert found is not None  # our own dumps
            triple = line[: found.start()] + b" .\n"
            for graph in (self.names.inside(found[1].decode()), self.names.union):
                self._parts.setdefault(graph, []).append(triple)
                self._sizes[graph] = self._sizes.get(graph, 0) + len(triple)
                if self._sizes[graph] >= PART:
                    self._send(graph)

    def flush(self) -> None:
        """Send what is held."""
        for graph in sorted(self._parts):
            self._send(graph)

    def _send(self, graph: str) -> None:
        content = b"".join(self._parts.pop(graph))
        self._sizes.pop(graph)
        first = graph not in self._begun
        if first:
            _told(self.notes, graph)
            self._begun.add(graph)
        self.store.client.put(graph, content, first=first)


def _told(notes: TextIO, line: str) -> None:
    """Note a line, which is on the disk when this returns."""
    notes.write(f"{line}\n")
    notes.flush()
    os.fsync(notes.fileno())
