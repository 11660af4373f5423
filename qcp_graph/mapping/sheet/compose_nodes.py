"""Rows that need a node of their own: notes, identifiers, outcomes, units, awarding bodies."""

from collections.abc import Mapping, Sequence
from typing import Final

from qcp_graph.mapping.sheet import fields, steps
from qcp_graph.mapping.sheet.book import Row
from qcp_graph.mapping.sheet.compose import MAIN, Draft, Table, rule
from qcp_graph.mapping.sheet.targets import NODES, Node

# Functions that make several texts of one.
SPLITTING: Final = frozenset(
    {"split", "split_lines", "bullets", "html_items", "html_list", "paragraphs", "sentences"}
)
CREDITS: Final[Mapping[str, str]] = {
    "ects": "http://data.europa.eu/snb/education-credit/6fcec5c5af",
    "ecvet": "http://data.europa.eu/snb/education-credit/60b314e826",
}
_TITLED: Final = {"outcome": "outcome", "unit": "qualification", "body": "organisation"}


def single(draft: Draft, name: str, rows: Sequence[Row]) -> None:
    """Add the nodes of one kind that each take one field: identifiers, pages, notes, credits."""
    node = NODES[name]
    known: dict[str, list[Row]] = {}
    for row in rows:
        part = row.detail or (row.field if name in {"identifier", "note"} else "")
        apart = name in {"homepage", "document"}
        known.setdefault(f"{part}\n{row.place.row if apart else ''}", []).append(row)
    for members in known.values():
        if name in {"homepage", "document"}:
            _pages(draft, node, members[0])
        else:
            _one(draft, node, members)


def _pages(draft: Draft, node: Node, row: Row) -> None:
    """Web addresses may be several in a field: a node each, numbered."""
    if not (text := draft.text(row)):
        return
    calls = steps.as_yaml(row.steps) or ["url_fix"]
    map_name = _named(draft, node.name, node)
    key = fields.climbed(draft.key)
    draft.maps[map_name] = {
        "foreach": {"value": text, "transform": calls},
        "subjects": f"qualification:{key}#{_part(draft, node)}-$(@index)",
        "predicateobjects": [
            ["a", node.type],
            {"p": "elm:contentUrl", "o": {"value": "$(.)", "datatype": "xsd:anyURI"}},
        ],
    }


def _one(draft: Draft, node: Node, rows: Sequence[Row]) -> None:
    first = rows[0]
    texts = [draft.settled(row) for row in rows]
    detail = first.detail or first.field.strip('"$()')
    rules: list[object] = [["a", node.type]]
    for row, text in zip(rows, texts, strict=True):
        assert row.target is not None
        plain = Row(row.place, row.field, row.target, (), "", row.language)
        rules.append(rule(row.target.predicates, draft.third(plain, text), row.target))
    part = node.part
    if node.name == "identifier":
        rules.append(["elm:schemeName", detail])
    if node.name == "credit":
        rules.append(["elm:framework", _system(draft, first)])
    if node.topic:
        rules.append(["dcterms:subject", node.topic])
    if node.name in {"identifier", "note", "credit"}:
        part = f"{node.part}-{fields.slug(detail)}"
    tests: list[object] = [{"value": text, "exists": True} for text in texts]
    name = _named(draft, part, node)
    draft.maps[name] = {
        "when": tests[0] if len(tests) == 1 else {"any": tests},
        "subjects": f"qualification:{draft.key}#{part}",
        "predicateobjects": rules,
    }


def _system(draft: Draft, row: Row) -> str:
    detail = row.detail.strip()
    if not detail:
        remedy = "Write ects, or another system such as za-nqf."
        draft.wrong(row, "Detail", "Which credit system do the credits count in?", remedy)
    if ":" in detail:
        return f"{detail}~iri" if "//" in detail else detail
    known = CREDITS.get(detail.casefold())
    return f"{known}~iri" if known else f"framework:credit/{detail}"


