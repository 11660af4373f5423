"""The table of mapping functions: pure, typed, documented by examples that run.

A function takes one text (or, ``whole``, all texts of a value) and named arguments. It returns a
text, several, or None for nothing; a ``ValueError`` says what is wrong with the value, in words
that complete "the value …". Arguments are checked when the mapping is loaded.
"""

import inspect
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args, get_origin
from zoneinfo import ZoneInfo

Argument: TypeAlias = str | tuple[str, ...]
Result: TypeAlias = str | Sequence[str] | None
MAX_MATCHED: Final = 20_000  # characters a pattern is tried on
_PIECES: Final = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[*+]|\{\d*,\d*\}|[()|]|[^()]", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the library; ``parameters`` maps a name to its type and default."""

    name: str
    call: Callable[..., Result]
    parameters: Mapping[str, inspect.Parameter]
    whole: bool
    doc: str

    def bind(self, arguments: Mapping[str, Argument]) -> dict[str, object]:
        """Convert the arguments of a mapping; the name ``""`` stands for the first parameter.

        :raises ValueError: for an unknown, missing or ill-typed argument.
        """
        names = list(self.parameters)
        bound: dict[str, object] = {}
        for key, value in arguments.items():
            name = names[0] if key == "" and names else key
            if name not in self.parameters:
                known = ", ".join(names) or "none"
                raise ValueError(f"{self.name} has no argument {key!r}; it has: {known}")
            bound[name] = _typed(name, value, self.parameters[name].annotation)
        for name, parameter in self.parameters.items():
            if name not in bound and parameter.default is inspect.Parameter.empty:
                raise ValueError(f"{self.name} needs the argument {name!r}")
        return bound


_LIBRARY: Final[dict[str, Function]] = {}


def function(call: Callable[..., Result]) -> Callable[..., Result]:
    """Register a function of one text."""
    return _register(call, whole=False)


def whole(call: Callable[..., Result]) -> Callable[..., Result]:
    """Register a function of all texts of a value."""
    return _register(call, whole=True)


def _register(call: Callable[..., Result], *, whole: bool) -> Callable[..., Result]:
    name = call.__name__.rstrip("_")
    if name in _LIBRARY:
        raise ValueError(f"two functions are called {name}")
    parameters = dict(list(inspect.signature(call, eval_str=True).parameters.items())[1:])
    _LIBRARY[name] = Function(name, call, parameters, whole, inspect.getdoc(call) or "")
    return call


def library() -> Mapping[str, Function]:
    """Return all functions by name."""
    return dict(sorted(_LIBRARY.items()))


def pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern that cannot run away on a hostile value.

    :raises ValueError: for a malformed pattern, or one that repeats a group which itself
        repeats or has alternatives.

    >>> pattern("(a+)+")
    Traceback (most recent call last):
    ValueError: the pattern '(a+)+' repeats a repetition, which can take for ever
    """
    if len(text) > 1000:
        raise ValueError("the pattern is longer than 1000 characters")
    if _runs_away(text):
        raise ValueError(f"the pattern {text!r} repeats a repetition, which can take for ever")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # that "[[" may mean more one day
            return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"the pattern {text!r} is not valid: {error}") from error


def _runs_away(text: str) -> bool:
    """Tell whether a group that repeats, or has alternatives, is itself repeated."""
    inside = [False]
    closed = False
    for piece in _PIECES.findall(text):
        repeats = piece in "*+" or piece[0] == "{"
        if repeats and closed:
            return True
        closed = False
        if piece == "(":
            inside.append(False)
        elif piece == ")" and len(inside) > 1:
            closed = inside.pop()
            inside[-1] = inside[-1] or closed
        elif repeats or (piece == "|" and len(inside) > 1):
            inside[-1] = True
    return False


def _typed(name: str, value: Argument, kind: Any) -> object:
    if kind == tuple[str, ...]:
        return (value,) if isinstance(value, str) else value
    if not isinstance(value, str):
        raise ValueError(f"the argument {name!r} must be a single text")
    if kind is int:
        if not re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
            raise ValueError(f"the argument {name!r} must be a whole number")
        return int(value)
    if kind is bool:
        if value not in {"true", "false"}:
            raise ValueError(f"the argument {name!r} must be true or false")
        return value == "true"
    if kind is ZoneInfo:
        return _zone(value)
    if get_origin(kind) is Literal and value not in get_args(kind):
        raise ValueError(f"the argument {name!r} must be one of: {', '.join(get_args(kind))}")
    return pattern(value) if kind == re.Pattern[str] else value


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error
