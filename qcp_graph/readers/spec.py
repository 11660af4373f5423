"""What a reader is told, and what it found: the logical source of a mapping (RML §5)."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn, Protocol

from qcp_graph.errors import UsageError

FORMATS: Final = ("csv", "json", "jsonl", "xml", "xlsx")
OPTIONS: Final[Mapping[str, Sequence[str]]] = {
    "csv": (
        "delimiter",
        "quotechar",
        "encoding",
        "header",
        "columns",
        "short_rows",
        "double_encoded",
    ),
    "json": ("encoding", "inherit"),
    "jsonl": ("encoding",),
    "xml": ("namespaces", "encoding"),
    "xlsx": ("sheet", "header", "columns"),
}


class Spec(Protocol):
    """Anything that says how a file is read: a mapping's input or a :class:`ReaderSpec`."""

    @property
    def format(self) -> str:
        """One of :data:`FORMATS`."""

    @property
    def iterator(self) -> str:
        """Which part of the file is a record (XPath or JSONPath); unused for tables."""

    @property
    def options(self) -> Mapping[str, object]:
        """Options of the format, named in :data:`OPTIONS`."""


@dataclass(frozen=True, slots=True)
class ReaderSpec:
    """How a file is read: its format, what a record is, and the format's options."""

    format: str
    iterator: str = ""
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """What :func:`~qcp_graph.readers.sniff` found in a file.

    ``fields`` are column names, or paths of leaves as a mapping writes them (``A/B``, ``a.b``);
    ``guessed`` tells that the encoding could not be proved.
    """

    format: str
    encoding: str = ""
    delimiter: str = ""
    fields: tuple[str, ...] = ()
    iterator: str = ""
    guessed: bool = False

    def spec(self) -> ReaderSpec:
        """Return the specification that reads the file as it was recognised."""
        found = {"encoding": self.encoding, "delimiter": self.delimiter}
        wanted = OPTIONS[self.format]
        options = {name: value for name, value in found.items() if value and name in wanted}
        return ReaderSpec(self.format, self.iterator, options)


class Options:
    """The options of one reader, checked: a mistyped name or value is the mapping's fault."""

    def __init__(self, spec: Spec) -> None:
        """Check format and names.

        :raises UsageError: naming the nearest known format or option.
        """
        if spec.format not in FORMATS:
            raise _wrong(f"There is no reader for the format {spec.format!r}", spec.format, FORMATS)
        known = OPTIONS[spec.format]
        for name in spec.options:
            if name not in known:
                raise _wrong(f"The {spec.format} reader has no option {name!r}", str(name), known)
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

    def choice(self, name: str, allowed: Sequence[str]) -> str:
        """Return one of the allowed words; the first is the default."""
        value = self.text(name, allowed[0])
        return value if value in allowed else self._mistyped(name, " or ".join(allowed))

    def sheet(self) -> str | int:
        """Return the worksheet's name, or its number from 1."""
        value = self._values.get("sheet", 1)
        if isinstance(value, str) or (type(value) is int and value > 0):
            return value
        return self._mistyped("sheet", "a name, or a number from 1")

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
