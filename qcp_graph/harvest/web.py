"""Requests of a harvester: guarded like every download, counted, one connection for many."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from qcp_graph.harvest.problems import too_much, unusable
from qcp_graph.transfer import remote, session
from qcp_graph.transfer.limits import Limits, Meter, Progress
from qcp_graph.transfer.remote import Validators

_GZIP: Final = 31
_TYPE: Final = re.compile(r"[\w.+-]+/[\w.+-]+")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a harvest may take.

    ``limits`` are those of every download, its ``max_bytes`` that of all pages together;
    ``page_bytes`` that of one page, ``pages`` their number.
    """

    limits: Limits
    page_bytes: int = 64 * 1024**2
    pages: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: where it came from at last, and what its header says."""

    url: str
    content: bytes
    headers: Mapping[str, str]
    validators: Validators

    @property
    def media_type(self) -> str:
        """The media type without parameters, empty where none is told."""
        found = _TYPE.match(self._header("content-type").strip().lower())
        return found[0] if found else ""

    @property
    def immutable(self) -> bool:
        """Whether the server promises never to change it (RFC 8246)."""
        parts = self._header("cache-control").lower().split(",")
        return "immutable" in {part.strip() for part in parts}

    @property
    def links(self) -> str:
        """The ``Link`` field."""
        return self._header("link")

    def _header(self, wanted: str) -> str:
        return next((v for name, v in self.headers.items() if name.lower() == wanted), "")


class Web:
    """Asks one site; ``folder`` takes the page under way. Use as a context manager."""

    def __init__(self, folder: Path, bounds: Bounds, progress: Progress | None = None) -> None:
        self._target = folder / ".page"
        self._bounds = bounds
        self._limits = replace(
            bounds.limits, max_bytes=min(bounds.limits.max_bytes, bounds.page_bytes)
        )
        self._progress = progress
        self._meter = Meter(bounds.limits.max_bytes, "")
        self._session = session.new(private_networks=bounds.limits.private_networks)
        self.asked = 0

    def get(self, url: str, accept: str, known: Validators | None = None) -> Page | None:
        """Return what an address answers, None where it is what ``known`` stands for.

        :raises DataError: when the server, the network or the content fails.
        """
        self.asked += 1
        if self.asked > self._bounds.pages:
            raise too_much(url, f"more than {self._bounds.pages:,} pages")
        found = remote.download(
            url, self._target, self._limits, known or Validators(), None, accept, self._session
        )
        if found is None:
            return None
        content = self._target.read_bytes()
        self._target.unlink()
        content = self._unpacked(content, found.headers, url)
        self._meter.add(len(content))
        if self._progress is not None:
            self._progress(1)
        return Page(found.url or url, content, found.headers, found.validators)

    def _unpacked(self, content: bytes, headers: Mapping[str, str], url: str) -> bytes:
        """Undo a content coding that was not asked for."""
        coding = {name.lower(): value.lower() for name, value in headers.items()}
        if "gzip" not in coding.get("content-encoding", ""):
            return content
        try:
            unpacker = zlib.decompressobj(_GZIP)
            text = unpacker.decompress(content, self._bounds.page_bytes)
        except zlib.error as error:
            raise unusable(url, "it is announced as gzip and is none") from error
        if unpacker.unconsumed_tail:
            raise too_much(url, f"a page of more than {self._bounds.page_bytes:,} bytes")
        return text

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()
        self._target.unlink(missing_ok=True)
