"""Tables of language → text in a record (``languageMap``), as literals with their language."""

from collections.abc import Callable, Mapping, Sequence

from qcp_graph.mapping.above import grounded
from qcp_graph.mapping.audit_rdf import RdfAudit
from qcp_graph.mapping.compile_steps import Apply
from qcp_graph.mapping.compile_terms import Terms, is_language, literals
from qcp_graph.mapping.compile_values import Scope, Values
from qcp_graph.mapping.frames import Frame, Texts, enclosing, select, texts
from qcp_graph.mapping.paths import Reference
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.spec import LanguageMap
from qcp_graph.model.record import JsonValue


def language_map(
    values: Values, content: LanguageMap, scope: Scope, declared: frozenset[str]
) -> Terms:
    """Compile a language map; ``declared`` are the languages of the source."""
    reference = grounded(content.reference, scope.loop)
    if reference.kind not in {"path", "item"}:
        raise fault("QCP-MAP-TEMPLATE", "languageMap takes a path.", content.place)
    target = scope.loop.outer(reference.up)
    if target is None:
        message = f"$({reference.text}) climbs higher than the record."
        raise fault("QCP-MAP-TEMPLATE", message, content.place)
    values.use(target, reference.steps, reference.text, content.place, tree=True)
    applies = [values.step(step, reference.text) for step in content.steps]
    rule = str(content.place)
    rdf = isinstance(values.audit, RdfAudit)

    def terms(frame: Frame) -> Texts:
        found: list[str] = []
        for item in select(enclosing(frame, reference.up).item, reference.steps):
            if isinstance(item, Mapping):
                tagged = item.get("@language")  # a text of RDF says itself which language it is in
                table = {tagged: item.get("#text")} if isinstance(tagged, str) else item
                found += _of_table(frame, table, reference, declared, applies, rule)
            elif rdf and isinstance(item, str) and item:
                found += _untagged(frame, item, reference, declared, applies, rule)
        return found

    return terms


def _of_table(
    frame: Frame,
    item: Mapping[str, JsonValue],
    reference: Reference,
    declared: frozenset[str],
    applies: Sequence[Apply],
    rule: str,
) -> list[str]:
    found: list[str] = []
    for key, value in item.items():
        if isinstance(value, int | float) or not _is_declared(key, declared):
            continue
        values = texts(value)
        for apply in applies:
            values = apply(frame, values)
        label = f"{reference.text} {key}"
        found += literals(_always(values), f"@{key.lower()}", rule, label)(frame)
    return found


def _untagged(
    frame: Frame,
    text: str,
    reference: Reference,
    declared: frozenset[str],
    applies: Sequence[Apply],
    rule: str,
) -> list[str]:
    """Take a text without a language for one in the register's only language."""
    if len(declared) == 1:
        return _of_table(frame, {next(iter(declared)): text}, reference, declared, applies, rule)
    frame.run.issue(
        "QCP-MAP-LANGUAGE", "The text does not say which language it is in.",
        field=reference.text, rule=rule, value=text,
        remedy="State the language at the source; the text was left out.",
    )  # fmt: skip
    return []


def _always(values: Texts) -> Callable[[Frame], Texts]:
    return lambda frame: values


def _is_declared(key: str, declared: frozenset[str]) -> bool:
    """Without declared languages every two-letter key counts; other keys must be declared."""
    start = key.split("-", 1)[0].lower()
    return (start in declared if declared else len(start) == 2) and is_language(key)
