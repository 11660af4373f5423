"""Several processes for one register: rows come back in the order of the records.

``jobs`` counts the main process, which works on records itself whenever the others are busy. Each
further process holds one chunk at a time, so that a send never meets a send; at most a few chunks
wait for their turn, which bounds memory whatever the size of the delivery.
"""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from time import perf_counter
from types import TracebackType
from typing import Final, TypeAlias

from qcp_graph.errors import InternalError
from qcp_graph.pipeline.rows import Made, RowMaker, Task
from qcp_graph.pipeline.wire import Plain, made_in, task_out, weight
from qcp_graph.pipeline.worker import FAULT, ROWS, Recipe, serve

CHUNK: Final = 128  # records: long enough to forget the pipe's cost, short enough to share evenly
CHUNK_WEIGHT: Final = 2**20  # characters
ALONE: Final = 400  # records that one process does sooner than others can start
_AHEAD: Final = 4  # chunks per process that may wait for an earlier one
_LOOK: Final = 0.003  # seconds between two looks at what the others have done
_PATIENCE: Final = 5.0  # seconds for a process to end when asked to

Work: TypeAlias = Task | Made


def cores(jobs: int) -> int:
    """Return how many processes a number of jobs means: 0 stands for all cores.

    >>> cores(3), cores(0) >= 1
    (3, True)
    """
    if jobs:
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class _Chunk:
    """Some records in a row; what is made already stands in its place."""

    work: list[Work]
    done: bool = False

    def tasks(self) -> list[Task]:
        return [item for item in self.work if isinstance(item, Task)]

    def fill(self, made: Iterator[Made]) -> None:
        self.work = [next(made) if isinstance(item, Task) else item for item in self.work]
        self.done = True

    def made(self) -> Iterator[Made]:
        return (item for item in self.work if isinstance(item, Made))


@dataclass
class _Helper:
    """A further process, and the chunk it works on."""

    process: SpawnProcess
    pipe: Connection
    ready: bool = False
    chunk: _Chunk | None = None


