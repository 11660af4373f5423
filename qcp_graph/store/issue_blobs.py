"""A record's issues as a small blob, decoded when somebody looks at them."""

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, overload

from qcp_graph.model.issue import Issue
from qcp_graph.store.packing import compressed

Kind: TypeAlias = tuple[str, str, str]


class _Late(Sequence[Issue]):
    """Issues that are decoded when somebody looks at them; counting needs their kinds alone."""

    __slots__ = ("_issues",)

    def __init__(self) -> None:
        self._issues: tuple[Issue, ...] | None = None

    def kinds(self) -> set[Kind]:
        """Return code, severity and message of the issues."""
        raise NotImplementedError

    def _decode(self) -> Iterator[Issue]:
        raise NotImplementedError

    def _decoded(self) -> tuple[Issue, ...]:
        if self._issues is None:
            self._issues = tuple(self._decode())
        return self._issues

    @overload
    def __getitem__(self, index: int) -> Issue: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Issue]: ...
    def __getitem__(self, index: int | slice) -> Issue | Sequence[Issue]:
        return self._decoded()[index]

    def __len__(self) -> int:
        return len(self._decoded())

    def __iter__(self) -> Iterator[Issue]:
        return iter(self._decoded())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._decoded() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._decoded())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self._decoded())!r})"


class PackedIssues(_Late):
    """The issues of a ledger row.

    An unchanged record's travel from one ledger to the next, and from one process to another, as
    their blob.
    """

    __slots__ = ("blob",)

    def __init__(self, blob: bytes) -> None:
        super().__init__()
        self.blob = blob

    def kinds(self) -> set[Kind]:
        """Return code, severity and message of the issues."""
        return {(one["code"], one["severity"], one.get("message", "")) for one in _load(self.blob)}

    def _decode(self) -> Iterator[Issue]:
        return (Issue(**{"message": "", **one}) for one in _load(self.blob))

    def __bool__(self) -> bool:
        return bool(self.blob)


class PlainIssues(_Late):
    """The issues of a record as tuples of their fields: how they leave a process unpacked."""

    __slots__ = ("plain",)

    def __init__(self, plain: Sequence[tuple[Any, ...]]) -> None:
        super().__init__()
        self.plain = plain

    def kinds(self) -> set[Kind]:
        """Return code, severity and message of the issues, their first three fields."""
        return {one[:3] for one in self.plain}

    def _decode(self) -> Iterator[Issue]:
        return (Issue(*one) for one in self.plain)

    def __bool__(self) -> bool:
        return bool(self.plain)


def pack_issues(issues: Sequence[Issue]) -> bytes:
    """Return the blob of some issues, empty for none."""
    if isinstance(issues, PackedIssues):
        return issues.blob
    if not issues:
        return b""
    body = [{k: v for k, v in issue.as_dict().items() if v} for issue in issues]
    return compressed(json.dumps(body).encode())


def kinds(issues: Sequence[Issue]) -> set[Kind]:
    """Return what issues are counted by, each kind once: code, severity and message."""
    if isinstance(issues, _Late):
        return issues.kinds()
    return {(issue.code, issue.severity, issue.message) for issue in issues}


def _load(blob: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(zlib.decompress(blob)) if blob else []
    return found
