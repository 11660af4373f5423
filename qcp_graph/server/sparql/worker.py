"""A query worker: one process, one query at a time, on a read-only store.

Started as ``python -m qcp_graph.server.sparql.worker <bytes of memory>``. It reads jobs from
standard input and writes answers to standard output, as frames (:func:`frame`). It ends when
standard input does, also in the middle of a query, so it never outlives the server.
"""

import contextlib
import io
import json
import os
import queue
import resource
import struct
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import pyoxigraph as ox

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server.sparql import rows, sandbox

HEADER: Final = struct.Struct(">II")
"""Frame: length of the JSON head, length of the body; then both."""
_RESULTS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
}


class TooLargeError(Exception):
    """The answer has more bytes than allowed."""


class Answer(io.RawIOBase):
    """Collects the bytes of an answer up to a limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.content = bytearray()
        self._limit = limit

    def writable(self) -> bool:
        """Tell that bytes can be written."""
        return True

    def write(self, data: Any) -> int:
        """Add bytes.

        :raises TooLargeError: over the limit.
        """
        if len(self.content) + len(data) > self._limit:
            raise TooLargeError
        self.content += data
        return len(data)


def frame(head: dict[str, Any], body: bytes | bytearray = b"") -> bytes:
    """Return a frame."""
    text = json.dumps(head).encode()
    return HEADER.pack(len(text), len(body)) + text + body


def execute(store: ox.Store, job: dict[str, Any]) -> tuple[dict[str, Any], bytes | bytearray]:
    """Run a query and return head and body of the answer.

    The head says ``outcome``: ``ok`` (with ``kind``: results or graph), ``syntax``, ``large``,
    ``memory``, ``form`` (no acceptable format for this kind of result) or ``failed``.
    """
    answer = Answer(job["max_bytes"])
    out = cast(BinaryIO, answer)
    try:
        result = _query(store, job)
        kind = "graph" if isinstance(result, ox.QueryTriples) else "results"
        if not job[kind]:
            return {"outcome": "form", "kind": kind}, b""
        if isinstance(result, ox.QueryTriples):
            ox.serialize(result, out, GRAPHS[job[kind]], prefixes=PREFIXES)
        elif isinstance(result, ox.QueryBoolean) and job[kind] in {"csv", "tsv"}:
            answer.write(b"true\n" if result else b"false\n")
        else:
            result.serialize(out, _RESULTS[job[kind]])
        if kind == "results" and rows.more_than(job["max_rows"], answer.content, job[kind]):
            return {"outcome": "rows"}, b""
    except TooLargeError:
        return {"outcome": "large"}, b""
    except MemoryError:
        return {"outcome": "memory"}, b""
    except SyntaxError as error:
        return {"outcome": "syntax", "message": str(error)}, b""
    except (OSError, ValueError, RuntimeError) as error:
        return {"outcome": "failed", "message": str(error)}, b""
    return {"outcome": "ok", "kind": kind}, answer.content


def _query(store: ox.Store, job: dict[str, Any]) -> Any:
    # The union would win over the graphs that the query itself names after FROM.
    dataset: dict[str, Any] = {} if job.get("from") else {"use_default_graph_as_union": True}
    if job["default_graphs"] or job["named_graphs"]:
        # SPARQL 1.1 Protocol §2.1.4: the dataset of the request replaces that of the query.
        dataset = {
            "default_graph": [ox.NamedNode(iri) for iri in job["default_graphs"]],
            "named_graphs": [ox.NamedNode(iri) for iri in job["named_graphs"]],
        }
    return store.query(job["query"], base_iri=job["base"], **dataset)


def main() -> None:
    """Serve jobs until standard input ends."""
    memory = int(sys.argv[1])
    if missing := sandbox.confine():
        print(f"The query worker is not confined: {missing}", file=sys.stderr)
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # a stray print must not corrupt the frames
    jobs: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, jobs), daemon=True).start()
    path, store = "", None
    while True:
        job = jobs.get()
        try:
            if job["store"] != path or store is None:
                store = None
                _bound_memory(resource.RLIM_INFINITY)
                store, path = ox.Store.read_only(job["store"]), job["store"]
                _bound_memory(memory)
            head, body = execute(store, job)
        except OSError as error:
            head, body = {"outcome": "failed", "message": str(error)}, b""
        _write(out, frame(head, body))


def _listen(source: BinaryIO, jobs: "queue.SimpleQueue[dict[str, Any]]") -> None:
    """Read jobs; end the process with the pipe, whatever the query is doing."""
    while len(lengths := source.read(HEADER.size)) == HEADER.size:
        head, body = HEADER.unpack(lengths)
        text = source.read(head + body)
        jobs.put(json.loads(text[:head]))
    os._exit(0)


def _write(out: Any, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[out.write(view) :]


def _bound_memory(memory: int) -> None:
    """Let the process grow by so many bytes.

    The limit counts address space, of which an open store reserves hundreds of megabytes that it
    never touches; so what is there already is added.
    """
    if memory != resource.RLIM_INFINITY:
        memory += _address_space()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    with contextlib.suppress(ValueError, OSError):  # macOS refuses the address space limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, hard))


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
