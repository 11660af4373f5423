"""Logical sources of an RML document as ``sources`` of ``mapping.yaml``."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from qcp_graph.mapping.faces import Remark
from qcp_graph.mapping.parse import FORMATS
from qcp_graph.mapping.paths import Form
from qcp_graph.mapping.rml.graph import Node, Resource
from qcp_graph.mapping.rml.parse_sources import logical_source
from qcp_graph.mapping.rml.read_values import Plain, cannot, plain_json
from qcp_graph.mapping.rml.vocabulary import OURS, RML
from qcp_graph.mapping.spec import form_of

_FORMULATIONS: Final[Mapping[str, str]] = {
    RML + "CSV": "csv", RML + "JSONPath": "jsonpath", RML + "XPath": "xpath",
    OURS + "JSONLines": "jsonlines", OURS + "XLSX": "xlsx", OURS + "RDF": "rdf",
    OURS + "SQL": "sql",
}  # fmt: skip


class Sources:
    """The logical sources of a document, each under a name of its own."""

    def __init__(self, maps: Sequence[Resource], remarks: list[Remark]) -> None:
        self._remarks = remarks
        self._tables: dict[Node, Plain] = {}
        self._by_content: dict[str, Node] = {}
        self._same: dict[Node, Node] = {}
        self._named: dict[Node, str] = {}
        self._taken: Counter[str] = Counter()
        for about in maps:
            for source in self._of(about):
                self._take(source)

    def _of(self, about: Resource) -> list[Resource]:
        found = about.one("logicalSource")
        if found is None:
            raise about.fault("QCP-RML-MAPPING", "The triples map has no rml:logicalSource.")
        return [found, *about.each(OURS + "furtherSource")]

    def _take(self, about: Resource) -> None:
        """Keep a source once, however often it is written."""
        if about.node in self._same:
            return
        table = self._table(about)
        content = json.dumps(table, sort_keys=True)
        node = self._by_content.setdefault(content, about.node)
        self._same[about.node] = node
        if node is about.node:
            self._tables[node] = table
            self._named[node] = self._name(about, table)

    def _table(self, about: Resource) -> Plain:
        own = about.text(OURS + "source")
        formulation = about.name("referenceFormulation")
        if own is None:
            return self._foreign(about)
        file = about.one("source")
        found = {
            "access": (file.text("path") if file else "") or "",
            "referenceFormulation": _FORMULATIONS.get(formulation, ""),
        }
        if iterator := about.text("iterator"):
            found["iterator"] = iterator
        kept = plain_json(own, about.where)
        return found | {key: value for key, value in kept.items() if key != "name"}

    def _foreign(self, about: Resource) -> Plain:
        source = logical_source(about)
        if source.location.compression not in {"", "gzip"}:
            self._lost(f"the compression {source.location.compression}", about)
        if source.nulls - {""}:
            self._lost(f"the nulls {', '.join(sorted(source.nulls - {''}))}", about)
        names = {"csv": "csv", "json": "jsonpath", "xml": "xpath"}
        options = dict(source.options)
        if "namespaces" in options:
            options["namespaces"] = dict(options["namespaces"])  # type: ignore[call-overload]
        found: Plain = {
            "access": source.location.path.removeprefix("./"),
            "referenceFormulation": names[source.formulation],
        }
        if source.iterator:
            found["iterator"] = source.iterator
        return found | ({"options": options} if options else {})

    def _lost(self, what: str, about: Resource) -> None:
        self._remarks.append(Remark(what, about.where, "left out", lost=True))

    def _name(self, about: Resource, table: Plain) -> str:
        own = about.text(OURS + "source")
        stem = PurePosixPath(str(table["access"])).name.split(".")[0].strip("*?[]") or "source"
        name = str(plain_json(own, about.where).get("name") or stem) if own else stem
        return numbered(name, self._taken)

    def form(self, about: Resource) -> Form:
        """Return how references of a map's source are written."""
        source = about.one("logicalSource")
        assert source is not None
        return form_of(
            FORMATS.get(self._tables[self._same[source.node]]["referenceFormulation"], "")
        )

    def join_form(self, table: Plain) -> Form:
        """Return how references into a source or side table are written."""
        return form_of(FORMATS.get(str(table.get("referenceFormulation")), ""))

    def names_of(self, about: Resource) -> str | list[str]:
        """Return the names of a map's sources."""
        found = [self._named[self._same[source.node]] for source in self._of(about)]
        return found[0] if len(found) == 1 else found

    def table_of(self, about: Resource) -> Plain:
        """Return the source of a map."""
        source = about.one("logicalSource")
        assert source is not None
        return self._tables[self._same[source.node]]

    def tables(self, maps: Sequence[Resource], key_of: Callable[[Resource], str]) -> Plain:
        """Return all sources; one without key gets that of its first map's subject."""
        found: Plain = {}
        for about in maps:
            for source in self._of(about):
                node = self._same[source.node]
                name, table = self._named[node], self._tables[node]
                if name not in found and "key" not in table:
                    key = key_of(about)
                    if not key:
                        what = "records without identifier: the subject refers to no field"
                        raise cannot(what, about.place)
                    self._remarks.append(
                        Remark(f"the key of the source {name!r}", about.where,
                               f"taken from the subject: {key}; check it")
                    )  # fmt: skip
                    table = {**table, "key": key}
                found.setdefault(name, table)
        return found


def numbered(name: str, taken: Counter[str]) -> str:
    """Return a name that is not taken, with a number where it is, and take it.

    >>> used = Counter[str]()
    >>> [numbered(name, used) for name in ("a", "a", "a-2", "a")]
    ['a', 'a-2', 'a-2-2', 'a-3']
    """
    found = name
    while found in taken:
        taken[name] += 1
        found = f"{name}-{taken[name]}"
    taken[found] = 1
    return found
