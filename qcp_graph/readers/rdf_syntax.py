"""The syntaxes of RDF: which one a file has, and its triples, read by Oxigraph's parsers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any, Final, NoReturn, TypeAlias, cast
from xml.parsers import expat

import pyoxigraph as ox

from qcp_graph.elm_model import in_31
from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.namespaces import ELM_33, expand
from qcp_graph.readers import raw, rdf_elm_xml, rdf_jsonld
from qcp_graph.readers.issues import SHOWN
from qcp_graph.readers.options import Options
from qcp_graph.terms import is_iri

Node: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
Triple: TypeAlias = tuple[Node, ox.NamedNode, Term]

SUFFIXES: Final = {
    ".ttl": "turtle", ".turtle": "turtle", ".trig": "trig", ".nt": "ntriples", ".nq": "nquads",
    ".jsonld": "jsonld", ".json": "jsonld", ".rdf": "rdfxml", ".owl": "rdfxml", ".xml": "xml",
}  # fmt: skip
FORMATS: Final = {
    "turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML,
}  # fmt: skip
TYPE: Final = ox.NamedNode(expand("rdf:type"))
_ENTITY: Final = re.compile(rb"""\s*<!ENTITY\s+[A-Za-z_][\w.-]*\s+("[^"&%]*"|'[^'&%]*')\s*>""")
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE\s+[\w:.-]+\s*(?:\[(.*?)\]\s*)?>", re.DOTALL)
_PROLOG: Final = 256 * 1024
MAX_FAULTS: Final = 1000


