"""A register's own functions: one file ``functions.py`` beside its mapping.

It is a program, so it runs with all rights of this one. It is therefore loaded only where the
operator allows it (setting ``own_functions``), only from the folder of the mapping itself, and its
content is part of the mapping's fingerprint.
"""

import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Final, NoReturn

from qcp_graph.errors import UsageError
from qcp_graph.mapping.functions.registry import Function, Result, library
from qcp_graph.mapping.problems import fault

FILE: Final = "functions.py"
MAX_BYTES: Final = 1024**2


@dataclass(frozen=True)
class Own:
    """The functions a mapping may use; ``content`` is what its fingerprint must know of them."""

    functions: Mapping[str, Function] = field(default_factory=library)
    content: tuple[str, ...] = ()
    refused: bool = False

    def explained(self, error: UsageError) -> UsageError:
        """Return an error about an unknown function, with the way to allow those of the folder."""
        if not self.refused or "Unknown function" not in error.message:
            return error
        remedy = (
            f"It may stand in {FILE} of this folder, which is not loaded. Read that file, then "
            "allow it: own_functions = true in qcp.toml, or QCP_OWN_FUNCTIONS=true."
        )
        return UsageError(error.code, error.message, where=error.where, remedy=remedy)


def load(folder: Path, allowed: bool) -> Own:
    """Return the library, with the functions of the folder where that is allowed.

    :raises UsageError: QCP-MAP-FUNCTIONS for a link, a file too large or broken, and for functions
        without types or with a name of the library.
    """
    path = folder / FILE
    if not path.is_symlink() and not path.exists():
        return Own()
    if not allowed:
        return Own(refused=True)
    if path.is_symlink() or not path.is_file() or path.resolve().parent != folder.resolve():
        _wrong(path, "It is a link, not a file of this folder.", "Put the file itself there.")
    source = path.read_bytes()
    if len(source) > MAX_BYTES:
        _wrong(path, f"It is larger than {MAX_BYTES:,} bytes.", "Keep only what mappings call.")
    found = {name: _function(name, call, path) for name, call in _public(source, path).items()}
    return Own({**library(), **found}, (hashlib.sha256(source).hexdigest(),))


def _public(source: bytes, path: Path) -> dict[str, FunctionType]:
    """Run the file in a module of its own and return the functions that it defines."""
    module = ModuleType(f"functions of {path.parent.name}")
    try:
        exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    except Exception as error:  # noqa: BLE001 - whatever a foreign file does wrong is told
        line = getattr(error, "lineno", None)
        place = f" (line {line})" if line else ""
        _wrong(path, f"{type(error).__name__}: {error}{place}.", "Correct the file.")
    return {
        name.rstrip("_"): value
        for name, value in vars(module).items()
        if isinstance(value, FunctionType)
        and not name.startswith("_")
        and value.__globals__ is module.__dict__
    }


def _function(name: str, call: FunctionType, path: Path) -> Function:
    if name in library():
        _wrong(path, f"{name} is a function of the library.", "Give it another name.")
    try:
        signature = inspect.signature(call, eval_str=True)
    except Exception as error:  # noqa: BLE001 - annotations are code of the file, too
        _wrong(path, f"{name}: {error}.", "Correct its types.")
    parameters = list(signature.parameters.items())
    kind = parameters[0][1].annotation if parameters else None
    if kind is not str and kind != Sequence[str]:
        remedy = f"Write def {name}(text: str) -> str, or (texts: Sequence[str]) -> Sequence[str]."
        _wrong(path, f"The first parameter of {name} is neither a text nor texts.", remedy)
    for key, parameter in parameters[1:]:
        if parameter.annotation is inspect.Parameter.empty:
            _wrong(path, f"The parameter {key} of {name} has no type.", "Write its type.")
    doc = inspect.getdoc(call) or ""
    return Function(name, _checked(call), dict(parameters[1:]), kind is not str, doc)


def _checked(call: Callable[..., Any]) -> Callable[..., Result]:
    """Let nothing but texts come out of a function that nobody here has tested."""

    @wraps(call)
    def checked(*values: Any, **arguments: Any) -> Result:
        found = call(*values, **arguments)
        if found is None or isinstance(found, str):
            return found
        if isinstance(found, list | tuple) and all(isinstance(item, str) for item in found):
            return found
        raise TypeError(f"{call.__name__} gave {type(found).__name__}, not text")

    return checked


def _wrong(path: Path, message: str, remedy: str) -> NoReturn:
    raise fault("QCP-MAP-FUNCTIONS", message, path, remedy)
