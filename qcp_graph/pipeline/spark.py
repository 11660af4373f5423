"""A register mapped by Apache Spark: parts of N-Quads and of problems, the same as without it.

The driver reads the delivery once, as always, finds keys, joined rows and repeated keys, and lays
chunks of records beside the output; ``mapPartitions`` maps, links and validates them with the
functions of the process pool; the driver then counts what became of every record, in its order.
"""

import os
import pickle
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qcp_graph.errors import InternalError, QcpError, UsageError
from qcp_graph.model.issue import Issue, Severity
from qcp_graph.model.ledger import LedgerRow, Status
from qcp_graph.pipeline import pool, preview
from qcp_graph.pipeline.progress import Progress
from qcp_graph.pipeline.report import RegisterReport
from qcp_graph.pipeline.rows import Made, RowMaker, Task
from qcp_graph.pipeline.seen import Seen
from qcp_graph.pipeline.spark_parts import Folders, load, part, problem_line, problem_lines
from qcp_graph.pipeline.wire import task_out, weight
from qcp_graph.pipeline.worker import Recipe
from qcp_graph.settings import Settings

if TYPE_CHECKING:
    from pyspark import SparkContext

_SLICES: Final = 4  # partitions per core: enough to share uneven work, few enough to open files


class _Written(tuple[Issue, ...]):
    """Problems that an executor has written down already; only their kinds are known here."""

    __slots__ = ()


def run(
    settings: Settings, source_id: str, given: str | None, output: Path, progress: Progress,
    master: str | None = None,
) -> RegisterReport:  # fmt: skip
    """Map a register into a new folder: ``quads/part-*.nq``, ``issues/part-*.jsonl``.

    :raises UsageError: without pyspark or Java, and when the folder is there already.
    :raises InternalError: when Spark gives up.
    """
    check()
    with _new(output) as folder, _context(master, f"qcp map {source_id}") as spark:
        folders = Folders(folder.resolve())
        folders.make()
        with (folders.issues / "driver.jsonl").open("wb") as issues:

            def take(row: LedgerRow) -> None:
                if not isinstance(row.issues, _Written):
                    issues.writelines(problem_lines(row))

            report = preview.check(
                settings, source_id, given, progress=progress, take=take,
                crew=partial(_crew, spark, folders),
            )  # fmt: skip
            issues.writelines(problem_line(issue, "-") for issue in report.notes)
        shutil.rmtree(folders.spool)
    return report


def check() -> None:
    """Say what is missing, before anything is read.

    :raises UsageError: without pyspark or Java.
    """
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise UsageError(
            "QCP-SYS-SPARK",
            "--engine spark needs PySpark, which is not installed.",
            remedy="pip install 'qcp-graph[spark]', or leave --engine out.",
        ) from error
    home = os.environ.get("JAVA_HOME")
    java = Path(home, "bin", "java") if home else shutil.which("java")
    if not java or not Path(java).exists():
        raise UsageError(
            "QCP-SYS-SPARK",
            "--engine spark needs Java 17 or newer, which was not found.",
            where=f"JAVA_HOME={home}" if home else "PATH",
            remedy="Install a Java runtime or set JAVA_HOME, or leave --engine out.",
        )


