"""Several server processes behind one port: each answers alone, the kernel shares the clients out.

The first process only watches: it starts the others, replaces one that ends, and ends them all.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from types import FrameType
from typing import Final

from qcp_graph import logs
from qcp_graph.errors import InternalError
from qcp_graph.settings import Settings

_LOOK: Final = 0.2
"""Seconds between two looks at the processes."""
_GRACE: Final = 15.0
"""Seconds that they get to end."""
_EARLY: Final = 5.0
"""A process that ends by itself within so many seconds did not start."""
_SETTINGS: Final = "QCP_SERVER_SETTINGS"
_FIGURES: Final = "PROMETHEUS_MULTIPROC_DIR"


class _Stop:
    """Remembers that the end was asked for."""

    asked = False

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True


def watch(listener: socket.socket, settings: Settings) -> None:
    """Run ``settings.server_processes`` processes until SIGINT or SIGTERM.

    :raises InternalError: when they do not start.
    """
    stop = _Stop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with tempfile.TemporaryDirectory(prefix="qcp-figures-") as figures:
        start = time.monotonic()
        fronts = [_start(listener, settings, figures) for _ in range(settings.server_processes)]
        try:
            while not stop.asked:
                time.sleep(_LOOK)
                for place, front in enumerate(fronts):
                    if front.poll() is None or stop.asked:
                        continue
                    if front.returncode > 0 and time.monotonic() - start < _EARLY:
                        raise _not_started(front)
                    logs.get("server").error("server process ended", status=front.returncode)
                    fronts[place] = _start(listener, settings, figures)
        finally:
            _end(fronts)


def _start(listener: socket.socket, settings: Settings, figures: str) -> "subprocess.Popen[bytes]":
    environment = os.environ | {_SETTINGS: settings.model_dump_json(), _FIGURES: figures}
    return subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-m", "qcp_graph.server.fronts", str(listener.fileno())],
        pass_fds=[listener.fileno()],
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # a Ctrl-C in the terminal reaches the watching process only
    )


def _end(fronts: "list[subprocess.Popen[bytes]]") -> None:
    for front in fronts:
        with suppress(ProcessLookupError):
            front.terminate()
    deadline = time.monotonic() + _GRACE
    for front in fronts:
        try:
            front.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            front.kill()
            front.wait()


def _not_started(front: "subprocess.Popen[bytes]") -> InternalError:
    return InternalError(
        "QCP-WEB-PROCESS",
        f"A server process ended at once (status {front.returncode}).",
        where="server_processes",
        remedy="Its own message stands above; qcp serve --processes 1 shows it alone.",
    )


def main() -> None:
    """Serve in this process, with the port and the settings that the watching process gave."""
    from qcp_graph.server import run
    from qcp_graph.server.app import create_app
    from qcp_graph.server.sparql.sandbox import end_with_parent

    end_with_parent()
    settings = Settings.model_validate_json(os.environ.pop(_SETTINGS))
    logs.configure(settings.log_level, settings.log_format)
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        run.run(create_app(settings), listener, settings)


if __name__ == "__main__":
    main()
