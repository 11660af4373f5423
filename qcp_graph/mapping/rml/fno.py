"""Function executions (RML-FNML, FnO): which function is meant, what it gets, what comes out.

Functions of our own library are called by ``https://w3id.org/qcp-graph/function#<name>``, with the
parameters ``…#input`` and ``…#<argument>``; others are those of
:mod:`~qcp_graph.mapping.rml.grel`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Final

from qcp_graph.errors import UsageError
from qcp_graph.mapping import functions
from qcp_graph.mapping.compile_values import MAX_COMBINATIONS
from qcp_graph.mapping.frames import Frame
from qcp_graph.mapping.problems import fault, hint
from qcp_graph.mapping.rml import grel
from qcp_graph.mapping.rml.frames import Getter, Value, Values, lexical
from qcp_graph.mapping.rml.model import Call, Constant
from qcp_graph.mapping.rml.vocabulary import local
from qcp_graph.mapping.spec import Argument
from qcp_graph.terms import parts

LIBRARY: Final = "https://w3id.org/qcp-graph/function#"
INPUT: Final = LIBRARY + "input"
Inputs = Sequence[tuple[str, Getter]]
Runner = Callable[[Frame], Values]


def runner(call: Call, inputs: Inputs) -> Runner:
    """Return a function that executes a call in an iteration.

    :raises UsageError: QCP-RML-FUNCTION for an unknown function, parameter or output.
    """
    if call.function.startswith(LIBRARY):
        return _ours(call, inputs)
    known = grel.known().get(call.function)
    if known is None:
        raise _unknown(call, "function", call.function, [*grel.known(), *_library()])
    if not known.returns(call.output):
        raise _unknown(call, "output", call.output, ["stringOut", "boolOut", "output_number"])
    slots: list[Getter | None] = [None] * known.count
    for name, getter in inputs:
        if name not in known.parameters:
            raise _unknown(call, "parameter", name, known.parameters)
        slots[known.parameters[name]] = getter
    if any(slot is None for slot in slots[: known.required]):
        message = f"The function {local(call.function)} needs {known.required} inputs."
        raise _fault(call, message, "Add the missing rml:input.")
    given = [slot for slot in slots if slot is not None]
    return partial(_run_lists if known.lists else _run, known, given, call)


def _run(known: grel.Known, inputs: Sequence[Getter], call: Call, frame: Frame) -> Values:
    columns: list[Sequence[str | None]] = []
    total = 1
    for getter in inputs:
        found: Sequence[str | None] = [lexical(value) for value in getter(frame)]
        if not found and not known.null:
            return ()
        columns.append(found or (None,))
        total *= len(columns[-1])
    if total > MAX_COMBINATIONS:
        _failed(frame, call, f"has {total} combinations of inputs")
        return ()
    results: list[Value] = []
    for combination in product(*columns):
        try:
            results.extend(_values(known.call(*combination)))
        except ValueError as error:
            _failed(frame, call, str(error), combination[0] or "")
    return results


def _run_lists(known: grel.Known, inputs: Sequence[Getter], call: Call, frame: Frame) -> Values:
    columns = [[lexical(value) for value in getter(frame)] for getter in inputs]
    return _values(known.call(*columns)) if columns[0] else ()


def _values(result: grel.Result) -> Values:
    if result is None:
        return ()
    return (result,) if isinstance(result, str | int | float) else result


def _ours(call: Call, inputs: Inputs) -> Runner:
    """Compile a call of our library; arguments that are constant are checked at once."""
    library = _library()
    function = library.get(call.function)
    if function is None:
        raise _unknown(call, "function", call.function, library)
    if call.output and call.output != LIBRARY + "result":
        raise _unknown(call, "output", call.output, [LIBRARY + "result"])
    values = [getter for name, getter in inputs if name == INPUT]
    if len(values) != 1:
        raise _fault(call, "The function needs one input.", f"Add <{INPUT}>.")
    arguments: dict[str, Argument] = {}
    for name, term in call.inputs:
        if name == INPUT:
            continue
        if not name.startswith(LIBRARY) or name[len(LIBRARY) :] not in function.parameters:
            raise _unknown(call, "parameter", name, [LIBRARY + p for p in function.parameters])
        if not isinstance(term.expression, Constant):
            raise _fault(call, f"The argument {local(name)} must be a constant.")
        key, text = name[len(LIBRARY) :], parts(term.expression.term)[0]
        before = arguments.get(key)
        arguments[key] = text if before is None else (*_tuple(before), text)
    try:
        bound = function.bind(arguments)
    except ValueError as error:
        raise _fault(call, f"{error}.") from error
    return partial(_run_ours, function, bound, values[0], call)


def _tuple(argument: Argument) -> tuple[str, ...]:
    return (argument,) if isinstance(argument, str) else argument


def _run_ours(
    function: functions.Function, bound: Mapping[str, object], getter: Getter, call: Call,
    frame: Frame,
) -> Values:  # fmt: skip
    texts = [lexical(value) for value in getter(frame)]
    if not texts:
        return ()
    results: list[Value] = []
    for given in [texts] if function.whole else texts:
        try:
            result = function.call(given, **bound)
        except ValueError as error:
            _failed(frame, call, str(error), "; ".join(given) if function.whole else str(given))
            continue
        results.extend([result] if isinstance(result, str) else result or ())
    return results


def _library() -> dict[str, functions.Function]:
    return {LIBRARY + name: entry for name, entry in functions.library().items()}


def _failed(frame: Frame, call: Call, reason: str, value: str = "") -> None:
    frame.run.issue(
        "QCP-MAP-VALUE", f"The value {reason} (function {local(call.function)}).",
        severity="violation", rule=str(call.place), value=value,
        remedy="Correct the value at the source; it was left out.",
    )  # fmt: skip


def _unknown(
    call: Call, what: str, name: str, known: Sequence[str] | Mapping[str, object]
) -> UsageError:
    names = {local(iri) for iri in known}
    return _fault(call, f"Unknown {what} {local(name)[:80]!r}.", hint(local(name), names))


def _fault(call: Call, message: str, remedy: str = "") -> UsageError:
    remedy = remedy or "docs/rml.md lists the functions."
    return fault("QCP-RML-FUNCTION", message, call.place, remedy)
