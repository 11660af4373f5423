"""A query worker cannot reach the network or start programs, whatever a query makes it do."""

import socket
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is a feature of Linux")

TRIES = """
import os, socket, subprocess, sys, threading
import pyoxigraph as ox
from qcp_graph.server.sparql import sandbox
address = ("127.0.0.1", int(sys.argv[1]))
missing = sandbox.confine()
if missing:
    print("unconfined", missing)
    sys.exit()
def refused(name, attempt):
    try:
        attempt()
    except OSError as error:
        print(name, error.errno)
    else:
        print(name, "done")
refused("socket", lambda: socket.create_connection(address))
refused("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
refused("pair", socket.socketpair)
refused("program", lambda: subprocess.run(["true"]))
thread = threading.Thread(target=refused, args=("thread", socket.socketpair))
thread.start()
thread.join()
store = ox.Store()
store.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
print("query", len(list(store.query("SELECT * { ?s ?p ?o }"))))
for silent in ("", "SILENT"):
    try:
        service = f"SERVICE {silent} <http://127.0.0.1:{address[1]}/>"
        found = list(store.query(f"SELECT * {{ {service} {{ ?s ?p ?o }} }}"))
        print("service", silent, "rows", len(found))
    except OSError:
        print("service", silent, "refused")
"""


def test_what_a_worker_may_not_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", TRIES, str(port)], capture_output=True, text=True, check=True
        )
        with pytest.raises(TimeoutError):
            listener.accept()
    lines = done.stdout.splitlines()
    if lines[0].startswith("unconfined"):
        pytest.skip(lines[0])
    assert lines[:5] == [f"{name} 1" for name in ("socket", "udp", "pair", "program", "thread")]
    assert lines[5] == "query 1"
    assert lines[6] == "service  refused"
    assert lines[7].startswith("service SILENT")
