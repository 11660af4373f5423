"""How to cite what is published: whose data, of which day, from which release, under which IRI."""

from collections.abc import Iterator

from qcp_graph.iris import Iris
from qcp_graph.model.release import Manifest
from qcp_graph.model.source import Source
from qcp_graph.settings import Settings
from qcp_graph.terms import Triple, curie, iri, literal


def of_register(iris: Iris, settings: Settings, manifest: Manifest, source: Source) -> str:
    """Return the citation of a register: its owner first, then who published this form of it."""
    entry = manifest.registers[source.id]
    title = source.title.get("en") or next(iter(source.title.values()), source.id)
    return (
        f"{source.owner.name}: {title}. As delivered on {entry.retrieved[:10]}; "
        f"{_published(settings, manifest)} {iris.register(source.id)}"
    )


def of_all(settings: Settings, manifest: Manifest, address: str) -> str:
    """Return the citation of all registers together."""
    return f"{settings.publisher}: {settings.title}; {_published(settings, manifest)} {address}"


def triples(iris: Iris, settings: Settings, manifest: Manifest, source: Source) -> Iterator[Triple]:
    """Yield the statement with which a register says how it is cited."""
    text = of_register(iris, settings, manifest, source)
    yield iri(iris.register(source.id)), curie("dcterms:bibliographicCitation"), literal(text)


def _published(settings: Settings, manifest: Manifest) -> str:
    return (
        f"linked open data of {settings.publisher}, "
        f"release {manifest.id} of {manifest.created[:10]}."
    )
