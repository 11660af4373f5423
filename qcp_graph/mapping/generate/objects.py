"""Code for triple patterns: the common forms inline, their closures for everything else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qcp_graph.mapping.compile_objects import is_constant, maker
from qcp_graph.mapping.compile_rules import CompiledMap, CompiledRule
from qcp_graph.mapping.compile_terms import SAFE_START
from qcp_graph.mapping.compile_values import Values
from qcp_graph.mapping.frames import Frame, Run
from qcp_graph.mapping.generate.code import Code, UnsupportedError
from qcp_graph.mapping.generate.runtime import Memo, given_texts
from qcp_graph.mapping.generate.sinks import Sink
from qcp_graph.mapping.generate.values import Body, ValueCode
from qcp_graph.mapping.literals import CHECKS
from qcp_graph.mapping.loops import meeting
from qcp_graph.mapping.paths import Template
from qcp_graph.mapping.spec import MappingReference, Object, Rule, Value
from qcp_graph.model.record import Locator

_SAFE_PART = re.compile(r"[A-Za-z0-9._~/:@-]*(?:#[A-Za-z0-9._~/-]*)?\Z")


@dataclass(frozen=True)
class Target:
    """Where the triples of a mapping go: its subject's variable and the list."""

    compiled: CompiledMap
    subject: str
    to: str


