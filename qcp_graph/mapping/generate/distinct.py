"""Whether a record can give the same triple twice: what is proved here is not compared later.

Two triple patterns are apart when their predicates or graphs differ, or when no record makes their
subjects, or their objects, equal. What cannot be told counts as possibly equal.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

from qcp_graph.mapping.compile_rules import CompiledMap, CompiledRule
from qcp_graph.mapping.generate.objects import is_safe
from qcp_graph.mapping.paths import Template
from qcp_graph.mapping.spec import MappingReference, Value

# A constant; a literal by its ending; an IRI by its template; anything.
Kind: TypeAlias = tuple[Literal["fixed", "literal"], str] | tuple[Literal["iri"], Template | None]
_GAP = "\0"  # a reference, in the text of a template: no IRI has this character


@dataclass(frozen=True)
class _Site:
    """A triple pattern: the mapping it is in, and its objects (``None``: unknown)."""

    subject: int
    objects: Kind | None


def is_distinct(maps: Sequence[CompiledMap]) -> bool:
    """Tell whether no record gives a triple twice, where the subjects of each mapping differ."""
    subjects = [_template(compiled) for compiled in maps]
    sites: dict[tuple[str, str], list[_Site]] = {}
    for number, compiled in enumerate(maps):
        for predicate, role, objects in _patterns(compiled, maps):
            sites.setdefault((predicate, role), []).append(_Site(number, objects))
    return all(
        (a.subject != b.subject and _apart(subjects[a.subject], subjects[b.subject]))
        or _differ(a.objects, b.objects)
        for found in sites.values()
        for a, b in combinations(found, 2)
    )


def _patterns(
    compiled: CompiledMap, maps: Sequence[CompiledMap]
) -> Iterator[tuple[str, str, Kind | None]]:
    for predicate, term, role in compiled.fixed:
        yield predicate, role, ("fixed", term)
    for rule in compiled.rules:
        objects = _objects(rule, maps)
        for predicate in rule.rule.predicates:
            yield f"<{predicate}>", rule.rule.role, objects


def _objects(rule: CompiledRule, maps: Sequence[CompiledMap]) -> Kind | None:
    item = rule.item
    if isinstance(item.content, MappingReference):
        name = item.content.name
        (target,) = (one for one in maps if one.spec.name == name)
        return ("iri", _template(target))
    if not isinstance(item.content, Value):
        return None
    if item.iri:
        return ("iri", item.content.template if is_safe(item.content, item) else None)
    if item.language is not None:
        tag = item.language.constant
        return None if tag is None else ("literal", f'"@{tag.lower()}')
    return ("literal", f'"^^<{item.datatype}>' if item.datatype else '"')


def _template(compiled: CompiledMap) -> Template | None:
    if len(compiled.spec.subjects) != 1:
        return None
    (item,) = compiled.spec.subjects
    if isinstance(item.content, Value) and is_safe(item.content, item):
        return item.content.template
    return None


def _differ(one: Kind | None, other: Kind | None) -> bool:
    """Tell whether no object of one pattern is an object of the other."""
    if one is None or other is None:
        return False
    if one[0] == "iri" and other[0] == "iri":
        return _apart(one[1], other[1])
    if one[0] == "fixed" and other[0] == "fixed":
        return one[1] != other[1]
    return _ending(one) != _ending(other)


def _ending(objects: Kind) -> str:
    """Return how all literals of a pattern end; ``""`` for IRIs."""
    kind, text = objects
    if kind == "iri" or not isinstance(text, str):
        return ""
    if kind == "literal":
        return text
    return "" if text.startswith("<") else text[text.rindex('"') :]


def _apart(one: Template | None, other: Template | None) -> bool:
    """Tell whether two templates, whose references hold neither / nor #, never give one IRI."""
    if one is None or other is None:
        return False
    pieces = [re.split("([/#])", _text(template)) for template in (one, other)]
    if len(pieces[0]) != len(pieces[1]):
        return True
    return any(_unlike(a, b) for a, b in zip(*pieces, strict=True))


def _text(template: Template) -> str:
    return "".join(part if isinstance(part, str) else _GAP for part in template.parts)


def _unlike(one: str, other: str) -> bool:
    """Tell whether two segments differ whatever stands in their gaps.

    >>> _unlike("note-\\0", "id-\\0"), _unlike("note-1", "note-\\0"), _unlike("#", "/")
    (True, False, True)
    """
    if _GAP not in one and _GAP not in other:
        return one != other
    starts = [text.split(_GAP, 1)[0] for text in (one, other)]
    ends = [text.rsplit(_GAP, 1)[-1] for text in (one, other)]
    heads_fit = starts[0].startswith(starts[1]) or starts[1].startswith(starts[0])
    tails_fit = ends[0].endswith(ends[1]) or ends[1].endswith(ends[0])
    return not (heads_fit and tails_fit)
