"""A further process that works on records: it builds its own plan and answers chunk by chunk."""

import signal
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

from qcp_graph import logs
from qcp_graph.errors import InternalError, QcpError, UsageError
from qcp_graph.model.source import Source
from qcp_graph.pipeline import context, job
from qcp_graph.pipeline.bulk import bulk
from qcp_graph.pipeline.clock import Stages
from qcp_graph.pipeline.record import RecordWorker
from qcp_graph.pipeline.rows import RowMaker
from qcp_graph.pipeline.wire import Form, Plain, made_out, task_in
from qcp_graph.settings import Settings

READY: Final = "ready"
ROWS: Final = "rows"
FAULT: Final = "fault"


@dataclass(frozen=True)
class Recipe:
    """Everything a process needs to make the rows of a register, fit for pickling.

    ``rules`` is the fingerprint of mapping, shapes and vocabularies that the run started with.
    """

    settings: Settings
    source: Source
    profiles: tuple[str, ...]
    rules: str
    snapshot: str
    form: Form
    language: str = "en"
    quality: tuple[str, ...] = ()

    def maker(self) -> RowMaker:
        """Read vocabularies, shapes and mapping, and compile them.

        :raises UsageError: when they are no longer those that the run started with.
        """
        shared = context.load(self.settings, self.profiles, self.language, self.quality)
        plan = job.plan_of(shared, self.source)
        if job.rules_of(shared, plan, self.source) != self.rules:
            raise UsageError(
                "QCP-SYS-CHANGED",
                "A mapping, a shape or a vocabulary was changed while records were worked on.",
                where=str(self.source.folder),
                remedy="Run the command again.",
            )
        return RowMaker(RecordWorker(shared, self.source, plan, Stages()), self.snapshot)


def serve(pipe: Connection, recipe: Recipe) -> None:
    """Make rows of what comes through the pipe until it is closed.

    An interrupt from the keyboard is the main process's matter, which then closes the pipe.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        logs.configure(recipe.settings.log_level, recipe.settings.log_format)
        maker = recipe.maker()
        pipe.send((READY, None, {}))
        with bulk():
            while (tasks := pipe.recv()) is not None:
                rows = make(maker, tasks, recipe.form)
                pipe.send((ROWS, (rows, maker.worker.taken()), maker.worker.stages.taken()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the main process is gone, or wants no more
    except Exception as error:  # noqa: BLE001 - everything is told to the main process
        pipe.send((FAULT, _told(error), {}))


def make(maker: RowMaker, tasks: Sequence[Plain], form: Form) -> list[Plain]:
    """Return the rows of a chunk of tasks, in its order."""
    return [made_out(maker, maker.make(task_in(task)), form) for task in tasks]


def _told(error: Exception) -> QcpError:
    if isinstance(error, QcpError):
        return error
    place = traceback.extract_tb(error.__traceback__)[-1]
    return InternalError(
        "QCP-SYS-WORKER",
        f"A record could not be worked on: {type(error).__name__}: {error}"[:500],
        where=f"{place.filename}:{place.lineno}",
        remedy="Please report this; with --jobs 1 the place is shown in full.",
    )