@dataclass
class Pool:
    """Makes rows in several processes; use as a context manager, which ends them.

    ``maker`` is the main process's own; ``recipe`` lets the others make the same.
    """

    recipe: Recipe
    maker: RowMaker
    jobs: int
    _helpers: list[_Helper] = field(default_factory=list)
    _line: deque[_Chunk] = field(default_factory=deque)
    _spare: deque[tuple[_Chunk, list[Plain]]] = field(default_factory=deque)
    _source: Iterator[_Chunk] = field(default_factory=lambda: iter(()))

    def rows(self, work: Iterator[Work]) -> Iterator[Made]:
        """Yield the row of each piece of work, in its order.

        :raises InternalError: when a process dies (QCP-SYS-WORKER).
        """
        self._source = _chunks(work)
        alone = 0
        while chunk := self._next():
            alone += len(chunk.tasks())
            self._own(chunk)
            yield from self._finished()
            if alone >= ALONE:
                self._start()
                break
        while self._line or self._helpers:
            self._feed()
            yield from self._finished()
            if chunk := self._spared() or self._next():
                self._own(chunk)
            elif self._line:
                self._collect(None)
            else:
                return

    def _next(self) -> _Chunk | None:
        """Read the next chunk into the line, unless too many wait there."""
        if len(self._line) >= _AHEAD * self.jobs:
            return None
        chunk = next(self._source, None)
        if chunk is not None:
            self._line.append(chunk)
        return chunk

    def _finished(self) -> Iterator[Made]:
        while self._line and self._line[0].done:
            yield from self._line.popleft().made()

    def _own(self, chunk: _Chunk) -> None:
        """Work on a chunk in this process, and look after the others meanwhile."""
        made: list[Made] = []
        lines = self.recipe.form == "lines"
        looked = perf_counter()
        for task in chunk.tasks():
            row = self.maker.make(task)
            made.append(Made(row, lines=self.maker.lines(row) if lines else b""))
            if perf_counter() - looked > _LOOK:
                self._feed()
                looked = perf_counter()
        chunk.fill(iter(made))

    def _feed(self) -> None:
        """Take what is done, give every idle process a chunk, and have the next ones at hand."""
        self._collect(0)
        for helper in self._helpers:
            if helper.ready and (self._spare or self._stock()):
                helper.ready = False
                helper.chunk, tasks = self._spare.popleft()
                with self._watched(helper):
                    helper.pipe.send(tasks)
        while len(self._spare) < len(self._helpers) and self._stock():
            pass

    def _stock(self) -> bool:
        """Read a chunk that the next idle process shall have; False when there is none."""
        while chunk := self._next():
            if tasks := chunk.tasks():
                self._spare.append((chunk, [task_out(task) for task in tasks]))
                return True
            chunk.fill(iter(()))
        return False

    def _spared(self) -> _Chunk | None:
        """Return the chunk that the other processes would begin last."""
        return self._spare.pop()[0] if self._spare else None

    def _collect(self, timeout: float | None) -> None:
        busy = {helper.pipe: helper for helper in self._helpers if not helper.ready}
        for pipe in wait(list(busy), timeout) if busy else ():
            helper = busy[pipe]  # type: ignore[index]  # only our own pipes were asked for
            with self._watched(helper):
                kind, content, seconds = helper.pipe.recv()
            if kind == FAULT:
                raise content
            self.maker.worker.stages.add(seconds)
            if kind == ROWS and helper.chunk is not None:
                rows, used = content
                self.maker.worker.use(used)
                helper.chunk.fill(map(made_in, rows))
            helper.ready, helper.chunk = True, None

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        with _undisturbed():
            for _ in range(self.jobs - 1):
                ours, theirs = spawn.Pipe()
                process = spawn.Process(target=serve, args=(theirs, self.recipe), daemon=True)
                process.start()
                theirs.close()  # so that the end of the process is the end of the pipe
                self._helpers.append(_Helper(process, ours))

    @contextmanager
    def _watched(self, helper: _Helper) -> Iterator[None]:
        try:
            yield
        except (EOFError, OSError) as error:
            helper.process.join(_PATIENCE)
            tasks = helper.chunk.tasks() if helper.chunk else []
            ends = (str(task.prepared.record.locator) for task in (*tasks[:1], *tasks[-1:]))
            raise InternalError(
                "QCP-SYS-WORKER",
                f"A process that worked on records has died ({_cause(helper.process.exitcode)}).",
                where=" to ".join(dict.fromkeys(ends)),
                remedy="Nothing was changed. Often memory ran out: choose fewer --jobs, or look "
                "at the records named with --jobs 1.",
            ) from error

    def __enter__(self) -> "Pool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        for helper in self._helpers:
            if kind is None and helper.ready:
                with suppress(OSError):
                    helper.pipe.send(None)
            else:
                helper.process.terminate()
            helper.pipe.close()
        for helper in self._helpers:
            helper.process.join(_PATIENCE)
            if helper.process.is_alive():
                helper.process.kill()
                helper.process.join()
            helper.process.close()
        self._helpers.clear()


def _chunks(work: Iterator[Work]) -> Iterator[_Chunk]:
    """Yield the work in chunks, bounded by number and by how much text they hold."""
    found: list[Work] = []
    room = CHUNK_WEIGHT
    for item in work:
        found.append(item)
        if isinstance(item, Task):
            room -= weight(item.prepared.record.data, CHUNK_WEIGHT)
        if len(found) == CHUNK or room <= 0:
            yield _Chunk(found)
            found, room = [], CHUNK_WEIGHT
    if found:
        yield _Chunk(found)


def _cause(code: int | None) -> str:
    if code is None:
        return "without a word"
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: ending them is the main process's work."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its start would let the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
