"""Terms from texts: checked, escaped, and complete; what cannot be one becomes an issue."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import pyoxigraph

from qcp_graph.mapping.frames import Frame, Getter, Texts
from qcp_graph.mapping.literals import CHECKS, CONTROL, UNUSUAL, escaped
from qcp_graph.mapping.vocabulary import is_safe_iri
from qcp_graph.terms import XSD_STRING

Terms = Callable[[Frame], Texts]
_PLAIN_END: Final = re.compile(r"[A-Za-z0-9._~/:@%-]*\Z")
SAFE_START: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?/[A-Za-z0-9._~/@:-]*\Z")


@lru_cache(maxsize=4096)
def is_language(tag: str) -> bool:
    """Tell whether a text is a language tag that the store accepts (BCP 47).

    >>> is_language("pt-BR"), is_language("_id"), is_language("")
    (True, False, False)
    """
    if not re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", tag):
        return False
    try:
        pyoxigraph.Literal("x", language=tag)
    except ValueError:
        return False
    return True


def literals(getter: Getter, tail: str, rule: str, label: str) -> Terms:
    """Return literals that all end alike: ``@fr``, a datatype without a check, or nothing."""
    end = f'"{tail}'
    unusual = UNUSUAL.search

    def terms(frame: Frame) -> Texts:
        found = getter(frame)
        if len(found) == 1:
            text = found[0]
            if text and not unusual(text):
                return (f'"{text}{end}',)
        return [
            f'"{escaped(clean(frame, text, rule, label)) if unusual(text) else text}{end}'
            for text in found
            if text
        ]

    return terms


def typed(getter: Getter, datatype: str, rule: str, label: str) -> Terms:
    """Return literals of a datatype; a text that is none of its values becomes an issue."""
    if datatype == XSD_STRING:
        return literals(getter, "", rule, label)
    if datatype not in CHECKS:
        return literals(getter, f"^^<{datatype}>", rule, label)
    check, wanted = CHECKS[datatype]
    tail = f'"^^<{datatype}>'

    def terms(frame: Frame) -> Texts:
        found = []
        for raw in getter(frame):
            text = raw.strip()
            if check(text) and not UNUSUAL.search(text):
                found.append(f'"{text}{tail}')
                continue
            frame.run.issue(
                "QCP-MAP-VALUE", f"The value is not {wanted}.", field=label, rule=rule, value=raw,
                remedy="Correct the value at the source; it was left out.",
            )  # fmt: skip
        return found

    return terms


def tagged(getter: Getter, language: Getter, rule: str, label: str) -> Terms:
    """Return literals whose language comes from the record."""

    def terms(frame: Frame) -> Texts:
        found = getter(frame)
        if not found:
            return ()
        tags = language(frame)
        tag = tags[0].strip() if tags else ""
        if not is_language(tag):
            frame.run.issue(
                "QCP-MAP-LANGUAGE", "The language of the text is missing or not a language tag.",
                field=label, rule=rule, value=tag,
                remedy="State the language (fr, en-gb) at the source; the text was left out.",
            )  # fmt: skip
            return ()
        return literals(lambda _: found, f"@{tag.lower()}", rule, label)(frame)

    return terms


def iris(getter: Getter, start: str, rule: str, label: str) -> Terms:
    """Return IRIs; ``start`` is the constant beginning of all of them, if there is one."""
    begins_safely = bool(start) and bool(SAFE_START.match(start))
    length = len(start)
    plain = _PLAIN_END.match

    def terms(frame: Frame) -> Texts:
        found = []
        for text in getter(frame):
            # Whatever is plain after a safe beginning needs no parser to tell that it is an IRI.
            if begins_safely and text.startswith(start) and plain(text, length):
                found.append(f"<{text}>")
                continue
            value = text.strip()
            if is_safe_iri(value):
                found.append(f"<{value}>")
                continue
            frame.run.issue(
                "QCP-MAP-IRI", "The value is not an absolute, safe IRI.", field=label, rule=rule,
                value=text, remedy="Give a complete address (https://…), or mend it with url_fix.",
            )  # fmt: skip
        return found

    return terms


def clean(frame: Frame, text: str, rule: str, label: str) -> str:
    """Remove what XML cannot carry, and say so."""
    if not CONTROL.search(text):
        return text
    frame.run.issue(
        "QCP-MAP-CONTROL", "The text holds control characters; they were removed.",
        severity="info", field=label, rule=rule, value=CONTROL.sub("\ufffd", text),
        remedy="Remove them at the source.",
    )  # fmt: skip
    return CONTROL.sub("", text)
