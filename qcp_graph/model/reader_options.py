"""The options of each format as data: what they mean, their type, and what may stand there.

The readers check by it; the documentation (docs/readers.md) and the JSON Schema of mappings are
held to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Kind = Literal["text", "character", "number", "texts", "names", "choice", "flag", "sheet", "header"]
"""``names`` is a table of texts, ``sheet`` a name or a number from 1, ``header`` the number of a
row, a list of such numbers, or ``auto``."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: the type of its value, what it means, its default in words, allowed words."""

    kind: Kind
    meaning: str
    default: str = ""
    choices: tuple[str, ...] = ()


_ENCODING: Final = Option(
    "text", "encoding of the text, such as `windows-1252`", "byte order mark, else UTF-8"
)
_REPAIR: Final = Option(
    "choice",
    "`double-encoded` turns text that was encoded twice (`Ã©`) back into what was meant",
    "`none`: named, not changed",
    ("none", "double-encoded"),
)
_COLUMNS: Final = Option("texts", "names of the columns, where the header is missing or unusable")
_REPEATED: Final = Option(
    "choice",
    "column names that occur again: `refuse` the file, or `number` them (`Name`, `Name 2`)",
    "`refuse`",
    ("refuse", "number"),
)
_LONG_ROWS: Final = Option(
    "choice",
    "rows with too many cells: `reject` them, or `cut` what has no column",
    "`reject`",
    ("reject", "cut"),
)
_STATEMENT: Final = {
    "table": Option(
        "text", "the table or view to read, `schema.table` where needed", "the only one"
    ),
    "query": Option("text", "a SELECT statement instead of a table"),
    "key": Option(
        "texts",
        "columns that identify a row: they name its place and its order",
        "the table's primary key",
    ),
    "timeout": Option("number", "seconds that the statement may run", "300"),
}
OPTIONS: Final[Mapping[str, Mapping[str, Option]]] = MappingProxyType(
    {
        "csv": {
            "delimiter": Option("character", "what separates cells", "detected of `; , tab |`"),
            "quotechar": Option("character", 'what surrounds a cell; `""` for none', '`"`'),
            "encoding": Option(
                "text",
                "encoding of the text, such as `windows-1252`",
                "byte order mark, else UTF-8 where the file is, else Windows-1252 with a warning",
            ),
            "header": Option("number", "row of the column names; 0 where there is none", "1"),
            "columns": _COLUMNS,
            "repeated_columns": _REPEATED,
            "short_rows": Option(
                "choice",
                "rows with too few cells: `reject` them, or `fill` them with empty cells",
                "`reject`",
                ("reject", "fill"),
            ),
            "long_rows": _LONG_ROWS,
            "double_encoded": Option(
                "character", "delimiter inside rows that are one quoted cell holding a whole line"
            ),
            "repair": _REPAIR,
        },
        "json": {
            "encoding": _ENCODING,
            "inherit": Option(
                "texts",
                "names of members of the objects around a record that the record gets, too",
            ),
            "absent": Option(
                "choice",
                "a file without what the iterator names: `refuse` it, or `skip` it (a delivery "
                "of files of two forms)",
                "`refuse`",
                ("refuse", "skip"),
            ),
            "parents": Option(
                "flag", "records know the objects around them: `$(^name)`, `$(^^name)`", "false"
            ),
            "concatenated": Option(
                "flag", "the file is several documents, one after the other", "false"
            ),
            "repair": _REPAIR,
        },
        "jsonl": {"encoding": _ENCODING, "repair": _REPAIR},
        "xml": {
            "encoding": Option(
                "text", "encoding, where the XML declaration is wrong", "the XML declaration's"
            ),
            "namespaces": Option(
                "names", "prefix → IRI; elements of other namespaces go by their local name"
            ),
            "parents": Option(
                "flag", "records know the elements around them: `$(^@id)`, `$(^name)`", "false"
            ),
            "repair": _REPAIR,
        },
        "xlsx": {
            "sheet": Option("sheet", "name or number of the worksheet", "the first visible one"),
            "header": Option(
                "header",
                "row of the column names, a list of rows whose cells are joined by ` / `, or 0 "
                "where there is none",
                "`auto`: detected",
            ),
            "columns": _COLUMNS,
            "repeated_columns": _REPEATED,
            "long_rows": _LONG_ROWS,
            "hidden": Option(
                "choice", "hidden rows: `read` or `skip` them", "`read`", ("read", "skip")
            ),
            "repair": _REPAIR,
        },
        "sql": {**_STATEMENT, "repair": _REPAIR},
        "rdf": {
            "syntax": Option(
                "choice",
                "how the file is written, where its name and beginning do not say so",
                "`auto`",
                ("auto", "turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml", "elm-xml"),
            ),
            "prefixes": Option("names", "prefix → IRI, for the names of fields and classes"),
            "base": Option("text", "IRI against which relative IRIs are resolved"),
            "local": Option(
                "texts", "beginnings of IRIs after which the rest alone is the `@local` id"
            ),
            "depth": Option("number", "how many IRIs are followed, one behind the other", "4"),
            "follow": Option("texts", "the only properties whose IRIs are followed", "all"),
            "cut": Option("texts", "classes that are named but not followed, beside the records'"),
            "inverse": Option("texts", "properties that point to the record: `is … of`"),
            "once": Option(
                "texts",
                "describe an IRI once per record, and once behind each node of these classes",
                "wherever it is pointed to",
            ),
            "absent": Option(
                "choice",
                "a delivery without what the iterator names: `refuse` it, or `skip` it (a source "
                "beside others)",
                "`refuse`",
                ("refuse", "skip"),
            ),
            "rest": Option(
                "choice",
                "what no record reaches: `tell` how much it is, or be `silent` (another source of "
                "the mapping reads it)",
                "`tell`",
                ("tell", "silent"),
            ),
            "contexts": Option("names", "JSON-LD context IRI → name of its file in the delivery"),
        },
    }
)
"""Format → name → option."""
