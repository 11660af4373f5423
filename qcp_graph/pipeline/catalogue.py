"""The catalogue graph: registers, snapshots, runs, the release; the only place of clock times."""

from collections.abc import Iterable, Iterator, Mapping

from qcp_graph.iris import Iris
from qcp_graph.model.release import Manifest, RegisterEntry
from qcp_graph.model.snapshot import Snapshot
from qcp_graph.model.source import Source
from qcp_graph.namespaces import expand
from qcp_graph.pipeline.provenance import country
from qcp_graph.terms import RDF_TYPE, Triple, curie, iri, is_iri, literal

_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_DATE_TIME = expand("xsd:dateTime")
_INTEGER = expand("xsd:integer")
_COUNTED = ("read", "published", "quarantined", "rejected", "withdrawn")


def triples(
    iris: Iris,
    manifest: Manifest,
    sources: Mapping[str, Source],
    snapshots: Mapping[str, Iterable[Snapshot]],
) -> Iterator[Triple]:
    """Yield the catalogue of a release, sorted within each entity by construction.

    ``snapshots`` holds, per register, every snapshot that a record of the release refers to.
    """
    yield from _release(iris, manifest)
    for source_id, entry in sorted(manifest.registers.items()):
        source = sources.get(source_id)
        if source is not None:
            yield from _register(iris, source, entry)
        yield from _run(iris, manifest, entry)
        for snapshot in snapshots.get(source_id, ()):
            yield from _snapshot(iris, snapshot)


def _release(iris: Iris, manifest: Manifest) -> Iterator[Triple]:
    release = iri(iris.release(manifest.id))
    yield release, RDF_TYPE, curie("qcp:Release")
    yield release, curie("dcterms:identifier"), literal(manifest.id)
    yield release, curie("dcterms:issued"), literal(manifest.created, datatype=_DATE_TIME)
    yield release, curie("qcp:software"), literal(manifest.software)
    if manifest.previous:
        yield release, curie("qcp:previous"), iri(iris.release(manifest.previous))
    for source_id in sorted(manifest.registers):
        run = iri(iris.run(manifest.registers[source_id].release, source_id))
        yield release, curie("prov:wasGeneratedBy"), run


def _register(iris: Iris, source: Source, entry: RegisterEntry) -> Iterator[Triple]:
    register = iri(iris.register(source.id))
    yield register, RDF_TYPE, curie("qcp:Register")
    yield register, RDF_TYPE, curie("dcat:Dataset")
    yield register, curie("dcterms:identifier"), literal(source.id)
    for language, text in sorted(source.title.items()):
        yield register, curie("dcterms:title"), literal(text, language=language)
    for language, text in sorted(source.description.items()):
        yield register, curie("dcterms:description"), literal(text, language=language)
    yield register, curie("qcp:country"), country(source.country)
    yield register, curie("dcterms:accrualPeriodicity"), iri(_FREQUENCY + source.frequency)
    yield register, curie("qcp:specimen"), _boolean(source.specimen)
    snapshot = iri(iris.snapshot(source.id, entry.snapshot_sha256))
    yield register, curie("qcp:latestSnapshot"), snapshot
    if source.homepage:
        yield register, curie("dcat:landingPage"), iri(source.homepage)
    yield from _owner(iris, source, register)
    if is_iri(source.licence.iri):
        yield register, curie("dcterms:license"), iri(source.licence.iri)
        yield iri(source.licence.iri), curie("rdfs:label"), literal(source.licence.label)
    else:
        yield register, curie("dcterms:rights"), literal(source.licence.label)


def _owner(iris: Iris, source: Source, register: str) -> Iterator[Triple]:
    owner = iri(iris.register(source.id) + "#owner")
    yield register, curie("dcterms:publisher"), owner
    yield owner, RDF_TYPE, curie("foaf:Agent")
    yield owner, curie("foaf:name"), literal(source.owner.name)
    if is_iri(source.owner.homepage):
        yield owner, curie("foaf:homepage"), iri(source.owner.homepage)
    if source.owner.email:
        yield owner, curie("foaf:mbox"), iri(f"mailto:{source.owner.email}")


def _run(iris: Iris, manifest: Manifest, entry: RegisterEntry) -> Iterator[Triple]:
    run = iri(iris.run(entry.release, entry.source_id))
    yield run, RDF_TYPE, curie("prov:Activity")
    yield run, curie("qcp:register"), iri(iris.register(entry.source_id))
    yield run, curie("prov:used"), iri(iris.snapshot(entry.source_id, entry.snapshot_sha256))
    yield run, curie("prov:endedAtTime"), literal(entry.built, datatype=_DATE_TIME)
    counts = entry.counts.as_dict()
    for name in _COUNTED:
        yield run, curie(f"qcp:{name}"), literal(str(counts[name]), datatype=_INTEGER)
    for reason, count in sorted(entry.reasons.items()):
        node = iri(f"{iris.run(entry.release, entry.source_id)}#{reason}")
        yield run, curie("qcp:reason"), node
        yield node, curie("dcterms:identifier"), literal(reason)
        yield node, curie("qcp:count"), literal(str(count), datatype=_INTEGER)


def _snapshot(iris: Iris, snapshot: Snapshot) -> Iterator[Triple]:
    node = iri(iris.snapshot(snapshot.source_id, snapshot.sha256))
    yield node, RDF_TYPE, curie("qcp:Snapshot")
    yield node, RDF_TYPE, curie("prov:Entity")
    yield node, curie("qcp:sha256"), literal(snapshot.sha256)
    retrieved = snapshot.retrieved.isoformat(timespec="seconds").replace("+00:00", "Z")
    yield node, curie("prov:generatedAtTime"), literal(retrieved, datatype=_DATE_TIME)
    if snapshot.origin.startswith(("http://", "https://")) and is_iri(snapshot.origin):
        yield node, curie("dcterms:source"), iri(snapshot.origin)


def _boolean(value: bool) -> str:
    return literal("true" if value else "false", datatype=expand("xsd:boolean"))
