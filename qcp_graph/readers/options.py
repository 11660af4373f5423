"""The options of each format as data: what they mean, their type, and what may stand there.

The documentation (docs/readers.md) and the JSON Schema of mappings are held to this table.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, NoReturn, Protocol

from qcp_graph.errors import UsageError

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


class Stated(Protocol):
    """What states options: see :class:`~qcp_graph.readers.spec.Spec`."""

    @property
    def format(self) -> str:
        """The format."""

    @property
    def options(self) -> Mapping[str, object]:
        """Its options."""


class Options:
    """The options of one reader, checked: a mistyped name or value is the mapping's fault."""

    def __init__(self, spec: Stated) -> None:
        """Check format and names.

        :raises UsageError: naming the nearest known format or option.
        """
        formats = tuple(OPTIONS)
        if spec.format not in formats:
            raise _wrong(f"There is no reader for the format {spec.format!r}", spec.format, formats)
        self._known = OPTIONS[spec.format]
        for name in spec.options:
            if name not in self._known:
                what = f"The {spec.format} reader has no option {name!r}"
                raise _wrong(what, str(name), tuple(self._known))
        self._format = spec.format
        self._values = spec.options

    def text(self, name: str, default: str = "") -> str:
        """Return a text option."""
        value = self._values.get(name, default)
        return value if isinstance(value, str) else self._mistyped(name, "a text")

    def character(self, name: str, default: str = "") -> str:
        """Return an option of at most one character."""
        value = self.text(name, default)
        return value if len(value) <= 1 else self._mistyped(name, "a single character")

    def number(self, name: str, default: int) -> int:
        """Return a whole number that is not negative."""
        value = self._values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            return self._mistyped(name, "a whole number, 0 or more")
        return value

    def flag(self, name: str) -> bool:
        """Return an option that is true or false."""
        value = self._values.get(name, False)
        if value in ("true", "false"):
            return value == "true"
        return value if isinstance(value, bool) else self._mistyped(name, "true or false")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return an option that is a list of texts."""
        value = self._values.get(name, ())
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            return self._mistyped(name, "a list of texts")
        return tuple(value)

    def names(self, name: str) -> dict[str, str]:
        """Return an option that maps texts to texts."""
        value = self._values.get(name, {})
        if not isinstance(value, Mapping):
            return self._mistyped(name, "a table of texts")
        return {str(key): str(item) for key, item in value.items()}

    def choice(self, name: str) -> str:
        """Return one of the allowed words; the first is the default."""
        allowed = self._known[name].choices
        value = self.text(name, allowed[0])
        return value if value in allowed else self._mistyped(name, " or ".join(allowed))

    def sheet(self) -> str | int:
        """Return the worksheet's name, or its number from 1; "" when none is stated."""
        value = self._values.get("sheet", "")
        if isinstance(value, str) or (type(value) is int and value > 0):
            return value
        return self._mistyped("sheet", "a name, or a number from 1")

    def header(self) -> tuple[int, ...] | None:
        """Return the numbers of the header's rows, none for no header; ``None`` to detect them."""
        value = self._values.get("header", "auto")
        if value == "auto":
            return None
        given = value if isinstance(value, list | tuple) else [value]
        rows = [row for row in given if type(row) is int and row >= 0]
        if len(rows) < len(given) or rows != sorted(set(rows)):
            return self._mistyped("header", "the number of a row, a rising list of such, or auto")
        return () if rows == [0] else tuple(rows)

    def _mistyped(self, name: str, wanted: str) -> NoReturn:
        raise UsageError(
            "QCP-SRC-OPTION",
            f"Option {name!r} of the {self._format} reader must be {wanted}.",
            where=f"options: {name}: {str(self._values.get(name))[:80]}",
            remedy="Correct the option in mapping.yaml.",
        )


def _wrong(message: str, name: str, known: Sequence[str]) -> UsageError:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return UsageError(
        "QCP-SRC-OPTION", f"{message}.", remedy=f"{hint}Known are: {', '.join(known)}."
    )
