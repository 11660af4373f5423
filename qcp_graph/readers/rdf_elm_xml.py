"""The Commission's ELM XML (``loq.xsd``, ``ams.xsd``): the same model as the RDF, read as triples.

An element with ``id`` is a thing of its own, ``idref`` and ``uri`` point to one, ``language`` tags
a text; all other elements with content are nodes without a name. Which property an element is, and
what its value is, says the model table (:mod:`qcp_graph.elm_model`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import quote
from xml.parsers import expat

import pyoxigraph as ox

from qcp_graph import elm_model
from qcp_graph.errors import DataError
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.namespaces import ELM_31, expand
from qcp_graph.readers import raw
from qcp_graph.readers.xml_records import refuse_doctype

Node: TypeAlias = ox.NamedNode | ox.BlankNode
Triple: TypeAlias = tuple[Node, ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.Literal]
Lost: TypeAlias = Callable[[Node, str], None]
MAX_DEPTH: Final = 60
_THING: Final = 3  # the level of things: root, group of references, thing
MAX_BYTES: Final = 64 * 1024**2
"""Of one thing with all that stands inside it."""
_ROOTS: Final = re.compile(rb"<(?:[\w.-]+:)?(?:Courses|Accreditations)[\s>]")
_PROFILE: Final = b"/model/ap/"
_PROFILE_33: Final = b"/model/application-profile/"
_TYPE: Final = ox.NamedNode(expand("rdf:type"))
_CONCEPT: Final = expand("skos:Concept")
_LANG: Final = expand("rdf:langString")
_STRING: Final = expand("xsd:string")
_ANY: Final = expand("rdfs:Literal")
_MAILBOX: Final = expand("elm:Mailbox")
_CLASSES: Final = {"location": "dcterms:Location"}  # others: elm: and the name in capitals
_PREFERRED: Final = ("elm:Identifier", "elm:Organisation", "elm:Qualification")


def looks_like(start: bytes) -> bool:
    """Tell whether a text begins as the Commission's XML does."""
    return bool(_ROOTS.search(start)) and (_PROFILE in start or _PROFILE_33 in start)


