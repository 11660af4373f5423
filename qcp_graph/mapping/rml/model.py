"""What an RML mapping says, whichever vocabulary it was written in (RML-Core, -IO, -FNML)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from qcp_graph.mapping.nodes import Place

TermType: TypeAlias = Literal["iri", "uri", "unsafe", "blank", "literal"]
Formulation: TypeAlias = Literal["csv", "json", "xml", "sql"]


@dataclass(frozen=True, slots=True)
class Location:
    """Where a source or target lies (RML-IO ``rml:FilePath``).

    ``root`` is ``mapping``, ``cwd``, ``either`` (the original RML does not say), ``path:<folder>``,
    or ``database`` for the one that is given.
    """

    path: str
    root: str = "mapping"
    compression: str = ""


@dataclass(frozen=True, slots=True)
class LogicalSource:
    """What is iterated over; equal ones are read once, in one pass."""

    location: Location
    formulation: Formulation
    iterator: str = ""
    options: tuple[tuple[str, object], ...] = ()
    nulls: frozenset[str] = frozenset()
    place: Place = field(default=Place("", 0), compare=False)


@dataclass(frozen=True, slots=True)
class Target:
    """Where triples go beside or instead of the default output (RML-IO ``rml:LogicalTarget``)."""

    name: str
    location: Location
    serialization: str
    encoding: str
    place: Place


@dataclass(frozen=True, slots=True)
class Constant:
    """A term that is the same for every iteration, as N-Triples."""

    term: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An expression in the words of the reference formulation."""

    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """Texts and references, alternating as written."""

    parts: tuple[str | Reference, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function execution (RML-FNML): which output of it is wanted, what goes in."""

    function: str
    inputs: tuple[tuple[str, "TermMap"], ...]
    output: str
    place: Place


Expression: TypeAlias = Constant | Reference | Template | Call | None


@dataclass(frozen=True, slots=True)
class TermMap:
    """How a term is made of an iteration; without expression a new blank node each time."""

    expression: Expression
    type: TermType
    place: Place
    language: "TermMap | None" = None
    datatype: "TermMap | None" = None
    targets: frozenset[int] = frozenset()
    condition: Call | None = None
    stated: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """Values of the child and of the parent that must be equal."""

    child: TermMap
    parent: TermMap


@dataclass(frozen=True, slots=True)
class ParentReference:
    """The subjects of another triples map, where the join conditions hold."""

    parent: str
    joins: tuple[Join, ...]
    place: Place
    targets: frozenset[int] = frozenset()
    condition: Call | None = None


@dataclass(frozen=True, slots=True)
class PredicateObjects:
    """Predicates and objects of the subject, in graphs."""

    predicates: tuple[TermMap, ...]
    objects: tuple[TermMap | ParentReference, ...]
    graphs: tuple[TermMap, ...]
    place: Place
    condition: Call | None = None


@dataclass(frozen=True, slots=True)
class TriplesMap:
    """One subject per iteration of a logical source, with what is said about it."""

    name: str
    source: LogicalSource
    subject: TermMap
    classes: tuple[str, ...]
    graphs: tuple[TermMap, ...]
    rules: tuple[PredicateObjects, ...]
    base: str
    place: Place


@dataclass(frozen=True, slots=True)
class RmlMapping:
    """A whole RML document."""

    maps: Mapping[str, TriplesMap]
    targets: tuple[Target, ...]
    base: str
    old: bool