class RuleCode(ValueCode):
    """Adds the code of triple patterns to a function; ``numbers`` are those of the mappings."""

    def __init__(self, code: Code, values: Values, sink: Sink, maps: Sequence[CompiledMap]) -> None:
        super().__init__(code, values)
        self.sink = sink
        self.maps = maps
        self.numbers = {compiled.spec.name: n for n, compiled in enumerate(maps)}

    def rule(self, rule: CompiledRule, target: Target, body: Body) -> None:
        """Add the code of one triple pattern."""
        lines, known = len(self.code.lines), dict(body.known)
        depth = self.code.depth
        try:
            self._guarded(rule, target, body)
        except UnsupportedError:
            del self.code.lines[lines:]
            self.code.depth = depth
            body.known = known
            self.general(rule, target, body)

    def general(self, rule: CompiledRule, target: Target, body: Body) -> None:
        """Leave a triple pattern to its closure."""
        call = f"general({self.code.bind(rule.emit)}, {body.frame()}, {target.subject})"
        self.code.line(f"{target.to}.extend({self.sink.quads(call)})")

    def _guarded(self, rule: CompiledRule, target: Target, body: Body) -> None:
        item = rule.item
        if rule.rule != Rule(
            rule.rule.predicates, rule.rule.objects, rule.rule.place, rule.rule.role,
            rule.rule.when,
        ) or item != Object(
            item.content, item.place, item.iri, item.raw, item.language, item.datatype, item.when,
            item.required,
        ):  # fmt: skip
            raise UnsupportedError
        scope = target.compiled.scope
        conditions = [c for c in (rule.rule.when, item.when) if c is not None]
        tests = [self.condition(condition, scope, body) for condition in conditions]
        if not tests:
            self._object(rule, target, body)
            return
        with self.block("if " + " and ".join(f"{test} is True" for test in tests), body) as inner:
            self._object(rule, target, inner)
        with self.block("elif " + " or ".join(f"{t} is UNUSUAL" for t in tests), body) as inner:
            self.general(rule, target, inner)

    def _object(self, rule: CompiledRule, target: Target, body: Body) -> None:
        item = rule.item
        if isinstance(item.content, MappingReference):
            self._links(rule, item.content, target, body)
        elif not isinstance(item.content, Value):
            raise UnsupportedError
        elif is_constant(item):
            self._constant(rule, target)
        elif item.language is not None and item.language.constant is None:
            raise UnsupportedError
        elif item.content.steps or item.datatype or item.iri:
            self._terms(rule, self.terms(item, item.content, target, body), target, body)
        else:
            self._literal(rule, item.content, target, body)

    def _add(self, rule: CompiledRule, target: Target, term: str) -> None:
        for predicate in _predicates(rule):
            made = self.sink.term(target.subject, predicate, term, rule.rule.role)
            self.code.line(f"{target.to}.append({made})")

    def _constant(self, rule: CompiledRule, target: Target) -> None:
        content = rule.item.content
        assert isinstance(content, Value)
        text = content.template.constant
        found = maker(rule.item, content)(lambda frame: (text,) if text else ())(
            Frame(None, None, 1, Run("", "", Locator(""), {}))
        )
        if not found and rule.item.required:
            raise UnsupportedError
        for term in found:
            self._add(rule, target, self.code.bind(term))

    def _literal(self, rule: CompiledRule, content: Value, target: Target, body: Body) -> None:
        item, code, scope = rule.item, self.code, target.compiled.scope
        tail = f"@{(item.language.constant or '').lower()}" if item.language else ""
        raw = None
        if content.default is None:
            raw = self.unknown_path(content.template, scope, body)
        if raw is None:
            text = self.value(content, scope, body)
            with code.block(f"if {text} and type({text}) is str"):
                self._escaped(rule, target, text, tail, body)
        else:  # its checks and its triple in one
            text = raw
            code.line(f"if {text} is not None and type({text}) is not str:")
            code.line(f"    {text} = text_of({text})")
            with code.block(f"if type({text}) is str and {text} and not {text}.isspace()"):
                self._escaped(rule, target, text, tail, body)
        unclear = f"elif {text} is UNUSUAL"
        with self.block("else" if item.required else unclear, body) as inner:
            self.general(rule, target, inner)

    def _escaped(
        self, rule: CompiledRule, target: Target, text: str, tail: str, body: Body
    ) -> None:
        code, name = self.code, self.code.fresh()
        plain = f"'\"' not in {text} and '\\\\' not in {text} and {text}.isprintable()"
        with code.block(f"if {plain}"):
            self._add_text(rule, target, text, tail)
        with code.block(f"elif type({name} := escape({text})) is str"):
            self._add_text(rule, target, name, tail)
        with self.block("else", body) as inner:
            self.general(rule, target, inner)

    def _add_text(self, rule: CompiledRule, target: Target, text: str, tail: str) -> None:
        for predicate in _predicates(rule):
            made = self.sink.text(target.subject, predicate, text, tail, rule.rule.role)
            self.code.line(f"{target.to}.append({made})")

    def _terms(self, rule: CompiledRule, term: str, target: Target, body: Body) -> None:
        code = self.code
        with code.block(f"if type({term}) is str"):
            self._add(rule, target, term)
        with code.block(f"elif type({term}) is tuple"), code.block(f"for {term} in {term}"):
            self._add(rule, target, term)
        with self.block("else" if rule.item.required else f"elif {term}", body) as inner:
            self.general(rule, target, inner)

    def terms(self, item: Object, content: Value, target: Target, body: Body) -> str:
        """Return the variable of an object's terms: one, a tuple of several, or none."""
        code, scope = self.code, target.compiled.scope
        make = maker(item, content)
        if content.default is None and content.steps:
            bare = Value(content.template, content.place)
            text = self.value(bare, scope, body)
            memo = Memo(make(self.chain(content, iri=item.iri)), several=True)
            return self._assigned(f"{code.bind(memo)}[{text}]")
        if item.iri and is_safe(content, item):
            return self._safe(content.template, target, body)
        text = self.value(content, scope, body, iri=item.iri, raw=item.raw)
        memo = Memo(make(given_texts), several=True)
        look = f"{code.bind(memo)}[{text}]"
        if item.iri:
            look = f"f'<{{{text}}}>' if type({text}) is str and is_common({text}) else {look}"
        elif item.datatype in CHECKS:  # what is one of its values needs no escape
            check, end = code.bind(CHECKS[item.datatype][0]), code.bind(f'"^^<{item.datatype}>')
            literal = f"f'\"{{{text}}}{{{end}}}'"
            look = f"{literal} if type({text}) is str and {check}({text}) else {look}"
        return self._assigned(look)

    def _safe(self, template: Template, target: Target, body: Body) -> str:
        """An IRI that no part can spoil, be it what it may."""
        scope = target.compiled.scope
        if template.constant is not None:
            return self.code.bind(f"<{template.constant}>")
        parts = [
            self.code.bind(part) if isinstance(part, str) else self.encoded(part, scope, body)
            for part in template.parts
        ]
        variables = [
            name for name, part in zip(parts, template.parts, strict=True)
            if not isinstance(part, str)
        ]  # fmt: skip
        return self.combined(variables, "f'<" + "".join(f"{{{part}}}" for part in parts) + ">'")

    def _links(
        self, rule: CompiledRule, content: MappingReference, target: Target, body: Body
    ) -> None:
        if content != MappingReference(content.name, content.place) or rule.item.required:
            raise UnsupportedError
        number = self.numbers[content.name]
        here = target.compiled.loop
        levels, lineage = meeting(here, self.maps[number].loop)
        term = self.code.fresh()
        self.code.line(f"{term} = S{number}_{here.depth - levels}")
        depth = self.code.depth
        for _ in lineage:
            self.code.line(f"for {term} in {term}:")
            self.code.depth += 1
        with self.code.block(f"if type({term}) is str"):
            self._add(rule, target, term)
        with self.block(f"elif {term} is UNUSUAL", body) as inner:
            self.general(rule, target, inner)
        self.code.depth = depth


def _predicates(rule: CompiledRule) -> list[str]:
    return [f"<{predicate}>" for predicate in rule.rule.predicates]


def is_safe(content: Value, item: Object) -> bool:
    """Tell whether any texts, as parts of a template, make a valid and safe IRI."""
    template = content.template
    parts = template.parts
    if item.raw or content.steps or content.default or template.single or not parts:
        return False
    start = parts[0]
    if not isinstance(start, str) or not SAFE_START.match(start):
        return False
    rest = "".join(part if isinstance(part, str) else "-" for part in parts[1:])
    return bool(_SAFE_PART.match(rest))