def _named(draft: Draft, wanted: str, node: Node) -> str:
    """Return a name for a mapping, and link the qualification to it."""
    name = fields.slug(wanted, [*draft.maps, MAIN])
    draft.rules.append({"p": node.predicate, "o": {"mapping": name}})
    return name


def _part(draft: Draft, node: Node) -> str:
    used = sum(1 for name in draft.maps if name.split("-")[0] == node.name)
    return f"{node.part}-{used + 1}" if used else node.part


def group(draft: Draft, name: str, rows: Sequence[Row]) -> None:
    """Add the nodes of one kind that take several fields: outcomes, units, awarding bodies."""
    node = NODES[name]
    head = next((row for row in rows if row.target and row.target.member == "name"), None)
    if head is None or head.target is None:
        first = rows[0]
        assert first.target is not None
        wanted = first.target.name.partition(":")[0]
        remedy = f"Give a row the target {wanted!r}, or empty this one."
        draft.wrong(first, "Target", "This says more of something that has no name.", remedy)
        return
    texts = {row.place.row: draft.text(row) for row in rows}
    if not all(texts.values()):
        return
    if len(rows) == 1 and not (name == "body" and '"' in head.field[:1]):
        _of_texts(draft, node, head)
        return
    path = fields.shared_path(list(texts.values()), draft.form)
    if not path and any(call.name in SPLITTING for row in rows for call in row.steps):
        message = "Several texts in one field cannot be matched with other fields."
        remedy = f"Keep only the row {head.target.name!r}, or leave its transformation out."
        draft.wrong(head, "Transformation", message, remedy)
        return
    _of_fields(draft, node, head, rows, path)


def _of_texts(draft: Draft, node: Node, row: Row) -> None:
    """One field with one or several texts: a node for each text."""
    value = draft.value(row)
    let, subject = _identity(draft, node, "$(.)", inside=True)
    plain = Row(row.place, row.field, row.target, (), "", row.language)
    assert row.target is not None
    rules = [["a", node.type], rule(row.target.predicates, draft.third(plain, "$(.)"), row.target)]
    table: Table = {"foreach": value, **_shared(node), **let, "subjects": subject}
    _placed(draft, node, draft.text(row), {**table, "predicateobjects": rules}, [])


def _of_fields(draft: Draft, node: Node, head: Row, rows: Sequence[Row], path: str) -> None:
    """Several fields: a node for each element that holds them, else one for the record."""
    inside = bool(path)

    def local(row: Row) -> str:
        text = draft.text(row)
        return fields.below(text, path, draft.form) if inside else text

    code = next((r for r in rows if r.target and r.target.member == "identifier"), None)
    identity = {"value": local(code), "default": local(head)} if code else local(head)
    let, subject = _identity(draft, node, identity, inside=inside)
    table: Table = {"foreach": path} if inside else {}
    table |= {**_shared(node), **let}
    if not inside:
        table["when"] = {"value": local(head), "exists": True}
    rules: list[object] = [["a", node.type]]
    inner: list[tuple[str, Table]] = []
    for row in rows:
        assert row.target is not None
        if row.target.member in {"identifier", "homepage", "country"}:
            inner.extend(_member(draft, node, row, local(row), subject, inside))
        else:
            rules.append(rule(row.target.predicates, draft.third(row, local(row)), row.target))
    table |= {"subjects": subject, "predicateobjects": rules}
    _placed(draft, node, draft.text(head), table, inner)


def _shared(node: Node) -> Table:
    return {"shared": True} if node.name == "body" else {}


def _identity(draft: Draft, node: Node, identity: object, *, inside: bool) -> tuple[Table, str]:
    """Return the ``let`` that names a node, and its IRI template."""
    key = fields.climbed(draft.key) if inside else draft.key
    if node.name == "assessment":
        return {}, f"qualification:{key}#assessment-{'$(@index)' if inside else '1'}"
    call = "hash8" if node.name == "outcome" else "slug"
    value = identity if isinstance(identity, dict) else {"value": identity}
    local: Table = {"value": value["value"], "transform": [call]}
    if "default" in value:
        local["default"] = {"value": value["default"], "transform": [call]}
    let: Table = {"let": {f"{node.name}-id": local}}
    own = f"$(let:{node.name}-id)"
    start = _TITLED[node.name]
    return let, f"{start}:{own}" if node.name == "body" else f"{start}:{key}/{own}"


