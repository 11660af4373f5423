"""What a database says of its columns' types, for the natural literals of R2RML (§10)."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from urllib.parse import quote

from qcp_graph.mapping.rml.sql_types import sql_kind
from qcp_graph.model.snapshot import SnapshotFile


def columns(file: SnapshotFile, options: Mapping[str, object]) -> dict[str, str]:
    """Return the XSD types of a table's columns, or of what a query may take from all tables.

    A column of a query counts when all tables that have one of its name agree. What the file is
    worth, and whether it is a database at all, is the reader's to say.
    """
    table = str(options.get("table", "")).casefold()
    found: dict[str, set[str]] = {}
    address = f"file:{quote(str(file.path.resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            for name, column, declared in _declared(database):
                if not table or name.casefold() == table:
                    found.setdefault(column.casefold(), set()).add(sql_kind(declared))
    except sqlite3.Error:
        return {}  # the reader tells it, with file and reason
    return {column: next(iter(kinds)) for column, kinds in found.items() if len(kinds) == 1}


def _declared(database: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    query = (
        "SELECT t.name, c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c"
        " WHERE t.type IN ('table', 'view')"
    )
    for table, column, declared in database.execute(query):
        yield str(table), str(column), str(declared)
