"""YAML as a person would write it: short tables in one line, long ones below each other.

Every text is quoted unless it is plainly a text, so that what was written is what is read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

WIDTH: Final = 96
# Nothing that YAML reads otherwise, not even inside brackets: no number, date or mark.
_PLAIN: Final = re.compile(
    r"(?:[A-Za-z_\u00c0-\u024f/^]|\$\()(?:[A-Za-z0-9_\u00c0-\u024f./()~^$@+=;!?%*' -]"
    r"|(?<! )#|:(?=[A-Za-z0-9$/.*]))*(?<! )\Z"
)
_TRUTH: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "~", "y", "n"})


def dump(data: Mapping[str, object], spaced: frozenset[str] = frozenset()) -> str:
    """Write a table; the entries of the keys ``spaced`` are set apart by empty lines.

    >>> print(dump({"a": {"b": ["c", "d: e"]}, "k": 3, "t": "No"}), end="")
    a:
      b: [c, "d: e"]
    k: 3
    t: "No"
    """
    lines: list[str] = []
    for key, value in data.items():
        block = list(_block(value, 1)) if _long(value, key) else [_flow(value)]
        head = f"{scalar(key)}:"
        if len(block) == 1 and not block[0].startswith(" "):
            lines.append(f"{head} {block[0]}")
            continue
        if lines:
            lines.append("")
        lines.append(head)
        lines.extend(_apart(block) if key in spaced else block)
    return "\n".join(lines) + "\n" if lines else ""


def _apart(block: list[str]) -> Iterator[str]:
    for number, line in enumerate(block):
        if number and line.startswith("  ") and not line.startswith("   "):
            yield ""
        yield line


def _long(value: object, key: str) -> bool:
    """Outermost tables are written below each other, so that a steward finds their entries."""
    return isinstance(value, Mapping) or (
        isinstance(value, list) and len(_flow(value)) + len(key) > WIDTH
    )


def _block(value: object, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _entry(f"{indent}{scalar(key)}:", inner, depth)
    elif isinstance(value, list):
        for inner in value:
            lines = list(_item(inner, depth))
            yield f"{indent}- {lines[0]}"
            yield from lines[1:]
    else:
        yield f"{indent}{_flow(value)}"


def _entry(head: str, value: object, depth: int) -> Iterator[str]:
    short = f"{head} {_flow(value)}"
    nested = isinstance(value, Mapping) and depth == 1
    rules = head.endswith("predicateobjects:")
    if not isinstance(value, Mapping | list) or (
        not rules and not (nested and len(value) > 3) and len(short) <= WIDTH
    ):
        yield short
    else:
        yield head
        yield from _block(value, depth + 1)


def _item(value: object, depth: int) -> Iterator[str]:
    """Yield an item of a list: in one line, or a table whose first key stands beside the dash."""
    short = _flow(value)
    fits = len(short) + 2 * depth + 2 <= WIDTH - 20
    if not isinstance(value, Mapping) or (fits and "p" not in value):
        yield short
        return
    lines = list(_block(value, depth + 1))
    yield lines[0].lstrip()
    yield from lines[1:]


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else scalar(str(value))


def scalar(text: str) -> str:
    """Write one text, in quotation marks where it could be read as anything else.

    >>> [scalar(t) for t in ("$(A B)", "x: y", "", "No", "a#b", "elm:Note", "0 - 9")]
    ['$(A B)', '"x: y"', '""', '"No"', 'a#b', 'elm:Note', '"0 - 9"']
    """
    if _PLAIN.match(text) and text.casefold() not in _TRUTH and len(text) < 1000:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
