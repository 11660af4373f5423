"""Queries of shapes, asked in a process with limits of time and memory, and without network."""

import multiprocessing
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Final

import pyoxigraph as ox

from qcp_graph.errors import DataError
from qcp_graph.terms import Triple, parts, term_of

MEMORY: Final = 4 * 1024**3
TIMEOUT: Final = 30.0
MAX_ROWS: Final = 100_000
SHAPES_GRAPH: Final = "urn:qcp:shapes"
Row = Mapping[str, str]
"""Variable, without question mark → term."""


@dataclass(frozen=True)
class Source:
    """What is asked: a store on disk, or files of N-Triples for a store in memory."""

    store: str = ""
    data: tuple[str, ...] = ()
    shapes: str = ""


class SparqlWorker:
    """Asks queries in another process; use it as a context manager.

    :raises DataError: by ``ask``, for a query that takes too long, needs too much memory, has too
        many answers or cannot be run: that is no verdict on the data.
    """

    def __init__(self, source: Source, timeout: float = TIMEOUT, memory: int = MEMORY) -> None:
        self._source, self._timeout, self._memory = source, timeout, memory
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> "SparqlWorker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.stop()

    def ask(self, query: str, bindings: Row) -> list[Row]:
        """Return the solutions of a query with some variables bound."""
        pipe = self._pipe or self._start()
        try:
            pipe.send((query, dict(bindings)))
            if not pipe.poll(self._timeout):
                self.stop()
                raise _failed(f"it was stopped after {self._timeout:g} seconds", query)
            answer = pipe.recv()
        except (EOFError, OSError) as error:
            self.stop()
            raise _failed("it needed more memory than is allowed, or crashed", query) from error
        if isinstance(answer, str):
            raise _failed(answer, query)
        found: list[Row] = answer
        return found

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        pipe, far = context.Pipe()
        self._process = context.Process(
            target=serve, args=(far, self._source, self._memory), daemon=True
        )
        self._process.start()
        far.close()
        self._pipe = pipe
        ready = pipe.recv() if pipe.poll(600) else "the data could not be loaded"
        if ready is not True:
            self.stop()
            raise _failed(str(ready), "")
        return pipe


def _failed(reason: str, query: str) -> DataError:
    return DataError(
        "QCP-VAL-SPARQL",
        f"A SPARQL query of the shapes could not be asked: {reason}.",
        where=" ".join(query.split())[:300],
        remedy="This is no verdict on the data. Correct or simplify the query.",
    )


def node_of(term: str) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return a term as pyoxigraph has it."""
    if term.startswith("_:"):
        return ox.BlankNode(term[2:])
    if term.startswith("<"):
        return ox.NamedNode(term[1:-1])
    text, language, datatype = parts(term)
    if language:
        return ox.Literal(text, language=language)
    return ox.Literal(text, datatype=ox.NamedNode(datatype))


def serve(pipe: Connection, source: Source, memory: int) -> None:
    """Load the data, then answer until the other side hangs up; runs in a process of its own."""
    try:
        store = _opened(source)
        _confine(memory, in_memory=not source.store)
    except (OSError, SyntaxError, ValueError) as error:
        pipe.send(str(error))
        return
    pipe.send(True)
    while True:
        try:
            query, bindings = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(store, query, bindings, union=bool(source.store)))


def _opened(source: Source) -> ox.Store:
    if source.store:
        return ox.Store.read_only(source.store)
    store = ox.Store()
    for path in source.data:
        store.bulk_extend(_quads(Path(path), ox.DefaultGraph()))
    if source.shapes:
        store.bulk_extend(_quads(Path(source.shapes), ox.NamedNode(SHAPES_GRAPH)))
    return store


def _quads(path: Path, graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
    for quad in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _confine(memory: int, *, in_memory: bool) -> None:
    """Limit memory and, where no file has to be opened any more, forbid to open anything."""
    try:
        import resource
    except ImportError:  # Windows has none: there the time limit alone protects
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if in_memory:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _answer(store: ox.Store, query: str, bindings: Row, *, union: bool) -> list[Row] | str:
    try:
        given: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
            ox.Variable(name): node_of(term) for name, term in bindings.items()
        }
        found = store.query(query, substitutions=given, use_default_graph_as_union=union)
        if not isinstance(found, ox.QuerySolutions):
            return "it is no SELECT"
        names = [variable.value for variable in found.variables]
        rows: list[Row] = []
        for solution in found:
            terms = zip(names, solution, strict=True)
            rows.append({name: term_of(term) for name, term in terms if term is not None})
            if len(rows) > MAX_ROWS:
                return f"it has more than {MAX_ROWS} answers"
    except (SyntaxError, ValueError, RuntimeError, OSError, MemoryError) as error:
        return str(error)[:500]
    return rows


@contextmanager
def triples_source(triples: Iterable[Triple], shapes: Iterable[Triple]) -> Iterator[Source]:
    """Write triples to temporary files for a worker."""
    with tempfile.TemporaryDirectory(prefix="qcp-sparql-") as folder:
        paths = [Path(folder) / name for name in ("data.nt", "shapes.nt")]
        for path, content in zip(paths, (triples, shapes), strict=True):
            with path.open("w", encoding="utf-8") as file:
                file.writelines(f"{s} {p} {o} .\n" for s, p, o in content)
        yield Source(data=(str(paths[0]),), shapes=str(paths[1]))
