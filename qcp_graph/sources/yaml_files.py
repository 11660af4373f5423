"""YAML from outside: plain values only, bounded, without aliases and repeated keys."""

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from qcp_graph.errors import InternalError, UsageError

MAX_BYTES: Final = 1024**2
MAX_DEPTH: Final = 20

if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:  # ten times faster; PyYAML may have been built without it
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """A safe loader that tells a repeated key instead of dropping its first value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return a mapping whose keys are unique."""
        seen = set[str]()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} occurs twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> object:
    """Return what a YAML file holds: mappings, lists and plain values.

    :raises UsageError: with line and column, for a file that is too large, not UTF-8, not YAML,
        nested too deeply, or that uses aliases (nine lines of them unfold to gigabytes).
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InternalError(
            "QCP-SRC-READ",
            f"The file cannot be read: {error.strerror}.",
            where=str(path),
            remedy="Check that it exists and its permissions.",
        ) from error
    if len(content) > MAX_BYTES:
        raise _wrong(path, f"it is larger than {MAX_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig")
        _check(text)
        value: object = yaml.load(text, Loader=_Loader)  # noqa: S506  # a safe loader, see above
    except UnicodeDecodeError as error:
        raise _wrong(path, f"it is not UTF-8 (byte {error.start})") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise _wrong(path, f"{error.problem}{place}") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2024-13-45
        raise _wrong(path, str(error).splitlines()[0]) from error
    return value


def _check(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Base):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            place = f" (line {event.start_mark.line + 1})" if event.start_mark else ""
            raise ValueError(f"aliases (*name) are not allowed{place}")
        if depth > MAX_DEPTH:
            raise ValueError(f"it nests deeper than {MAX_DEPTH} levels")


def _wrong(path: Path, reason: str) -> UsageError:
    return UsageError(
        "QCP-SRC-YAML",
        f"The file cannot be used as YAML: {reason}.",
        where=str(path),
        remedy="Correct it; an editor that knows YAML shows the place.",
    )
