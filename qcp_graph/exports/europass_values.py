"""Values in the files of the Europass register: what fits, and how it is spelt."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Final

from qcp_graph.exports.elm_layout import Slot
from qcp_graph.markup import element
from qcp_graph.terms import iri_of, is_iri_term, parts

Facts = Mapping[str, Mapping[str, Sequence[str]]]
"""Subject → property → values, as terms, sorted."""
_DATE: Final = re.compile(r"-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?\Z")
_MOMENT: Final = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?\Z")
_DURATION: Final = re.compile(r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?([\d.]+S)?)?\Z")


def unfit(slot: Slot, value: str, members: Mapping[str, Set[str]]) -> str:
    """Return why a slot cannot take a value, nothing where it can.

    ``members``: vocabulary → the IRIs that its list has.
    """
    if slot.kind in {"concept", "part", "ref", "mailbox"}:
        if not is_iri_term(value):
            return "the format wants a thing, not a text"
        known = members.get(slot.detail, frozenset())
        if slot.kind == "concept" and slot.detail != "*" and iri_of(value) not in known:
            return f"the format's list ({slot.detail}) has no {iri_of(value)}"
        return ""
    text = iri_of(value) if is_iri_term(value) else parts(value)[0]
    if slot.kind == "dateTime" and not (_DATE.match(text) or _MOMENT.match(text)):
        return "no whole day"
    if slot.kind == "duration" and not _DURATION.match(text):
        return "no duration of XML Schema"
    return "" if text.strip() else "it is empty"


def literal(slot: Slot, value: str) -> str:
    """Return the element of a text, a number or a day, as the schema spells it."""
    if is_iri_term(value):
        return element(slot.element, iri_of(value))
    text, language, _ = parts(value)
    if slot.kind == "text":
        return element(slot.element, text, language=language or "und")
    if slot.kind == "dateTime" and (day := _DATE.match(text)):
        zone = day[1] or ""
        text = f"{text.removesuffix(zone)}T00:00:00{zone}"
    return element(slot.element, text.strip())


def facts(
    quads: Iterable[tuple[str, str, str, str]], *, provenance: bool = False
) -> dict[str, dict[str, list[str]]]:
    """Return what statements in the roles of a release say, sorted; ``provenance`` if asked for.

    >>> facts([("<s>", "<p>", '"b"', "data"), ("<s>", "<p>", '"a"', "data")])
    {'<s>': {'<p>': ['"a"', '"b"']}}
    """
    found: dict[str, dict[str, set[str]]] = {}
    for subject, name, value, role in quads:
        if provenance or role != "provenance":
            found.setdefault(subject, {}).setdefault(name, set()).add(value)
    return {
        subject: {name: sorted(values) for name, values in sorted(said.items())}
        for subject, said in sorted(found.items())
    }
