"""From JSON syntax to values: repeated keys told, depth and size bounded, numbers kept true."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, Locator, SourceRecord
from qcp_graph.readers import issues

MAX_DEPTH: Final = 100
STARTS: Final = frozenset({"start_map", "start_array"})
ENDS: Final = frozenset({"end_map", "end_array"})
Events = Iterator[tuple[str, object]]
# What a value costs beside its text; so that millions of empty ones count as large, too.
_COST: Final = 16
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def number(text: str) -> float | str:
    """Return a JSON number with a fraction or exponent; as text where a float would change it.

    >>> number("1.50"), number("1e400"), number("0.1234567890123456789")
    (1.5, '1e400', '0.1234567890123456789')
    """
    value = float(text)
    return value if value - value == 0 and Decimal(repr(value)) == Decimal(text) else text


def parse(content: bytes | str, locator: Locator) -> Iterator[SourceRecord | Issue]:
    """Yield remarks and the record that a complete JSON text is.

    :raises json.JSONDecodeError: when it is not well formed.
    """
    repeated: list[str] = []

    def members(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        value = dict(pairs)
        if len(value) != len(pairs):
            counted = Counter(key for key, _ in pairs)
            repeated.extend(key for key, count in counted.items() if count > 1)
        return value

    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    try:
        value = json.loads(
            text, object_pairs_hook=members, parse_float=number, parse_constant=_no_number
        )
    except RecursionError:
        yield issues.too_deep(locator, MAX_DEPTH)
        return
    if _deeper(value, MAX_DEPTH):
        yield issues.too_deep(locator, MAX_DEPTH)
    elif not isinstance(value, dict):
        yield issues.no_object(locator, value)
    elif "\\u" in text and _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        yield issues.unreadable_text(locator, "")
    else:
        yield from (issues.repeated_key(locator, key) for key in dict.fromkeys(repeated))
        yield SourceRecord(value, locator)


def _no_number(name: str) -> float:
    raise json.JSONDecodeError(f"{name} is no JSON number", name, 0)


def _deeper(value: JsonValue, limit: int) -> bool:
    level: list[JsonValue] = [value]
    for _ in range(limit + 1):
        level = [item for outer in level for item in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: JsonValue) -> Iterable[JsonValue]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


class Builder:
    """Builds one object from parser events; beyond a limit it only looks for the object's end."""

    def __init__(self, locator: Locator, limit: int) -> None:
        self._locator = locator
        self._limit = limit
        self._size = 0
        self._root: dict[str, JsonValue] = {}
        self._repeated: dict[str, None] = {}
        self._deep = False

    def result(self) -> list[SourceRecord | Issue]:
        """Return remarks and the record, or the issue of a record that broke a limit."""
        if self._deep:
            return [issues.too_deep(self._locator, MAX_DEPTH)]
        if self._size > self._limit:
            return [issues.too_large(self._locator, self._limit)]
        remarks = [issues.repeated_key(self._locator, key) for key in self._repeated]
        return [*remarks, SourceRecord(self._root, self._locator)]

    def fill(self, events: Events) -> None:
        """Take all events of an object whose ``start_map`` was read."""
        stack: list[dict[str, JsonValue] | list[JsonValue]] = [self._root]
        keys = [""]
        for event, value in events:
            if event == "map_key":
                keys[-1] = str(value)
                self._size += len(keys[-1])
            elif event in ENDS:
                stack.pop()
                keys.pop()
                if not stack:
                    return
            else:
                item = _item(event, value)
                self._size += _COST + (len(item) if isinstance(item, str) else 0)
                self._put(stack[-1], keys[-1], item)
                if isinstance(item, dict | list):
                    stack.append(item)
                    keys.append("")
            if self._size > self._limit or len(stack) > MAX_DEPTH:
                self._deep = len(stack) > MAX_DEPTH
                drop(events, len(stack))
                return

    def _put(
        self, owner: dict[str, JsonValue] | list[JsonValue], key: str, item: JsonValue
    ) -> None:
        if isinstance(owner, list):
            owner.append(item)
            return
        if key in owner:
            self._repeated[key] = None
        owner[key] = item


def drop(events: Events, depth: int) -> None:
    """Pass over events until ``depth`` open brackets are closed."""
    while depth:
        event, _ = next(events)
        depth += (event in STARTS) - (event in ENDS)


def _item(event: str, value: object) -> JsonValue:
    if event == "start_map":
        return {}
    if event == "start_array":
        return []
    if isinstance(value, Decimal):
        return number(str(value))
    assert value is None or isinstance(value, str | int | float)
    return value
