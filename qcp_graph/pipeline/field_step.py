"""Fields of education for qualifications whose register states none: computed, and marked so."""

from collections.abc import Sequence
from typing import Final

from qcp_graph.linking import Assertion
from qcp_graph.linking.fields.assign import Subject, assertions
from qcp_graph.linking.fields.opening import Fields
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import MappedRecord
from qcp_graph.terms import Quad, curie, iri, iri_of, parts

_FIELD: Final = curie("elm:ISCEDFCode")
_TITLE: Final = curie("dcterms:title")
_TYPE: Final = curie("rdf:type")
_QUALIFICATION: Final = curie("elm:Qualification")
_OUTCOME: Final = curie("elm:learningOutcome")
_PART_OF: Final = curie("elm:isPartOf")


def found(fields: Fields, main: str, quads: Sequence[Quad], source_id: str) -> list[Assertion]:
    """Return assertions about the field of a record's qualification.

    Nothing is computed where the register states a field, nor for parts of qualifications, which
    have the field of their whole.
    """
    subject = iri(main)
    own = [(p, o) for s, p, o, _ in quads if s == subject]
    if (_TYPE, _QUALIFICATION) not in own or any(p in (_FIELD, _PART_OF) for p, _ in own):
        return []
    titles = [parts(o) for p, o in own if p == _TITLE]
    title, language, _ = titles[0] if titles else ("", "", "")
    computed = fields.assign(
        title, language, _subjects(fields, own, source_id), _outcomes(own, quads)
    )
    return assertions(computed, main, title, language)


def told(assigned: Sequence[Assertion], mapped: MappedRecord, source_id: str) -> list[Issue]:
    """Say of a record that its field was computed: nobody shall take it for the register's word."""
    return [
        Issue(
            "QCP-LNK-FIELD-ASSIGNED", "info",
            "The register states no field of education; qcp-graph assigned "
            f"{one.object.rpartition('/')[2]} ({one.method}, probability {one.probability:.2f}).",
            source_id, mapped.key, str(mapped.locator), "elm:ISCEDFCode",
            remedy="Check it in the review of links, or map the register's own code.",
        )
        for one in assigned
        if one.status == "accepted"
    ]  # fmt: skip


def _subjects(fields: Fields, own: list[tuple[str, str]], source_id: str) -> list[Subject]:
    """Return what the record says in classifications that this register is known to use."""
    stated = []
    for scheme, name in fields.schemes.get(source_id, ()):
        wanted = curie(name)
        for p, o in own:
            if p != wanted:
                continue
            if o.startswith("<"):
                _, mark, code = iri_of(o).rpartition(f"/{scheme}/")
                stated += [Subject(scheme, code)] if mark else []
            else:
                stated.append(Subject(scheme, parts(o)[0]))
    return stated


def _outcomes(own: list[tuple[str, str]], quads: Sequence[Quad]) -> list[str]:
    outcomes = {o for p, o in own if p == _OUTCOME}
    return [parts(o)[0] for s, p, o, _ in quads if p == _TITLE and s in outcomes]
