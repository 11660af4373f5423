"""The strict audit for records of RDF, whose values carry their own language, datatype and IRI."""

from collections.abc import Iterator
from dataclasses import replace

from qcp_graph.mapping.audit import Audit, Node
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, Locator


class RdfAudit(Audit):
    """Reports a property, not the parts of its values; a language where others are chosen."""

    def _new(self, node: Node, name: str, value: JsonValue, locator: Locator) -> None:
        if name[:1] not in {"@", "#"}:
            super()._new(node, name, value, locator)
        elif name.startswith("@@"):
            chosen = any(other.startswith("@@") for other in node.inner)
            if chosen and not node.leaf:
                super()._new(node, name, value, locator)
        elif name == "#text" and node.path and not node.leaf and not node.inner:
            self._report(node, value, locator)

    def _unmet(self, node: Node) -> Iterator[Issue]:
        """Say what never came: RDF leaves out what it does not know, so that is no fault."""
        for issue in super()._unmet(node):
            yield replace(issue, severity="info")
