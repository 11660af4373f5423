"""The releases of a home folder: which there are, which one is live, and the way back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from qcp_graph import logs
from qcp_graph.errors import DataError, UsageError
from qcp_graph.iris import Iris
from qcp_graph.model.release import Manifest
from qcp_graph.store import diff, files, held, lock, manifests
from qcp_graph.store.builder import ReleaseBuilder
from qcp_graph.store.faults import damaged, guard
from qcp_graph.store.ledger import LedgerReader
from qcp_graph.terms import Quad


@dataclass
class ReleaseFolder:
    """``<home>/releases``; reading needs no lock, every change takes it.

    Nothing is created before something is written.
    """

    home: Path
    iris: Iris
    _held: int = field(default=0, init=False, repr=False)

    @property
    def folder(self) -> Path:
        """The folder that holds one folder per release and the pointer ``CURRENT``."""
        return self.home / "releases"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only writer of this home; may be nested.

        :raises DataError: when another process is writing, naming it.
        """
        if self._held:
            yield
            return
        with guard(self.home):
            self.folder.mkdir(parents=True, exist_ok=True)
        with lock.exclusive(self.home / "lock"):
            self._held += 1
            try:
                yield
            finally:
                self._held -= 1

    def new_id(self, now: datetime) -> str:
        """Return an id for a release made now: UTC time, with a suffix when it is taken."""
        stem = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        taken = {path.name for path in self._folders()}
        names = (stem if n == 1 else f"{stem}-{n:02}" for n in range(1, 100))
        return next(name for name in names if name not in taken)

    def path(self, release_id: str) -> Path:
        """Return the folder of a release, whether it exists or not.

        :raises UsageError: for a text that cannot be a release id.
        """
        if not manifests.is_id(release_id):
            raise UsageError(
                "QCP-REL-MISSING",
                f"{release_id[:100]!r} cannot be the id of a release.",
                remedy="qcp release list shows the releases there are.",
            )
        return self.folder / release_id

    def get(self, release_id: str) -> Manifest:
        """Return the manifest of a release.

        :raises UsageError: when there is no such release.
        :raises DataError: when its manifest is damaged.
        """
        folder = self.path(release_id)
        if not folder.is_dir():
            known = ", ".join(path.name for path in self._folders()[-5:]) or "none"
            raise UsageError(
                "QCP-REL-MISSING",
                f"There is no release {release_id}. The latest ones: {known}.",
                where=str(self.folder),
                remedy="qcp release list shows all of them.",
            )
        with guard(folder):
            return manifests.read(folder)

    def list(self) -> tuple[Manifest, ...]:
        """Return all readable releases, oldest first; a damaged one is left out with a warning."""
        found = []
        for path in self._folders():
            try:
                found.append(self.get(path.name))
            except DataError as error:
                logs.get("store").warning("release left out", release=path.name, reason=str(error))
        return tuple(found)

    def current_id(self) -> str | None:
        """Return the id of the live release, None before the first one."""
        pointer = self.folder / "CURRENT"
        try:
            with guard(pointer):
                try:
                    return pointer.read_text(encoding="utf-8").strip()
                except FileNotFoundError:
                    return None
        except UnicodeDecodeError as error:
            raise damaged(pointer, "it does not hold the id of a release") from error

    def current(self) -> Manifest | None:
        """Return the live release, None before the first one.

        :raises DataError: when the pointer leads nowhere.
        """
        release_id = self.current_id()
        if release_id is None:
            return None
        try:
            return self.get(release_id)
        except UsageError as error:
            pointer = self.folder / "CURRENT"
            raise DataError(
                "QCP-REL-POINTER",
                f"The live release {release_id[:100]!r} does not exist.",
                where=str(pointer),
                remedy="Choose another one: qcp release list, then qcp release publish <id>.",
            ) from error

    def waits(self, release_id: str) -> bool:
        """Tell whether a release waits for approval (:mod:`qcp_graph.store.held`)."""
        return held.waits(self.folder, release_id)

    def publish(self, release_id: str, by: str = "") -> Manifest:
        """Make an existing, complete release the live one, atomically.

        ``by`` is who approves it, which a release that waits for approval needs.

        :raises DataError: when a file of it is missing.
        :raises UsageError: when it waits for approval and nobody gives it, or came too late.
        """
        with self.lock():
            manifest, folder = self.get(release_id), self.path(release_id)
            for name in manifests.files(manifest):
                if not (folder / name).is_file():
                    raise damaged(folder / name, "the file does not exist")
            held.check(self.folder, manifest, self.current_id(), by)
            with guard(self.folder):
                if self.waits(release_id):
                    moment = datetime.now(UTC).isoformat(timespec="seconds")
                    held.approve(self.folder, release_id, by, moment)
                files.replace_text(self.folder / "CURRENT", release_id + "\n")
                held.forget(self.folder, release_id)
            return manifest

    def rollback(self, release_id: str | None = None) -> Manifest:
        """Go back to a release, by default to the one before the live one.

        :raises UsageError: when nothing was live before, or it is no longer kept.
        """
        with self.lock():
            live = self.current()
            target = release_id or (live.previous if live else "")
            if not target or (not release_id and not self.path(target).is_dir()):
                raise UsageError(
                    "QCP-REL-FIRST",
                    "There is no release before the live one"
                    + (f": {target} is no longer kept." if target else "."),
                    where=str(self.folder),
                    remedy="Name one of qcp release list with qcp release publish <id>.",
                )
            return self.publish(target)

    def prune(self, keep: int) -> tuple[str, ...]:
        """Remove the oldest releases until ``keep`` are left; return the ids of those removed.

        The live release and the one a rollback leads to are always kept.
        """
        with self.lock():
            live = self.current()
            spared = {live.id, live.previous} if live else set()
            old = [m.id for m in self.list()[: -max(keep, 1)] if m.id not in spared]
            for release_id in old:
                with guard(self.path(release_id)):
                    files.discard(self.path(release_id))
                    held.forget(self.folder, release_id)
            return tuple(old)

    def verify(self, release_id: str) -> Manifest:
        """Compute every checksum of a release again.

        :raises DataError: naming the first file that is missing or differs.
        """
        manifest, folder = self.get(release_id), self.path(release_id)
        for name, expected in manifests.files(manifest).items():
            path = folder / name
            if not path.is_file():
                raise damaged(path, "the file does not exist")
            with guard(path):
                if files.sha256(path) != expected:
                    raise damaged(path, "its checksum is not the one that was recorded")
        return manifest

    @contextmanager
    def begin(self, release_id: str, base: Manifest | None) -> Iterator[ReleaseBuilder]:
        """Build a release beside the live one, on ``base`` where there is one.

        Unless the block calls :meth:`ReleaseBuilder.finish`, nothing of it stays.

        :raises UsageError: when the base has another base IRI.
        """
        if base is not None and base.base_iri != self.iris.base:
            raise UsageError(
                "QCP-REL-BASE",
                f"The live release uses the base IRI {base.base_iri}, the settings "
                f"{self.iris.base}.",
                where=str(self.path(base.id)),
                remedy="Set base_iri back, or build all registers into another --home.",
            )
        with self.lock():
            with guard(self.folder):
                self._clean()
            builder = ReleaseBuilder(
                id=release_id,
                folder=self.folder / f".building-{release_id}",
                target=self.path(release_id),
                iris=self.iris,
                base=base,
                base_folder=self.path(base.id) if base else None,
                publish=self.publish,
            )
            builder.start()
            try:
                yield builder
            finally:
                builder.abandon()

    def ledger(self, release_id: str, source_id: str) -> LedgerReader:
        """Open the ledger of a register in a release; close it, or use it in a with block."""
        return LedgerReader(self.path(release_id) / "registers" / f"{source_id}.sqlite")

    def open_store(self, release_id: str) -> ox.Store:
        """Open the graph of a release for reading; query it with the union default graph."""
        folder = self.path(self.get(release_id).id) / "store"
        with guard(folder):
            return ox.Store.read_only(str(folder))

    def diff(self, old_id: str, new_id: str) -> Iterator[diff.Change]:
        """Yield the records added, changed and withdrawn between two releases, by register."""
        old, new = self.get(old_id), self.get(new_id)
        for source_id in sorted({*old.registers, *new.registers}):
            yield from diff.changes(
                source_id, self._ledger_of(old, source_id), self._ledger_of(new, source_id)
            )

    def diff_record(
        self, old_id: str, new_id: str, source_id: str, key: str
    ) -> tuple[tuple[Quad, ...], tuple[Quad, ...]]:
        """Return the quads of one record that went and that came between two releases."""
        old, new = self.get(old_id), self.get(new_id)
        return diff.statements(
            self._ledger_of(old, source_id), self._ledger_of(new, source_id), key
        )

    def _ledger_of(self, manifest: Manifest, source_id: str) -> Path | None:
        if source_id not in manifest.registers:
            return None
        return self.path(manifest.id) / "registers" / f"{source_id}.sqlite"

    def _folders(self) -> tuple[Path, ...]:
        with guard(self.folder):
            if not self.folder.exists():
                return ()
            found = [path for path in self.folder.iterdir() if manifests.is_id(path.name)]
            return tuple(sorted(path for path in found if path.is_dir()))

    def _clean(self) -> None:
        """Remove what crashed builds and interrupted removals left; needs the lock."""
        for pattern in (".building-*", ".removing-*"):
            for path in self.folder.glob(pattern):
                files.discard(path)
