"""The text of a generated function, in which every constant is a name and no name is a text.

What a mapping or a record says never becomes code: values are bound to names that are made here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class UnsupportedError(Exception):
    """A part of the mapping is left to the closures."""


class Code:
    """Lines of one function, and what its names stand for."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 1
        self.names: dict[str, object] = {}
        self._bound: dict[object, str] = {}
        self._count = 0

    def bind(self, value: object) -> str:
        """Return the name of a constant.

        >>> code = Code()
        >>> code.bind("a"), code.bind("b"), code.bind("a")
        ('C1', 'C2', 'C1')
        """
        key = (str, value) if isinstance(value, str) else (id, id(value))
        name = self._bound.get(key)
        if name is None:
            name = self._bound[key] = self.fresh("C")
            self.names[name] = value  # kept, so that no other value ever gets the same id
        return name

    def fresh(self, start: str = "v") -> str:
        """Return a name that is not in use."""
        self._count += 1
        return f"{start}{self._count}"

    def line(self, text: str) -> None:
        """Add a line at the present depth."""
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Add the head of a block; what is added meanwhile lies inside."""
        self.line(f"{head}:")
        self.depth += 1
        start = len(self.lines)
        try:
            yield
            if len(self.lines) == start:
                self.line("pass")
        finally:
            self.depth -= 1

    def prune(self, start: int, names: Iterator[str] | list[str]) -> None:
        """Drop the assignments of names that nothing after ``start`` reads."""
        for name in names:
            uses = [
                number for number in range(start, len(self.lines)) if name in self.lines[number]
            ]
            if len(uses) == 1 and self.lines[uses[0]].lstrip().startswith(f"{name} = "):
                del self.lines[uses[0]]

    def function(self, parameters: str, label: str) -> Callable[..., Any]:
        """Return the function; ``label`` is what tracebacks call its file."""
        source = "\n".join([f"def generated({parameters}):", *self.lines, ""])
        namespace = dict(self.names)
        # Names and grammar only: see the head of this module.
        exec(compile(source, f"<{label}>", "exec"), namespace)  # noqa: S102
        made: Callable[..., Any] = namespace["generated"]  # type: ignore[assignment]
        return made
