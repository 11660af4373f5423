"""From a mapping file to :class:`~qcp_graph.mapping.spec.Document`; faults are named with lines."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, Literal

from qcp_graph.iris import Iris
from qcp_graph.mapping import parse_rules, parse_straight, vocabulary
from qcp_graph.mapping.fields import Fields, items, plain, scalar, texts
from qcp_graph.mapping.nodes import Listing, Node, Place, Scalar, Table
from qcp_graph.mapping.parse_values import Names, codelist
from qcp_graph.mapping.paths import Form, Template
from qcp_graph.mapping.problems import fault, unknown
from qcp_graph.mapping.spec import (
    CodeListSpec,
    Document,
    Input,
    Loop,
    SideTable,
    TriplesMap,
    Value,
    form_of,
)

TOP_KEYS: Final = (
    "prefixes", "authors", "codelists", "sources", "joins", "ignore", "let", "mappings",
)  # fmt: skip
SOURCE_KEYS: Final = (
    "access", "referenceFormulation", "iterator", "key", "options", "where", "otherwise",
    "construct", "copy",
)  # fmt: skip
JOIN_KEYS: Final = (
    "access", "referenceFormulation", "iterator", "key", "on", "options", "sources", "where",
    "optional",
)  # fmt: skip
MAP_KEYS: Final = (
    "sources", "subjects", "predicateobjects", "foreach", "within", "when", "shared", "main", "let",
)  # fmt: skip
FORMATS: Final[Mapping[str, str]] = {
    "csv": "csv", "jsonpath": "json", "jsonlines": "jsonl", "xpath": "xml", "xlsx": "xlsx",
    "rdf": "rdf", "sql": "sql",
}  # fmt: skip


def document(root: Table, iris: Iris, source_id: str) -> Document:
    """Interpret a whole mapping file."""
    fields = Fields(root, "a mapping", TOP_KEYS)
    own = {
        key: (scalar(value, "a prefix").text, place)
        for key, value, place in fields.entries("prefixes")
    }
    prefixes = vocabulary.prefixes(iris, source_id, own)
    codelists = {n: codelist(n, v, place) for n, v, place in fields.entries("codelists")}
    joins = {name: value for name, value, _ in fields.entries("joins")}
    forms = {name: _form(value, f"the join {name!r}") for name, value in joins.items()}
    inputs = {
        name: _input(name, Names(_form(value, name), prefixes, forms, codelists), value)
        for name, value, _ in fields.entries("sources")
    }
    if not inputs:
        raise fault("QCP-MAP-KEYWORD", "A mapping needs sources.", fields.place)
    form = next(iter(inputs.values())).form
    names = Names(form, prefixes, forms, codelists)
    let = dict(parse_rules.lets(fields, names))
    return Document(
        prefixes,
        codelists,
        inputs,
        {name: _join(name, value, names, inputs) for name, value in joins.items()},
        tuple(_ignored(fields)),
        let,
        dict(_maps(fields, inputs, prefixes, forms, codelists)),
    )


def _form(node: Node, what: str) -> Form:
    if isinstance(node, Listing):
        message = "The short form of a source has no place for the key of its records."
        remedy = "Write a table with access, referenceFormulation, iterator and key."
        raise fault("QCP-MAP-KEYWORD", message, node.place, remedy)
    return form_of(_format(Fields(node, what, (*SOURCE_KEYS, *JOIN_KEYS))))


def _format(fields: Fields) -> str:
    name = fields.text("referenceFormulation")
    if name not in FORMATS:
        place = fields.line("referenceFormulation")
        raise unknown("QCP-MAP-NAME", "referenceFormulation", name, FORMATS, place)
    return FORMATS[name]


def _options(fields: Fields) -> dict[str, object]:
    return {key: plain(value) for key, value, _ in fields.entries("options")}


def _input(name: str, names: Names, node: Node) -> Input:
    fields = Fields(node, f"the source {name!r}", SOURCE_KEYS)
    where = fields.get("where")
    otherwise: Literal["reject", "skip"] = "reject"
    if fields.choice("otherwise", ("reject", "skip")) == "skip":
        otherwise = "skip"
    if "otherwise" in fields and where is None:
        raise fault("QCP-MAP-KEYWORD", "`otherwise` needs `where`.", fields.line("otherwise"))
    return Input(
        name,
        fields.text("access"),
        _format(fields),
        _key(fields, "key", names),
        fields.place,
        fields.text("iterator", ""),
        _options(fields),
        names.condition(where) if where else None,
        otherwise,
        *parse_straight.both(fields, names.prefixes),
    )


def _key(fields: Fields, key: str, names: Names) -> Template:
    found = names.template(fields.need(key), key)
    if found.constant is not None:
        message = f"{key!r} must hold a reference, such as $(id): each record has its own."
        raise fault("QCP-MAP-TEMPLATE", message, fields.line(key))
    if any(part.kind not in {"path", "join"} for part in found.references):
        raise fault("QCP-MAP-TEMPLATE", f"{key!r} may only refer to fields.", fields.line(key))
    return found


def _join_key(node: Node, key: str, names: Names) -> Value:
    """Parse `key` and `on` of a join: a value of the row or record, which may be several."""
    found = names.value(node)
    if found.template.constant is not None:
        message = f"{key!r} must hold a reference, such as $(id)."
        raise fault("QCP-MAP-TEMPLATE", message, node.place)
    return found


def _join(name: str, node: Node, names: Names, inputs: Mapping[str, Input]) -> SideTable:
    fields = Fields(node, f"the join {name!r}", JOIN_KEYS)
    sources, form = _sources(fields, inputs)
    format_name = _format(fields)
    rows = Names(form_of(format_name), names.prefixes, {}, names.codelists)
    here = Names(form, names.prefixes, names.joins, names.codelists)
    where = fields.get("where")
    return SideTable(
        name,
        fields.text("access"),
        format_name,
        _join_key(fields.need("key"), "key", rows),
        tuple(_join_key(item, "on", here) for item in items(fields.need("on"))),
        fields.place,
        fields.text("iterator", ""),
        _options(fields),
        sources,
        rows.condition(where) if where else None,
        fields.flag("optional"),
    )


def _sources(fields: Fields, inputs: Mapping[str, Input]) -> tuple[tuple[str, ...], Form]:
    """Return the inputs that a mapping or join names (all without `sources`), and their form."""
    stated = fields.get("sources")
    sources = texts(stated, "sources") if stated else tuple(inputs)
    for source in sources:
        if source not in inputs:
            raise unknown("QCP-MAP-NAME", "source", source, inputs, fields.line("sources"))
    forms = sorted({inputs[source].form for source in sources})
    if len(forms) != 1:
        message = "The sources of one mapping must write references alike (all XML, all JSON …)."
        raise fault("QCP-MAP-KEYWORD", message, fields.line("sources"))
    return sources, forms[0]


def _ignored(fields: Fields) -> Iterator[tuple[str, Place]]:
    for pattern, reason, place in fields.entries("ignore"):
        if not scalar(reason, "the reason").text.strip():
            message = f"Say why {pattern!r} is ignored."
            raise fault("QCP-MAP-KEYWORD", message, place, "Write the reason after the colon.")
        yield pattern, place


def _maps(
    fields: Fields,
    inputs: Mapping[str, Input],
    prefixes: Mapping[str, str],
    joins: Mapping[str, Form],
    codelists: dict[str, CodeListSpec],
) -> Iterator[tuple[str, TriplesMap]]:
    fields.need("mappings")
    raw = {name: Fields(node, f"the mapping {name!r}", MAP_KEYS)
           for name, node, _ in fields.entries("mappings")}  # fmt: skip
    for name, entry in raw.items():
        sources, form = _sources(entry, inputs)
        inner = _item_form(name, raw, joins, form)
        around = _item_form(entry.text("within", ""), raw, joins, form)
        names = Names(inner, prefixes, joins, codelists, outer=form)
        yield name, _map(name, entry, sources, names, replace(names, form=around))


def _item_form(name: str, raw: Mapping[str, Fields], joins: Mapping[str, Form], form: Form) -> Form:
    """Return how references into the items of a mapping are written: rows of a join differ."""
    for _ in raw:
        entry = raw.get(name)
        if entry is None:
            break
        if joined := _joined(entry.get("foreach")):
            return joins.get(joined, form)
        name = entry.text("within", "")
    return form


def _joined(loop: Node | None) -> str:
    """Return the join whose rows a `foreach` runs over."""
    if isinstance(loop, Table) and isinstance(inner := loop.entries.get("join"), Scalar):
        return inner.text
    is_join = isinstance(loop, Scalar) and loop.text.startswith("join:") and "/" not in loop.text
    return loop.text.removeprefix("join:") if is_join and isinstance(loop, Scalar) else ""


def _map(
    name: str, entry: Fields, sources: tuple[str, ...], names: Names, around: Names
) -> TriplesMap:
    loop = entry.get("foreach")
    condition = entry.get("when")
    rules = entry.get("predicateobjects")
    subjects = items(entry.need("subjects"))
    return TriplesMap(
        name=name,
        place=entry.place,
        sources=sources,
        subjects=tuple(names.object(item, iri=True) for item in subjects),
        rules=tuple(parse_rules.rules(rules, names)) if rules else (),
        loop=_loop(loop, around) if loop else None,
        within=entry.text("within", ""),
        when=names.condition(condition) if condition else None,
        shared=entry.flag("shared"),
        main=entry.flag("main"),
        let=dict(parse_rules.lets(entry, names)),
    )


def _loop(node: Node, names: Names) -> Loop:
    if name := _joined(node):
        if name not in names.joins:
            raise unknown("QCP-MAP-NAME", "join", name, names.joins, node.place)
        rows = names.reference(Scalar(f"join:{name}/*", node.place), "it")
        on = None
        if isinstance(node, Table):
            on = names.value(Fields(node, "foreach with a join", ("join", "on")).need("on"))
        return Loop(node.place, reference=rows, on=on)
    if isinstance(node, Table):
        return Loop(node.place, value=names.value(node))
    return Loop(node.place, reference=names.reference(node, "foreach"))
