"""What a value of a mapping is in the words of a sheet: field, transformation, code list."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from qcp_graph.mapping.paths import SEPARATORS, Form, Reference
from qcp_graph.mapping.sheet.fields import escaped
from qcp_graph.mapping.sheet.steps import Call
from qcp_graph.mapping.spec import Document, TriplesMap, Value, form_of


@dataclass(frozen=True, slots=True)
class Resolved:
    """A row's own cells; ``framework`` where the value ends in the levels of one."""

    field: str
    calls: tuple[Call, ...] = ()
    codes: str = ""
    framework: str = ""

    def without(self, start: str) -> "Resolved":
        """Return the value without the beginning of an IRI, which the target adds."""
        rest = self.field.removeprefix(start)
        name = rest[2:-1] if rest.startswith("$(") and rest.count("$(") == 1 else rest
        return replace(self, field=name if start and rest != self.field else self.field)


@dataclass(frozen=True)
class Scope:
    """Where in the mapping a value stands: named values, and the iteration around it."""

    document: Document
    lets: Mapping[str, Value] = field(default_factory=dict)
    path: str = ""
    item: Value | None = None
    inner: bool = False

    @property
    def form(self) -> Form:
        """How references are written."""
        return form_of(next(iter(self.document.inputs.values())).format)

    def inside(self, one: TriplesMap) -> "Scope | None":
        """Return the scope of a further mapping; None where no sheet has such an iteration."""
        lets = {**self.lets, **one.let}
        if one.loop is None or (one.within and one.loop is None):
            return replace(self, lets=lets)
        if self.inner or one.loop.on is not None:
            return None
        if one.loop.value is not None:
            return Scope(self.document, lets, item=one.loop.value, inner=True)
        reference = one.loop.reference
        if reference is None or reference.kind != "path" or reference.up:
            return None
        return Scope(self.document, lets, path=reference.text, inner=True)


def resolve(value: Value, scope: Scope, *, level: bool = False) -> Resolved | None:
    """Return a value as cells; None where it needs more than they can say."""
    value = _inlined(value, scope)
    if value.default is not None:
        return None
    text = _text(value, scope)
    if text is None:
        return None
    calls: list[Call] = []
    codes = framework = ""
    for step in value.steps:
        if step.lookup:
            spec = scope.document.codelists[step.name]
            if framework or (codes and not (level and spec.levels)):
                return None
            codes, framework = (codes, spec.levels) if spec.levels else (step.name, "")
        elif codes or framework:
            return None
        else:
            calls.append(Call(step.name, step.arguments))
    return Resolved(text, tuple(calls), codes, framework)


def _inlined(value: Value, scope: Scope) -> Value:
    """Put what a named value, or the item of an iteration, stands for in its place."""
    for _ in range(20):
        single = value.template.single
        found: Value | None = None
        if single is not None and single.kind == "let":
            found = scope.lets.get(single.name) or scope.document.let.get(single.name)
        elif single is not None and single.kind == "item" and not single.up:
            found = scope.item
        if found is None:
            return value
        value = replace(found, steps=(*found.steps, *value.steps),
                        default=value.default or found.default)  # fmt: skip
    return value


def _text(value: Value, scope: Scope) -> str | None:
    template = value.template
    if template.constant is not None:
        return f'"{template.constant}"'
    single = template.single
    if single is not None:
        return _path(single, scope, bare=True)
    parts = []
    for part in template.parts:
        if isinstance(part, str):
            parts.append(part.replace("$(", "\\$("))
            continue
        path = _path(part, scope, bare=False)
        if path is None:
            return None
        parts.append(f"$({path})")
    return "".join(parts)


def _path(reference: Reference, scope: Scope, *, bare: bool) -> str | None:
    if reference.kind != "path":
        return None
    if scope.form == "table":
        name = str(reference.steps[0])
        return name if bare else escaped(name, "table")
    text = reference.text.lstrip("^").removeprefix("$.")
    if scope.path and not reference.up:
        return f"{scope.path}{SEPARATORS[scope.form]}{text}"
    return text if reference.up <= int(scope.inner) else None


def shortened(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return a prefixed name, by the longest beginning that fits."""
    best = max(
        ((start, name) for name, start in prefixes.items() if start and iri.startswith(start)),
        key=lambda pair: len(pair[0]),
        default=("", ""),
    )
    return f"{best[1]}:{iri.removeprefix(best[0])}" if best[1] else iri
