"""A record's issues as a small blob, decoded when somebody looks at them."""

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, overload

from qcp_graph.model.issue import Issue

Kind = tuple[str, str, str]


class PackedIssues(Sequence[Issue]):
    """The issues of a ledger row.

    An unchanged record's travel from one ledger to the next, and from one process to another, as
    their blob; counting them needs their kinds alone.
    """

    __slots__ = ("_issues", "blob")

    def __init__(self, blob: bytes) -> None:
        self.blob = blob
        self._issues: tuple[Issue, ...] | None = None

    def kinds(self) -> set[Kind]:
        """Return code, severity and message of the issues."""
        return {(one["code"], one["severity"], one.get("message", "")) for one in _load(self.blob)}

    def _decoded(self) -> tuple[Issue, ...]:
        if self._issues is None:
            self._issues = tuple(Issue(**{"message": "", **one}) for one in _load(self.blob))
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

    def __bool__(self) -> bool:
        return bool(self.blob)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedIssues) and self.blob == other.blob:
            return True
        return isinstance(other, Sequence) and self._decoded() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._decoded())

    def __repr__(self) -> str:
        return f"PackedIssues({list(self._decoded())!r})"


def pack_issues(issues: Sequence[Issue]) -> bytes:
    """Return the blob of some issues, empty for none."""
    if isinstance(issues, PackedIssues):
        return issues.blob
    if not issues:
        return b""
    body = [{k: v for k, v in issue.as_dict().items() if v} for issue in issues]
    return zlib.compress(json.dumps(body).encode(), 1)


def kinds(issues: Sequence[Issue]) -> set[Kind]:
    """Return what issues are counted by, each kind once: code, severity and message."""
    if isinstance(issues, PackedIssues):
        return issues.kinds()
    return {(issue.code, issue.severity, issue.message) for issue in issues}


def _load(blob: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(zlib.decompress(blob)) if blob else []
    return found
