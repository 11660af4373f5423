"""What a database says of its columns' types, for the natural literals of R2RML (§10)."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Final
from urllib.parse import quote

from qcp_graph.errors import QcpError
from qcp_graph.mapping.rml.sql_types import sql_kind
from qcp_graph.model.database import TableRequest, quoted, select_only
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import sqlite_file

_LIMIT: Final = 1 << 20
# What SQLite calls the values themselves, where no table declares the column.
_STORED: Final[Mapping[frozenset[str], str]] = {
    frozenset({"integer"}): "integer",
    frozenset({"real"}): "double",
    frozenset({"integer", "real"}): "double",
    frozenset({"blob"}): "hexBinary",
}


def columns(file: SnapshotFile, options: Mapping[str, object]) -> dict[str, str]:
    """Return the XSD types of a table's columns, or of what a query gives.

    A column that a query takes from a table counts when all tables that have one of its name agree;
    one that it computes has the type of its values, when all have the same. What the file is worth,
    and whether it is a database at all, is the reader's to say.
    """
    table = str(options.get("table", "")).casefold()
    found: dict[str, set[str]] = {}
    address = f"file:{quote(str(file.path.resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            for name, column, declared in _declared(database):
                if not table or name.casefold() == table:
                    found.setdefault(column.casefold(), set()).add(sql_kind(declared))
        for name in _computed(file, str(options.get("query", "")), found):
            found[name.casefold()] = {_stored(file, str(options["query"]), name)}
    except (sqlite3.Error, QcpError):
        return {}  # the reader tells it, with file and reason
    return {column: next(iter(kinds)) for column, kinds in found.items() if len(kinds) == 1}


def _declared(database: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    query = (
        "SELECT t.name, c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c"
        " WHERE t.type IN ('table', 'view')"
    )
    for table, column, declared in database.execute(query):
        yield str(table), str(column), str(declared)


def _computed(file: SnapshotFile, query: str, known: Mapping[str, object]) -> list[str]:
    """Return the columns of a query that no table has."""
    if not query:
        return []
    with sqlite_file.opened(TableRequest(query=query), file, _LIMIT) as (_, names, _, _):
        return [name for name in names if name.casefold() not in known]


def _stored(file: SnapshotFile, query: str, name: str) -> str:
    """Return the type that all values of a column have."""
    column = quoted(name)
    # The query is checked to be a single SELECT, here and where it is run; the name is quoted.
    typed = f"SELECT DISTINCT typeof({column}) FROM ({select_only(query)}\n) WHERE {column} NOTNULL"  # noqa: S608
    with sqlite_file.opened(TableRequest(query=typed), file, _LIMIT) as (_, _, _, rows):
        return _STORED.get(frozenset(str(row[0]) for row in rows), "")
