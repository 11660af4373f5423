"""From a mapping folder to a plan: read, check, compile; nothing is left for the first record."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from qcp_graph import __version__
from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.mapping import above, codelists, nodes, parse, straights
from qcp_graph.mapping.audit import Audit, Ignore
from qcp_graph.mapping.codelists import CodeList
from qcp_graph.mapping.compile_rules import Rules
from qcp_graph.mapping.compile_values import Scope, Values
from qcp_graph.mapping.faces import Register
from qcp_graph.mapping.functions import own as functions_own
from qcp_graph.mapping.functions.own import Own
from qcp_graph.mapping.generate import Mapper
from qcp_graph.mapping.joins import Joined, JoinPlan, either, ordered
from qcp_graph.mapping.loops import LoopNode
from qcp_graph.mapping.plan import InputPlan, Plan
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.spec import Document, Input, SideTable, TriplesMap
from qcp_graph.model.level import LevelEntry
from qcp_graph.model.source import Source

FILE: Final = "mapping.yaml"
RML_FILE: Final = "mapping.rml.ttl"
Levels = Mapping[str, Mapping[str, LevelEntry]]


def load(
    folder: Path, source: Source, iris: Iris, levels: Levels, *, own_functions: bool = False
) -> Plan:
    """Read ``mapping.yaml``, or the ``mapping.rml.ttl`` in its place, and its code lists.

    ``levels`` is framework id → level notation → entry, for code lists with ``levels``;
    ``own_functions`` allows to run the folder's ``functions.py``.

    :raises UsageError: naming file, line, what is wrong and the nearest known name.
    """
    folder = source.rules or folder  # a mapping may serve several registers
    root = _tree(folder, source, iris)
    document = parse.document(root, iris, source.id)
    lists = {
        name: codelists.load(spec, folder, levels) for name, spec in document.codelists.items()
    }
    ignore = Ignore(document.ignore, source.id)
    audits = {
        name: straights.rows_audit(join.form, ignore, source.id, f"join:{name}/")
        for name, join in document.joins.items()
    }
    own = functions_own.load(folder, own_functions)
    try:
        joins = dict(_joins(document, lists, audits, own))
        inputs = {
            name: _input(spec, document, source, lists, ignore, joins, folder, iris, own)
            for name, spec in document.inputs.items()
        }
    except UsageError as error:
        raise own.explained(error) from error
    for join in joins.values():
        join.fields = join.audit.names()
    print_of = _fingerprint(root, lists, source, iris, [*straights.content(inputs), *own.content])
    return Plan(source.id, print_of, inputs, joins, ignore, lists)


def _tree(folder: Path, source: Source, iris: Iris) -> nodes.Table:
    if (folder / FILE).exists() or not (folder / RML_FILE).is_file():
        return nodes.read(folder / FILE, FILE)
    from qcp_graph.mapping.rml import face  # few mappings are RML: not every start pays for it

    root, remarks = face.read(folder / RML_FILE, Register(source.id, iris))
    for remark in remarks:
        if remark.lost:
            raise fault("QCP-RML-REGISTER", remark.what, remark.where, f"Convert it to {FILE}.")
    return root


def _joins(
    document: Document, lists: Mapping[str, CodeList], audits: Mapping[str, Audit], own: Own
) -> Iterator[tuple[str, JoinPlan]]:
    scope = Scope(LoopNode(0))
    for name in ordered(document.joins):
        join = document.joins[name]
        values = Values(document.prefixes, lists, audits[name], audits, library=own.functions)
        where = values.condition(join.where, scope) if join.where else None
        key = values.value(join.key, scope)
        above.check(values.above, join)
        yield name, JoinPlan(join, key, where, audits[name])


def _input(
    spec: Input, document: Document, source: Source, lists: Mapping[str, CodeList],
    ignore: Ignore, joins: Mapping[str, JoinPlan], folder: Path, iris: Iris,
    own: Own,
) -> InputPlan:  # fmt: skip
    maps = {name: item for name, item in document.maps.items() if spec.name in item.sources}
    peers = list(document.inputs.values())
    audit = straights.audit(spec, peers, source, iris, ignore)
    values = Values(
        document.prefixes, lists, audit,
        {name: join.audit for name, join in joins.items()},
        join_keys={name: join.key for name, join in joins.items()},
        library=own.functions,
    )  # fmt: skip
    scope = Scope(LoopNode(0))
    declared = frozenset(tag.split("-", 1)[0].lower() for tag in source.languages)
    rules = Rules(values, declared)
    rules.compile(maps, document.let)
    ordered = [rules.maps[name] for name in maps]
    key = values.template(spec.key, scope, spec.place)
    where = values.condition(spec.where, scope) if spec.where else None
    on = {
        name: either([values.value(on, scope) for on in join.spec.on])
        for name, join in joins.items()
        if join_applies(join.spec, spec)
    }
    above.check(values.above, spec)
    main = rules.maps[_main(spec, maps)]
    compiled = [one.finished() for one in ordered]
    joined = Joined(joins, on)
    mapper = Mapper(compiled, main, values, f"{source.id} {spec.name}")
    straight = straights.of(spec, peers, folder, source, iris, ignore)
    fields = None if straight else audit.names()
    return InputPlan(spec, key, where, main, compiled, audit, joined, fields, mapper, straight)


def join_applies(join: SideTable, spec: Input) -> bool:
    """Tell whether a join's ``on`` reads the records of an input."""
    return not join.sources or spec.name in join.sources


def _main(spec: Input, maps: Mapping[str, TriplesMap]) -> str:
    """Return the mapping whose subject is the record's own IRI."""
    stated = [name for name, item in maps.items() if item.main]
    plain = [n for n, m in maps.items() if m.loop is None and not m.within and not m.shared]
    for name in stated:
        if maps[name].loop is not None or maps[name].within:
            message = f"The main mapping {name!r} cannot have foreach or within."
            raise fault("QCP-MAP-KEYWORD", message, maps[name].place)
    if len(stated) > 1:
        message = f"Only one mapping of a source can be main: {', '.join(stated)}."
        raise fault("QCP-MAP-KEYWORD", message, maps[stated[1]].place)
    if not stated and not plain:
        message = f"The source {spec.name!r} has no mapping without foreach, for the record itself."
        raise fault("QCP-MAP-KEYWORD", message, spec.place)
    return (stated or plain)[0]


def _fingerprint(
    root: nodes.Table, lists: Mapping[str, CodeList], source: Source, iris: Iris,
    straight: Sequence[str],
) -> str:  # fmt: skip
    """Return a hash over all that decides the outcome; comments and the order of keys do not."""
    maps = root.entries.get("mappings") or root.entries.get("mapping")
    order = list(maps.entries) if isinstance(maps, nodes.Table) else []
    content = [
        nodes.canonical(root), order[:1], source.id, iris.base, sorted(source.languages),
        {str(codes.spec.identity): codes.content() for codes in lists.values()}, _engine(),
        *straight,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("ascii")).hexdigest()


def _engine() -> str:
    """Return a hash of this program's own code: other functions may give other triples."""
    total = hashlib.sha256(__version__.encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
