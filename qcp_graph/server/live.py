"""The live release of the server: opened read-only, replaced when another one is published.

Every request leases the release it started with, so a switch never changes an answer half-way
and the old store is closed when its last request has ended.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import pyoxigraph as ox

from qcp_graph import logs
from qcp_graph.errors import QcpError
from qcp_graph.server import releases
from qcp_graph.settings import Settings
from qcp_graph.store import remote
from qcp_graph.store.remote import RemoteStore

T = TypeVar("T")
CHECK_INTERVAL = 1.0
"""Seconds between two looks at the pointer to the live release."""


class Release:
    """An open release with the number of requests that use it."""

    def __init__(self, place: releases.Place, elsewhere: RemoteStore | None = None) -> None:
        self.place = place
        self.manifest: Mapping[str, object] = releases.manifest(place)
        self._store: ox.Store | None = releases.open_store(place, elsewhere)
        self._resources: dict[str, Any] = {}
        self._lock = threading.RLock()
        self.leases = 0
        self.retired = False

    @property
    def id(self) -> str:
        """The release id."""
        return self.place.id

    @property
    def folder(self) -> Path:
        """``<home>/releases/<id>``."""
        return self.place.folder

    @property
    def published(self) -> datetime:
        """When this release became the live one (UTC)."""
        return self.place.published

    @property
    def store(self) -> ox.Store:
        """The read-only store."""
        if self._store is None:
            raise RuntimeError("the release is closed: it was used outside its lease")
        return self._store

    def resource(self, name: str, open_it: Callable[["Release"], T]) -> T:
        """Return what ``open_it`` made, made once per release and closed with it."""
        with self._lock:
            if name not in self._resources:
                self._resources[name] = open_it(self)
            return cast(T, self._resources[name])

    def close(self) -> None:
        """Close the store and everything opened beside it."""
        with self._lock:
            for item in self._resources.values():
                if close := getattr(item, "close", None):
                    close()
            self._resources.clear()
            self._store = None  # pyoxigraph closes a store when nothing refers to it


class Live:
    """The live release, looked up at most once per :data:`CHECK_INTERVAL`."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = settings
        self._clock = clock
        self._checked = float("-inf")
        self._signature: releases.Signature | None = None
        self._release: Release | None = None
        self._lock = threading.Lock()
        self._switching = threading.Lock()
        self._elsewhere = remote.of(settings)

    @property
    def id(self) -> str:
        """The id of the live release, empty before the first one."""
        release = self._release
        return release.id if release is not None else ""

    def due(self) -> bool:
        """Tell whether it is time to look for another release."""
        return self._release is None or self._clock() - self._checked >= CHECK_INTERVAL

    def refresh(self) -> None:
        """Open the release that the pointer names, if it is another one; may take long.

        A release that cannot be opened leaves the present one in place.

        :raises QcpError: when there is no other release to serve.
        """
        if not self._switching.acquire(blocking=self._release is None):
            return  # another thread is at it, and there is a release to go on with
        try:
            self._checked = self._clock()
            found = releases.signature(self.settings.home)
            if found == self._signature:
                return
            try:
                place = releases.current(self.settings.home)
                self._replace(Release(place, self._elsewhere) if place else None)
            except QcpError as error:
                if self._release is None:
                    raise
                logs.get("server").error("release not opened", error=str(error))
            self._signature = found
        finally:
            self._switching.release()

    @contextmanager
    def lease(self) -> Iterator[Release | None]:
        """Hold the live release open; None before the first one is published."""
        with self._lock:
            release = self._release
            if release is not None:
                release.leases += 1
        try:
            yield release
        finally:
            if release is not None:
                self._give_back(release)

    def close(self) -> None:
        """Close the release when the server ends."""
        self._replace(None)
        self._signature = None

    def _replace(self, release: Release | None) -> None:
        with self._lock:
            old, self._release = self._release, release
            if old is None:
                return
            old.retired = True
            unused = old.leases == 0
        if unused:
            old.close()

    def _give_back(self, release: Release) -> None:
        with self._lock:
            release.leases -= 1
            unused = release.retired and release.leases == 0
        if unused:
            release.close()
