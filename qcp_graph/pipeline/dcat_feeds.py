"""The feeds in the catalogue: as services, and as distributions of each register."""

from collections.abc import Iterable, Iterator
from typing import Final

from qcp_graph.feeds.places import Places
from qcp_graph.iris import Iris
from qcp_graph.terms import RDF_TYPE, Triple, curie, iri, literal

LDES: Final = "https://w3id.org/ldes/specification"
OAI: Final = "http://www.openarchives.org/OAI/openarchivesprotocol.html"
ATOM: Final = "https://www.rfc-editor.org/info/rfc4287"
_MEDIA_TYPES: Final = "http://www.iana.org/assignments/media-types/"
_FORMS: Final = ("application/trig", "application/atom+xml")


def services(iris: Iris, catalogue: str, source_ids: Iterable[str]) -> Iterator[Triple]:
    """Yield the event stream, OAI-PMH and Atom as services of the catalogue."""
    places, served = Places(iris.base), list(source_ids)
    for name, title, address, standard in (
        ("ldes", "Event stream of all changes (LDES)", places.ldes, LDES),
        ("oai", "OAI-PMH", places.oai, OAI),
        ("atom", "News as Atom feeds", places.atom, ATOM),
    ):
        node = iri(f"{catalogue}#{name}")
        yield iri(catalogue), curie("dcat:service"), node
        yield node, RDF_TYPE, curie("dcat:DataService")
        yield node, curie("dcterms:title"), literal(title, language="en")
        yield node, curie("dcat:endpointURL"), iri(address)
        yield node, curie("dcterms:conformsTo"), iri(standard)
        yield iri(standard), RDF_TYPE, curie("dcterms:Standard")
        for source_id in served:
            yield node, curie("dcat:servesDataset"), iri(iris.register(source_id))


def distributions(iris: Iris, catalogue: str, source_id: str, licence: str) -> Iterator[Triple]:
    """Yield the feeds of a register as distributions; ``licence`` is its IRI, or empty."""
    places, register = Places(iris.base), iris.register(source_id)
    for name, title, address, kind in (
        ("ldes", "Event stream of all changes (LDES)", places.view(source_id), _FORMS[0]),
        ("atom", "News as an Atom feed", places.atom_feed(source_id), _FORMS[1]),
    ):
        node = iri(f"{register}#{name}")
        yield iri(register), curie("dcat:distribution"), node
        yield node, RDF_TYPE, curie("dcat:Distribution")
        yield node, curie("dcterms:title"), literal(title, language="en")
        yield node, curie("dcat:accessURL"), iri(address)
        yield node, curie("dcat:accessService"), iri(f"{catalogue}#{name}")
        yield node, curie("dcat:mediaType"), iri(_MEDIA_TYPES + kind)
        yield iri(_MEDIA_TYPES + kind), RDF_TYPE, curie("dcterms:MediaType")
        if licence:
            yield node, curie("dcterms:license"), iri(licence)
