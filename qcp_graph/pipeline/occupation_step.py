"""ESCO occupations for the national ones a register states, by crosswalks that were imported."""

from collections.abc import Sequence
from typing import Final

from qcp_graph.linking import Assertion
from qcp_graph.linking.occupations import Occupations, Stated
from qcp_graph.terms import Quad, curie, iri, iri_of, parts

_TYPE: Final = curie("rdf:type")
_QUALIFICATION: Final = curie("elm:Qualification")
_ENTITLES: Final = curie("elm:entitlesTo")
_NATIONAL: Final = curie("elm:limitNationalOccupation")
_NAME: Final = curie("skos:prefLabel")
_PLACE: Final = "/id/framework/"


def found(occupations: Occupations, main: str, quads: Sequence[Quad]) -> list[Assertion]:
    """Return links from a qualification to occupations of ESCO.

    The national ones are those its rights name; the classification is read from their IRIs
    (``…/id/framework/<scheme>/<code>``).
    """
    if not occupations.known:
        return []
    subject = iri(main)
    own = [(p, o) for s, p, o, _ in quads if s == subject]
    if (_TYPE, _QUALIFICATION) not in own:
        return []
    rights = {o for p, o in own if p == _ENTITLES}
    national = {o for s, p, o, _ in quads if s in rights and p == _NATIONAL}
    return occupations.links(main, _stated(national, quads)) if national else []


def _stated(national: set[str], quads: Sequence[Quad]) -> list[Stated]:
    names: dict[str, str] = {}
    for s, p, o, _ in quads:
        if p == _NAME and s in national:
            names[s] = min(parts(o)[0], names.get(s, parts(o)[0]))
    stated = []
    for node in sorted(national):
        if not node.startswith("<"):
            continue
        scheme, slash, code = iri_of(node).partition(_PLACE)[2].partition("/")
        if slash and code:
            stated.append(Stated(scheme, code, names.get(node, "")))
    return stated
