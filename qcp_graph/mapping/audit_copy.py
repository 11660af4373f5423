"""The strict audit of a source that is copied: what the model does not know is reported."""

from collections.abc import Iterator, Mapping, Sequence

from qcp_graph.mapping.audit import Node
from qcp_graph.mapping.audit_rdf import RdfAudit
from qcp_graph.mapping.copying import MAX_DEPTH, Path, Rules, copied, passed_over
from qcp_graph.mapping.rdf_names import Tree, is_literal, items, properties
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, Locator


class CopyAudit(RdfAudit):
    """Passes over everything that is copied, and looks at the rest as any audit does."""

    rules: Rules

    def see(self, data: Mapping[str, JsonValue], locator: Locator) -> None:
        """Compare one record with the model and with what the mapping uses."""
        super().see(self._unknown(data, (), ()), locator)

    def _unmet(self, node: Node) -> Iterator[Issue]:
        """Say nothing of fields that never came: a model offers more than any register gives."""
        yield from ()

    def _unknown(self, tree: Tree, expected: Sequence[str], trail: Path) -> dict[str, JsonValue]:
        """Return of a tree what is not copied, with the way to it."""
        classes, _ = self.rules.naming.classes(tree, expected)
        known = copied(classes)
        found: dict[str, JsonValue] = {}
        for name, value in properties(tree):
            predicate = self.rules.names.iri(name)
            path = (*trail, name)
            if predicate not in known:
                if not passed_over(predicate):
                    found[name] = value
            elif not self.rules.skips(path) and len(path) <= MAX_DEPTH:
                inner = [
                    self._unknown(item, known[predicate], path)
                    for item in items(value)
                    if isinstance(item, Mapping) and not is_literal(item)
                ]
                if rest := [item for item in inner if item]:
                    found[name] = rest
        return found
