"""Values of an iteration as RML sees them: lists only where asked for, types kept, null is none."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from qcp_graph.mapping.frames import Frame, enclosing
from qcp_graph.mapping.rml.model import Formulation
from qcp_graph.mapping.rml.references import Items, Path, select_json, select_xml
from qcp_graph.model.record import JsonValue
from qcp_graph.namespaces import expand

Value: TypeAlias = str | int | float | bool
Values: TypeAlias = Sequence[Value]
Getter: TypeAlias = Callable[[Frame], Values]
_INTEGER: Final = f"^^<{expand('xsd:integer')}>"
_DOUBLE: Final = f"^^<{expand('xsd:double')}>"
_BOOLEAN: Final = f"^^<{expand('xsd:boolean')}>"


def lexical(value: Value) -> str:
    """Return a value as text, as JSON writes it.

    >>> lexical(True), lexical(3), lexical(2.50)
    ('true', '3', '2.5')
    """
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() >= 4000:
        return hex(value)  # Python refuses to print numbers of more than 4300 digits
    return repr(value) if isinstance(value, float) else str(value)


def natural(value: Value) -> tuple[str, str]:
    """Return a value's canonical text and the ending of its literal (R2RML §10.2).

    >>> natural(30.5)
    ('3.05E1', '^^<http://www.w3.org/2001/XMLSchema#double>')
    """
    if isinstance(value, bool):
        return lexical(value), _BOOLEAN
    if isinstance(value, int):
        return lexical(value), _INTEGER
    if isinstance(value, float):
        return _canonical(value), _DOUBLE
    return value, ""


def as_double(value: Value) -> str:
    """Return a value for a literal of type xsd:double: numbers in canonical form, texts as is.

    >>> as_double(33), as_double("33"), as_double(-0.00125)
    ('3.3E1', '33', '-1.25E-3')
    """
    if isinstance(value, str | bool) or abs(value) >= 2**1023:
        return lexical(value)
    return _canonical(float(value))


def _canonical(value: float) -> str:
    """Write a number as XSD's canonical double: one digit before the point, an exponent."""
    exponent = f"{value:.16E}".partition("E")[2]
    digits = repr(value).partition("e")[0].replace(".", "").lstrip("-").strip("0") or "0"
    return f"{'-' if value < 0 else ''}{digits[0]}.{digits[1:] or '0'}E{int(exponent)}"


def getter(path: Path, formulation: Formulation, nulls: frozenset[str], text: str) -> Getter:
    """Return a function that takes the values at a path."""
    if formulation == "csv":
        return _column(str(path.steps[0]), nulls)
    if formulation == "json":
        return _json(path, nulls, text)
    if formulation == "sql":
        return _sql(str(path.steps[0]))
    return _xml(path, nulls)


def _column(name: str, nulls: frozenset[str]) -> Getter:
    def column(frame: Frame) -> Values:
        item = frame.item
        value = item.get(name) if type(item) is dict else None
        return () if value is None or value in nulls else (value,)

    return column


def _sql(name: str) -> Getter:
    """Return the column of a database: small and capital letters are alike where it must be."""
    folded = name.casefold()

    def column(frame: Frame) -> Values:
        item = frame.item
        if not isinstance(item, dict):
            return ()
        value = item[name] if name in item else _folded(item, folded)
        found = value if isinstance(value, list) else [value]
        return [one for one in found if isinstance(one, str | int | float)]

    return column


def _folded(item: dict[str, JsonValue], folded: str) -> JsonValue:
    return next((value for key, value in item.items() if key.casefold() == folded), None)


def _json(path: Path, nulls: frozenset[str], text: str) -> Getter:
    steps = path.steps

    def values(frame: Frame) -> Values:
        return _scalars(frame, select_json(frame.item, steps), nulls, text)

    if len(steps) != 1 or not isinstance(steps[0], str) or steps[0] == "[*]":
        return values
    name = steps[0]

    def member(frame: Frame) -> Values:
        item = frame.item
        value = item.get(name) if type(item) is dict else None
        if type(value) is str:
            return () if value in nulls else (value,)
        return values(frame)

    return member


def _scalars(frame: Frame, found: Items, nulls: frozenset[str], text: str) -> Values:
    kept: list[Value] = []
    for value in found:
        if isinstance(value, str | int | float):
            if value not in nulls:
                kept.append(value)
        elif value is not None:
            kind = "a list" if isinstance(value, list) else "an object"
            frame.run.issue(
                "QCP-MAP-VALUE", f"The reference leads to {kind}, not to a value.",
                severity="violation", field=text,
                remedy="Refer to the values in it, such as $.list[*] or $.object.name.",
            )  # fmt: skip
    return kept


def _xml(path: Path, nulls: frozenset[str]) -> Getter:
    def values(frame: Frame) -> Values:
        outer = enclosing(frame, path.up)
        found = (_text(value) for value in select_xml(outer.item, path.steps))
        return [text for text in found if text is not None and text not in nulls]

    return values


def _text(value: JsonValue) -> str | None:
    """Return an element's text; one that holds only elements has none."""
    if isinstance(value, dict):
        text = value.get("#text")
        return text if isinstance(text, str) else None
    return value if isinstance(value, str) else None
