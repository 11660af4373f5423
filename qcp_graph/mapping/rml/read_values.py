"""Term maps, function executions and conditions of RML as the tree of ``mapping.yaml`` has them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from qcp_graph.errors import UsageError
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.paths import Form
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.rml.fno import INPUT, LIBRARY, runner
from qcp_graph.mapping.rml.grel import FIND, GREL, IDLAB, REPLACE, SECOND, SEPARATOR
from qcp_graph.mapping.rml.model import Call, Constant, Expression, Reference, Template, TermMap
from qcp_graph.mapping.rml.vocabulary import OURS, SEE, local
from qcp_graph.terms import iri_of, parts

Plain = dict[str, Any]
_OWN: Final = re.compile(r"\^|let:|join:|@index\Z|\.\Z")
_TEXT: Final = re.compile(r"/?text\(\)\Z")
_SAME: Final[Mapping[str, str]] = {
    GREL + "toUpperCase": "upper", GREL + "toLowerCase": "lower", GREL + "string_trim": "trim",
    IDLAB + "trim": "trim",
}  # fmt: skip


@dataclass
class ValueReader:
    """Reads values of a triples map whose references are written in a form."""

    form: Form
    prefixes: Mapping[str, str]
    join: str = ""
    base: str = ""

    def compact(self, iri: str) -> str:
        """Return an IRI with a prefix, where there is a fitting one.

        >>> ValueReader("xml", {"ex": "http://ex.org/"}).compact("http://ex.org/a")
        'ex:a'
        """
        found = [p for p, start in self.prefixes.items() if start and iri.startswith(start)]
        if not found:
            return iri
        prefix = max(found, key=lambda name: len(self.prefixes[name]))
        rest = iri[len(self.prefixes[prefix]) :]
        plain = not rest.startswith("/") and not re.search(r"\s", rest)
        return f"{prefix}:{rest}" if plain else iri

    def reference(self, text: str, place: Place) -> str:
        """Return a reference in our words, with ``$(`` around it."""
        if _OWN.match(text):
            inner = text
        elif self.form == "json":
            inner = _json(text)
        elif self.form == "xml":
            inner = _TEXT.sub("", text) or "."
            if inner.startswith("..") or re.search(r"[\[\]]", inner):
                raise cannot(f"the reference {text[:80]!r}", place)
        else:
            inner = text
        return f"$(join:{self.join}/{inner})" if self.join else f"$({inner})"

    def text(self, expression: Expression, place: Place, *, iri: bool = False) -> str:
        """Return a constant, reference or template as one text."""
        if isinstance(expression, Constant):
            term = expression.term
            if not term.startswith('"'):
                return _plain(self.compact(iri_of(term)))
            return _plain(self.compact(parts(term)[0]) if iri else parts(term)[0])
        if isinstance(expression, Reference):
            return self.reference(expression.text, place)
        if not isinstance(expression, Template):
            raise cannot("a function inside a text", place)
        pieces = [
            _plain(part) if isinstance(part, str) else self.reference(part.text, place)
            for part in expression.parts
        ]
        if iri and not _is_absolute(expression):
            if not self.base:
                raise cannot("an IRI without beginning: the document has no base", place)
            pieces.insert(0, self.base)
        elif iri and isinstance(expression.parts[0], str):
            pieces[0] = _plain(self.compact(expression.parts[0]))
        return "".join(pieces)

    def value(self, spec: TermMap, *, iri: bool = False) -> Plain:
        """Return the keys ``value constant transform default`` of an expression."""
        expression = spec.expression
        if isinstance(expression, Call):
            return self.call(expression)
        if expression is None:
            raise cannot("a blank node", spec.place)
        text = self.text(expression, spec.place, iri=iri)
        return {"value": text} if text else {"constant": ""}

    def call(self, call: Call) -> Plain:
        """Return a function execution as value with ``transform`` or ``default``."""
        if call.function == OURS + "default":
            found = self.value(_input(call, INPUT))
            return {**found, "default": _short(self.value(_input(call, OURS + "default")))}
        step, inner = self._step(call)
        found = self.value(inner)
        if "default" in found:
            raise cannot("a function after a default", call.place)
        return {**found, "transform": [*found.get("transform", ()), step]}

    def _step(self, call: Call) -> tuple[Any, TermMap]:
        if call.function == OURS + "lookup":
            return {"lookup": _codelist(_input(call, OURS + "codelist"))}, _input(call, INPUT)
        if call.function.startswith(LIBRARY):
            arguments: Plain = {}
            for name, value in call.inputs:
                if name != INPUT:
                    _collect(arguments, local(name), constant(value))
            name = call.function[len(LIBRARY) :]
            return ({name: arguments} if arguments else name), _input(call, INPUT)
        return _foreign(call)

    def condition(self, call: Call) -> Plain:
        """Return a function execution as condition."""
        kind = call.function.removeprefix(OURS)
        values = [value for name, value in call.inputs if name == OURS + "member"]
        members = [
            self.condition(value.expression)
            for value in values
            if isinstance(value.expression, Call)
        ]
        if members:
            return {"not": members[0]} if kind == "none" else {kind: members}
        if call.function.startswith(OURS):
            found = self.value(_input(call, INPUT))
            operands = [constant(value) for name, value in call.inputs if name == OURS + "operand"]
            return {**found, kind: "true" if kind == "exists" else operands}
        return self._foreign_condition(call)

    def _foreign_condition(self, call: Call) -> Plain:
        key = {IDLAB + "equal": "equals", IDLAB + "notEqual": "not"}.get(call.function)
        named = {local(name): value for name, value in call.inputs}
        other = next((value for name, value in named.items() if name in SECOND), None)
        value = next((value for name, value in named.items() if name not in SECOND), None)
        if key is None or value is None or other is None:
            raise cannot(f"the condition {local(call.function)!r}", call.place)
        return {**self.value(value), key: constant(other)}


def _json(text: str) -> str:
    if text == "$":
        return "."
    inner = text.removeprefix("$.").removeprefix("$")
    return re.sub(r"\.?\['((?:[^'\\]|\\.)*)'\]", _dotted, inner).removeprefix(".")


def _dotted(match: re.Match[str]) -> str:
    return "." + match[1].replace(".", "\\.")


def _plain(text: str) -> str:
    return text.replace("$(", "\\$(")


def _is_absolute(template: Template) -> bool:
    # What a reference gives is encoded, also its colon: alone it never makes an absolute IRI.
    first = template.parts[0] if template.parts else ""
    return isinstance(first, str) and bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", first))


def _short(found: Plain) -> Any:
    return found["value"] if set(found) == {"value"} else found


def _collect(arguments: Plain, name: str, text: str) -> None:
    """Add an argument; one that comes several times is a list."""
    if name in arguments:
        before = arguments[name]
        arguments[name] = [*(before if isinstance(before, list) else [before]), text]
    else:
        arguments[name] = text


def constant(spec: TermMap) -> str:
    """Return the text of a constant; arguments can be nothing else."""
    if not isinstance(spec.expression, Constant):
        raise cannot("an argument that is no constant", spec.place)
    term = spec.expression.term
    return parts(term)[0] if term.startswith('"') else iri_of(term)


def _input(call: Call, name: str) -> TermMap:
    for given, value in call.inputs:
        if given == name:
            return value
    message = f"The function {local(call.function)} lacks the input {local(name)}."
    raise fault("QCP-RML-FUNCTION", message, call.place, SEE)


def plain_json(text: str, place: object) -> Plain:
    """Return a table that is written as JSON.

    :raises UsageError: QCP-RML-MAPPING when it is none.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise fault("QCP-RML-MAPPING", f"Not valid JSON: {error}.", place, SEE) from error
    if not isinstance(found, dict):
        raise fault("QCP-RML-MAPPING", "The JSON is not a table ({…}).", place, SEE)
    return found


def _codelist(spec: TermMap) -> Any:
    """Return the name of a code list, or the description of one that is used only here."""
    text = constant(spec)
    return plain_json(text, spec.place) if text.startswith("{") else text


def _foreign(call: Call) -> tuple[Any, TermMap]:
    """Return the step of our library that does the same as a function of others."""
    runner(call, [(name, lambda frame: ()) for name, _ in call.inputs])  # is it called rightly?
    named = {local(name): value for name, value in call.inputs}

    def argument(words: Sequence[str]) -> str:
        return next((constant(named[word]) for word in words if word in named), "")

    special = {*FIND, *REPLACE, *SEPARATOR}
    inner = next((value for name, value in named.items() if name not in special), None)
    if inner is not None and call.function in _SAME:
        return _SAME[call.function], inner
    if inner is not None and call.function == GREL + "string_split":
        return {"split": {"on": argument(SEPARATOR)}}, inner
    if inner is not None and call.function == GREL + "string_replace":
        pattern = re.escape(argument(FIND))
        return {"replace": {"pattern": pattern, "by": argument(REPLACE)}}, inner
    raise cannot(f"the function {local(call.function)!r}", call.place)


def cannot(what: str, place: Place) -> UsageError:
    """Return the error of something that a register's mapping has no words for."""
    return fault("QCP-RML-REGISTER", f"A register's mapping cannot say {what}.", place, SEE)
