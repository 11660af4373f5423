"""References and iterators in the words of the formats: columns, JSONPath, XPath.

JSONPath (RFC 9535): ``$.a.b``, ``$['a b']``, ``$.a[*]``, ``$.a[0]``; the ``$.`` at the beginning
may be left out, as the original test cases do. XPath 1.0: ``a/b``, ``@id``, ``a/@id``,
``a/text()``, ``.``, ``../a``, ``a[2]``. Both are the part that one pass over a file can answer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from qcp_graph.mapping.rml.model import Formulation
from qcp_graph.model.record import JsonValue

ALL: Final = "[*]"
Step: TypeAlias = str | int
Items: TypeAlias = list[JsonValue]
_JSON: Final = re.compile(
    r"\.([^.\[\]'\"*\s()?@$,:]+(?: [^.\[\]'\"*\s()?@$,:]+)*)"  # .name
    r"|\['((?:[^'\\]|\\.)*)'\]|\[\"((?:[^\"\\]|\\.)*)\"\]"  # ['name']
    r"|\[(\d{1,9})\]|(\[\*\]|\.\*)"
)
_XML: Final = re.compile(r"(@?[^\s/\[\]@*|()=<>'\"]+)(?:\[(\d{1,9})\])?\Z")


@dataclass(frozen=True, slots=True)
class Path:
    """Steps below an item; ``up`` is how many elements to climb first."""

    steps: tuple[Step, ...]
    up: int = 0


def path(text: str, formulation: Formulation) -> Path:
    """Parse a reference.

    >>> path("$.a['b c'][*]", "json").steps, path("../../b/@id", "xml").up
    (('a', 'b c', '[*]'), 2)

    :raises ValueError: saying what is wrong with it.
    """
    if formulation == "json":
        return Path(json_steps(text))
    if formulation == "xml":
        return _xml_path(text)
    # Names in quotation marks are SQL's; how the others are spelt does not matter there.
    return Path((text.strip().strip('"') if formulation == "sql" else text,))


def json_steps(text: str) -> tuple[Step, ...]:
    """Split a JSONPath into names, numbers and :data:`ALL`."""
    whole = text.strip()
    if not whole.startswith("$"):
        whole = "$" + (whole if whole.startswith("[") else f".{whole}")
    found: list[Step] = []
    position = 1
    while position < len(whole):
        match = _JSON.match(whole, position)
        if match is None:
            raise ValueError(
                f"{text[:80]!r} is no JSONPath that one pass can follow; write $.name, "
                "$['a name'], $.list[*] or $.list[0]"
            )
        name, single, double, number, every = match.groups()
        quoted = single if single is not None else double
        if number:
            found.append(int(number))
        elif every:
            found.append(ALL)
        else:
            found.append(name if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        position = match.end()
    return tuple(found)


def _xml_path(text: str) -> Path:
    steps: list[Step] = []
    up = 0
    parts = text.strip().removeprefix("./").split("/")
    if parts[-1] == "text()":
        parts = parts[:-1] or ["."]
    while parts and parts[0] == "..":
        up += 1
        parts = parts[1:]
    for part in parts if parts != ["."] else []:
        match = _XML.match(part)
        if match is None or part in {".", ".."}:
            raise ValueError(
                f"{text[:80]!r} is no XPath that one pass can follow; write a/b, @id, a/@id, "
                "a/text(), ../a or a[2]"
            )
        steps.append(match[1])
        if match[2]:
            steps.append(int(match[2]) - 1)
    return Path(tuple(steps), up)


def select_json(item: JsonValue, steps: Sequence[Step]) -> Items:
    """Return what a JSONPath leads to; lists are entered only by ``[*]`` or a number.

    >>> select_json({"a": [{"b": 1}, {"b": None}, {}]}, ("a", "[*]", "b"))
    [1, None]
    """
    found: Items = [item]
    for step in steps:
        following: Items = []
        for value in found:
            if step == ALL:
                following.extend(_members(value))
            elif isinstance(step, int):
                if isinstance(value, list) and step < len(value):
                    following.append(value[step])
            elif isinstance(value, dict) and step in value:
                following.append(value[step])
        found = following
    return found


def _members(value: JsonValue) -> Sequence[JsonValue]:
    if isinstance(value, list):
        return value
    return list(value.values()) if isinstance(value, dict) else ()


def select_xml(item: JsonValue, steps: Sequence[Step]) -> Items:
    """Return the elements or attributes that an XPath leads to.

    >>> select_xml({"a": [{"b": "1"}, {"b": ["2", "3"]}]}, ("a", "b"))
    ['1', '2', '3']
    """
    found: Items = [item]
    for step in steps:
        following: Items = []
        if isinstance(step, int):
            found = found[step : step + 1]
            continue
        for value in found:
            if isinstance(value, dict) and step in value:
                child = value[step]
                following.extend(child if isinstance(child, list) else (child,))
        found = following
    return found


SELECT: Final[Mapping[str, Callable[[JsonValue, Sequence[Step]], Items]]] = {
    "json": select_json, "xml": select_xml,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Iteration:
    """An iterator in two parts: what the reader streams as records, and steps inside a record.

    Only what a record holds can be reached from its items: to climb from an element with ``..``,
    or to iterate over bare values, the record must be the one around it.
    """

    record: str
    inner: tuple[Step, ...] = ()


def iteration(iterator: str, formulation: Formulation, up: int, bare: bool) -> Iteration:
    """Split an iterator; ``up`` is how far references climb, ``bare`` whether items are values.

    >>> iteration("/a/b/c", "xml", 1, False)
    Iteration(record='/a/b', inner=('c',))
    >>> iteration("$.a[*].b[*]", "json", 0, True)
    Iteration(record='$.a[*]', inner=('b', '[*]'))

    :raises ValueError: when it is malformed, or references climb beyond the document.
    """
    if formulation == "json":
        return _json_iteration(iterator or "$", bare)
    if formulation == "xml":
        return _xml_iteration(iterator, up)
    return Iteration("")


def _json_iteration(iterator: str, bare: bool) -> Iteration:
    steps = json_steps(iterator)
    if any(isinstance(step, int) for step in steps):
        raise ValueError("an iterator takes all items, [*], not a single one")
    inner: tuple[Step, ...] = ()
    if bare and steps:
        cut = len(steps) - 1
        while cut > 0 and steps[cut - 1] != ALL:
            cut -= 1
        if cut == 0 and steps == (ALL,):
            raise ValueError("the outermost list holds bare values; it must hold objects")
        steps, inner = steps[:cut], steps[cut:]
    return Iteration(_written(steps), inner)


def _written(steps: Sequence[Step]) -> str:
    names = [str(step) for step in steps]
    return "$" + "".join(n if n == ALL else f".{n}" if _plain(n) else f"['{n}']" for n in names)


def _plain(name: str) -> bool:
    return bool(re.fullmatch(r"[^.\[\]'\"*\s]+", name))


def _xml_iteration(iterator: str, up: int) -> Iteration:
    anywhere = iterator.startswith("//")
    text = iterator.removeprefix("//" if anywhere else "/").rstrip("/")
    names = text.split("/")
    if not iterator.startswith("/") or not all(_XML.match(n) and "@" not in n for n in names):
        raise ValueError(
            f"{iterator[:80]!r} is no XPath that one pass can follow; write /a/b, //b or //a/b"
        )
    # The reader finds one name anywhere; what follows lies inside its records.
    cut = 1 if anywhere else len(names) - up
    if cut < 1 or (anywhere and up > len(names) - 1):
        raise ValueError(f"'..' climbs above what {iterator[:80]!r} iterates over")
    start = "//" if anywhere else "/"
    return Iteration(start + "/".join(names[:cut]), tuple(names[cut:]))
