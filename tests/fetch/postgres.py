"""A PostgreSQL server of our own for a test session, where its programs are installed."""

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _program(name: str) -> str:
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or (str(places[0]) if places else "")


@contextmanager
def server() -> Iterator[str]:
    """Yield the SQLAlchemy URL of an empty database; it is gone afterwards.

    ``QCP_TEST_POSTGRES`` names a server that runs elsewhere. Skips with the reason otherwise.
    """
    pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed (extra: sql)")
    pytest.importorskip("psycopg", reason="psycopg is not installed (extra: sql)")
    if url := os.environ.get("QCP_TEST_POSTGRES"):
        yield url
        return
    initdb, control = _program("initdb"), _program("pg_ctl")
    if not initdb or not control:
        pytest.skip("PostgreSQL is not installed here (initdb, pg_ctl)")
    user = None
    if os.geteuid() == 0:  # the server refuses to run as root
        user = "postgres" if _known("postgres") else "nobody"
    folder = Path(tempfile.mkdtemp(prefix="qcp-pg-"))
    try:
        if user:
            shutil.chown(folder, user)
        yield from _running(initdb, control, folder, user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _running(initdb: str, control: str, folder: Path, user: str | None) -> Iterator[str]:
    data = folder / "data"

    def call(*words: str) -> None:
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        subprocess.run(
            words,
            check=True,
            capture_output=True,
            user=user,
            cwd=folder,
            env=environment,
            timeout=60,
        )

    try:
        call(initdb, "-D", str(data), "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        call(control, "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")
    try:
        yield f"postgresql+psycopg://owner:secret-word@/postgres?host={folder}"
    finally:
        call(control, "-D", str(data), "-m", "immediate", "stop")


def _known(name: str) -> bool:
    import pwd

    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return name != getpass.getuser()
