"""The part of XPath 1.0 that one pass over a file can follow: which elements are records."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from qcp_graph.errors import UsageError
from qcp_graph.model.record import JsonValue

_QUOTED: Final = r"'[^']*'|\"[^\"]*\""
_NAME: Final = r"[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?"
_STEP: Final = re.compile(rf"(\*|{_NAME})((?:\[(?:[^\]'\"]|{_QUOTED})*\])*)")
_TESTS: Final = re.compile(rf"\[((?:[^\]'\"]|{_QUOTED})*)\]")
_POSITION: Final = re.compile(r"\s*(?:position\(\)\s*=\s*)?([1-9][0-9]{0,8})\s*")
_COMPARED: Final = re.compile(rf"\s*(@?)(\.|text\(\)|{_NAME})\s*(?:(!?=)\s*({_QUOTED})\s*)?")


@dataclass(frozen=True, slots=True)
class Test:
    """A condition: an attribute or child (``.``: the text) exists, has a value or has not."""

    kind: Literal["attribute", "child"]
    name: str
    relation: Literal["", "=", "!="] = ""
    value: str = ""

    def holds(self, found: Sequence[str]) -> bool:
        """Tell whether it holds for the values of that name (XPath 1.0 §3.4)."""
        if self.relation == "=":
            return self.value in found
        if self.relation == "!=":
            return any(value != self.value for value in found)
        return bool(found)


@dataclass(frozen=True, slots=True)
class Step:
    """An element's name (``*``: any), conditions, and which of those that meet them (0: all)."""

    name: str
    tests: tuple[Test, ...] = ()
    position: int = 0

    def admits(self, attributes: Sequence[str], named: Callable[[str], str]) -> bool:
        """Tell whether an element's attributes, name and value in turn, meet the conditions."""
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        found = {named(key): value for key, value in pairs}
        return all(
            test.holds([found[test.name]] if test.name in found else [])
            for test in self.tests
            if test.kind == "attribute"
        )

    @property
    def children(self) -> tuple[Test, ...]:
        """The conditions on what an element holds, to be asked when it has ended."""
        return tuple(test for test in self.tests if test.kind == "child")


@dataclass(frozen=True, slots=True)
class Path:
    """An iterator: steps from the root, or from ``anywhere``."""

    steps: tuple[Step, ...]
    anywhere: bool = False

    def __str__(self) -> str:
        return ("//" if self.anywhere else "/") + "/".join(step.name for step in self.steps)


def path(iterator: str) -> Path:
    """Read an XPath iterator.

    >>> str(path("/A/p:B[@type='x'][2]")), path("//B").anywhere
    ('/A/p:B', True)

    :raises UsageError: for anything that one pass over the file cannot select.
    """
    anywhere = iterator.startswith("//")
    rest = iterator[2 if anywhere else 1 :]
    steps: list[Step] = []
    right = iterator.startswith("/")
    while right:
        match = _STEP.match(rest)
        step = _step(match[1], match[2]) if match else None
        right = step is not None
        if step is None or match is None:
            break
        steps.append(step)
        rest = rest[match.end() :]
        if not rest:
            break
        right = rest.startswith("/")
        rest = rest[1:]
    if not right or any(step.children for step in steps[:-1]):
        raise UsageError(
            "QCP-SRC-ITERATOR",
            f"The iterator {iterator[:80]!r} is none this reader can follow.",
            remedy="Write the path from the root, /A/B, or //B for B anywhere; conditions are "
            "[@a='x'], [2] and, at the end, [name='x'].",
        )
    return Path(tuple(steps), anywhere)


def _step(name: str, written: str) -> Step | None:
    tests: list[Test] = []
    position = 0
    for text in _TESTS.findall(written):
        if position:  # a position counts those that meet the conditions before it
            return None
        if number := _POSITION.fullmatch(text):
            position = int(number[1])
            continue
        match = _COMPARED.fullmatch(text)
        if match is None or (match[1] and match[2] in {".", "text()"}):
            return None
        kind: Literal["attribute", "child"] = "attribute" if match[1] else "child"
        relation: Literal["", "=", "!="] = "=" if match[3] == "=" else "!=" if match[3] else ""
        inner = "." if match[2] == "text()" else match[2]
        tests.append(
            Test(kind, ("@" if match[1] else "") + inner, relation, (match[4] or "")[1:-1])
        )
    if position and any(test.kind == "child" for test in tests):
        return None  # what an element holds is known when later ones have not been counted
    return Step(name, tuple(tests), position)


def meets(fields: Mapping[str, JsonValue], tests: Sequence[Test]) -> bool:
    """Tell whether a record holds what conditions on children ask.

    >>> meets({"state": ["a", {"@n": "1", "#text": "b"}]}, [Test("child", "state", "=", "b")])
    True
    """
    return all(
        test.holds(_texts(fields.get("#text" if test.name == "." else test.name))) for test in tests
    )


def _texts(value: JsonValue) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return _texts(value.get("#text", ""))
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []
