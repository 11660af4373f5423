"""Links as statements: SSSOM mappings in the graph of links."""

from collections.abc import Iterable
from typing import Final

from qcp_graph.iris import Iris
from qcp_graph.linking.link import Link
from qcp_graph.namespaces import PREFIXES, expand
from qcp_graph.terms import RDF_TYPE, Quad, curie, iri, literal

_ROLE: Final = "links"
_LEXICAL: Final = iri("https://w3id.org/semapv/vocab/LexicalMatching")
_DOUBLE: Final = expand("xsd:double")
_STATUS: Final = {"accepted": curie("qcp:Accepted"), "suggested": curie("qcp:Suggested")}


def quads(links: Iterable[Link], iris: Iris, source_id: str) -> list[Quad]:
    """Return the assertions of links (``docs/data-model.md``, Links).

    Accepted ones also give ``elm:relatedESCOSkill``, in the graph of links: computed statements
    never stand among those a register made.
    """
    found: list[Quad] = []
    for link in links:
        node = iri(iris.link(source_id, link.outcome, link.skill))
        outcome, skill = iri(link.outcome), iri(link.skill)
        pairs = (
            (RDF_TYPE, curie("qcp:LinkAssertion")),
            (RDF_TYPE, curie("sssom:Mapping")),
            (curie("sssom:subject_id"), outcome),
            (curie("sssom:object_id"), skill),
            (curie("sssom:predicate_id"), iri(PREFIXES["skos"] + link.match)),
            (curie("sssom:mapping_justification"), _LEXICAL),
            (curie("sssom:confidence"), literal(f"{link.score:.2f}", datatype=_DOUBLE)),
            (curie("sssom:mapping_tool"), literal("qcp-graph")),
            (curie("qcp:method"), literal(link.method)),
            (curie("qcp:matchedLabel"), literal(link.label, language=link.language)),
            (curie("qcp:escoVersion"), literal(link.version)),
            (curie("qcp:linkStatus"), _STATUS[link.status]),
        )
        found.extend((node, predicate, value, _ROLE) for predicate, value in pairs)
        if link.status == "accepted":
            found.append((outcome, curie("elm:relatedESCOSkill"), skill, _ROLE))
    return found
