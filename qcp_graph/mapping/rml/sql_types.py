"""Types of SQL columns and the literals that they naturally give (R2RML §10.2)."""

import re
from collections.abc import Mapping
from typing import Final

from qcp_graph.mapping.literals import CHECKS
from qcp_graph.mapping.rml.frames import as_double
from qcp_graph.namespaces import expand

_HEX: Final = re.compile(r"(?:[0-9A-F]{2})*")
_KINDS: Final[Mapping[str, str]] = {
    "INT": "integer", "SMALLINT": "integer", "BIGINT": "integer", "TINYINT": "integer",
    "MEDIUMINT": "integer", "SERIAL": "integer", "BIGSERIAL": "integer",
    "FLOAT": "double", "REAL": "double", "DOUBLE": "double",
    "DEC": "decimal", "NUMERIC": "decimal",
    "BOOL": "boolean", "DATETIME": "dateTime", "TIMESTAMP": "dateTime", "DATE": "date",
    "TIME": "time", "BLOB": "hexBinary", "BYTEA": "hexBinary", "BINARY": "hexBinary",
    "VARBINARY": "hexBinary",
}  # fmt: skip


def sql_kind(declared: str) -> str:
    """Return the XSD type of a declared SQL type; nothing for texts and what is not known.

    >>> sql_kind("INTEGER"), sql_kind("double precision"), sql_kind("VARCHAR(20)")
    ('integer', 'double', '')
    """
    word = declared.strip().upper()
    found = [name for name in _KINDS if word.startswith(name)]
    return _KINDS[max(found, key=len)] if found else ""


def sql_natural(text: str, kind: str) -> tuple[str, str]:
    """Return a column's value in canonical form, and the ending of its literal.

    What is no value of the declared type, which SQLite allows, is a plain text.

    >>> sql_natural("80.25", "double")[0], sql_natural("0", "boolean")[0]
    ('8.025E1', 'false')
    >>> sql_natural("2009-10-10 12:12:22", "dateTime")[0], sql_natural("x", "integer")
    ('2009-10-10T12:12:22', ('x', ''))
    """
    if not kind:
        return text, ""
    written, datatype = _canonical(text.strip(), kind), expand(f"xsd:{kind}")
    check = CHECKS[datatype][0] if datatype in CHECKS else _HEX.fullmatch
    return (written, f"^^<{datatype}>") if check(written) else (text, "")


def _canonical(text: str, kind: str) -> str:
    if kind == "boolean":
        return {"0": "false", "1": "true", "f": "false", "t": "true"}.get(text, text.lower())
    if kind == "dateTime":
        return text.replace(" ", "T")
    return _double(text) if kind == "double" else text


def _double(text: str) -> str:
    try:
        return as_double(float(text))
    except (ValueError, OverflowError):
        return text
