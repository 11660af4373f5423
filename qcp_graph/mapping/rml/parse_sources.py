"""Logical sources and targets of an RML document (RML-IO; the original RML's plain file names)."""

from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox

from qcp_graph.mapping.problems import hint
from qcp_graph.mapping.rml.graph import Resource
from qcp_graph.mapping.rml.model import Formulation, Location, LogicalSource, Target
from qcp_graph.mapping.rml.vocabulary import CSVW, D2RQ, FORMATS, RML, local

FORMULATIONS: Final[Mapping[str, Formulation]] = {
    "CSV": "csv", "JSONPath": "json", "XPath": "xml", "XPathReferenceFormulation": "xml",
}  # fmt: skip
COMPRESSIONS: Final = ("none", "gzip", "zip", "targz", "tarxz")
SERIALIZATIONS: Final[Mapping[str, str]] = {
    "N-Quads": "nq", "N-Triples": "nt", "Turtle": "ttl", "TriG": "trig", "JSON-LD": "jsonld",
    "RDF_XML": "rdf", "N3": "n3",
}  # fmt: skip
ENCODINGS: Final = ("UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "ISO-8859-1", "US-ASCII")


def logical_source(about: Resource) -> LogicalSource:
    """Interpret a logical source.

    :raises UsageError: QCP-RML-SOURCE for what is no file, or of a format we do not read.
    """
    about.check_words()
    source = about.one("source")
    if asked := _asked(about, source):
        location = _database(source)
        return LogicalSource(location, "sql", "", asked, frozenset(), about.place)
    if source is None:
        message = "A logical source needs rml:source, which names a file."
        raise about.fault("QCP-RML-SOURCE", message)
    formulation, options = _formulation(about)
    location, nulls, more = _file(source)
    if formulation == "csv":
        tabs = location.path.lower().endswith((".tsv", ".tsv.gz"))
        options = {"delimiter": "\t" if tabs else ",", **options}
    return LogicalSource(
        location,
        formulation,
        about.text("iterator") or "",
        tuple(sorted({**options, **more}.items(), key=lambda pair: pair[0])),
        nulls,
        about.place,
    )


def _asked(about: Resource, source: Resource | None) -> tuple[tuple[str, object], ...]:
    """Return the table or query of a database; nothing for any other source (R2RML §5)."""
    node = about.terms("referenceFormulation")
    formulation = local(node[0].value) if node and isinstance(node[0], ox.NamedNode) else ""
    stated, text = about.text("table"), about.text("iterator")
    if stated is not None and text:
        raise about.fault("QCP-RML-SOURCE", "Name a table or a query, not both.")
    if stated is not None:
        return (("table", stated.strip('"')),)
    if formulation == "SQL2008Table" and text:
        return (("table", text.strip('"')),)
    database = source is None or source.has(D2RQ + "jdbcDSN")
    if text and (database or formulation in {"SQL2008Query", "SQL2008"}):
        return (("query", text),)
    return ()


def _database(source: Resource | None) -> Location:
    """Return the file of an SQLite database; any other is the one that is given with a run."""
    if source is None:
        return Location("", "database")
    if isinstance(source.node, ox.Literal) or source.has("path"):
        return _file(source)[0]
    address = source.text(D2RQ + "jdbcDSN") or ""
    if address.startswith("jdbc:sqlite:"):
        return Location(address.removeprefix("jdbc:sqlite:"))
    return Location("", "database")


def _formulation(about: Resource) -> tuple[Formulation, dict[str, object]]:
    found = about.one("referenceFormulation")
    if found is None:
        raise about.fault("QCP-RML-SOURCE", "The logical source has no rml:referenceFormulation.")
    named = {local(found.node.value)} if isinstance(found.node, ox.NamedNode) else set()
    words = named | {local(kind) for kind in found.types()}
    known = [FORMULATIONS[word] for word in words if word in FORMULATIONS]
    if not known:
        word = next(iter(sorted(words)), "none")
        raise about.fault(
            "QCP-RML-SOURCE", f"The reference formulation {word[:80]!r} is not supported.",
            hint(word, FORMULATIONS),
        )  # fmt: skip
    pairs = [(n.text("namespacePrefix"), n.text("namespaceURL")) for n in found.each("namespace")]
    namespaces = tuple(sorted((prefix or "", iri or "") for prefix, iri in pairs))
    return known[0], {"namespaces": namespaces} if namespaces else {}


def _file(source: Resource) -> tuple[Location, frozenset[str], dict[str, object]]:
    if isinstance(source.node, ox.Literal):
        return Location(source.node.value, "either"), frozenset(), {}
    source.check_words()
    options: dict[str, object] = {}
    if source.has(CSVW + "url"):
        options = _dialect(source)
        return Location(_text(source, CSVW + "url")), _nulls(source), options
    path = source.text("path")
    if path is None:
        kinds = ", ".join(sorted(local(kind) for kind in source.types())) or "no type"
        message = f"The source ({kinds}) is no file: it has no rml:path."
        raise source.fault("QCP-RML-SOURCE", message, "Fetch the data first, and name the file.")
    if encoding := _encoding(source):
        options["encoding"] = encoding
    return Location(path, _root(source), _compression(source)), _nulls(source), options


def _text(about: Resource, name: str) -> str:
    node = about.terms(name)[0]
    return node.value if isinstance(node, ox.Literal | ox.NamedNode) else ""


def _dialect(table: Resource) -> dict[str, object]:
    """Return reader options from a CSVW dialect (CSVW metadata §5.9)."""
    options: dict[str, object] = {}
    for dialect in table.each(CSVW + "dialect"):
        for name, option in (("delimiter", "delimiter"), ("quoteChar", "quotechar"),
                             ("encoding", "encoding")):  # fmt: skip
            if dialect.has(CSVW + name):
                options[option] = _text(dialect, CSVW + name)
        if dialect.has(CSVW + "header") and _text(dialect, CSVW + "header") == "false":
            options["header"] = 0
    return options


def _root(source: Resource) -> str:
    found = source.one("root")
    if found is None:  # RML-IO: the folder the program runs in
        return "cwd"
    if isinstance(found.node, ox.Literal):
        return f"path:{found.node.value}"
    name = source.name("root")
    known = {RML + "MappingDirectory": "mapping", RML + "CurrentWorkingDirectory": "cwd"}
    if name not in known:
        words = [local(word) for word in known]
        message = f"Unknown rml:root {local(name)[:80]!r}."
        raise source.fault("QCP-RML-VOCABULARY", message, hint(local(name), words))
    return known[name]


def _nulls(source: Resource) -> frozenset[str]:
    found = {n.value for n in source.terms("null") if isinstance(n, ox.Literal)}
    return frozenset(found | {_text(source, CSVW + "null")} if source.has(CSVW + "null") else found)


def _compression(about: Resource) -> str:
    name = local(about.name("compression") or "none")
    if name not in COMPRESSIONS:
        message = f"Unknown compression {name[:80]!r}."
        raise about.fault("QCP-RML-VOCABULARY", message, hint(name, COMPRESSIONS))
    return "" if name == "none" else name


def _encoding(about: Resource) -> str:
    name = local(about.name("encoding") or "")
    if name and name not in ENCODINGS:
        message = f"Unknown encoding {name[:80]!r}."
        raise about.fault("QCP-RML-VOCABULARY", message, hint(name, ENCODINGS))
    return name.lower()


def target(about: Resource) -> Target:
    """Interpret a logical target.

    :raises UsageError: QCP-RML-TARGET for what is no file, or in a form we do not write.
    """
    about.check_words()
    place = about.one("target")
    path = place.text("path") if place else None
    if place is None or path is None:
        message = "A logical target needs rml:target with rml:path, which names a file."
        raise about.fault("QCP-RML-TARGET", message)
    form = about.name("serialization") or FORMATS + "N-Quads"
    if local(form) not in SERIALIZATIONS:
        message = f"Triples are not written as {local(form)[:80]!r}."
        raise about.fault("QCP-RML-TARGET", message, hint(local(form), SERIALIZATIONS))
    location = Location(path, _root(place), _compression(about) or _compression(place))
    return Target(
        str(about.node), location, SERIALIZATIONS[local(form)],
        _encoding(about) or _encoding(place) or "utf-8", about.place,
    )  # fmt: skip
