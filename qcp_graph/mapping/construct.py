"""``construct``: a SPARQL query makes the triples of a record of the record's own statements."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from qcp_graph.as_written import kept, restored
from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.mapping.frames import Run
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.rdf_names import Expander, Tree, is_literal, items, properties
from qcp_graph.mapping.spec import Input, Role
from qcp_graph.mapping.straight import Trace, iri_term, literal_term, reporter
from qcp_graph.model.record import JsonValue
from qcp_graph.namespaces import expand
from qcp_graph.queries import checked

OWN: Final = ("qualification", "outcome", "organisation", "opportunity")
MAX_BYTES: Final = 1024 * 1024
_TYPE: Final = ox.NamedNode(expand("rdf:type"))
_RECORD: Final = ox.Variable("record")
_SUBJECT: Final = ox.Variable("subject")
_ROUNDS: Final = 8
Node: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
Triple: TypeAlias = tuple[Node, ox.NamedNode, Term]
Bound: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Construct:
    """The queries of one source; see :class:`~qcp_graph.mapping.straight.Straight`."""

    def __init__(self, spec: Input, folder: Path, source_id: str, iris: Iris) -> None:
        """Read and check the queries.

        :raises UsageError: for a file that is missing, or a query that is none or reaches out.
        """
        self._place = str(spec.place)
        self._queries = {role: _read(folder, name, spec) for role, name in spec.construct.items()}
        self._own = tuple(iris.namespace(kind, source_id) for kind in OWN)
        self._shared = iris.namespace("organisation", source_id)
        prefixes = spec.options.get("prefixes", {})
        self._names = Expander(dict(prefixes) if isinstance(prefixes, Mapping) else {})

    def content(self) -> str:
        """Return the queries, for the fingerprint."""
        return repr(sorted(self._queries.items()))

    def add(self, data: Tree, subject: str, run: Run, trace: Trace) -> None:
        """Add the triples that the queries make of a record."""
        store = ox.Store()
        record = _filled(store, data, self._names)
        bound: dict[ox.Variable, Bound] = {_RECORD: record, _SUBJECT: ox.NamedNode(subject)}
        for role, query in self._queries.items():
            found = store.query(query, substitutions=bound)
            assert isinstance(found, ox.QueryTriples)
            self._take([_plain(t) for t in found], subject, role, run, trace)

    def _take(
        self, found: Sequence[Triple], subject: str, role: Role, run: Run, trace: Trace
    ) -> None:
        names = skolems(found, subject)
        for s, p, o in found:
            report = reporter(run, f"construct {p.value}", self._place)
            about = names[s.value] if isinstance(s, ox.BlankNode) else s.value
            if not about.startswith(self._own):
                report(
                    "QCP-MAP-CONSTRUCT", "The query says something of what is not this register's.",
                    about, "Let it speak of ?subject or of IRIs of this register.",
                )  # fmt: skip
                continue
            if isinstance(o, ox.Literal):
                o = restored(o)
                term = literal_term(o.value, o.language or "", o.datatype.value, report)
            else:
                term = iri_term(names[o.value] if isinstance(o, ox.BlankNode) else o.value, report)
            start, predicate = iri_term(about, report), iri_term(p.value, report)
            if term and start and predicate:
                quads = run.shared if about.startswith(self._shared) else run.quads
                quads[start, predicate, term, role] = None
                trace[start, predicate, term, role] = f"{self._place} construct ({role})", ()


def _read(folder: Path, name: str, spec: Input) -> str:
    path = folder / name
    if Path(name).name != name or not path.is_file() or path.stat().st_size > MAX_BYTES:
        message = f"The query {name!r} is not a file in the folder of the mapping."
        raise fault("QCP-MAP-FILE", message, spec.place)
    query = checked(path.read_text(encoding="utf-8"), "CONSTRUCT", name)
    try:
        ox.Store().query(query)
    except SyntaxError as error:
        raise UsageError(
            "QCP-MAP-QUERY", f"The query is not SPARQL: {error.msg[:300]}", where=name,
            remedy="Correct it; a SPARQL editor shows the place.",
        ) from error  # fmt: skip
    return query


def _plain(triple: ox.Triple) -> Triple:
    subject, value = triple.subject, triple.object
    assert isinstance(subject, ox.NamedNode | ox.BlankNode)
    assert isinstance(value, ox.NamedNode | ox.BlankNode | ox.Literal)
    return subject, triple.predicate, value


def _filled(store: ox.Store, data: Tree, names: Expander) -> Node:
    """Put the statements of a record into a store; return its node."""
    node = _node(data)
    for subject, predicate, value in _statements(node, data, names):
        store.add(ox.Quad(subject, predicate, value))
    return node


def _node(tree: Tree) -> Node:
    name = tree.get("@id")
    return ox.NamedNode(name) if isinstance(name, str) else ox.BlankNode()


def _statements(node: Node, tree: Tree, names: Expander) -> Iterator[Triple]:
    for kind in items(tree.get("@type", ())):
        if isinstance(kind, str):
            yield node, _TYPE, ox.NamedNode(names.iri(kind))
    for name, value in properties(tree):
        predicate = ox.NamedNode(names.iri(name))
        for item in items(value):
            yield from _statement(node, predicate, item, names)
    for name, value in tree.items():
        if name.startswith("is ") and name.endswith(" of"):
            predicate = ox.NamedNode(names.iri(name[3:-3]))
            for item in items(value):
                if isinstance(item, Mapping):
                    other = _node(item)
                    yield other, predicate, node
                    yield from _statements(other, item, names)


def _statement(
    node: Node, predicate: ox.NamedNode, item: JsonValue, names: Expander
) -> Iterator[Triple]:
    if is_literal(item):
        yield node, predicate, _literal(item, names)
    elif isinstance(item, Mapping):
        inner = _node(item)
        yield node, predicate, inner
        yield from _statements(inner, item, names)


def _literal(item: JsonValue, names: Expander) -> ox.Literal:
    if not isinstance(item, Mapping):
        return ox.Literal(str(item))
    text, language, datatype = str(item["#text"]), item.get("@language"), item.get("@datatype")
    if isinstance(language, str):
        return ox.Literal(text, language=language)
    if isinstance(datatype, str):
        return kept(ox.Literal(text, datatype=ox.NamedNode(names.iri(datatype))))
    return ox.Literal(text)


def skolems(found: Sequence[Triple], subject: str) -> Mapping[str, str]:
    """Return an IRI for each blank node: a fragment of the record, named by what is said of it.

    Blank nodes of which exactly the same is said become one.
    """
    labels = {
        node.value: ""
        for s, _, o in found
        for node in (s, o)
        if isinstance(node, ox.BlankNode)
    }  # fmt: skip
    for _ in range(_ROUNDS if labels else 0):
        said: dict[str, list[str]] = {label: [] for label in labels}
        for s, p, o in found:
            if isinstance(s, ox.BlankNode):
                said[s.value].append(f"{p.value} {_label(o, labels)}")
        labels = {name: _digest("\n".join(sorted(lines))) for name, lines in said.items()}
    return {name: f"{subject}#n-{label}" for name, label in labels.items()}


def _label(term: Term, labels: Mapping[str, str]) -> str:
    return labels[term.value] if isinstance(term, ox.BlankNode) else str(term)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