@contextmanager
def _new(output: Path) -> Iterator[Path]:
    """Yield a folder that gets its name when all went well."""
    if output.exists() or not output.parent.is_dir():
        raise UsageError(
            "QCP-SYS-OUTPUT",
            "--engine spark makes a new folder, beside existing ones.",
            where=str(output),
            remedy="Choose a name that is not taken, in a folder that is there.",
        )
    folder = output.with_name(f"{output.name}.part")
    shutil.rmtree(folder, ignore_errors=True)  # of a run that was cut off
    try:
        yield folder
        folder.rename(output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _context(master: str | None, name: str) -> Iterator["SparkContext"]:
    """Yield a Spark context; ``master`` is as ``spark-submit`` takes it, by default all cores."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark import SparkConf, SparkContext

        conf = SparkConf().setAppName(name).set("spark.ui.showConsoleProgress", "false")
        conf.setIfMissing("spark.log.level", "ERROR")
        if master or not conf.contains("spark.master"):
            conf.setMaster(master or "local[*]")
        try:
            spark = SparkContext(conf=conf)
        except Exception as error:
            raise _failed(error) from error
    try:
        yield spark
    finally:
        with suppress(Exception):  # the result is complete; Java may be gone already
            spark.stop()


def _crew(
    spark: "SparkContext", folders: Folders, recipe: Recipe, maker: RowMaker,
    work: Iterator[pool.Work],
) -> Iterator[Made]:  # fmt: skip
    """Yield the fate of every record, in order, after Spark has worked on them."""
    with Seen(folders.spool) as seen:
        spool = _Spool(folders, seen)
        for item in work:
            spool.add(item)
        spool.flush()
    if spool.chunks:
        slices = min(len(spool.chunks), _SLICES * spark.defaultParallelism)
        parts = spark.parallelize(spool.chunks, slices).mapPartitionsWithIndex(
            partial(part, recipe, str(folders.output))
        )
        try:
            told = parts.collect()
        except Exception as error:
            raise _failed(error) from error
        for _chunks, seconds, used in told:
            maker.worker.stages.add(seconds)
            maker.worker.use(used)
    yield from spool.rows()


@dataclass
class _Spool:
    """Lays work down in chunks and picks its results up again.

    What the driver decides itself (rejected records, repeated keys) waits on disk as well.
    """

    folders: Folders
    seen: Seen
    chunks: list[int] = field(default_factory=list)
    _number: int = 0
    _tasks: list[Task] = field(default_factory=list)
    _own: list[tuple[int, LedgerRow]] = field(default_factory=list)
    _count: int = 0
    _room: int = pool.CHUNK_WEIGHT

    def add(self, item: pool.Work) -> None:
        """Take the next piece of work."""
        key = item.prepared.key if isinstance(item, Task) else item.row.key
        if isinstance(item, Made):
            self._own.append((self._count, item.row))
        elif key in self.seen:  # the run rejects it; nobody needs to work on it
            locator = str(item.prepared.record.locator)
            row = LedgerRow(key, b"", "rejected", "", locator, "", public=False)
            self._own.append((self._count, row))
        else:
            self._tasks.append(item)
            self._room -= weight(item.prepared.record.data, pool.CHUNK_WEIGHT)
        self.seen.add(key, "earlier")
        self._count += 1
        if self._count == pool.CHUNK or self._room <= 0:
            self.flush()

    def flush(self) -> None:
        """Lay down what has come together."""
        if not self._count:
            return
        if self._tasks:
            self._put(self.folders.tasks(self._number), [task_out(task) for task in self._tasks])
            self.chunks.append(self._number)
        if self._own:
            self._put(self._own_file(self._number), self._own)
        self._tasks, self._own, self._room = [], [], pool.CHUNK_WEIGHT
        self._count = 0
        self._number += 1

    def rows(self) -> Iterator[Made]:
        """Yield what became of everything that was laid down, in its order."""
        for number in range(self._number):
            own_file, rows_file = self._own_file(number), self.folders.rows(number)
            own: dict[int, LedgerRow] = {}
            if own_file.exists():
                own.update(load(own_file))
            rows = load(rows_file) if rows_file.exists() else []
            made = iter(rows)
            for place in range(len(own) + len(rows)):
                yield Made(own[place] if place in own else _row(*next(made)))

    def _own_file(self, number: int) -> Path:
        return self.folders.spool / f"{number:08d}.own"

    @staticmethod
    def _put(path: Path, content: object) -> None:
        with path.open("wb") as file:
            pickle.dump(content, file, protocol=5)


def _row(
    key: str, status: Status, locator: str, kinds: list[tuple[str, Severity, str]]
) -> LedgerRow:
    issues = _Written(Issue(code, severity, message) for code, severity, message in kinds)
    return LedgerRow(key, b"", status, "", locator, "", issues=issues)


def _failed(error: Exception) -> QcpError:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    ours = [line for line in lines if "(QCP-" in line]
    return InternalError(
        "QCP-SYS-SPARK",
        f"Spark gave up: {(ours or lines or [type(error).__name__])[0][:500]}",
        remedy="Every executor needs this program, the register's folder and the output folder "
        "under the same names. Nothing was kept.",
    )
