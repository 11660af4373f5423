"""The options of one reader, checked against what is known of its format."""

from collections.abc import Mapping, Sequence
from typing import NoReturn, Protocol

from qcp_graph.errors import UsageError
from qcp_graph.model.reader_options import OPTIONS, Option

__all__ = ["OPTIONS", "Option", "Options", "Stated"]


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
    import difflib  # late: only faults need it

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return UsageError(
        "QCP-SRC-OPTION", f"{message}.", remedy=f"{hint}Known are: {', '.join(known)}."
    )
