"""Judging every piece by itself: one pass is enough where pieces say nothing of each other."""

import pickle
import tempfile
from array import array
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from types import TracebackType
from typing import IO, Any, Final, Self

from qcp_graph.validation.result import Result
from qcp_graph.validation.type_index import Described, TypeIndex

SAMPLE: Final = 8
"""After so many pieces it is decided whether the trial goes on."""
_MOST_DOUBTFUL: Final = SAMPLE // 4
_IN_MEMORY: Final = 4 * 1024**2
Verdict = tuple[list[Result], "Counter[str]"]
"""The results of one piece, and how many focus nodes each shape had there."""


@dataclass(frozen=True)
class Attempt:
    """What one piece comes to when it is judged by itself.

    ``verdict`` is a pickled :data:`Verdict`: another process need not open what it puts away.
    ``absent`` are the hashes of the nodes that a shape looked at and the piece does not describe,
    ``repeated`` of those of which it says nothing but what the reference graph says as well;
    ``classes`` says that the piece defines classes, by which all others are to be judged.
    """

    verdict: bytes
    described: Described
    absent: "array[int]"
    repeated: frozenset[int]
    classes: bool


class Trial:
    """The verdicts on pieces judged by themselves, on disk until it is clear which of them hold.

    A verdict holds unless the piece shares a node with another piece, or looked at a node that
    another piece describes: types and values of other pieces can change nothing else. What a piece
    repeats of the reference graph changes nothing for the others.
    """

    def __init__(self) -> None:
        self.index = TypeIndex()
        self._count = 0
        self._repeated: set[int] = set()
        self._first: list[tuple[Sequence[int], Sequence[int]]] = []
        self._open = ExitStack()
        self._notes, self._verdicts = self._file(), self._file()

    def _file(self) -> IO[bytes]:
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the trial
        return self._open.enter_context(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._open.close()

    def add(self, attempt: Attempt) -> bool:
        """Add the next piece; return whether it is worth while to go on."""
        if attempt.classes:
            return False
        note = (attempt.described.hashes, attempt.absent)
        self.index.add(attempt.described)
        self._repeated |= attempt.repeated
        pickle.dump(note, self._notes, pickle.HIGHEST_PROTOCOL)
        self._verdicts.write(attempt.verdict)
        self._count += 1
        if self._count > SAMPLE:
            return True
        self._first.append(note)
        return self._count < SAMPLE or self._promises()

    def doubtful(self) -> frozenset[int]:
        """Return the numbers of the pieces that must be judged again; no piece can be added now."""
        self.index.seal()
        shared = self.index.shared
        harmless = self._repeated - shared
        return frozenset(
            number
            for number, (own, absent) in enumerate(self._read(self._notes))
            if (shared and not shared.isdisjoint(own))
            or any(self.index.holds(node) for node in absent if node not in harmless)
        )

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdicts, piece by piece."""
        return self._read(self._verdicts)

    def _promises(self) -> bool:
        """Tell whether few of the first pieces are doubtful."""
        count = Counter(chain.from_iterable(own for own, _ in self._first))
        repeated = {node for node, times in count.items() if times > 1}
        doubtful = sum(_met(own, repeated) or _met(absent, count) for own, absent in self._first)
        self._first.clear()
        return doubtful <= _MOST_DOUBTFUL

    def _read(self, file: IO[bytes]) -> Iterator[Any]:
        file.seek(0)
        for _ in range(self._count):
            # Written by this process, to a file without a name.
            yield pickle.load(file)  # noqa: S301


def _met(nodes: Sequence[int], known: Container[int]) -> bool:
    return any(node in known for node in nodes)
