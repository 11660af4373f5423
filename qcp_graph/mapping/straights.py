"""Which triples of a source pass without single rules, and how its records are audited then.

Few mappings copy or construct, so what does it is loaded when one does.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from qcp_graph.iris import Iris
from qcp_graph.mapping.audit import Audit, Ignore
from qcp_graph.mapping.audit_rdf import RdfAudit
from qcp_graph.mapping.paths import Form
from qcp_graph.mapping.plan import InputPlan
from qcp_graph.mapping.spec import Input
from qcp_graph.mapping.straight import Straight
from qcp_graph.model.source import Source


def of(
    spec: Input, inputs: Sequence[Input], folder: Path, source: Source, iris: Iris, ignore: Ignore
) -> tuple[Straight, ...]:
    """Return what copies and constructs the triples of an input.

    :raises UsageError: for a query that cannot be used.
    """
    found: list[Straight] = []
    if spec.copy is not None:
        from qcp_graph.mapping.copying import Copier, Rules

        found.append(Copier(Rules.of(spec, inputs, source, iris, ignore)))
    if spec.construct:
        from qcp_graph.mapping.construct import Construct

        found.append(Construct(spec, folder, source.id, iris))
    return tuple(found)


def audit(
    spec: Input, inputs: Sequence[Input], source: Source, iris: Iris, ignore: Ignore
) -> Audit:
    """Return the audit that fits the records of an input."""
    if spec.copy is not None:
        from qcp_graph.mapping.audit_copy import CopyAudit
        from qcp_graph.mapping.copying import Rules

        found = CopyAudit(spec.form, ignore, source.id)
        found.rules = Rules.of(spec, inputs, source, iris, ignore)
        return found
    kind = RdfAudit if spec.form == "rdf" else Audit
    return kind(spec.form, ignore, source.id)


def rows_audit(form: Form, ignore: Ignore, source_id: str, start: str) -> Audit:
    """Return the audit that fits the rows of a side table."""
    return (RdfAudit if form == "rdf" else Audit)(form, ignore, source_id, start)


def content(inputs: Mapping[str, InputPlan]) -> list[str]:
    """Return all that decides what passes, for the fingerprint."""
    return [one.content() for plan in inputs.values() for one in plan.straight]
