"""From a mapping to a sheet: what rows can say becomes rows, everything else is listed.

The way back of :mod:`qcp_graph.mapping.sheet.composing`: rules are followed from the main mapping
through the nodes that targets know.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from qcp_graph.mapping.faces import Remark
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.sheet.book import MAPPING, Cell, Row
from qcp_graph.mapping.sheet.compose import DATATYPES, STARTS
from qcp_graph.mapping.sheet.compose_nodes import CREDITS
from qcp_graph.mapping.sheet.resolve import Resolved, Scope, resolve, shortened
from qcp_graph.mapping.sheet.steps import Call
from qcp_graph.mapping.sheet.targets import BY_NAME, NODES, TARGETS, Node, Target
from qcp_graph.mapping.spec import (
    Comparison,
    Condition,
    Document,
    Junction,
    MappingReference,
    Object,
    Rule,
    TriplesMap,
    Value,
)
from qcp_graph.namespaces import expand

# Properties that a sheet writes by itself.
_SILENT: Final = frozenset(
    map(expand, ("rdf:type", "elm:learningAchievementSpecification", "elm:isPartialQualification",
                 "dcterms:publisher"))
)  # fmt: skip
_AWARD: Final = expand("elm:awardingOpportunity")
_LINKS: Final[Mapping[str, Node]] = {expand(node.predicate): node for node in NODES.values()}
_MEMBERS: Final = {
    expand("adms:identifier"): "identifier", expand("foaf:homepage"): "homepage",
    expand("elm:location"): "country", expand("elm:address"): "country",
}  # fmt: skip
_DETAILS: Final = frozenset(map(expand, ("elm:schemeName", "elm:framework", "dcterms:subject")))
_LOST: Final = "not in the sheet: keep the YAML, or say it there after converting back"


@dataclass
class Recognised:
    """Rows found so far, and what they cannot say."""

    document: Document
    rows: list[Row] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    _level: bool = False

    def add(self, target: Target, found: Resolved, language: str = "", detail: str = "") -> None:
        """Keep a row."""
        place = Cell(MAPPING, len(self.rows) + 2)
        row = Row(place, found.field, target, found.calls, found.codes, language, detail)
        if all(replace(row, place=other.place) != other for other in self.rows):
            self.rows.append(row)

    def lost(self, what: str, place: Place) -> None:
        """Keep a remark about something that no row says."""
        name = shortened(what, self.document.prefixes)
        self.remarks.append(Remark(name, str(place), _LOST, lost=True))


def rows(document: Document, reasons: Mapping[str, str]) -> tuple[list[Row], list[Remark]]:
    """Return the rows of a mapping, and what they cannot say.

    ``reasons`` is ignored field → why.
    """
    found = Recognised(document)
    first, *others = document.inputs.values()
    for other in others:
        found.lost(f"the source {other.name}", other.place)
    for join in document.joins.values():
        found.lost(f"the join {join.name}", join.place)
    key = resolve(Value(first.key, first.place), Scope(document))
    if key is not None:
        found.add(BY_NAME["record key"], key)
    if first.where is not None:
        _filter(found, first.where, first.place)
    main = _main(document)
    for rule in main.rules:
        _rule(found, rule, Scope(document, lets=main.let))
    for pattern, reason in reasons.items():
        place = Cell(MAPPING, len(found.rows) + 2)
        found.rows.append(Row(place, pattern, ignore=reason))
    return found.rows, found.remarks


def _main(document: Document) -> TriplesMap:
    maps = list(document.maps.values())
    plain = [m for m in maps if m.loop is None and not m.within and not m.shared]
    return next((m for m in maps if m.main), (plain or maps)[0])


def _filter(found: Recognised, where: Condition, place: Place) -> None:
    tests = where.members if isinstance(where, Junction) and where.kind == "all" else (where,)
    for test in tests:
        if isinstance(test, Comparison) and test.operator == "in":
            value = resolve(test.value, Scope(found.document))
            if value is not None and not value.codes:
                found.add(BY_NAME["record filter"], value, detail="; ".join(test.operands))
                continue
        found.lost("a condition for records (where)", place)


def _rule(found: Recognised, rule: Rule, scope: Scope) -> None:
    predicates = [p for p in rule.predicates if p not in _SILENT]
    for item in rule.objects:
        if not predicates:
            continue
        content = item.content
        if isinstance(content, MappingReference):
            _link(found, predicates[0], content, scope)
        elif not isinstance(content, Value):
            found.lost(predicates[0], item.place)
        else:
            _value(found, rule, item, content, scope, predicates[0])


def _value(
    found: Recognised, rule: Rule, item: Object, content: Value, scope: Scope, predicate: str
) -> None:
    level = predicate in {expand("elm:NQFLevel"), expand("elm:EQFLevel")}
    if predicate == expand("qcp:sourceLevel") and found._level:
        return
    value = resolve(content, scope, level=level)
    if value is None or rule.when is not None or item.when is not None:
        found.lost(predicate, item.place)
    elif value.framework:
        if predicate == expand("elm:NQFLevel"):
            found._level = True
            found.add(BY_NAME["level"], value, detail=value.framework)
    else:
        _direct(found, rule, item, value, predicate)


def _direct(found: Recognised, rule: Rule, item: Object, value: Resolved, predicate: str) -> None:
    short = shortened(predicate, found.document.prefixes)
    target = next((t for t in TARGETS if not t.node and short in t.predicates), None)
    if (rule.role == "provenance") != (target is not None and target.provenance):
        found.lost(predicate, item.place)
        return
    if target is None:
        target = Target(short, "any", (short,), "", "")
        found.add(target, value, _language(found, item, target) or ("iri" if item.iri else ""))
        return
    start = STARTS.get(short) or ("qualification:" if target.kind == "qualification" else "")
    if start:
        value = value.without(found.document.prefixes.get(start[:-1], ""))
    found.add(target, value, _language(found, item, target))


def _language(found: Recognised, item: Object, target: Target) -> str:
    if item.language is not None:
        return item.language.constant or ""
    datatype = shortened(item.datatype, found.document.prefixes)
    return "" if datatype == DATATYPES.get(target.kind, "") else datatype


def _link(found: Recognised, predicate: str, content: MappingReference, scope: Scope) -> None:
    one = found.document.maps.get(content.name)
    node = _LINKS.get(predicate)
    if one is None:
        return
    if predicate == _AWARD:
        for rule in one.rules:
            _rule(found, rule, scope)
        return
    inner = scope.inside(one)
    if node is None or inner is None or not _simple(one.when):
        found.lost(predicate, content.place)
        return
    detail = _detail(found, one, node)
    for rule in one.rules:
        _member(found, node, rule, inner, detail, "")


def _member(
    found: Recognised, node: Node, rule: Rule, scope: Scope, detail: str, member: str
) -> None:
    predicate = rule.predicates[0]
    if predicate in _SILENT or predicate in _DETAILS or predicate == expand("elm:isPartOf"):
        return
    for item in rule.objects:
        if isinstance(item.content, MappingReference):
            further = found.document.maps.get(item.content.name)
            part = _MEMBERS.get(predicate, "")
            inner = scope.inside(further) if further else None
            if further is None or inner is None or not part:
                found.lost(predicate, item.place)
                continue
            for deeper in further.rules:
                _member(found, node, deeper, inner, _detail(found, further, node), part)
            continue
        target = _target(found, node, predicate, member)
        value = resolve(item.content, scope) if isinstance(item.content, Value) else None
        if target is None and predicate == expand("skos:prefLabel") and node.name == "body":
            continue
        if target is None or value is None or rule.when or item.when or rule.role != "data":
            found.lost(predicate, item.place)
            continue
        shown = detail if target.detail or member == "identifier" else ""
        found.add(target, _plain(target, value), _language(found, item, target), shown)


def _target(found: Recognised, node: Node, predicate: str, member: str) -> Target | None:
    short = shortened(predicate, found.document.prefixes)
    for target in TARGETS:
        further = target.member if target.member in _MEMBERS.values() else ""
        if (target.node, target.predicates[:1], further) == (node.name, (short,), member):
            return target
    return None


def _plain(target: Target, value: Resolved) -> Resolved:
    """Leave out the transformation that a sheet adds by itself."""
    if target.kind == "url" and value.calls == (Call("url_fix", {}),):
        return replace(value, calls=())
    return value


def _detail(found: Recognised, one: TriplesMap, node: Node) -> str:
    """Return what the column Detail says of a node: its scheme, credit system or subject."""
    texts = dict(_constants(one))
    if scheme := texts.get(expand("elm:schemeName")):
        return scheme
    system = texts.get(expand("elm:framework"), "")
    for name, iri in CREDITS.items():
        if system == iri:
            return name
    if system:
        return system.removeprefix(f"{found.document.prefixes['framework']}credit/")
    subject = one.subjects[0].content if node.name == "note" else None
    last = subject.template.parts[-1] if isinstance(subject, Value) else ""
    return last.partition("#note-")[2] if isinstance(last, str) else ""


def _constants(one: TriplesMap) -> Iterator[tuple[str, str]]:
    for rule in one.rules:
        for item in rule.objects:
            if isinstance(item.content, Value) and item.content.template.constant is not None:
                yield rule.predicates[0], item.content.template.constant


def _simple(condition: Condition | None) -> bool:
    """Tell whether a condition only asks for values that are there anyway."""
    if condition is None:
        return True
    if isinstance(condition, Junction):
        return condition.kind != "none" and all(map(_simple, condition.members))
    return condition.operator == "exists"
