"""A release in the making: ledgers and dumps first, then the graph, then one switch."""

import contextlib
import gzip
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox

from qcp_graph import logs
from qcp_graph.errors import DataError, UsageError
from qcp_graph.iris import Iris
from qcp_graph.model.release import Manifest, RegisterEntry
from qcp_graph.store import delta, described, files, graph, held, manifests
from qcp_graph.store.dump import Dump, DumpWriter
from qcp_graph.store.faults import guard
from qcp_graph.store.ledger import LedgerReader, LedgerWriter
from qcp_graph.store.packing import ROLES
from qcp_graph.terms import Triple, nquad

_ENGINE: Final = "pyoxigraph"  # its version names the form of the store's files


@dataclass(frozen=True, slots=True)
class Loaded:
    """How the graph of a release came about: loaded afresh, or from the last one by changes."""

    mode: Literal["full", "incremental"]
    quads: int
    added: int = 0
    removed: int = 0


@dataclass
class ReleaseBuilder:
    """Made by :meth:`ReleaseFolder.begin`; the order of calls is the order of the methods."""

    id: str
    folder: Path
    target: Path
    iris: Iris
    base: Manifest | None
    base_folder: Path | None
    publish: Callable[[str], Manifest]
    _lines: dict[str, int] = field(default_factory=dict)
    _incremental: bool = False

    def start(self) -> None:
        """Make the folder to build in."""
        if self.target.exists():
            raise UsageError(
                "QCP-REL-TAKEN",
                f"There is a release {self.id} already; releases are never overwritten.",
                where=str(self.target),
                remedy="Run the command again: it chooses another id.",
            )
        with guard(self.folder):
            self.folder.mkdir()
            for name in ("registers", "dumps", "scratch"):
                (self.folder / name).mkdir()

    @property
    def scratch(self) -> Path:
        """A folder for temporary files, removed with the end of the build."""
        return self.folder / "scratch"

    @property
    def search(self) -> Path:
        """Where the search index belongs."""
        return self.folder / "search.sqlite"

    def ledger(self, source_id: str) -> LedgerWriter:
        """Open a new ledger for a register; close it, or use it in a with block."""
        return LedgerWriter(self._ledger(source_id))

    def dump(self, source_id: str) -> Dump:
        """Write the dump of a register from its completed ledger."""
        ends = {
            role.encode(): f" <{self.iris.graph(source_id, role)}> .\n".encode() for role in ROLES
        }
        with LedgerReader(self._ledger(source_id)) as ledger:
            return self._write(source_id, ledger.nquads(ends))

    def objects(self, source_ids: Iterable[str], predicates: Iterable[str]) -> frozenset[str]:
        """Return the IRIs that some properties have in the dumps of registers."""
        wanted = re.compile("|".join(f" <{re.escape(p)}> <([^>]+)>" for p in predicates).encode())
        found: set[bytes] = set()
        for source_id in source_ids:
            with guard(self._dump(source_id)), gzip.open(self._dump(source_id), "rb") as lines:
                for line in lines:
                    if hit := wanted.search(line):
                        found.add(hit[hit.lastindex or 0])
        return frozenset(one.decode() for one in found)

    def keep(self, source_id: str) -> RegisterEntry:
        """Take a register over from the base as it is, without copying."""
        if self.base is None or self.base_folder is None:
            raise RuntimeError("there is no release to keep a register from")
        entry = self.base.registers[source_id]
        for path in (self._ledger(source_id), self._dump(source_id)):
            with guard(path):
                files.link(self.base_folder / path.relative_to(self.folder), path)
        self._lines[source_id] = entry.counts.quads
        return entry

    def shared_graph(self, name: str, triples: Iterable[Triple]) -> Dump:
        """Write the dump of a graph of no register: vocabulary, ontology, catalogue, ``esco/…``."""
        graph_iri = self.iris.shared_graph(name)
        file = name.replace("/", "-")
        return self._write(file, (f"{nquad(t, graph_iri)}\n".encode() for t in triples))

    def load(self, small_change: float = 0.2) -> Loaded:
        """Make the graph from all dumps.

        Up to ``small_change`` (share of statements) it starts from a copy of the base's graph;
        above, or without a base, everything is loaded afresh. The result is the same.
        """
        with guard(self.store):
            change = self._changes(small_change)
            if change is None or self.base_folder is None:
                dumps = [self._dump(name) for name in sorted(self._lines)]
                graph.bulk_load(self.store, dumps)
                return Loaded("full", self._quads())
            graph.copy(self.base_folder / "store", self.store)
            graph.change(self.store, self._removed, self._added)
            self._incremental = True
            return Loaded("incremental", self._quads(), *change)

    def open_store(self) -> ox.Store:
        """Open the loaded graph for reading; let go of it before :meth:`finish`."""
        with guard(self.store):
            return ox.Store.read_only(str(self.store))

    def describe(self, store: ox.Store) -> int:
        """Describe all qualifications ahead (:mod:`~.described`); return how many."""
        old, changed = None, set[str]()
        if self._incremental and self.base_folder is not None:
            old = self.base_folder / described.NAME
            for path in (self._removed, self._added):
                with path.open("rb") as lines:
                    changed.update(line[1 : line.index(b">")].decode() for line in lines)
        path = self.folder / described.NAME
        with guard(path):
            return described.write(path, store, self.iris.base, old, changed)

    def finish(self, manifest: Manifest, *, hold: bool = False) -> Manifest:
        """Complete the release and make it the live one; return its manifest with checksums.

        With ``hold`` it waits for approval instead.

        ``manifest`` needs no files, number of quads or store version: they are filled in here.
        """
        with guard(self.folder):
            shutil.rmtree(self.scratch)
            sums = self._seal()
            entries = {
                name: replace(entry, files={n: sums.pop(n) for n in self._own(name)})
                for name, entry in manifest.registers.items()
            }
            manifest = replace(
                manifest,
                registers=entries,
                files=sums,
                quads=self._quads(),
                versions={**manifest.versions, _ENGINE: ox.__version__},
            )
            files.replace_text(self.folder / manifests.NAME, manifests.dumps(manifest))
            if hold:
                held.mark(self.target.parent, self.id)
            self.folder.rename(self.target)
            files.sync(self.target.parent)
        return manifest if hold else self.publish(self.id)

    def abandon(self) -> None:
        """Remove an unfinished release; what cannot be removed now, the next writer removes."""
        if self.folder.exists():
            with contextlib.suppress(OSError):
                files.discard(self.folder)

    @property
    def store(self) -> Path:
        """The Oxigraph directory."""
        return self.folder / "store"

    def _ledger(self, source_id: str) -> Path:
        return self.folder / "registers" / f"{source_id}.sqlite"

    def _dump(self, name: str) -> Path:
        return self.folder / "dumps" / f"{name}.nq.gz"

    def _own(self, source_id: str) -> list[str]:
        paths = (self._ledger(source_id), self._dump(source_id))
        return [path.relative_to(self.folder).as_posix() for path in paths]

    @property
    def _removed(self) -> Path:
        return self.scratch / "removed.nq"

    @property
    def _added(self) -> Path:
        return self.scratch / "added.nq"

    def _quads(self) -> int:
        return sum(self._lines.values())

    def _write(self, name: str, lines: Iterable[bytes]) -> Dump:
        path = self._dump(name)
        with guard(path):
            writer = DumpWriter(path, self.scratch)
            writer.extend(lines)
            dump = writer.finish()
        self._lines[name] = dump.lines
        return dump

    def _changes(self, small_change: float) -> tuple[int, int] | None:
        """Spool what to remove and add; None when loading afresh is better or the only way."""
        base, folder = self.base, self.base_folder
        if base is None or folder is None or base.versions.get(_ENGINE) != ox.__version__:
            return None
        try:
            return self._spool(folder / "dumps", int(small_change * base.quads))
        except DataError as error:
            logs.get("store").warning("the last release is of no use", reason=str(error))
            return None

    def _spool(self, old: Path, limit: int) -> tuple[int, int] | None:
        names = {
            path.name for folder in (old, self.folder / "dumps") for path in folder.glob("*.gz")
        }
        gone = come = 0
        with self._removed.open("wb") as removed, self._added.open("wb") as added:
            for name in sorted(names):
                if files.same(old / name, self.folder / "dumps" / name):
                    continue
                for step in delta.steps(old / name, self.folder / "dumps" / name):
                    gone, come = gone + len(step.removed), come + step.fresh
                    if gone + come > limit:
                        return None
                    removed.writelines(line + b"\n" for line in step.removed)
                    added.writelines(line + b"\n" for line in step.added)
        return come, gone

    def _seal(self) -> dict[str, str]:
        """Return the checksum of every file, all of them being on the disk by then."""
        known = manifests.files(self.base) if self.base else {}
        sums = {}
        for path in sorted(self.folder.rglob("*")):
            if path.is_dir():
                files.sync(path)
                continue
            name = path.relative_to(self.folder).as_posix()
            if name == "store/LOCK" or name.startswith("store/LOG"):
                continue  # not data
            linked = self.base_folder is not None and files.same(path, self.base_folder / name)
            if not (linked and name in known):
                files.sync(path)
            sums[name] = known[name] if linked and name in known else files.sha256(path)
        files.sync(self.folder)
        return sums
