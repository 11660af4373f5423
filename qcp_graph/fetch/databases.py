"""Databases: what a mapping asks of one is exported into the snapshot, so builds can be repeated.

An address ``database:<name>`` stands for the environment variable ``QCP_DATABASE_<NAME>``, which
holds the SQLAlchemy URL: no password is ever written into a register or a snapshot.
"""

import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from qcp_graph.errors import DataError, UsageError
from qcp_graph.fetch.building import Building
from qcp_graph.model.database import TableRequest, cell, statement

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SCHEME: Final = "database:"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_BATCH: Final = 500
_COLON: Final = re.compile(r"(?<![:\w\\]):(?=[A-Za-z_])")
_READ_ONLY: Final = {
    "postgresql": ("SET TRANSACTION READ ONLY", "SET LOCAL TIME ZONE 'UTC'"),
    "mysql": ("SET TRANSACTION READ ONLY",),
    "mariadb": ("SET TRANSACTION READ ONLY",),
    "sqlite": ("PRAGMA query_only=ON",),
}


def is_database(address: str) -> bool:
    """Tell the address of a database from a path and a web address."""
    return address.startswith(SCHEME)


def collect(address: str, requests: Sequence[TableRequest], building: Building) -> None:
    """Export what is asked of a database into a snapshot under construction, in one transaction.

    :raises UsageError: for an address or a setting that is missing, or a statement that writes.
    :raises DataError: when the database cannot be reached or refuses a statement.
    """
    url = _url(address)
    if not requests:
        raise UsageError(
            "QCP-SRC-TABLE",
            "The mapping asks nothing of the database.",
            where=address,
            remedy="Give a source `referenceFormulation: sql` with a table or query.",
        )
    files: dict[str, list[TableRequest]] = {}
    for request in requests:
        if set(request.file) & set("*?["):
            raise UsageError(
                "QCP-SRC-PATTERN",
                "An export needs one name, not a pattern.",
                where=f"access: {request.file}",
                remedy="Name the file of the export in mapping.yaml, such as access: register.sql.",
            )
        files.setdefault(request.file, []).append(request)
    with _connected(url, address) as connection:
        for file, wanted in files.items():
            name = building.accept(file)
            if name:
                building.add(name, _Chunks(_export(connection, dict.fromkeys(wanted), address)))


def _url(address: str) -> str:
    name = address.removeprefix(SCHEME)
    variable = f"QCP_DATABASE_{name.upper()}"
    if not _NAME.fullmatch(name) or not os.environ.get(variable):
        raise UsageError(
            "QCP-SRC-DATABASE-URL",
            f"The environment variable {variable[:60]} does not name a database.",
            where=address[:80],
            remedy="Set it to an SQLAlchemy URL, such as postgresql+psycopg://reader:…@host/name.",
        )
    return os.environ[variable]


@contextmanager
def _connected(url: str, address: str) -> "Iterator[Connection]":
    """Yield a connection whose only transaction reads one state of the database."""
    try:
        import sqlalchemy
    except ImportError as error:
        raise UsageError(
            "QCP-SRC-EXTRA",
            "Reading from a database server needs SQLAlchemy and a driver, which are missing.",
            where=address,
            remedy="Install them: pip install 'qcp-graph[sql]'.",
        ) from error
    engine: Engine | None = None
    try:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.pool.NullPool)
        kind = engine.dialect.name
        with engine.connect() as connection:
            if kind in {"postgresql", "mysql", "mariadb"}:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            for setting in _READ_ONLY.get(kind, ()):
                connection.exec_driver_sql(setting)
            yield connection
            connection.rollback()
    except sqlalchemy.exc.ArgumentError as error:
        raise _refused(
            address, "the address is no SQLAlchemy URL", kind="QCP-SRC-DATABASE-URL"
        ) from error
    except (sqlalchemy.exc.SQLAlchemyError, ImportError) as error:
        raise _refused(address, _reason(error)) from error
    finally:
        if engine is not None:
            engine.dispose()


def _export(
    connection: "Connection", requests: Iterable[TableRequest], address: str
) -> Iterator[bytes]:
    """Yield the lines of an export: for each request a head, its rows, and how many there are."""
    for request in requests:
        key = request.key or _primary_key(connection, request.table)
        end = time.monotonic() + request.timeout
        _limit(connection, request.timeout)
        quote = connection.dialect.identifier_preparer.quote_identifier
        columns, rows = _ask(connection, statement(request, key, quote))
        head = {"qcp-table": request.table, "query": request.query}
        yield _line({**head, "columns": columns, "key": list(key)})
        count = 0
        for row in rows:
            count += 1
            yield _line([cell(value) for value in row])
            if time.monotonic() > end:
                raise _late(address, request)
        yield _line({"qcp-end": count})


def _limit(connection: "Connection", seconds: int) -> None:
    """Let the server itself break off a statement, where it can."""
    kind = connection.dialect.name
    if kind == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {seconds * 1000}")
    elif kind == "mysql":
        connection.exec_driver_sql(f"SET SESSION max_execution_time = {seconds * 1000}")


def _ask(connection: "Connection", asked: str) -> tuple[list[str], Iterator[Sequence[Any]]]:
    import sqlalchemy

    # A colon before a word would be a parameter; ours are plain text.
    text = sqlalchemy.text(_COLON.sub(r"\:", asked))
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_BATCH)
    result = streamed.execute(text).yield_per(_BATCH)
    return [str(name) for name in result.keys()], iter(result)  # noqa: SIM118 - no mapping


def _primary_key(connection: "Connection", table: str) -> tuple[str, ...]:
    if not table:
        return ()
    import sqlalchemy

    schema, _, name = table.rpartition(".")
    try:
        found = sqlalchemy.inspect(connection).get_pk_constraint(name, schema or None)
    except (sqlalchemy.exc.NoSuchTableError, NotImplementedError):
        return ()  # a view; or none, which the statement itself will tell
    return tuple(found.get("constrained_columns") or ())


def _line(content: Mapping[str, object] | Sequence[object]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


class _Chunks:
    """An export, read in pieces of the size that is asked for."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def __call__(self, size: int) -> bytes:
        pieces, have = [], 0
        for piece in self._chunks:
            pieces.append(piece)
            have += len(piece)
            if have >= size:
                break
        return b"".join(pieces)


def _late(address: str, request: TableRequest) -> DataError:
    return DataError(
        "QCP-SRC-TIMEOUT",
        f"The statement took longer than {request.timeout} seconds.",
        where=f"{address} {request.place}",
        remedy="Simplify it, add an index, or raise options: {timeout: …}.",
    )


def _reason(error: Exception) -> str:
    """Return what a driver says, without the statement and the connection's address."""
    original = getattr(error, "orig", None) or error
    return " ".join(str(original).split())[:300]


def _refused(address: str, reason: str, kind: str = "QCP-SRC-TABLE") -> DataError:
    timeout = "statement timeout" in reason or "maximum statement execution time" in reason
    return DataError(
        "QCP-SRC-TIMEOUT" if timeout else kind,
        f"The database refused: {reason}.",
        where=address,
        remedy="Check the address, the rights of its account, and table, columns and query.",
    )
