"""What one triple pattern does with its terms: emit them, demand them, or keep them back."""

from collections.abc import Callable, Sequence

from qcp_graph.mapping.compile_terms import Terms
from qcp_graph.mapping.compile_values import Test
from qcp_graph.mapping.frames import Frame, RejectedError
from qcp_graph.mapping.literals import UNUSUAL
from qcp_graph.mapping.spec import Role
from qcp_graph.terms import Quad

Emit = Callable[[Frame, str, dict[Quad, None]], None]


def emitter(predicates: tuple[str, ...], terms: Terms, role: Role) -> Emit:
    """Return a function that adds a triple for each term."""
    if len(predicates) == 1:
        predicate = predicates[0]

        def emit_one(frame: Frame, subject: str, quads: dict[Quad, None]) -> None:
            for term in terms(frame):
                quads[subject, predicate, term, role] = None

        return emit_one

    def emit(frame: Frame, subject: str, quads: dict[Quad, None]) -> None:
        for term in terms(frame):
            for predicate in predicates:
                quads[subject, predicate, term, role] = None

    return emit


def text_emitter(predicate: str, name: str, tail: str, role: Role, general: Emit) -> Emit:
    """Return the commonest rule in one function: a field as a literal with a fixed ending.

    ``general`` does the same for everything that is not one ordinary text.
    """
    end = f'"{tail}'
    unusual = UNUSUAL.search

    def emit_text(frame: Frame, subject: str, quads: dict[Quad, None]) -> None:
        item = frame.item
        if type(item) is not dict:
            general(frame, subject, quads)
            return
        value = item.get(name)
        if type(value) is str and not unusual(value):
            if value and not value.isspace():
                quads[subject, predicate, f'"{value}{end}', role] = None
        elif value is not None:
            general(frame, subject, quads)

    return emit_text


def required(emit: Emit, terms: Terms, label: str, rule: str) -> Emit:
    """Reject the record when there is no term."""

    def demanded(frame: Frame, subject: str, quads: dict[Quad, None]) -> None:
        if not terms(frame):
            frame.run.issue(
                "QCP-MAP-REQUIRED", "The record lacks a value it must have.",
                severity="violation", field=label, rule=rule,
                remedy="Complete the record at the source.",
            )  # fmt: skip
            raise RejectedError
        emit(frame, subject, quads)

    return demanded


def guarded(emit: Emit, tests: Sequence[Test]) -> Emit:
    """Emit only where all conditions hold."""

    def kept(frame: Frame, subject: str, quads: dict[Quad, None]) -> None:
        if all(test(frame) for test in tests):
            emit(frame, subject, quads)

    return kept
