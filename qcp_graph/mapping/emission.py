"""What one iteration of a mapping says: its triples, or that it has no identifier."""

from qcp_graph.mapping.compile_rules import CompiledMap
from qcp_graph.mapping.frames import Frame
from qcp_graph.terms import Quad


def emit(compiled: CompiledMap, frame: Frame, quads: dict[Quad, None]) -> None:
    """Add the triples of one iteration of a mapping."""
    subjects = compiled.subjects_in(frame)
    if not subjects and compiled.spec.loop is not None:
        _without_subject(compiled, frame)
    for subject in subjects:
        for predicate, term, role in compiled.fixed:
            quads[subject, predicate, term, role] = None
        for rule in compiled.emits:
            rule(frame, subject, quads)


def _without_subject(compiled: CompiledMap, frame: Frame) -> None:
    """Say that an item is lost for want of an identifier, unless ``when`` excludes it."""
    if compiled.when is None or compiled.when(frame):
        frame.run.issue(
            "QCP-MAP-SUBJECT",
            f"Item {frame.index} of {compiled.spec.name!r} has no identifier; it was left out.",
            rule=str(compiled.spec.place),
            remedy="Complete the identifier at the source, or build it of another field.",
        )
