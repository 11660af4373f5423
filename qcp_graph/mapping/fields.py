"""Typed access to the tree of a mapping file; a key that is not known is an error."""

from collections.abc import Iterator, Mapping, Sequence

from qcp_graph.mapping.nodes import Listing, Node, Place, Scalar, Table
from qcp_graph.mapping.problems import fault, unknown

# YARRRML allows singular, plural and short names for the same key.
ALIASES: Mapping[str, str] = {
    "mapping": "mappings", "source": "sources",
    "subject": "subjects", "s": "subjects",
    "predicateobject": "predicateobjects", "po": "predicateobjects",
    "predicate": "p", "predicates": "p",
    "object": "o", "objects": "o",
    "v": "value", "graphs": "graph", "g": "graph", "condition": "when",
}  # fmt: skip


# Keys of YARRRML that say what the program decides elsewhere, or in another way.
REFUSED: Mapping[str, str] = {
    "targets": "Leave it out: `qcp build` and `qcp map` decide where results go.",
    "target": "Leave it out: `qcp build` and `qcp map` decide where results go.",
    "base": "Set base_iri in the settings; write other beginnings of IRIs as prefixes.",
    "external": "Write the value itself, or give it a name under `let`.",
    "inversepredicates": "Write the triple in the mapping of its subject.",
    "inversepredicate": "Write the triple in the mapping of its subject.",
    "credentials": "Passwords do not belong in a mapping: see docs/readers.md.",
    "security": "Passwords do not belong in a mapping: see docs/readers.md.",
    "delimiter": "Write it as a reader option: options: {delimiter: ';'}.",
    "encoding": "Write it as a reader option: options: {encoding: utf-8}.",
    "query": "See docs/readers.md for how a database is read.",
    "queryFormulation": "See docs/readers.md for how a database is read.",
}


class Fields:
    """A table of which only certain keys are known (YARRRML's other names for them included)."""

    def __init__(
        self, node: Node, what: str, known: Sequence[str], aliases: Mapping[str, str] = ALIASES
    ) -> None:
        self.node = table(node, what)
        self.what = what
        self.place = self.node.place
        self._found: dict[str, Node] = {}
        self._places: dict[str, Place] = {}
        for key, value in self.node.entries.items():
            name = key if key in known else aliases.get(key, key)
            place = self.node.places[key]
            if name not in known and key in REFUSED:
                message = f"The key {key!r} of YARRRML is not used here."
                raise fault("QCP-MAP-KEYWORD", message, place, REFUSED[key])
            if name not in known:
                raise unknown("QCP-MAP-KEYWORD", f"key of {what}", key, known, place)
            if name in self._found:
                raise fault("QCP-MAP-YAML", f"{key!r} says the same as an earlier key.", place)
            self._found[name] = value
            self._places[name] = place

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def get(self, name: str) -> Node | None:
        """Return what a key holds."""
        return self._found.get(name)

    def need(self, name: str) -> Node:
        """Return what a required key holds."""
        node = self._found.get(name)
        if node is None or (isinstance(node, Scalar) and node.empty):
            raise fault("QCP-MAP-KEYWORD", f"{self.what} needs the key {name!r}.", self.place)
        return node

    def line(self, name: str) -> Place:
        """Return the place of a key."""
        return self._places.get(name, self.place)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; required when there is no default."""
        if default is not None and name not in self._found:
            return default
        return scalar(self.need(name), f"{name!r} of {self.what}").text

    def flag(self, name: str) -> bool:
        """Return true or false (the default)."""
        return self.choice(name, ("false", "true")) == "true"

    def choice(self, name: str, allowed: Sequence[str]) -> str:
        """Return one of the allowed words; the first is the default."""
        value = self.text(name, allowed[0])
        if value not in allowed:
            what = f"value for {name!r} of {self.what}"
            raise unknown("QCP-MAP-KEYWORD", what, value, allowed, self.line(name))
        return value

    def entries(self, name: str) -> Iterator[tuple[str, Node, Place]]:
        """Yield key, value and place of a table, which may be missing."""
        node = self._found.get(name)
        if node is None or (isinstance(node, Scalar) and node.empty):
            return
        inner = table(node, f"{name!r}")
        for key, value in inner.entries.items():
            yield key, value, inner.places[key]


def table(node: Node, what: str) -> Table:
    """Return the node, when it is a table."""
    if not isinstance(node, Table):
        raise fault("QCP-MAP-KEYWORD", f"{what} must be a table (key: value).", node.place)
    return node


def scalar(node: Node, what: str) -> Scalar:
    """Return the node, when it is a text."""
    if not isinstance(node, Scalar):
        raise fault("QCP-MAP-KEYWORD", f"{what} must be a single text.", node.place)
    return node


def items(node: Node) -> tuple[Node, ...]:
    """Return the items of a list, or the node itself as the only one."""
    return node.items if isinstance(node, Listing) else (node,)


def texts(node: Node, what: str) -> tuple[str, ...]:
    """Return a list of texts; a single text is a list of one."""
    return tuple(scalar(item, what).text for item in items(node))


def plain(node: Node) -> object:
    """Return reader options as Python values: whole numbers and true/false when not quoted."""
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    if isinstance(node, Table):
        return {key: plain(value) for key, value in node.entries.items()}
    if not node.quoted and node.text.isascii() and node.text.isdigit() and len(node.text) < 10:
        return int(node.text)
    if not node.quoted and node.text in {"true", "false"}:
        return node.text == "true"
    return node.text
