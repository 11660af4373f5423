"""Stores of others, started on this machine: oxigraph, and Virtuoso 7 where it is installed."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from qcp_graph.store.remote_protocol import Place

VIRTUOSO = os.environ.get("QCP_VIRTUOSO") or shutil.which("virtuoso-t")
_INI = """
[Database]
DatabaseFile = {0}/v.db
ErrorLogFile = {0}/v.log
LockFile = {0}/v.lck
TransactionFile = {0}/v.trx
xa_persistent_file = {0}/v.pxa
[TempDatabase]
DatabaseFile = {0}/t.db
TransactionFile = {0}/t.trx
[Parameters]
ServerPort = 127.0.0.1:{1}
DirsAllowed = {0}
NumberOfBuffers = 10000
ServerThreads = 10
[HTTPServer]
ServerPort = 127.0.0.1:{2}
ServerRoot = {0}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 1000000
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], address: str, folder: Path) -> Iterator[None]:
    """Run a server until it answers, and end it afterwards."""
    with (folder / "output").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder)
        try:
            for _ in range(600):
                assert process.poll() is None, (folder / "output").read_text()
                try:
                    requests.get(address, timeout=1)
                    break
                except requests.RequestException:
                    time.sleep(0.1)
            else:
                pytest.fail("the store does not answer")
            yield
        finally:
            process.terminate()
            process.wait(60)


@contextmanager
def oxigraph(folder: Path) -> Iterator[Place]:
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    command = [str(program), "serve", "--location", str(folder / "data")]
    address = f"http://127.0.0.1:{port}"
    with running([*command, "--bind", f"127.0.0.1:{port}"], address, folder):
        yield Place(f"{address}/query", f"{address}/store")


@contextmanager
def virtuoso(folder: Path) -> Iterator[Place]:
    if VIRTUOSO is None:
        pytest.skip("Virtuoso 7 is not installed (apt install virtuoso-opensource-7-bin)")
    port, web = free_port(), free_port()
    (folder / "v.ini").write_text(_INI.format(folder, port, web))
    command = [VIRTUOSO, "+foreground", "+configfile", str(folder / "v.ini")]
    address = f"http://127.0.0.1:{web}"
    with running(command, f"{address}/sparql", folder):
        graphs = f"{address}/sparql-graph-crud-auth"
        yield Place(f"{address}/sparql", graphs, "dba", "dba", digest=True)


@pytest.fixture(scope="session", params=[oxigraph, virtuoso], ids=["oxigraph", "virtuoso"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    with request.param(tmp_path_factory.mktemp("store")) as opened:
        yield opened
