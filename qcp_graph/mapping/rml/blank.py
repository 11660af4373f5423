"""Blank nodes: one for each value, or a new one in each iteration; the same in every run."""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Final

from qcp_graph.mapping.frames import Frame
from qcp_graph.mapping.rml.frames import Getter, lexical

_LABEL: Final = re.compile(r"[^A-Za-z0-9]")


def blank_nodes(found: Getter) -> Callable[[Frame], Sequence[str]]:
    """Return the blank nodes of values."""
    return lambda frame: [node(lexical(value)) for value in found(frame)]


def new_nodes(rule: str) -> Callable[[Frame], Sequence[str]]:
    """Return a new blank node per iteration, the same whenever the same file is mapped."""

    def node(frame: Frame) -> Sequence[str]:
        way: list[str] = [rule, str(frame.run.locator)]
        current: Frame | None = frame
        while current is not None:
            way.append(str(current.index))
            current = current.parent
        return (f"_:f{hashlib.sha256('|'.join(way).encode('utf-8', 'replace')).hexdigest()[:24]}",)

    return node


def node(text: str) -> str:
    """Return the blank node of a value: the same for the same value, whichever map makes it."""
    label = _LABEL.sub(lambda match: f"_{ord(match[0]):x}_", text)
    if len(label) > 100:
        label = "h" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return f"_:b{label}"
