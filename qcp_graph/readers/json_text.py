"""A cursor over a JSON text of any size: one value at a time is in memory, or none.

Brackets outside strings frame a value, so a value that is too large, too deep or malformed is
passed over and the next one is found.
"""

import re
from contextlib import suppress
from typing import Final, NoReturn

from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, Locator, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import issues, raw
from qcp_graph.readers.encoding import Text
from qcp_graph.readers.json_values import MAX_DEPTH, Decoder, MalformedError, deeper

_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_SIGN: Final = re.compile(r'["\[\]{}]')
_INSIDE: Final = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)
_SCALAR: Final = re.compile(r'[^\s,:"\[\]{}]*')
_MAX_KEY: Final = 1024 * 1024
_MAX_SCALAR: Final = 4096


class Document:
    """A position in a JSON text (RFC 8259)."""

    def __init__(self, source: Text, file: SnapshotFile) -> None:
        self._source = source
        self._file = file
        self._decoder = Decoder()
        self._text = ""
        self._at = 0
        self._gone = 0  # characters before the text in memory
        self._ended = False

    @property
    def _ahead(self) -> int:
        return len(self._text) - self._at

    def _more(self) -> bool:
        return self.grow(self._ahead + 1)

    def grow(self, size: int) -> bool:
        """Have at least ``size`` characters ahead in memory; tell whether any came."""
        pieces, have = [self._text[self._at :]], self._ahead
        before = have
        while have < size and not self._ended:
            piece = self._source.read()
            self._ended = not piece
            pieces.append(piece)
            have += len(piece)
        self._gone += self._at
        self._text, self._at = "".join(pieces), 0
        return have > before

    def peek(self) -> str:
        """Return the next character that is no blank, "" at the end of the file."""
        while True:
            match = _BLANKS.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def step(self, wanted: str) -> str:
        """Go over one of the wanted characters and return it.

        :raises DataError: when another follows, or the file ends.
        """
        found = self.peek()
        if found and found in wanted:
            self._at += 1
            return found
        return self._fail(f"{' or '.join(wanted)} is expected")

    def key(self) -> str:
        """Go over a member's name and the colon behind it, and return the name."""
        if self.peek() != '"':
            self._fail("a name in quotation marks is expected")
        while True:
            try:
                value, end = self._decoder.decode(self._text, self._at)
                break
            except MalformedError as error:
                if not error.unfinished or self._ahead > _MAX_KEY:
                    self._fail(str(error))
                if not self.grow(2 * self._ahead):
                    self._fail(str(error), ended=True)
        self._at = end
        self.step(":")
        return str(value)

    def record(self, locator: Locator, limit: int) -> list[SourceRecord | Issue]:
        """Go over a value and return the record that it is, or the issue that tells why not."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.decode(self._text, self._at)
            except RecursionError:
                self.skip()
                return [issues.too_deep(locator, MAX_DEPTH)]
            except MalformedError as error:
                if error.unfinished and self._ahead <= limit:
                    wanted = min(2 * self._ahead + raw.CHUNK, limit)
                    if self.grow(max(wanted, self._ahead + 1)):
                        continue
                return [self._unusable(locator, error, limit)]
            if end == len(self._text) and self._text[end - 1] not in '}]"' and self._more():
                continue  # a number may go on
            text, self._at = self._text[self._at : end], end
            if len(text) > limit:
                return [issues.too_large(locator, limit)]
            return self._decoder.deliver(value, text, locator)

    def scalar(self) -> JsonValue:
        """Go over a value; return a text, number, true or false of moderate size, else None."""
        if self.peek() not in {"[", "{"}:
            self.grow(_MAX_SCALAR)
            with suppress(MalformedError):
                value, end = self._decoder.decode(self._text, self._at)
                size, self._at = end - self._at, end
                return value if size <= _MAX_SCALAR else None
        self.skip()
        return None

    def small(self, limit: int) -> JsonValue:
        """Go over a value; return it when it is no larger than a limit, else None."""
        found = self.whole(limit)
        if found is None:
            self.skip()
            return None
        return found[0]

    def whole(self, limit: int) -> tuple[JsonValue, str, list[str]] | None:
        """Go over a value and return it, its text and its repeated names; stay before one that is
        larger than a limit, too deep or malformed, and return None."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.decode(self._text, self._at)
            except RecursionError:
                return None
            except MalformedError as error:
                if error.unfinished and self._ahead <= limit:
                    wanted = min(2 * self._ahead + raw.CHUNK, limit)
                    if self.grow(max(wanted, self._ahead + 1)):
                        continue
                return None
            if end == len(self._text) and self._text[end - 1] not in '}]"' and self._more():
                continue  # a number may go on
            if end - self._at > limit or deeper(value, MAX_DEPTH):
                return None
            text, self._at = self._text[self._at : end], end
            return value, text, list(dict.fromkeys(self._decoder.repeated))

    def deliver(self, value: JsonValue, text: str, locator: Locator) -> list[SourceRecord | Issue]:
        """Return the record that a value in memory is, or why it is none."""
        self._decoder.repeated.clear()
        return self._decoder.deliver(value, text, locator)

    def _unusable(self, locator: Locator, error: MalformedError, limit: int) -> Issue:
        start = self._text[self._at : self._at + issues.SHOWN]
        place = self._gone + error.at + 1
        larger = error.unfinished and not self._ended
        self.skip()  # fails where the value has no end
        if larger:
            return issues.too_large(locator, limit)
        return issues.malformed(locator, f"{error} at character {place:,}", start)

    def skip(self, depth: int = 0) -> None:
        """Go over a value of any size, or to the end of ``depth`` brackets that are open."""
        sign = "" if depth else self.peek()
        if sign not in {"", '"', "[", "{"}:
            self._scalar()
            return
        if not depth and not sign:
            self._fail("a value is expected")
        while True:
            match = _SIGN.search(self._text, self._at)
            if match is None:
                self._at = len(self._text)
                if not self._more():
                    self._fail("a bracket is still open", ended=True)
                continue
            self._at = match.end()
            if match[0] == '"':
                self._string()
            else:
                depth += 1 if match[0] in "[{" else -1
            if depth <= 0:
                return

    def _string(self) -> None:
        while True:
            match = _INSIDE.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._text.startswith('"', self._at):
                self._at += 1
                return
            if not self._more():
                self._fail("a quotation mark is still open", ended=True)

    def _scalar(self) -> None:
        start = self._gone + self._at
        while True:
            match = _SCALAR.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text) or not self._more():
                break
        if self._gone + self._at == start:
            self._fail("a value is expected")

    def _fail(self, reason: str, *, ended: bool = False) -> NoReturn:
        place = f"character {self._gone + self._at + 1:,}"
        if ended or not self.peek():
            raise raw.truncated(self._file, "a bracket or quotation mark is still open", place)
        raise DataError(
            "QCP-SRC-JSON",
            f"The file is not well-formed JSON: {reason}.",
            where=f"{self._file.name} {place}",
            remedy="Fetch it again; if it stays so, ask the publisher to correct it.",
        )
