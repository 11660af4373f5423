"""Triples that pass without single rules (``construct``, ``copy``): checked like all others."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Final, Protocol

from qcp_graph.mapping.compile_terms import is_language
from qcp_graph.mapping.frames import Run
from qcp_graph.mapping.literals import CHECKS, CONTROL, escaped
from qcp_graph.mapping.vocabulary import is_safe_iri
from qcp_graph.model.record import JsonValue
from qcp_graph.namespaces import expand
from qcp_graph.terms import Quad

STRING: Final = expand("xsd:string")
Report = Callable[[str, str, str, str], None]
"""Code, message, value, remedy: a value that is left out."""


Trace = MutableMapping[Quad, tuple[str, Sequence[tuple[str, str]]]]
"""Quad → line of the mapping, fields with their values."""


class Straight(Protocol):
    """Adds triples to a record; ``subject`` is its own IRI."""

    def add(self, data: Mapping[str, JsonValue], subject: str, run: Run, trace: Trace) -> None:
        """Add quads to ``run``, and to ``trace`` where each comes from."""

    def content(self) -> str:
        """Return all that decides the outcome, for the fingerprint."""


def iri_term(iri: str, report: Report) -> str:
    """Return the term of an IRI; "" when it may not be published."""
    if is_safe_iri(iri):
        return f"<{iri}>"
    report("QCP-MAP-IRI", "The value is not an absolute, safe IRI.", iri, "Correct it.")
    return ""


def literal_term(text: str, language: str, datatype: str, report: Report) -> str:
    """Return the term of a literal; "" when its datatype does not allow it."""
    if CONTROL.search(text):
        report(
            "QCP-MAP-CONTROL", "The text holds control characters; they were removed.",
            CONTROL.sub("\ufffd", text), "Remove them at the source.",
        )  # fmt: skip
        text = CONTROL.sub("", text)
    if language and not is_language(language):
        report(
            "QCP-MAP-LANGUAGE", "The language of the text is not a language tag.", language,
            "State the language (fr, en-gb).",
        )  # fmt: skip
        return ""
    if language:
        return f'"{escaped(text)}"@{language.lower()}'
    if not datatype or datatype == STRING:
        return f'"{escaped(text)}"'
    check = CHECKS.get(datatype)
    if check is not None and not check[0](text.strip()):
        report("QCP-MAP-VALUE", f"The value is not {check[1]}.", text, "Correct the value.")
        return ""
    if not is_safe_iri(datatype):
        report("QCP-MAP-VALUE", "The datatype is not an IRI.", datatype, "Correct the datatype.")
        return ""
    return f'"{escaped(text.strip() if check else text)}"^^<{datatype}>'


def reporter(run: Run, field: str, rule: str) -> Report:
    """Return a function that keeps issues of a record about one field."""

    def report(code: str, message: str, value: str, remedy: str) -> None:
        run.issue(
            code, message, field=field, rule=rule, value=value,
            severity="info" if code == "QCP-MAP-CONTROL" else "warning",
            remedy=f"{remedy} It was left out." if code != "QCP-MAP-CONTROL" else remedy,
        )  # fmt: skip

    return report
