r"""A record's quads as a small blob: grouped by role and subject, compressed.

Text form: a line ``<role> <subject>`` opens a group, each line ``\t<predicate> <object>`` is one
statement of it. Terms are N-Triples terms, which hold no raw line break, so the form is lossless.
Equal sets of quads give equal texts.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final, overload

from qcp_graph.terms import Quad

ROLES: Final = ("data", "provenance", "links")
# A record is a few kilobytes: higher levels take longer and save little, and the usual window of
# 32 KiB with its tables costs several times more to set up than the text to pack.
_LEVEL: Final = 1
_WINDOW: Final = 13  # bits
_MEMORY: Final = 6


def pack(quads: Sequence[Quad]) -> bytes:
    """Return the blob of a set of quads, empty for none.

    :raises ValueError: for a role that is not one of :data:`ROLES` or a term with a line break.
    """
    if isinstance(quads, Packed):
        return quads.blob
    lines: list[str] = []
    last = ("", "")
    for role, subject, predicate, object_ in sorted({(r, s, p, o) for s, p, o, r in quads}):
        if (role, subject) != last:
            if role not in ROLES:
                raise ValueError(f"unknown role of a quad: {role!r}")
            last = (role, subject)
            lines.append(f"{role} {subject}")
        lines.append(f"\t{predicate} {object_}")
    if not lines:
        return b""
    text = "\n".join(lines)
    if text.count("\n") != len(lines) - 1 or "\r" in text:
        raise ValueError("a term of a quad holds a raw line break")
    return compressed(text.encode())


def compressed(data: bytes) -> bytes:
    """Return a short text compressed, for :func:`zlib.decompress`.

    >>> zlib.decompress(compressed(b"data"))
    b'data'
    """
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY)
    return packer.compress(data) + packer.flush()


def unpack(blob: bytes) -> Iterator[Quad]:
    """Yield the quads of a blob, sorted by role, subject, predicate and object."""
    role = subject = ""
    for line in _text(blob).decode().split("\n") if blob else ():
        if line[0] == "\t":
            predicate, _, object_ = line[1:].partition(" ")
            yield subject, predicate, object_, role
        else:
            role, _, subject = line.partition(" ")


def nquads(blob: bytes, ends: Mapping[bytes, bytes]) -> Iterator[bytes]:
    """Yield the N-Quads lines of a blob; ``ends`` maps a role to `` <graph> .`` and line end."""
    head = end = b""
    for line in _text(blob).split(b"\n") if blob else ():
        if line[:1] == b"\t":
            yield head + line[1:] + end
        else:
            role, _, subject = line.partition(b" ")
            head, end = subject + b" ", ends[role]


def digest(*blobs: bytes) -> bytes:
    """Return sixteen bytes that stand for the quads of blobs; equal quads have equal digests."""
    total = blake2b(digest_size=16)
    for blob in blobs:
        text = _text(blob) if blob else b""
        total.update(len(text).to_bytes(8, "big") + text)
    return total.digest()


def _text(blob: bytes) -> bytes:
    return zlib.decompress(blob)


class Packed(Sequence[Quad]):
    """The quads of a ledger row, decoded when somebody looks at them.

    An unchanged record travels from one ledger to the next as its blob.
    """

    __slots__ = ("_quads", "blob")

    def __init__(self, blob: bytes) -> None:
        self.blob = blob
        self._quads: tuple[Quad, ...] | None = None

    def _decoded(self) -> tuple[Quad, ...]:
        if self._quads is None:
            self._quads = tuple(unpack(self.blob))
        return self._quads

    @overload
    def __getitem__(self, index: int) -> Quad: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Quad]: ...
    def __getitem__(self, index: int | slice) -> Quad | Sequence[Quad]:
        return self._decoded()[index]

    def __len__(self) -> int:
        return len(self._decoded())

    def __iter__(self) -> Iterator[Quad]:
        return iter(self._decoded())

    def __bool__(self) -> bool:
        return bool(self.blob)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Packed) and self.blob == other.blob:
            return True
        return isinstance(other, Sequence) and self._decoded() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._decoded())

    def __repr__(self) -> str:
        return f"Packed({list(self._decoded())!r})"
