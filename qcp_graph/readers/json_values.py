"""From JSON text to values: repeated keys told, depth bounded, numbers kept true."""

import json
import re
from collections import Counter
from decimal import Decimal
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, Locator, SourceRecord
from qcp_graph.readers import issues
from qcp_graph.readers.doubled import may_be

MAX_DEPTH: Final = 100
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class MalformedError(ValueError):
    """A text is no JSON value; ``at`` is the place of the fault, ``open`` whether more text
    might complete the value."""

    def __init__(self, reason: str, at: int, *, unfinished: bool) -> None:
        super().__init__(reason)
        self.at = at
        self.unfinished = unfinished


class Decoder:
    """Decodes one value after the other."""

    # A literal or an escape that the end cuts is reported this far before it at most.
    _MARGIN = 16

    def __init__(self) -> None:
        self.repeated: list[str] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._members, parse_float=number, parse_constant=_no_number
        )

    def decode(self, text: str, at: int) -> tuple[JsonValue, int]:
        """Return the value that begins at a place, and the place behind it.

        :raises MalformedError: when there is none, or none yet.
        :raises RecursionError: when it nests deeper than any parser goes.
        """
        self.repeated.clear()
        try:
            value, end = self._decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            cut = error.msg.startswith("Unterminated") or error.pos > len(text) - self._MARGIN
            raise MalformedError(error.msg, error.pos, unfinished=cut) from error
        except ValueError as error:  # a number of thousands of digits, NaN
            raise MalformedError(str(error).partition(";")[0], at, unfinished=False) from error
        return value, end

    def _members(self, pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        value = dict(pairs)
        if len(value) != len(pairs):
            counted = Counter(key for key, _ in pairs)
            self.repeated.extend(key for key, count in counted.items() if count > 1)
        return value

    def deliver(self, value: JsonValue, text: str, locator: Locator) -> list[SourceRecord | Issue]:
        """Return remarks and the record that a value is, or why it is none."""
        # A text with fewer brackets than levels allowed needs no walk through its value.
        if text.count("[") + text.count("{") > MAX_DEPTH and deeper(value, MAX_DEPTH):
            return [issues.too_deep(locator, MAX_DEPTH)]
        if not isinstance(value, dict):
            return [issues.no_object(locator, "" if value is None else value)]
        escapes = "\\u" in text
        if (
            escapes
            and _HALF.search(text)
            and _SURROGATE.search(json.dumps(value, ensure_ascii=False))
        ):
            return [issues.unreadable_text(locator, "")]
        record = SourceRecord(value, locator, not escapes and not may_be(text))
        if not self.repeated:
            return [record]
        remarks = [issues.repeated_key(locator, key) for key in dict.fromkeys(self.repeated)]
        return [*remarks, record]


def number(text: str) -> float | str:
    """Return a JSON number with a fraction or exponent; as text where a float would change it.

    >>> number("1.50"), number("1e400"), number("0.1234567890123456789")
    (1.5, '1e400', '0.1234567890123456789')
    """
    value = float(text)
    if len(text) < 16 and "e" not in text.lower():  # 15 digits always survive
        return value
    if value - value != 0 or len(text) > 400 or Decimal(repr(value)) != Decimal(text):
        return text
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def deeper(value: JsonValue, limit: int) -> bool:
    """Tell whether a value nests deeper than a limit."""
    level: list[object] = [value] if isinstance(value, dict | list) else []
    for _ in range(limit + 1):
        inner: list[object] = []
        for outer in level:
            inner += outer.values() if isinstance(outer, dict) else outer  # type: ignore[arg-type]
        level = [item for item in inner if type(item) is dict or type(item) is list]
        if not level:
            return False
    return True
