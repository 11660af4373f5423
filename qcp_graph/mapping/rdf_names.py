"""Names in a record of RDF, as the reader wrote them, and the IRIs they stand for."""

from collections.abc import Iterator, Mapping, Sequence

from qcp_graph.model.record import JsonValue
from qcp_graph.namespaces import PREFIXES

Tree = Mapping[str, JsonValue]


class Expander:
    """Turns ``dcterms:title`` and ``<http://…>`` back into IRIs."""

    def __init__(self, own: Mapping[str, str]) -> None:
        self._prefixes = {**PREFIXES, **own}
        self._known: dict[str, str] = {}

    def iri(self, name: str) -> str:
        """Return the IRI of a name.

        >>> Expander({}).iri("elm:Note"), Expander({}).iri("<http://a/b>")
        ('http://data.europa.eu/snb/model/elm/Note', 'http://a/b')
        """
        found = self._known.get(name)
        if found is None:
            prefix, _, local = name.partition(":")
            found = name[1:-1] if name.startswith("<") else self._prefixes.get(prefix, "") + local
            if len(self._known) < 100_000:
                self._known[name] = found
        return found


def items(value: JsonValue) -> Sequence[JsonValue]:
    """Return the values of a field: one or a list."""
    return value if isinstance(value, list | tuple) else (value,)


def texts(value: JsonValue) -> list[str]:
    """Return the texts among the values of a field.

    >>> texts(["a", {"@id": "b"}])
    ['a']
    """
    return [item for item in items(value) if isinstance(item, str)]


def properties(tree: Tree) -> Iterator[tuple[str, JsonValue]]:
    """Yield the properties of a node with their values, without what the reader added."""
    for name, value in tree.items():
        if name[:1] not in {"@", "#"} and not name.startswith("is "):
            yield name, value


def is_literal(item: JsonValue) -> bool:
    """Tell a literal from a node."""
    return isinstance(item, str) or (
        isinstance(item, Mapping) and "#text" in item and "@id" not in item
    )
