"""RDF (Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML, ELM XML): records are subjects.

The iterator names the classes of the records, or is a SELECT query whose first variable is the
record. All files of a delivery that feed an input are one graph: what one file says of a body that
another names belongs to the record.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final

import pyoxigraph as ox

from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, Locator, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.queries import checked, words
from qcp_graph.readers import issues, rdf_elm_xml, rdf_graph
from qcp_graph.readers.options import Options
from qcp_graph.readers.rdf_names import Names
from qcp_graph.readers.rdf_syntax import TYPE, DamagedError, Faults, Node, recognised, triples
from qcp_graph.readers.rdf_tree import MAX_DEPTH, Shape, TooDeepError, TooLargeError, Trees
from qcp_graph.readers.spec import Spec

DEPTH: Final = 4
_SAMPLE: Final = 20_000
_SHOWN: Final = 20
_BEGINS: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n)*"
    rb"(?:@?(?:prefix|base)\s+[^\n]*<|(?:<[^<>\s]+>|_:\w+)\s+<[^<>\s]+>\s+[<\"_])",
    re.IGNORECASE,
)
_BESIDE: Final = frozenset({"#text", "@local", "@datatype", "@language", "@again"})


def read(
    spec: Spec, files: Sequence[SnapshotFile], max_record_bytes: int
) -> Iterator[SourceRecord | Issue]:
    """Yield the records of some files, in an order that their content decides.

    A statement that is damaged is an issue, and its subject is not delivered.

    :raises UsageError: for an iterator or option that names nothing known.
    :raises DataError: for a file that cannot be read, with its line where there is one.
    """
    options = Options(spec)
    names = Names(options.names("prefixes"), options.texts("local"))
    wanted = _Wanted(spec.iterator, names)
    cut = {*wanted.classes, *_full(names, options.texts("cut"), "cut")}
    shape = Shape(
        options.number("depth", DEPTH),
        frozenset(_full(names, options.texts("follow"), "follow")),
        frozenset(cut),
        tuple(_full(names, options.texts("inverse"), "inverse")),
        frozenset(_full(names, options.texts("once"), "once")),
    )
    with rdf_graph.opened(files, options) as graph:
        yield from graph.issues
        trees = Trees(graph, names, shape, max_record_bytes)
        empty = not graph.issues
        for node, file in wanted.records(graph):
            if not isinstance(node, ox.NamedNode) or node.value not in graph.damaged:
                empty = False
                yield _record(trees, node, file, max_record_bytes)
        if empty and options.choice("absent") == "refuse":
            raise _absent(spec.iterator, graph, names)
        if empty:
            yield issues.no_records(", ".join(file.name for file in files[:3]))
        elif graph.small and options.choice("rest") == "tell":
            yield from _left(graph, trees.met, names, shape.cut)


def _record(trees: Trees, node: Node, file: SnapshotFile, limit: int) -> SourceRecord | Issue:
    named = isinstance(node, ox.NamedNode)
    locator = Locator(file.name, f"<{node.value}>" if named else "a node without an IRI")
    try:
        data = trees.tree(node)
    except TooLargeError:
        return issues.too_large(locator, limit)
    except TooDeepError:
        return issues.too_deep(locator, MAX_DEPTH)
    return SourceRecord(data, locator if named else Locator(file.name, f"_:{data['@local']}"))


def _absent(iterator: str, graph: rdf_graph.Graph, names: Names) -> DataError:
    """Refuse a delivery of which the iterator selects nothing, naming what there is instead."""
    found = [names.short(kind) for kind, _ in graph.left(set()).most_common(5)]
    return DataError(
        "QCP-SRC-ITERATOR",
        f"The iterator {' '.join(iterator.split())[:200]!r} selects nothing. Most things are of "
        f"class {', '.join(found) or '-'}.",
        where=", ".join(file.name for file in graph.files[:3]),
        remedy="Name one of the file's classes as iterator. Where a delivery may lack them: "
        "options: {absent: skip}.",
    )


def _left(
    graph: rdf_graph.Graph, met: set[str], names: Names, cut: frozenset[str]
) -> Iterator[Issue]:
    """Say which things no record reaches: nothing is made of them, unless by another input."""
    for kind, count in graph.left(met).most_common(_SHOWN):
        if count and kind not in cut:
            yield Issue(
                "QCP-SRC-RDF-REST",
                "info",
                f"{count} thing(s) of class {names.short(kind)} belong to no record; nothing is "
                "made of them.",
                locator=", ".join(file.name for file in graph.files[:3]),
                value=kind,
                remedy="If they matter, name their class in the iterator, or reach them with the "
                "options follow, depth or inverse.",
            )


class _Wanted:
    """What an iterator selects: instances of classes, or the solutions of a query."""

    def __init__(self, iterator: str, names: Names) -> None:
        self.query = ""
        self.classes: list[str] = []
        if words(iterator):
            self.query = checked(iterator, "SELECT", "iterator")
            self._try_out()
        else:
            self.classes = _full(names, iterator.replace(",", " ").split(), "iterator")
            if not self.classes:
                raise _unusable("iterator", "it names no class")

    def _try_out(self) -> None:
        try:
            ox.Store().query(self.query)
        except SyntaxError as error:
            raise _unusable("iterator", f"the query is not SPARQL: {error.msg}") from error

    def records(self, graph: rdf_graph.Graph) -> Iterator[tuple[Node, SnapshotFile]]:
        """Yield the records of a graph with their files."""
        return graph.selected(self.query) if self.query else graph.instances(self.classes)


def _full(names: Names, texts: Sequence[str], where: str) -> list[str]:
    try:
        return [names.full(text) for text in texts]
    except ValueError as error:
        raise _unusable(where, str(error)) from error


def _unusable(where: str, reason: str) -> UsageError:
    return UsageError(
        "QCP-SRC-ITERATOR", f"`{where}` cannot be used: {reason[:300]}.",
        remedy="Name classes or properties (elm:Qualification) whose prefix is known or stands in "
        "options: {prefixes: …}; or, as iterator, write SELECT ?record WHERE { … }.",
    )  # fmt: skip


def fields(data: Mapping[str, JsonValue]) -> Iterator[str]:
    """Yield the paths of all values of a record, as a mapping refers to them.

    >>> list(fields({"@id": "http://a/b", "x:p": {"#text": "t", "@language": "en", "@@en": "t"}}))
    ['@id', 'x:p']
    """
    for key, value in data.items():
        if key in _BESIDE or key.startswith("@@"):
            continue
        items = value if isinstance(value, list) else [value]
        inner = [item for item in items if isinstance(item, Mapping)]
        if key.startswith("@") or len(inner) < len(items) or any("#text" in i for i in inner):
            yield key
        for item in inner:
            for path in fields(item):
                if path not in {"@id", "@type"} or "#text" not in item:
                    yield f"{key}/{path}"


def looks_like(start: bytes, name: str) -> bool:
    r"""Tell whether a file is RDF by its beginning; JSON-LD, which is JSON as well, by its name.

    >>> looks_like(b"# units\n@prefix a: <http://a/> .", "x"), looks_like(b"a,b\n1,2", "x")
    (True, False)
    """
    if name.lower().removesuffix(".gz").removesuffix(".zst").endswith(".jsonld"):
        return True
    return bool(_BEGINS.match(start)) or rdf_elm_xml.looks_like(start) or b"<rdf:RDF" in start


def main_class(file: SnapshotFile) -> str:
    """Return the likeliest iterator of a file: elm:Qualification, else its most frequent class.

    :raises DataError: when the file is no RDF.
    """
    options = Options(_Sniffed({}))
    found = recognised(file, options)
    counts: Counter[str] = Counter()
    with suppress(DamagedError):
        for _, predicate, value in islice(triples(file, found, options, Faults(file)), _SAMPLE):
            if predicate == TYPE and isinstance(value, ox.NamedNode):
                counts[value.value] += 1
    names = Names({})
    qualification = names.full("elm:Qualification")
    best = qualification if qualification in counts else next(iter(counts.most_common(1)), ("",))[0]
    return names.short(best) if best else ""


class _Sniffed:
    """Options before there is a mapping."""

    def __init__(self, options: Mapping[str, object]) -> None:
        self.format = "rdf"
        self.options = options
