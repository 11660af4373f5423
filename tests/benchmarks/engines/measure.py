"""One engine on one file: a process of its own, its CPU time, its peak memory, its output."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[2]


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU seconds (user and system, all children) and peak resident memory in MB."""

    seconds: float
    memory: float


def run(command: Sequence[str]) -> Measured | None:
    """Run a process to its end; None when it fails, with what it said on standard error."""
    with subprocess.Popen(
        command, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.stderr.write(said.decode("utf-8", "replace")[-2000:])
        return None
    divisor = 1024**2 if sys.platform == "darwin" else 1024
    return Measured(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / divisor)


def _environment() -> Mapping[str, str]:
    """As a user's: compiled modules are kept, this checkout is found."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PYTHONPATH": str(REPOSITORY)}


def command(engine: str, python: Path, form: str, source: Path, target: Path) -> list[str]:
    """Return the command line of an engine."""
    return [str(python), str(HERE / f"{engine}.py"), form, str(source), str(target)]


def canonical(target: Path) -> Path:
    """Return the output of an engine, sorted and each line once; the output is removed."""
    kept = target.with_suffix(".sorted")
    environment = {**os.environ, "LC_ALL": "C"}
    subprocess.run(["sort", "-u", "-o", kept, target], check=True, env=environment)
    target.unlink()
    return kept


def lines(path: Path) -> int:
    """Return how many lines a file has."""
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
