"""Join conditions of RML as ``joins`` of ``mapping.yaml``: the parent's records as a side table."""

from qcp_graph.mapping.rml.graph import Resource
from qcp_graph.mapping.rml.parse_terms import Terms
from qcp_graph.mapping.rml.read_sources import Sources
from qcp_graph.mapping.rml.read_values import Plain, ValueReader, cannot
from qcp_graph.mapping.rml.vocabulary import local


class Joins:
    """The side tables that join conditions need."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.tables: dict[str, Plain] = {}

    def object(
        self, about: Resource, parent: Resource, child: Resource, terms: Terms, values: ValueReader
    ) -> Plain:
        """Return the object of a reference to a parent: its subject, made of joined columns."""
        theirs = ValueReader(self._sources.form(parent), values.prefixes, base=values.base)
        pairs = [
            self._condition(item, terms, values, theirs) for item in about.each("joinCondition")
        ]
        on = "|".join(ours for ours, _ in pairs)
        key = "|".join(parents for _, parents in pairs)
        name = self._table(parent, key, on, child)
        (subject,) = terms.shortcuts(parent, "subject", "subject")
        if subject.type == "blank":
            raise cannot("a blank node as the object of a join", about.place)
        joined = ValueReader(theirs.form, values.prefixes, join=name, base=values.base)
        return {**joined.value(subject, iri=True), "type": "iri"}

    def _condition(
        self, item: Resource, terms: Terms, ours: ValueReader, theirs: ValueReader
    ) -> tuple[str, str]:
        sides = []
        for word, values in (("child", ours), ("parent", theirs)):
            full = item.one(f"{word}Map")
            text = item.text(word)
            spec = terms.term_map(full, "value") if full else terms.reference(text or "", item)
            sides.append(values.text(spec.expression, spec.place))
        return sides[0], sides[1]

    def _table(self, parent: Resource, key: str, on: str, child: Resource) -> str:
        source = self._sources.table_of(parent)
        table = {name: value for name, value in source.items() if name != "key"}
        table |= {"key": key, "on": on, "sources": self._sources.names_of(child)}
        start = local(str(parent.node).strip("<>"))
        name, number = start, 1
        while self.tables.get(name, table) != table:
            number += 1
            name = f"{start}-{number}"
        self.tables[name] = table
        return name
