"""What an object of the mapping is made of, and what makes its terms."""

from collections.abc import Callable
from functools import partial

from qcp_graph.mapping.compile_terms import Terms, iris, is_language, literals, typed
from qcp_graph.mapping.compile_values import field_of
from qcp_graph.mapping.frames import Getter
from qcp_graph.mapping.paths import Reference
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.spec import LanguageMap, Object, Value


def maker(item: Object, content: Value) -> Callable[[Getter], Terms]:
    """Return what makes terms of an object's texts, where its language is no matter of the record.

    :raises UsageError: for a language that is none.
    """
    rule, label = str(item.place), field_of(content.template)
    if item.iri:
        parts = content.template.parts
        start = parts[0] if parts and not content.steps and isinstance(parts[0], str) else ""
        return partial(iris, start=start, rule=rule, label=label)
    if item.language is not None:
        tag = item.language.constant or ""
        if not is_language(tag):
            raise fault("QCP-MAP-NAME", f"{tag[:40]!r} is not a language tag.", item.place)
        return partial(literals, tail=f"@{tag.lower()}", rule=rule, label=label)
    if item.datatype:
        return partial(typed, datatype=item.datatype, rule=rule, label=label)
    return partial(literals, tail="", rule=rule, label=label)


def is_constant(item: Object) -> bool:
    """Tell whether an object is the same for every record."""
    content = item.content
    dynamic = item.language is not None and item.language.constant is None
    return (
        isinstance(content, Value)
        and not dynamic
        and not content.steps
        and content.default is None
        and content.template.constant is not None
    )


def plain_text(item: Object) -> tuple[str, str] | None:
    """Return field name and ending of a literal that is a field of the item as it stands."""
    content = item.content
    if not isinstance(content, Value) or content.steps or content.default or item.iri:
        return None
    single = content.template.single
    tag = item.language.constant if item.language is not None else ""
    if single is None or single.kind != "path" or single.up or len(single.steps) != 1:
        return None
    name = single.steps[0]
    if tag is None or item.datatype or not isinstance(name, str):
        return None
    return name, f"@{tag.lower()}" if tag else ""


def references_of(item: Object) -> list[Reference]:
    """Return the references whose values an object is made of."""
    content = item.content
    if isinstance(content, LanguageMap):
        return [content.reference]
    found: list[Reference] = []
    value: Value | None = content if isinstance(content, Value) else None
    while value is not None:
        found.extend(value.template.references)
        value = value.default
    return found
