r"""RDF terms as N-Triples text: the form in which quads travel between the stages.

A term is its canonical N-Triples encoding (``<iri>``, ``"text"@en``, ``"3"^^<…integer>``): it is
small, hashable, sorts deterministically, pickles cheaply and is written as it stands. No blank
node is ever produced: structural nodes are fragments of the subject they belong to.

A :data:`Triple` is ``(subject, predicate, object)``; a :data:`Quad` adds a *role*
(``data``, ``provenance`` or ``links``), which the release turns into a named graph.
"""

import re
from typing import Final

import pyoxigraph

from qcp_graph.namespaces import expand

Triple = tuple[str, str, str]
Quad = tuple[str, str, str, str]

# The common case, decided without a call into the parser; everything else is asked of the parser
# itself, so that what we write is exactly what it reads.
COMMON_IRI: Final = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?/[A-Za-z0-9._~/@:-]*(?:#[A-Za-z0-9._~/-]*)?\Z"
)
_LANG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_NEEDS_ESCAPE: Final = re.compile(r'[\\"\n\r]')
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_UNESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_PLAIN: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
XSD_STRING: Final = expand("xsd:string")
RDF_TYPE: Final = f"<{expand('rdf:type')}>"


def is_iri(value: str) -> bool:
    """Tell whether ``value`` is an absolute IRI that N-Triples can carry (RFC 3987, RDF 1.1 §3.2).

    >>> is_iri("http://example.org/a"), is_iri("http://example.org/a b"), is_iri("a/b")
    (True, False, False)
    """
    if COMMON_IRI.match(value):
        return True
    if not value.isprintable() or _SURROGATE.search(value):
        return False
    try:
        pyoxigraph.NamedNode(value)
    except ValueError:
        return False
    return True


def iri(value: str) -> str:
    """Return the term of an absolute IRI.

    :raises ValueError: when ``value`` is not one.
    """
    if not is_iri(value):
        raise ValueError(f"not an absolute IRI: {value[:200]!r}")
    return f"<{value}>"


def curie(name: str) -> str:
    """Return the term of a prefixed name: ``curie("elm:EQFLevel")``."""
    return f"<{expand(name)}>"


def literal(value: str, *, language: str = "", datatype: str = "") -> str:
    r"""Return the term of a literal; plain strings carry no datatype, as N-Triples prescribes.

    >>> literal('He said "no"', language="en")
    '"He said \\"no\\""@en'

    :raises ValueError: for an ill-formed language tag (BCP 47 syntax), datatype or lone surrogate.
    """
    if _SURROGATE.search(value):
        raise ValueError("the text holds half a character (a lone surrogate)")
    text = _NEEDS_ESCAPE.sub(lambda m: _ESCAPES[m.group()], value)
    if language:
        if not _LANG.match(language):
            raise ValueError(f"not a language tag: {language[:40]!r}")
        return f'"{text}"@{language.lower()}'
    if datatype and datatype != XSD_STRING:
        return f'"{text}"^^{iri(datatype)}'
    return f'"{text}"'


def term_of(node: object) -> str:
    """Return the term of a node parsed by pyoxigraph; blank nodes keep their label (``_:b0``).

    :raises ValueError: for statements about statements.
    """
    if isinstance(node, pyoxigraph.NamedNode):
        return f"<{node.value}>"
    if isinstance(node, pyoxigraph.Literal):
        if node.language:
            return literal(node.value, language=node.language)
        return literal(node.value, datatype=node.datatype.value)
    if isinstance(node, pyoxigraph.BlankNode):
        return f"_:{node.value}"
    raise ValueError("a statement about a statement (RDF-star) is not supported")


def is_iri_term(term: str) -> bool:
    """Tell an IRI term from a literal term."""
    return term.startswith("<")


def iri_of(term: str) -> str:
    """Return the IRI of an IRI term: ``iri_of("<http://a>") == "http://a"``."""
    return term[1:-1]


def parts(term: str) -> tuple[str, str, str]:
    r"""Split a literal term into (lexical form, language, datatype IRI).

    >>> parts('"a\\nb"@fr')
    ('a\nb', 'fr', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString')
    >>> parts('"x"')
    ('x', '', 'http://www.w3.org/2001/XMLSchema#string')
    """
    end = term.rindex('"')
    text, tail = term[1:end], term[end + 1 :]
    if "\\" in text:
        text = _UNESCAPE.sub(_unescape, text)
    if tail.startswith("@"):
        return text, tail[1:], expand("rdf:langString")
    return text, "", tail[3:-1] if tail else XSD_STRING


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] in "uU" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _PLAIN.get(code, code)


def nquad(triple: Triple | Quad, graph: str) -> str:
    """Return one N-Quads line, without line end, in the named graph with IRI ``graph``."""
    return f"{triple[0]} {triple[1]} {triple[2]} <{graph}> ."
