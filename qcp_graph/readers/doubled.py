"""Text that was encoded twice: UTF-8 that a program took for Windows-1252 (``Ã©`` for ``é``)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, SourceRecord
from qcp_graph.readers.issues import SHOWN

NAMED: Final = 20
"""How many records of a file are named one by one; then they are counted."""


def _windows(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:  # five bytes that programs take for control characters
        return chr(byte)


_BYTES: Final = {_windows(byte): byte for byte in range(256)}
_REST: Final = "[" + re.escape("".join(_windows(byte) for byte in range(0x80, 0xC0))) + "]"
# Only what a register could have meant: Latin letters, two Greek or Cyrillic letters in a row, and
# typographic signs. Anything wider takes the French `é »` for a sign of another continent.
_DOUBLED: Final = re.compile(
    f"(?:[ÂÃÄÅ]{_REST}|(?:[Ë-Ñ]{_REST}){{2,}}|â[€‚„]{_REST}|ð[Ÿ]{_REST}{{2}}|ï»¿)+"
)
# How every such place begins, as bytes of UTF-8: a look that takes a tenth of the time.
_SIGN: Final = re.compile(
    b"\xc3[\x82-\x85\x8b-\x91\xa2\xaf\xb0](?:"
    + b"|".join(sorted({re.escape(_windows(byte).encode()[:1]) for byte in range(0x80, 0xC0)}))
    + b")"
)
_ROUNDS: Final = 3


def found(text: str) -> bool:
    """Tell whether a text holds what only a double encoding leaves behind.

    >>> found("PÃ¢tissiÃ¨re"), found("l’Ã©lÃ¨ve â€“ 5"), found("Pâtissière « à part »")
    (True, True, False)
    """
    return may_be(text) and _DOUBLED.search(text) is not None


def repaired(text: str) -> str:
    """Return a text with every such place turned back into what was meant.

    >>> repaired("PÃ¢tissiÃ¨re â€“ Ãœber, and Pâtissière")
    'Pâtissière – Über, and Pâtissière'
    """
    for _ in range(_ROUNDS):
        once = _DOUBLED.sub(_meant, text)
        if once == text:
            break
        text = once
    return text


def _meant(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[char] for char in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def watched(
    items: Iterator[SourceRecord | Issue], file: str, *, repair: bool
) -> Iterator[SourceRecord | Issue]:
    """Pass records on; name those with text encoded twice, or repair them and tell how many."""
    count = 0
    for item in items:
        if isinstance(item, Issue):
            yield item
            continue
        if item.plain or not _suspicious(item.data) or (place := _place(item.data)) is None:
            yield item
            continue
        count += 1
        if repair:
            yield replace(item, data={key: _mended(value) for key, value in item.data.items()})
            continue
        if count <= NAMED:
            yield _named(item, *place)
        yield item
    if count and (repair or count > NAMED):
        yield _counted(file, count, repair=repair)


def _suspicious(data: Mapping[str, JsonValue]) -> bool:
    """Tell whether a closer look at a record is worth while: nearly none is."""
    try:
        whole = "\n".join(data.values())  # type: ignore[arg-type]
    except TypeError:  # not a row of texts
        return _deeply_suspicious(data)
    return may_be(whole)


def _deeply_suspicious(data: Mapping[str, JsonValue]) -> bool:
    tables: list[object] = [data]
    texts: list[str] = []
    for table in tables:  # grows while it is walked
        for item in table.values() if type(table) is dict else table:  # type: ignore[attr-defined]
            kind = type(item)
            if kind is str:
                if not item.isascii():
                    texts.append(item)
            elif kind is dict or kind is list:
                tables.append(item)
    return bool(texts) and may_be("\n".join(texts))


def may_be(text: str) -> bool:
    """Tell whether a closer look at a text is worth while."""
    return not text.isascii() and may_be_in(text.encode("utf-8", "surrogatepass"))


def may_be_in(text: bytes) -> bool:
    """Tell the same of the bytes of UTF-8."""
    return _SIGN.search(text) is not None


def _place(value: JsonValue, path: str = "") -> tuple[str, str] | None:
    """Return the path of the first such text, and the text."""
    if type(value) is str:
        return (path, value) if found(value) else None
    if type(value) is dict:
        for key, item in value.items():
            if type(item) is str and item.isascii():
                continue
            if item and (place := _place(item, f"{path}/{key}" if path else key)):
                return place
    elif type(value) is list:
        for item in value:
            if item and (place := _place(item, path)):
                return place
    return None


def _mended(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return repaired(value) if found(value) else value
    if isinstance(value, Mapping):
        return {key: _mended(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_mended(item) for item in value]
    return value


def _named(record: SourceRecord, field: str, text: str) -> Issue:
    match = _DOUBLED.search(text)
    shown = match[0] if match else ""
    return Issue(
        "QCP-SRC-DOUBLE-ENCODED",
        "warning",
        f"The text was encoded twice: it holds {shown!r}, where {repaired(shown)!r} was meant.",
        locator=str(record.locator),
        field=field[:SHOWN],
        value=text[:SHOWN],
        remedy="Ask the publisher to correct the export; to have it repaired while reading, set "
        "options: {repair: double-encoded} in mapping.yaml.",
    )


def _counted(file: str, count: int, *, repair: bool) -> Issue:
    if repair:
        return Issue(
            "QCP-SRC-DOUBLE-ENCODED",
            "info",
            f"Text that was encoded twice was repaired in {count:,} records.",
            locator=file,
            remedy="Ask the publisher to correct the export.",
        )
    return Issue(
        "QCP-SRC-DOUBLE-ENCODED",
        "warning",
        f"Text was encoded twice in {count:,} records; the first {NAMED} are named.",
        locator=file,
        remedy="Ask the publisher to correct the export; to have it repaired while reading, set "
        "options: {repair: double-encoded} in mapping.yaml.",
    )
