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
    MappingReference,
    Object,
    Step,
    TriplesMap,
    Value,
)

Named = Mapping[str, Value]
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
        named = _named(document, mapping)
        for rule in mapping.rules:
            for item in rule.objects:
                when = rule.when or item.when or mapping.when
                yield _line(mapping.name, named, rule.predicates, item, when is not None)


def _named(document: Document, mapping: TriplesMap) -> Named:
    """Return the named values that a mapping sees: its own win over those around it."""
    around = document.maps.get(mapping.within)
    outer = _named(document, around) if around is not None else document.let
    return {**outer, **mapping.let}


def _line(
    mapping: str, named: Named, predicates: tuple[str, ...], item: Object, conditional: bool
) -> Line:
    content, at = item.content, item.place.line
    if isinstance(content, MappingReference):
        return Line(mapping, (), predicates, (), "", content.name, conditional, at)
    if isinstance(content, LanguageMap):
        functions = tuple(_function(step) for step in content.steps)
        return Line(
            mapping, (content.reference.text,), predicates, functions, "", "", conditional, at
        )
    fields = tuple(dict.fromkeys(_fields(content, named)))
    functions = tuple(_function(step) for step in _steps(content, named))
    constant = "" if fields else (content.template.constant or "")
    return Line(mapping, fields, predicates, functions, constant, "", conditional, at)


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
