"""A pool of killable worker processes: a query that does not end harms nobody else."""

import asyncio
import contextlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qcp_graph import logs
from qcp_graph.server.sparql.turns import FullError, Turns
from qcp_graph.server.sparql.worker import HEADER, frame
from qcp_graph.settings import Settings


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a query ended.

    ``kind``: ``ok syntax large rows form failed`` as the worker says, or ``time memory crash``,
    ``busy`` (nobody is served at once) or ``many`` (of this client already).
    """

    kind: str
    body: bytes = b""
    result: str = ""
    message: str = ""


class CrashError(Exception):
    """The worker ended in the middle of a query; ``code`` is its exit status."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Worker:
    """One worker process, started when the first query needs it."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process: asyncio.subprocess.Process | None = None

    async def ask(self, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Send a job and return head and body of the answer.

        :raises CrashError: when the process ends instead.
        """
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(frame(job))
            await process.stdin.drain()
            lengths = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
            head = json.loads(await process.stdout.readexactly(lengths[0]))
            return head, await process.stdout.readexactly(lengths[1])
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            code = await process.wait()
            raise CrashError(code) from error

    async def kill(self) -> None:
        """End the process, whatever it is doing."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if process.stdin is not None:
            process.stdin.close()

    async def _start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "qcp_graph.server.sparql.worker",
            str(self._memory),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C in the terminal reaches the server only
        )


class Pool:
    """This server process's share of ``query_workers``, each with the limits of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        number = -(-settings.query_workers // settings.server_processes)
        self._workers = [Worker(settings.query_memory) for _ in range(number)]
        self.turns = Turns(self._workers)
        self._closing = False

    async def run(self, job: dict[str, Any], store: Path, client: str = "") -> Outcome:
        """Run a query within the limits; cancelling kills its worker."""
        if self._closing:
            return Outcome("busy")
        try:
            worker = await self.turns.take(client, self._settings.query_timeout)
        except TimeoutError:
            return Outcome("busy")
        except FullError as error:
            return Outcome("many" if error.own else "busy")
        try:
            if self._closing:
                return Outcome("busy")
            return await self._ask(worker, job | {"store": str(store)})
        finally:
            self.turns.give(worker, client)

    async def _ask(self, worker: Worker, job: dict[str, Any]) -> Outcome:
        try:
            async with asyncio.timeout(self._settings.query_timeout):
                head, body = await worker.ask(job)
        except TimeoutError:
            await worker.kill()
            return Outcome("time")
        except CrashError as error:
            await worker.kill()
            logs.get("sparql").warning("query worker ended", exit_status=error.code)
            return Outcome(_cause(error.code))
        except BaseException:  # cancelled: the client has gone, nobody waits for the answer
            await worker.kill()
            raise
        if head["outcome"] == "memory":
            await worker.kill()
        return Outcome(head["outcome"], body, head.get("kind", ""), head.get("message", ""))

    async def close(self) -> None:
        """End all workers, and with them the queries that run, and take no more."""
        self._closing = True
        await asyncio.gather(*(worker.kill() for worker in self._workers))


def _cause(code: int | None) -> str:
    # Oxigraph aborts (SIGABRT) when memory is refused; the kernel's own killer uses SIGKILL.
    return "memory" if code in {-6, -9} else "crash"
