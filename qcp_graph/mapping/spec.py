"""What a mapping says, independent of how it was written (YARRRML today; RML and tables later)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.paths import Form, Reference, Template

Role: TypeAlias = Literal["data", "provenance"]
Argument: TypeAlias = str | tuple[str, ...]
UNLISTED: Final = "unlisted"  # argument of a look-up that gives the words the list does not have
Missing: TypeAlias = Literal["reject", "drop", "keep", "note"]


@dataclass(frozen=True, slots=True)
class Input:
    """A logical source: which files, how they are read, what identifies a record.

    ``construct`` are files of SPARQL CONSTRUCT queries by the role of what they give.

    Fits :class:`~qcp_graph.readers.ReaderSpec` (``format iterator options``).
    """

    name: str
    pattern: str
    format: str
    key: Template
    place: Place
    iterator: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    where: "Condition | None" = None
    otherwise: Literal["reject", "skip"] = "reject"
    construct: Mapping[Role, str] = field(default_factory=dict)
    copy: "Copy | None" = None

    @property
    def form(self) -> Form:
        """How references into its records are written."""
        return form_of(self.format)


@dataclass(frozen=True, slots=True)
class Copy:
    """What is said of a record passes into the graph as it is, as far as a model knows it.

    ``leave`` are properties that rules of the mapping take care of; ``classes`` are classes of the
    source → those of the model whose place they take.
    """

    model: Literal["elm"]
    place: Place
    leave: tuple[str, ...] = ()
    classes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SideTable:
    """A table joined to records: rows of which a ``key`` equals one of the values of ``on``.

    ``sources`` are the inputs it belongs to; none means all. Rows that do not meet ``where`` are
    not of interest; a delivery may lack the file of an ``optional`` one.
    """

    name: str
    pattern: str
    format: str
    key: "Value"
    on: tuple["Value", ...]
    place: Place
    iterator: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    where: "Condition | None" = None
    optional: bool = False

    @property
    def form(self) -> Form:
        """How references into its rows are written."""
        return form_of(self.format)

    @property
    def needs(self) -> tuple[str, ...]:
        """The joins whose rows it is keyed on."""
        found: list[str] = []
        for on in self.on:
            value: Value | None = on
            while value is not None:
                found += [r.name for r in value.template.references if r.kind == "join"]
                value = value.default
        return tuple(dict.fromkeys(found))


def form_of(format_name: str) -> Form:
    """Return how references into a format are written."""
    forms: Mapping[str, Form] = {
        "json": "json", "jsonl": "json", "xml": "xml", "rdf": "rdf",
    }  # fmt: skip
    return forms.get(format_name, "table")


@dataclass(frozen=True, slots=True)
class Step:
    """A function with its arguments, or a code list (``lookup``)."""

    name: str
    place: Place
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    lookup: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """Texts from a template through functions and code lists; ``default`` when there were none."""

    template: Template
    place: Place
    steps: tuple[Step, ...] = ()
    default: "Value | None" = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A test of a value: equal to an operand, matching a pattern, or being there at all."""

    value: Value
    operator: Literal["in", "matches", "exists"]
    operands: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Junction:
    """``all``, ``any`` or ``not`` (none) of several conditions."""

    kind: Literal["all", "any", "none"]
    members: tuple["Condition", ...]


Condition: TypeAlias = Comparison | Junction


@dataclass(frozen=True, slots=True)
class LanguageMap:
    """A table of language → text in the record; its other keys are no languages."""

    reference: Reference
    place: Place
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingReference:
    """The subjects of another mapping in the same record or iteration."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Object:
    """What stands at the third place of a triple."""

    content: Value | LanguageMap | MappingReference
    place: Place
    iri: bool = False
    raw: bool = False
    language: Template | None = None
    datatype: str = ""
    when: Condition | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Predicates (IRIs) and objects of a mapping."""

    predicates: tuple[str, ...]
    objects: tuple[Object, ...]
    place: Place
    role: Role = "data"
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """``foreach``: a path, the rows of a join, or computed texts.

    ``on`` leaves of the joined rows those that have one of its values as key.
    """

    place: Place
    reference: Reference | None = None
    value: Value | None = None
    on: Value | None = None


@dataclass(frozen=True, slots=True)
class TriplesMap:
    """One mapping: subjects and rules, once per record or iteration."""

    name: str
    place: Place
    sources: tuple[str, ...]
    subjects: tuple[Object, ...]
    rules: tuple[Rule, ...]
    loop: Loop | None = None
    within: str = ""
    when: Condition | None = None
    shared: bool = False
    main: bool = False
    let: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodeListSpec:
    """A code list: a CSV file of the folder, or the levels of a framework."""

    name: str
    place: Place
    file: str = ""
    levels: str = ""
    to: Literal["iri", "eqf"] = "iri"
    missing: Missing = "drop"
    casefold: bool = False
    many: bool = False

    @property
    def identity(self) -> tuple[str, str, str]:
        """What it reads, whatever it is called in the mapping."""
        return self.file, self.levels, self.to


@dataclass(frozen=True, slots=True)
class Document:
    """A whole mapping."""

    prefixes: Mapping[str, str]
    codelists: Mapping[str, CodeListSpec]
    inputs: Mapping[str, Input]
    joins: Mapping[str, SideTable]
    ignore: Sequence[tuple[str, Place]]
    let: Mapping[str, Value]
    maps: Mapping[str, TriplesMap]
