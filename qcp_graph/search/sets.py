"""Sets of qualifications as whole numbers, one bit per id: fast to count and to intersect.

A facet value that few qualifications have is stored as a list of 32-bit ids, one that many have
as a bitmap; both come back as the same Python integer.
"""

from array import array
from collections.abc import Iterable, Sequence
from sys import byteorder

_LIST, _BITS = b"L", b"B"
_CHUNK = 1024  # bytes looked at together when skipping to a page


def encode(ids: Iterable[int]) -> bytes:
    """Return the stored form of a set of ids, the smaller of the two.

    >>> decode(encode([3, 70_000])) == 1 << 3 | 1 << 70_000
    True
    """
    members = array("I", ids)
    if not members:
        return _LIST
    size = max(members) // 8 + 1
    if len(members) * members.itemsize <= size:
        if byteorder == "big":
            members.byteswap()
        return _LIST + members.tobytes()
    return _BITS + bytes(_bitmap(members, size))


def decode(stored: bytes) -> int:
    """Return the set that :func:`encode` stored."""
    kind, body = stored[:1], stored[1:]
    if kind == _BITS:
        return int.from_bytes(body, "little")
    members = array("I")
    members.frombytes(body)
    if byteorder == "big":
        members.byteswap()
    return of(members)


def of(ids: Iterable[int]) -> int:
    """Return the set of some ids.

    >>> of([1, 3])
    10
    """
    members = array("I", ids)
    if not members:
        return 0
    return int.from_bytes(_bitmap(members, max(members) // 8 + 1), "little")


def _bitmap(members: "array[int]", size: int) -> bytearray:
    bits = bytearray(size)
    for member in members:
        bits[member >> 3] |= 1 << (member & 7)
    return bits


def page(members: int, offset: int, size: int) -> list[int]:
    """Return ``size`` ids of a set in ascending order, skipping the first ``offset``.

    The cost does not grow with ``offset``.

    >>> page(0b101101, 1, 2)
    [2, 3]
    """
    found: list[int] = []
    raw = members.to_bytes((members.bit_length() + 7) // 8, "little")
    for start in range(0, len(raw), _CHUNK):
        chunk = int.from_bytes(raw[start : start + _CHUNK], "little")
        count = chunk.bit_count()
        if offset >= count:
            offset -= count
            continue
        wanted = size - len(found)
        found.extend(start * 8 + bit for bit in _bits(chunk, offset, wanted))
        offset = 0
        if len(found) == size:
            break
    return found


def _bits(chunk: int, offset: int, size: int) -> list[int]:
    found: list[int] = []
    while chunk and len(found) < size:
        lowest = chunk & -chunk
        if offset:
            offset -= 1
        else:
            found.append(lowest.bit_length() - 1)
        chunk ^= lowest
    return found


def across(groups: Sequence[int], offset: int, size: int) -> list[int]:
    """Return the ids at some places of disjoint sets, one set after the other.

    >>> across([0b1100, 0b0011], 1, 2)
    [3, 0]
    """
    found: list[int] = []
    if not size:
        return found
    for group in groups:
        count = group.bit_count()
        if offset >= count:
            offset -= count
            continue
        found.extend(page(group, offset, size - len(found)))
        offset = 0
        if len(found) == size:
            break
    return found
