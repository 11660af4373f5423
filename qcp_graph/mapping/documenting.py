"""A mapping told as a table: which field becomes which property, by which functions.

Made from the rules themselves, so it says what happens, not what somebody once wrote down.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qcp_graph.iris import Iris
from qcp_graph.mapping import nodes, parse
from qcp_graph.mapping.load import FILE
from qcp_graph.mapping.spec import (
    Argument,
    Document,
    LanguageMap,
    Loop,
    MappingReference,
    Object,
    Step,
    TriplesMap,
    Value,
)

Named = Mapping[str, Value]
_ITEM: Final = "."  # the item that a mapping with ``foreach`` stands at
_SHOWN: Final = 5  # texts of a list among the arguments of a function


@dataclass(frozen=True, slots=True)
class Line:
    """One way from the source to the graph.

    ``fields`` are references as the source writes them; a line without any states ``constant``,
    or leads to the things of the mapping ``refers``. ``properties`` are IRIs; ``functions`` run in
    this order, a code list is one of them; ``line`` is the line of the mapping file.
    """

    mapping: str
    fields: tuple[str, ...]
    properties: tuple[str, ...]
    functions: tuple[str, ...] = ()
    constant: str = ""
    refers: str = ""
    conditional: bool = False
    line: int = 0


def describe(folder: Path, source_id: str, iris: Iris) -> tuple[Line, ...]:
    """Return the lines of a register's ``mapping.yaml``, in its order; none without that file.

    :raises UsageError: for a mapping that cannot be read.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    document = parse.document(nodes.read(path, FILE), iris, source_id)
    return tuple(_lines(document))


def _lines(document: Document) -> Iterator[Line]:
    for mapping in document.maps.values():
        around = mapping.name, _named(document, mapping), _loop(document, mapping)
        for rule in mapping.rules:
            for item in rule.objects:
                when = rule.when or item.when or mapping.when
                yield _line(around, rule.predicates, item, when is not None)


def _named(document: Document, mapping: TriplesMap) -> Named:
    """Return the named values that a mapping sees: its own win over those around it."""
    around = document.maps.get(mapping.within)
    outer = _named(document, around) if around is not None else document.let
    return {**outer, **mapping.let}


def _loop(document: Document, mapping: TriplesMap) -> Loop | None:
    """Return what a mapping runs over: its own items, or those of the one it lies in."""
    around = document.maps.get(mapping.within)
    return mapping.loop or (_loop(document, around) if around is not None else None)


def _line(
    around: tuple[str, Named, Loop | None],
    predicates: tuple[str, ...],
    item: Object,
    conditional: bool,
) -> Line:
    name, named, loop = around
    content, at = item.content, item.place.line
    if isinstance(content, MappingReference):
        return Line(name, (), predicates, (), "", content.name, conditional, at)
    if isinstance(content, LanguageMap):
        fields: tuple[str, ...] = (content.reference.text,)
        steps = content.steps
    else:
        fields = tuple(dict.fromkeys(_fields(content, named)))
        steps = tuple(_steps(content, named))
    if _ITEM in fields and loop is not None:
        each, before = _items(loop, named)
        fields = tuple(dict.fromkeys(one for f in fields for one in (each if f == _ITEM else (f,))))
        steps = (*before, *steps)
    constant = content.template.constant or "" if isinstance(content, Value) and not fields else ""
    functions = tuple(_function(step) for step in steps)
    return Line(name, fields, predicates, functions, constant, "", conditional, at)


def _items(loop: Loop, named: Named) -> tuple[tuple[str, ...], tuple[Step, ...]]:
    """Return the fields whose items a mapping runs over, and the functions that make the items."""
    if loop.value is not None:
        return tuple(_fields(loop.value, named)), tuple(_steps(loop.value, named))
    return ((loop.reference.text,) if loop.reference is not None else (_ITEM,)), ()


def _fields(value: Value, named: Named) -> Iterator[str]:
    """Yield the references of a value, those of its default and of named values it uses."""
    for reference in value.template.references:
        meant = named.get(reference.name) if reference.kind == "let" else None
        if meant is not None:
            yield from _fields(meant, _without(named, reference.name))
        else:
            yield reference.text
    if value.default is not None:
        yield from _fields(value.default, named)


def _steps(value: Value, named: Named) -> Iterator[Step]:
    """Yield the functions of a value in the order they run: first those of values it uses."""
    for reference in value.template.references:
        if reference.kind == "let" and (meant := named.get(reference.name)) is not None:
            yield from _steps(meant, _without(named, reference.name))
    yield from value.steps


def _without(named: Named, name: str) -> Named:
    """Return the values but one: a value that names itself means one further out."""
    return {key: value for key, value in named.items() if key != name}


def _function(step: Step) -> str:
    """Return a function with its arguments as the mapping writes them."""
    if step.lookup:
        return f"code list {step.name}"
    arguments = ", ".join(
        (f"{name}: " if name else "") + _argument(value) for name, value in step.arguments.items()
    )
    return f"{step.name}({arguments})" if arguments else step.name


def _argument(value: Argument) -> str:
    if isinstance(value, str):
        return value
    more = len(value) - _SHOWN
    return ", ".join(value[:_SHOWN]) + (f" … (+{more})" if more > 0 else "")
