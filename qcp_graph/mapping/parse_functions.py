"""YARRRML's own way to call functions: ``function:`` with ``parameters:``, and as a condition.

They become steps of a transformation (:mod:`qcp_graph.mapping.spec`), so exactly one parameter
holds references or another function; the rest are fixed texts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from qcp_graph.mapping import functions
from qcp_graph.mapping.fields import Fields, items, scalar
from qcp_graph.mapping.nodes import Listing, Node, Place, Scalar, Table
from qcp_graph.mapping.problems import fault, unknown
from qcp_graph.mapping.spec import Argument, Comparison, Condition, Junction, Step, Value

if TYPE_CHECKING:
    from qcp_graph.mapping.parse_values import Names

KEYS: Final = ("function", "parameters")
# Functions of GREL and IDLab that mappings of others call, and ours.
STANDARD: Final[Mapping[str, str]] = {
    "toUpperCase": "upper", "string_toUppercase": "upper", "toLowerCase": "lower",
    "string_toLowercase": "lower", "string_trim": "trim", "string_split": "split",
    "trueCondition": "trim",
}  # fmt: skip
_TESTS: Final = ("equal", "notEqual", "isNull", "isNotNull", "string_contains")
_SHORT: Final = re.compile(r"([^\s()]+)\s*\((.*)\)\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    value: Node

    @property
    def dynamic(self) -> bool:
        """Whether the value comes from the record."""
        return isinstance(self.value, Table) or (
            isinstance(self.value, Scalar) and bool(re.search(r"(?<!\\)\$\(", self.value.text))
        )


def value(fields: Fields, names: "Names") -> Value:
    """Return the value of a call: ``{function: grel:toUpperCase, parameters: [[p, $(A)]]}``."""
    name, parameters = _call(fields)
    given, rest = _input(name, parameters, fields.place)
    base = names.value(given.value)
    called = STANDARD.get(name, name)
    step = Step(called, fields.place, _arguments(called, rest))
    return replace(base, steps=(*base.steps, step), place=fields.place)


def condition(fields: Fields, names: "Names") -> Condition:
    """Return the condition that a call is: ``{function: idlab-fn:equal, parameters: […]}``."""
    name, parameters = _call(fields)
    if name not in _TESTS:
        raise unknown("QCP-MAP-NAME", "function of a condition", name, _TESTS, fields.place)
    given, rest = _input(name, parameters, fields.place)
    found = names.value(given.value)
    operands = tuple(_text(one.value) for one in rest)
    if name in {"isNull", "isNotNull"}:
        test: Condition = Comparison(found, "exists", (), fields.place)
    elif name == "string_contains":
        patterns = tuple(re.escape(text) for text in operands)
        test = Comparison(found, "matches", patterns, fields.place)
    else:
        test = Comparison(found, "in", operands, fields.place)
    return Junction("none", (test,)) if name in {"notEqual", "isNull"} else test


def _call(fields: Fields) -> tuple[str, Sequence[_Parameter]]:
    written = fields.text("function")
    node = fields.get("parameters")
    parameters = list(_parameters(node)) if node else []
    if match := _SHORT.match(written):
        written = match.group(1)
        parameters += _short(match.group(2), fields.line("function"))
    return re.split(r"[:#/]", written)[-1], parameters


def _parameters(node: Node) -> Iterator[_Parameter]:
    for item in items(node):
        if isinstance(item, Listing) and len(item.items) == 2:
            yield _Parameter(_local(item.items[0]), item.items[1])
            continue
        if not isinstance(item, Table):
            message = "A parameter is [name, value], or a table with parameter and value."
            raise fault("QCP-MAP-KEYWORD", message, item.place)
        fields = Fields(item, "a parameter", ("parameter", "value"), {"p": "parameter"})
        yield _Parameter(_local(fields.need("parameter")), fields.need("value"))


def _short(text: str, place: Place) -> Iterator[_Parameter]:
    """Yield the parameters of ``ex:pad(input = $(A), length = 4)``."""
    for piece in re.findall(r'(?:[^,"()]|"[^"]*"|\$?\((?:[^()]|\([^()]*\))*\))+', text):
        name, equals, written = piece.partition("=")
        if not equals:
            message = f"{piece.strip()[:40]!r} is no parameter."
            raise fault("QCP-MAP-KEYWORD", message, place, "Write name = value.")
        inner = written.strip()
        if len(inner) > 1 and inner[0] == inner[-1] == '"':
            inner = inner[1:-1]
        yield _Parameter(re.split(r"[:#/]", name.strip())[-1], Scalar(inner, place))


def _local(node: Node) -> str:
    return re.split(r"[:#/]", scalar(node, "a parameter").text)[-1]


def _input(
    name: str, parameters: Sequence[_Parameter], place: Place
) -> tuple[_Parameter, Sequence[_Parameter]]:
    """Return the parameter that the function works on, and the others."""
    if not parameters:
        raise fault("QCP-MAP-KEYWORD", f"The function {name!r} has no parameters.", place)
    dynamic = [one for one in parameters if one.dynamic]
    if len(dynamic) > 1:
        message = f"Only one parameter of {name!r} may refer to the record."
        remedy = "Put several fields into one template, or name one under `let`."
        raise fault("QCP-MAP-KEYWORD", message, place, remedy)
    given = dynamic[0] if dynamic else parameters[0]
    return given, [one for one in parameters if one is not given]


def _arguments(name: str, rest: Sequence[_Parameter]) -> dict[str, Argument]:
    """Return arguments by the names our function has; others are taken in their order."""
    function = functions.library().get(name)
    known = list(function.parameters) if function else []
    found: dict[str, Argument] = {
        one.name: _text(one.value) for one in rest if one.name in known or not known
    }
    free = [key for key in known if key not in found]
    others = [one for one in rest if one.name not in found]
    found.update({key: _text(one.value) for key, one in zip(free, others, strict=False)})
    return found


def _text(node: Node) -> str:
    return scalar(node, "a parameter").text
