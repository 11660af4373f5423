"""Terms of RML as closures: what a term map makes of an iteration, checked and complete."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from qcp_graph.errors import UsageError
from qcp_graph.mapping.frames import Frame
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.rml import fno
from qcp_graph.mapping.rml.blank import blank_nodes, new_nodes
from qcp_graph.mapping.rml.checked import no_iri, no_language, of_type, quoted
from qcp_graph.mapping.rml.encoding import encode_iri, encode_uri
from qcp_graph.mapping.rml.frames import Getter, Values, as_double, getter, lexical, natural
from qcp_graph.mapping.rml.graph import NO_BASE
from qcp_graph.mapping.rml.model import (
    Call,
    Constant,
    Expression,
    Formulation,
    Reference,
    Template,
    TermMap,
    TermType,
)
from qcp_graph.mapping.rml.parse_terms import is_rml_language
from qcp_graph.mapping.rml.references import path
from qcp_graph.mapping.rml.sql_types import sql_natural
from qcp_graph.mapping.rml.templating import Encode, combined
from qcp_graph.mapping.rml.vocabulary import SEE
from qcp_graph.terms import curie, is_iri, parts

Terms = Callable[[Frame], Sequence[str]]
_DOUBLE: Final = curie("xsd:double")
SAFE_START: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?/[A-Za-z0-9._~/@:-]*\Z")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ENCODERS: Final[dict[TermType, Encode]] = {"iri": encode_iri, "uri": encode_uri}


@dataclass
class Watch:
    """A reference: whether it was asked for and found; ``subject``: nothing comes without it."""

    text: str
    place: Place
    subject: bool = False
    asked: bool = False
    seen: bool = False


@dataclass
class TermCompiler:
    """Compiles the term maps of one logical source.

    ``base`` makes relative IRIs absolute; ``natural`` keeps the types of JSON's numbers and flags,
    which only the new RML does. ``columns`` are the datatypes of a database's columns, filled
    before the first record.
    """

    formulation: Formulation
    nulls: frozenset[str]
    base: str
    natural: bool = True
    watches: dict[str, Watch] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)

    def terms(self, spec: TermMap, *, subject: bool = False) -> Terms:
        """Compile a term map to a function that returns N-Triples terms."""
        if isinstance(spec.expression, Constant):
            found = _always((_resolved(spec.expression.term, self.base),))
        elif spec.expression is None:
            found = new_nodes(str(spec.place))
        elif spec.type == "literal":
            found = self._literals(spec)
        elif spec.type == "blank":
            found = blank_nodes(self.values(spec.expression, spec.place, subject=subject))
        else:
            found = self._iris(spec, subject)
        return found if spec.condition is None else _guarded(found, self.test(spec.condition))

    def constant(self, spec: TermMap) -> str:
        """Return the term of a constant term map; nothing for any other."""
        if not isinstance(spec.expression, Constant) or spec.condition is not None:
            return ""
        return _resolved(spec.expression.term, self.base)

    def values(
        self, expression: Expression, place: Place, *, encode: Encode | None = None,
        subject: bool = False,
    ) -> Getter:  # fmt: skip
        """Compile an expression to a function that returns its values."""
        if isinstance(expression, Reference):
            return self._reference(expression, place, subject)
        if isinstance(expression, Template):
            return self._template(expression, place, encode, subject)
        if isinstance(expression, Call):
            return self._call(expression)
        assert isinstance(expression, Constant)
        term = expression.term
        fixed = (parts(term)[0] if term.startswith('"') else term[1:-1],)
        return lambda frame: fixed

    def test(self, call: Call) -> Callable[[Frame], bool]:
        """Compile a condition."""
        getter = self._call(call)
        return lambda frame: any(lexical(value) == "true" for value in getter(frame))

    def _call(self, call: Call) -> Getter:
        inputs = [(name, self.values(term.expression, term.place)) for name, term in call.inputs]
        return fno.runner(call, inputs)

    def _reference(self, reference: Reference, place: Place, subject: bool) -> Getter:
        text = reference.text
        try:
            steps = path(text, self.formulation)
        except ValueError as error:
            raise fault("QCP-RML-REFERENCE", f"Bad reference: {error}.", place, SEE) from error
        watch = self.watches.setdefault(text, Watch(text, place))
        watch.subject = watch.subject or subject
        found = getter(steps, self.formulation, self.nulls, text)
        if self.formulation in {"csv", "sql"}:  # their header tells whether there is the column
            return found

        def watched(frame: Frame) -> Values:
            values = found(frame)
            watch.asked = True
            if values:
                watch.seen = True
            return values

        return watched

    def _template(
        self, spec: Template, place: Place, encode: Encode | None, subject: bool
    ) -> Getter:
        columns = [
            part if isinstance(part, str) else self._reference(part, place, subject)
            for part in spec.parts
        ]
        return combined(columns, encode, str(place))

    def _iris(self, spec: TermMap, subject: bool) -> Terms:
        encode = _ENCODERS.get(spec.type)
        if encode is not None and (parted := _beginning(spec.expression)):
            start, reference = parted
            getter = self._reference(reference, spec.place, subject)
            return _encoded(start, getter, encode)
        found = self.values(spec.expression, spec.place, encode=encode, subject=subject)
        base, rule, label = self.base, str(spec.place), _label(spec.expression)

        def iris(frame: Frame) -> Sequence[str]:
            terms: list[str] = []
            for value in found(frame):
                text = lexical(value)
                whole = text if _ABSOLUTE.match(text) else base + text
                if is_iri(whole):
                    terms.append(f"<{whole}>")
                else:
                    no_iri(frame, rule, label, whole)
            return terms

        return iris

    def _literals(self, spec: TermMap) -> Terms:
        found = self.values(spec.expression, spec.place)
        rule, label = str(spec.place), _label(spec.expression)
        if spec.language is not None:
            return self._tagged(spec.language, found, rule, label)
        if spec.datatype is not None:
            return self._typed(spec.datatype, found, rule, label)
        if self.formulation == "sql" and isinstance(spec.expression, Reference):
            name = str(path(spec.expression.text, "sql").steps[0]).casefold()
            return lambda frame: [
                _natural_column(frame, lexical(v), self.columns.get(name, ""), rule, label)
                for v in found(frame)
            ]
        if not (self.natural and self.formulation == "json") and not isinstance(
            spec.expression, Call
        ):
            return lambda frame: [quoted(frame, lexical(v), "", rule, label) for v in found(frame)]

        def natural_literals(frame: Frame) -> Sequence[str]:
            pairs = (natural(value) for value in found(frame))
            return [quoted(frame, text, tail, rule, label) for text, tail in pairs]

        return natural_literals

    def _tagged(self, language: TermMap, found: Getter, rule: str, label: str) -> Terms:
        if isinstance(language.expression, Constant):
            end = f"@{parts(language.expression.term)[0].lower()}"
            return lambda frame: [quoted(frame, lexical(v), end, rule, label) for v in found(frame)]
        tags = self.values(language.expression, language.place)

        def tagged(frame: Frame) -> Sequence[str]:
            terms: list[str] = []
            values = found(frame)
            for tag in map(lexical, tags(frame) if values else ()):
                if is_rml_language(tag):
                    end = f"@{tag.lower()}"
                    terms += [quoted(frame, lexical(v), end, rule, label) for v in values]
                else:
                    no_language(frame, rule, label, tag)
            return terms

        return tagged

    def _typed(self, datatype: TermMap, found: Getter, rule: str, label: str) -> Terms:
        kinds = self._iris(datatype, subject=False)
        if isinstance(datatype.expression, Constant):
            kinds = self.terms(datatype)

        def typed(frame: Frame) -> Sequence[str]:
            terms: list[str] = []
            values = found(frame)
            for kind in kinds(frame) if values else ():
                for value in values:
                    text = as_double(value) if kind == _DOUBLE else lexical(value)
                    terms += of_type(frame, text, kind[1:-1], rule, label)
            return terms

        return typed


def _resolved(term: str, base: str) -> str:
    start = f"<{NO_BASE}"
    return f"<{base}{term[len(start) :]}" if term.startswith(start) else term


def _beginning(expression: Expression) -> tuple[str, Reference] | None:
    """Return a template that is a safe beginning of an IRI and one reference, in its two parts."""
    if not isinstance(expression, Template) or len(expression.parts) != 2:
        return None
    start, reference = expression.parts
    if not isinstance(start, str) or not isinstance(reference, Reference):
        return None
    return (start, reference) if SAFE_START.match(start) else None


def _encoded(start: str, found: Getter, encode: Encode) -> Terms:
    """Return IRIs that need no check: what is encoded can follow such a beginning."""

    def iris(frame: Frame) -> Sequence[str]:
        return [f"<{start}{encode(lexical(value))}>" for value in found(frame)]

    return iris


def _natural_column(frame: Frame, text: str, datatype: str, rule: str, label: str) -> str:
    value, tail = sql_natural(text, datatype)
    return quoted(frame, value, tail, rule, label)


def _always(terms: Sequence[str]) -> Terms:
    return lambda frame: terms


def _label(expression: Expression) -> str:
    if isinstance(expression, Reference):
        return expression.text
    if isinstance(expression, Template):
        return ", ".join(part.text for part in expression.parts if isinstance(part, Reference))
    return ""


def _guarded(terms: Terms, test: Callable[[Frame], bool]) -> Terms:
    return lambda frame: terms(frame) if test(frame) else ()


def unknown_column(name: str, place: Place, hint: str) -> UsageError:
    """Return the error of a reference to a column that a table does not have."""
    return fault("QCP-RML-REFERENCE", f"The table has no column {name[:80]!r}.", place, hint)