def _member(
    draft: Draft, node: Node, row: Row, text: str, subject: str, inside: bool
) -> list[tuple[str, Table]]:
    """Return the further nodes of a group: its identifier, web site, place."""
    assert row.target is not None
    member = row.target.member
    if member == "homepage":
        return [("foaf:homepage", _site(node, row, text, subject))]
    value = draft.third(row, text)
    parts = {
        "identifier": ("adms:identifier", "elm:Identifier", "id-1"),
        "country": ("elm:location", "dcterms:Location", "location"),
    }
    predicate, kind, part = parts[member]
    base: Table = {"within": node.name, **_shared(node)}
    exists: Table = {"when": {"value": text, "exists": True}}
    leaf = rule(row.target.predicates, value, row.target)
    rules: list[object] = [["a", kind]]
    if member == "identifier":
        rules += [leaf, ["elm:schemeName", row.detail or row.field.strip('"$()')]]
    else:
        address = {**base, **exists, "subjects": f"{subject}#address",
                   "predicateobjects": [["a", "elm:Address"], leaf]}  # fmt: skip
        rules.append({"p": "elm:address", "o": {"mapping": f"{node.name}-address"}})
        place = {**base, **exists, "subjects": f"{subject}#{part}", "predicateobjects": rules}
        return [(predicate, place), ("", address)]
    return [(predicate, {**base, **exists, "subjects": f"{subject}#{part}",
                         "predicateobjects": rules})]  # fmt: skip


def _site(node: Node, row: Row, text: str, subject: str) -> Table:
    """Return the web site of a body: a node for each address that is one.

    Records may name several sites of one body, so its address is the identity of the node.
    """
    return {
        "within": node.name,
        **_shared(node),
        "foreach": {"value": text, "transform": steps.as_yaml(row.steps) or ["url_fix"]},
        "let": {"site": {"value": "$(.)", "transform": ["hash8"]}},
        "subjects": f"{subject}#home-$(let:site)",
        "predicateobjects": [
            ["a", "elm:WebResource"],
            {"p": "elm:contentUrl", "o": {"value": "$(.)", "datatype": "xsd:anyURI"}},
        ],
    }


def _placed(
    draft: Draft, node: Node, name: str, table: Table, inner: Sequence[tuple[str, Table]]
) -> None:
    """Add a group's mapping with its further nodes, and link the qualification to it."""
    rules = table["predicateobjects"]
    assert isinstance(rules, list)
    draft.maps[node.name] = table
    for predicate, one in inner:
        own = f"{node.name}-{predicate.split(':')[1] if predicate else 'address'}"
        draft.maps[own] = one
        if predicate:
            rules.append({"p": predicate, "o": {"mapping": own}})
    if node.name == "unit":
        inside = "foreach" in table
        key = fields.climbed(draft.key) if inside else draft.key
        rules.append({"p": "elm:isPartialQualification",
                      "o": {"value": "true", "datatype": "xsd:boolean"}})  # fmt: skip
        rules.append(["elm:isPartOf", f"qualification:{key}"])
    if node.name != "body":
        draft.rules.append({"p": node.predicate, "o": {"mapping": node.name}})
        return
    award: Table = {"when": {"value": name, "exists": True}} if "$(" in name else {}
    draft.maps["award"] = {
        **award,
        "subjects": f"qualification:{draft.key}#award-1",
        "predicateobjects": [
            ["a", "elm:AwardingOpportunity"],
            {"p": node.predicate, "o": {"mapping": node.name}},
            {"p": "elm:learningAchievementSpecification", "o": {"mapping": MAIN}},
        ],
    }
    draft.rules.append({"p": "elm:awardingOpportunity", "o": {"mapping": "award"}})
