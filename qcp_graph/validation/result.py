"""What a validation found: one result per broken constraint and value (SHACL §3.6.2)."""

from dataclasses import dataclass
from typing import Final

from qcp_graph.model.issue import Severity
from qcp_graph.terms import curie

VIOLATION: Final = curie("sh:Violation")
_LEVELS: Final[dict[str, Severity]] = {
    VIOLATION: "violation",
    curie("sh:Warning"): "warning",
    curie("sh:Info"): "info",
}

Texts = tuple[tuple[str, str], ...]
"""Pairs of (language tag, text), sorted by tag; the tag of plain text is empty."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One constraint of one shape, as every result of it repeats it.

    ``shape``, ``component``, ``severity`` and ``lacks`` are terms. ``code``, ``remedies`` and
    ``lacks`` are our annotations of a shape (``qcp:code``, ``qcp:remedy``, ``qcp:lacks``).
    """

    shape: str
    component: str
    severity: str = VIOLATION
    path: str = ""
    messages: Texts = ()
    code: str = ""
    remedies: Texts = ()
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result; terms are N-Triples text, exactly as in the validated graph.

    ``path`` is the result path as a SPARQL 1.1 property path (``<p>``, ``^<p>``, ``<p>/<q>``),
    empty for results of node shapes; ``value`` is empty where the constraint names none.
    """

    focus: str
    value: str
    path: str
    rule: Rule

    @property
    def shape(self) -> str:
        """The term of the shape whose constraint was broken."""
        return self.rule.shape

    @property
    def component(self) -> str:
        """The term of the constraint component, ``<…#MinCountConstraintComponent>``."""
        return self.rule.component

    @property
    def severity(self) -> Severity:
        """The severity; one of a shape author's own invention counts as a violation."""
        return _LEVELS.get(self.rule.severity, "violation")

    @property
    def lacks(self) -> str:
        """The term of the property that the focus node lacks, where the shape says so, or ""."""
        return self.rule.lacks

    @property
    def message(self) -> str:
        """The message in English, else in the first language there is."""
        return text(self.rule.messages, "en")

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """What makes two results equal for the standard: everything but the message."""
        rule = self.rule
        return self.focus, self.path, self.value, rule.component, rule.severity, rule.shape


def text(texts: Texts, language: str) -> str:
    """Return the text in a language, else in English, else untagged, else the first one.

    >>> text((("en", "Title"), ("fr", "Titre")), "fr")
    'Titre'
    """
    table = dict(reversed(texts))
    for wanted in (language, "en", ""):
        if wanted in table:
            return table[wanted]
    return texts[0][1] if texts else ""