@dataclass(slots=True)
class _Element:
    """An element, complete."""

    name: str
    attributes: dict[str, str]
    texts: list[str] = field(default_factory=list)
    children: list["_Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts).strip()


def triples(file: SnapshotFile, lost: Lost) -> Iterator[Triple]:
    """Yield the triples of an ELM XML file, one thing after the other.

    A ``uri`` that is none is told to ``lost`` with what it was said of. An ``id`` that is none is
    a name inside the file.

    :raises DataError: for XML that is not well formed (with its line), nests too deeply, or has a
        document type.
    """
    for element in _entities(file):
        yield from _Things(lost).entity(element)


class _Builder:
    """Hears the parser's events; ready are the elements of the third level: root, group, thing."""

    def __init__(self, file: SnapshotFile) -> None:
        self.ready: list[_Element] = []
        self._file = file
        self._stack: list[_Element] = []
        self._begun = 0
        self.parser = expat.ParserCreate(None, " ", intern={})
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = lambda *_: refuse_doctype(file.name)

    def _start(self, raw_name: str, attributes: dict[str, str]) -> None:
        place = self.parser.CurrentByteIndex
        if len(self._stack) >= MAX_DEPTH:
            raise self._hostile(f"elements nest deeper than {MAX_DEPTH} levels")
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self._stack.append(_Element(raw_name.rpartition(" ")[2], plain))
        if len(self._stack) <= _THING:
            self._begun = place
        elif place - self._begun > MAX_BYTES:
            raise self._hostile("a single thing is larger than 64 MB")

    def _end(self, _name: str) -> None:
        element = self._stack.pop()
        if len(self._stack) == _THING - 1:
            self.ready.append(element)
        elif len(self._stack) >= _THING:
            self._stack[-1].children.append(element)

    def _text(self, data: str) -> None:
        if len(self._stack) >= _THING:
            self._stack[-1].texts.append(data)

    def _hostile(self, reason: str) -> DataError:
        return DataError(
            "QCP-SRC-DEPTH", f"The file cannot be a register's export: {reason}.",
            where=f"{self._file.name} line {self.parser.CurrentLineNumber}",
            remedy="Check that it is the register's export.",
        )  # fmt: skip


def _entities(file: SnapshotFile) -> Iterator[_Element]:
    builder = _Builder(file)
    with raw.open_bytes(file) as stream:
        try:
            while chunk := stream.read(raw.CHUNK):
                builder.parser.Parse(chunk, False)
                yield from builder.ready
                builder.ready.clear()
            builder.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise DataError(
                "QCP-SRC-XML",
                f"The file is not well-formed XML: {expat.ErrorString(error.code)}.",
                where=f"{file.name} line {error.lineno}, column {error.offset + 1}",
                remedy="Fetch it again; if it stays so, ask the publisher to correct it.",
            ) from error


class _Things:
    """Turns elements into triples."""

    def __init__(self, lost: Lost) -> None:
        self._lost = lost

    def entity(self, element: _Element) -> Iterator[Triple]:
        """Yield what an element of the third level says."""
        name = element.attributes.get("id", "").strip()
        subject = _named(name) if name else ox.BlankNode()
        yield from self._described(subject, _class(element.name), element)

    def _described(self, subject: Node, kind: str, element: _Element) -> Iterator[Triple]:
        if not _absolute(kind):
            self._lost(subject, kind)
            return
        yield subject, _TYPE, ox.NamedNode(kind)
        properties = elm_model.properties_of((kind,))
        for child in element.children:
            predicate, values = _property(child, properties)
            if _absolute(predicate):
                yield from self._value(subject, ox.NamedNode(predicate), values, child)
            else:
                self._lost(subject, predicate)

    def _value(
        self, subject: Node, predicate: ox.NamedNode, values: tuple[str, ...], child: _Element
    ) -> Iterator[Triple]:
        other = child.attributes.get("idref", "").strip()
        concept = child.attributes.get("uri", "").strip()
        if concept and not other and not _absolute(concept):
            self._lost(subject, concept)
        elif other or concept:
            node = _named(other or concept)
            yield subject, predicate, node
            if child.children:
                yield from self._described(node, _CONCEPT, child)
        elif child.children:
            inner = ox.BlankNode()
            yield subject, predicate, inner
            yield from self._described(inner, _nested(child, values), child)
        elif child.text:
            yield subject, predicate, _literal(child, values)


def _named(name: str) -> ox.NamedNode:
    """Return the node of an ``id`` or ``idref``, which may be a name inside the file only."""
    return ox.NamedNode(name if _absolute(name) else f"urn:elm-xml:{quote(name, safe='')}")


def _class(name: str) -> str:
    return expand(_CLASSES.get(name, f"elm:{name[:1].upper()}{name[1:]}"))


def _property(child: _Element, properties: elm_model.Properties) -> tuple[str, tuple[str, ...]]:
    """Return the property an element stands for; one that the model lacks stays visible as ELM."""
    for iri, values in properties.items():
        if re.split("[/#]", iri)[-1] == child.name:
            return iri, values
    return ELM_31 + child.name, ()


def _nested(child: _Element, values: tuple[str, ...]) -> str:
    """Return the class of a node without a name: a legal identifier is told by its country."""
    legal = expand("elm:LegalIdentifier")
    if legal in values and any(inner.name == "spatial" for inner in child.children):
        return legal
    for name in _PREFERRED:
        if expand(name) in values:
            return expand(name)
    return values[0] if values and not values[0].startswith(expand("xsd:")) else _class(child.name)


def _literal(child: _Element, values: tuple[str, ...]) -> ox.NamedNode | ox.Literal:
    language = child.attributes.get("language") or child.attributes.get("lang") or ""
    if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", language):
        return ox.Literal(child.text, language=language)
    if "IRI" in values and _absolute(child.text):
        return ox.NamedNode(child.text)
    if _MAILBOX in values and _absolute(f"mailto:{child.text.removeprefix('mailto:')}"):
        return ox.NamedNode(f"mailto:{child.text.removeprefix('mailto:')}")
    if values and not any(v in {_LANG, _STRING, _ANY, "IRI"} for v in values):
        if values[0].startswith(expand("xsd:")):
            return ox.Literal(child.text, datatype=ox.NamedNode(values[0]))
        if _absolute(child.text):
            return ox.NamedNode(child.text)
    stated = child.attributes.get("type", "")
    if _ANY in values and _absolute(stated):
        return ox.Literal(child.text, datatype=ox.NamedNode(stated))
    return ox.Literal(child.text)


def _absolute(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True
