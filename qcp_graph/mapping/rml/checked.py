"""Literals whose text, datatype and language are checked; what is wrong is told, and left out."""

from collections.abc import Sequence

from qcp_graph.mapping.compile_terms import clean
from qcp_graph.mapping.frames import Frame
from qcp_graph.mapping.literals import CHECKS, UNUSUAL, escaped
from qcp_graph.terms import XSD_STRING


def quoted(frame: Frame, text: str, tail: str, rule: str, label: str) -> str:
    """Return the literal of a text; ``tail`` is its language or datatype as N-Triples has it."""
    if UNUSUAL.search(text):
        text = escaped(clean(frame, text, rule, label))
    return f'"{text}"{tail}'


def of_type(frame: Frame, text: str, datatype: str, rule: str, label: str) -> Sequence[str]:
    """Return the literal of a datatype, when the text is one of its values."""
    if datatype == XSD_STRING:
        return [quoted(frame, text, "", rule, label)]
    check, wanted = CHECKS.get(datatype, (None, ""))
    if check is None:
        return [quoted(frame, text, f"^^<{datatype}>", rule, label)]
    trimmed = text.strip()
    if check(trimmed) and not UNUSUAL.search(trimmed):
        return [f'"{trimmed}"^^<{datatype}>']
    frame.run.issue(
        "QCP-MAP-VALUE", f"The value is not {wanted}.", severity="violation", field=label,
        rule=rule, value=text, remedy="Correct the value at the source; it was left out.",
    )  # fmt: skip
    return ()


def no_iri(frame: Frame, rule: str, label: str, value: str) -> None:
    """Tell that a value gives no IRI."""
    frame.run.issue(
        "QCP-MAP-IRI", "The value makes no absolute IRI; there is no triple.",
        severity="violation", field=label, rule=rule, value=value,
        remedy="Give a complete address, a base IRI (--base-iri), or a template, which encodes.",
    )  # fmt: skip


def no_language(frame: Frame, rule: str, label: str, tag: str) -> None:
    """Tell that a value is no language tag."""
    frame.run.issue(
        "QCP-MAP-LANGUAGE", "The value is not a language tag; there is no triple.",
        severity="violation", field=label, rule=rule, value=tag,
        remedy="State the language (fr, en-gb) at the source.",
    )  # fmt: skip