class DamagedError(ValueError):
    """The text breaks its syntax at a line (0: unknown); what stands before it was delivered."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


@dataclass
class Faults:
    """The IRIs of a file that are none: a statement with one is left out and named."""

    file: SnapshotFile
    issues: list[Issue] = field(default_factory=list)
    _count: int = 0
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def add(self, subject: Node, value: str) -> None:
        """Take note of a statement about a subject that holds an unusable IRI."""
        named = isinstance(subject, ox.NamedNode)
        fault = (subject.value if named else "", value)
        if fault in self._seen or len(self.issues) > MAX_FAULTS:
            return
        self._seen.add(fault)
        lost = named and subject.value == value
        self.issues.append(
            Issue(
                "QCP-SRC-RDF-IRI",
                "violation" if lost else "warning",
                "The name of a thing is not an absolute IRI, so nothing said of it can be used."
                if lost
                else "An IRI is not absolute or holds characters that none may; the statement "
                "was left out.",
                record=fault[0][:SHOWN] if not lost else "",
                locator=str(Locator(self.file.name, f"<{fault[0]}>" if named else "")),
                value=value[:SHOWN],
                remedy="Correct it at the source; relative IRIs need options: {base: https://…}.",
            )
        )


def recognised(file: SnapshotFile, options: Options) -> str:
    """Return the syntax of a file: as stated, by its name, or by how it begins.

    :raises DataError: when it is none of them.
    """
    stated = options.choice("syntax")
    if stated != "auto":
        return stated
    name = PurePosixPath(file.name.removesuffix(".gz"))
    found = SUFFIXES.get(name.suffix.lower(), "")
    return found if found not in {"", "xml"} else guessed(raw.head(file), file)


def guessed(start: bytes, file: SnapshotFile) -> str:
    """Return the syntax of a text by its beginning."""
    raw.refuse_foreign(start, file, "RDF")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in {b"{", b"["} and b'"@' in text:
        return "jsonld"
    if rdf_elm_xml.looks_like(text):
        return "elm-xml"
    if b"<rdf:RDF" in text or b"http://www.w3.org/1999/02/22-rdf-syntax-ns#RDF" in text:
        return "rdfxml"
    if text.startswith(b"<?xml") or text[:1] in {b"{", b"["}:
        raise DataError(
            "QCP-SRC-FORMAT", "The file is XML or JSON, but no RDF.", where=file.name,
            remedy="Read it as referenceFormulation: xpath or jsonpath; or state options: "
            "{syntax: …}.",
        )  # fmt: skip
    return "turtle"


def triples(file: SnapshotFile, syntax: str, options: Options, faults: Faults) -> Iterator[Triple]:
    """Yield the triples of a file, ELM 3.3 in the names of 3.1, blank nodes with unique names.

    :raises DamagedError: at the first place that breaks the syntax.
    :raises DataError: for a file that is empty, hostile or needs a context that is not there.
    """
    if syntax == "elm-xml":
        yield from _usable(rdf_elm_xml.triples(file, faults.add), faults)
    elif syntax == "jsonld":
        yield from parsed(rdf_jsonld.localised(file, options), syntax, options, faults)
    else:
        with raw.open_bytes(file) as stream:
            if syntax == "rdfxml":
                _check_prolog(raw.head(file, _PROLOG), file)
            try:
                yield from parsed(cast(IO[bytes], stream), syntax, options, faults)
            except DamagedError as error:
                line = error.line or (_xml_line(file) if syntax == "rdfxml" else 0)
                raise DamagedError(str(error), line) from error


def parsed(
    content: IO[bytes] | bytes, syntax: str, options: Options, faults: Faults
) -> Iterator[Triple]:
    """Yield the triples of a text; see :func:`triples`."""
    base = options.text("base") or None
    known: dict[str, ox.NamedNode] = {}
    try:
        quads = ox.parse(
            content, FORMATS[syntax], base_iri=base, rename_blank_nodes=True, lenient=True
        )
        yield from _usable((_named(quad, known) for quad in quads), faults)
    except SyntaxError as error:
        raise DamagedError(error.msg.partition(": ")[2] or error.msg, error.lineno or 0) from error


def _usable(found: Iterator[Triple], faults: Faults) -> Iterator[Triple]:
    """Leave out what holds an IRI that is none: the parser is told to let it pass."""
    for triple in found:
        for term in triple:
            if isinstance(term, ox.Triple):  # RDF 1.2: nothing in ELM says so
                faults.add(triple[0], str(term))
                break
            iri = term.datatype.value if isinstance(term, ox.Literal) else term.value
            if not isinstance(term, ox.BlankNode) and not is_iri(iri):
                faults.add(triple[0], iri)
                break
        else:
            yield triple


def _named(quad: Any, known: dict[str, ox.NamedNode]) -> Triple:
    """Bring the names of ELM 3.3 to 3.1 (docs/adr/0003)."""
    subject, predicate, value = quad.subject, quad.predicate, quad.object
    if predicate.value.startswith(ELM_33):
        predicate = known.get(predicate.value) or known.setdefault(
            predicate.value, ox.NamedNode(in_31(predicate.value))
        )
    if predicate == TYPE and isinstance(value, ox.NamedNode) and value.value.startswith(ELM_33):
        value = ox.NamedNode(in_31(value.value))
    return subject, predicate, value


def _check_prolog(start: bytes, file: SnapshotFile) -> None:
    """Allow a document type that only abbreviates IRIs, as ontology editors write it."""
    if b"\x00" in start[:64]:
        raise DataError(
            "QCP-SRC-CHARACTERS", "The RDF/XML file is not UTF-8.", where=file.name,
            remedy="Ask the publisher for UTF-8, or convert it (iconv -t utf-8).",
        )  # fmt: skip
    if b"<!DOCTYPE" not in start and b"<!doctype" not in start.lower():
        return
    match = _DOCTYPE.search(start)
    subset = (match[1] or b"") if match else b"?"
    if _ENTITY.sub(b"", subset).strip():
        raise DataError(
            "QCP-SRC-DOCTYPE",
            "The XML file declares a document type (<!DOCTYPE …>) that does more than abbreviate "
            "IRIs; such can hide attacks.",
            where=file.name,
            remedy="Ask the publisher for a file without it; or, if you trust the file, remove it.",
        )


def _xml_line(file: SnapshotFile) -> int:
    """Return the line at which a file stops being well-formed XML; 0 when it does not."""
    parser = expat.ParserCreate()
    with raw.open_bytes(file) as stream:
        try:
            while chunk := stream.read(raw.CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            return error.lineno
    return 0


def broken(file: SnapshotFile, syntax: str, error: DamagedError) -> NoReturn:
    """Refuse a file in which nothing can be trusted after its fault.

    :raises DataError: always, with file and line.
    """
    raise DataError(
        "QCP-SRC-RDF",
        f"The file is not well-formed {LABELS[syntax]}: {str(error)[:300]}.",
        where=f"{file.name} line {error.line}" if error.line else file.name,
        remedy="Fetch it again; if it stays so, ask the publisher to correct it. Relative IRIs "
        "need options: {base: https://…}.",
    ) from error


LABELS: Final = {
    "turtle": "Turtle", "trig": "TriG", "ntriples": "N-Triples", "nquads": "N-Quads",
    "jsonld": "JSON-LD", "rdfxml": "RDF/XML", "elm-xml": "ELM XML",
}  # fmt: skip
