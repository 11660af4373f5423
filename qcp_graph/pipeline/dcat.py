"""The catalogue of a release as DCAT-AP 3: registers as datasets, dumps as distributions.

A harvester that knows the address of the catalogue finds every file with its size, checksum and
licence, and the SPARQL endpoint that serves them all.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qcp_graph.iris import Iris
from qcp_graph.model.release import Manifest
from qcp_graph.model.source import Source
from qcp_graph.namespaces import expand
from qcp_graph.pipeline import citation, dcat_exports, dcat_feeds
from qcp_graph.settings import Settings
from qcp_graph.terms import RDF_TYPE, Triple, curie, iri, is_iri, literal

_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
_MEDIA_TYPES: Final = "http://www.iana.org/assignments/media-types/"
_SPDX: Final = "http://spdx.org/rdf/terms#"
_VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
_PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"
_TITLES: Final = {
    ".gz": "All quads of the register",
    ".zst": "All quads of the register (zstd)",
}
_DATE_TIME: Final = expand("xsd:dateTime")
_LANGUAGES: Final = {
    "de": "DEU", "en": "ENG", "es": "SPA", "fi": "FIN", "fr": "FRA", "it": "ITA", "nl": "NLD",
    "pl": "POL", "pt": "POR", "sv": "SWE", "sw": "SWA",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be downloaded; size in bytes, sha256 in hex."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "File":
        """Measure a file."""
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        return cls(path.name, path.stat().st_size, digest)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the catalogue is made from; ``files``: the dumps of each register, ``exports``: the
    folder of their other files."""

    iris: Iris
    settings: Settings
    manifest: Manifest
    sources: Mapping[str, Source]
    files: Mapping[str, Sequence[File]]
    exports: Path | None = None

    @property
    def iri(self) -> str:
        """The IRI of the catalogue."""
        return f"{self.iris.base}id/catalogue"

    def triples(self) -> Iterator[Triple]:
        """Yield the catalogue, its datasets' further properties, distributions and service."""
        yield from self._catalogue()
        yield from dcat_exports.whole(
            self.iris, self.iri, self.exports, _moment(self.manifest.created)
        )
        yield from self._service()
        yield from dcat_feeds.services(self.iris, self.iri, self._described())
        for source_id in self._described():
            yield from self._dataset(source_id, self.sources[source_id])
        yield from self._words()

    def _described(self) -> Iterable[str]:
        return [name for name in sorted(self.manifest.registers) if name in self.sources]

    def _catalogue(self) -> Iterator[Triple]:
        node, publisher = iri(self.iri), iri(f"{self.iri}#publisher")
        yield node, RDF_TYPE, curie("dcat:Catalog")
        yield node, curie("dcterms:title"), literal(self.settings.title, language="en")
        yield node, curie("dcterms:description"), literal(_DESCRIPTION, language="en")
        yield node, curie("dcterms:publisher"), publisher
        yield node, curie("dcterms:modified"), _moment(self.manifest.created)
        yield node, curie("dcterms:issued"), _moment(self.manifest.created)
        yield node, curie("dcterms:language"), iri(f"{_AUTHORITY}language/ENG")
        yield node, curie("dcat:themeTaxonomy"), iri(f"{_AUTHORITY}data-theme")
        yield node, curie("dcat:service"), iri(f"{self.iri}#sparql")
        cited = citation.of_all(self.settings, self.manifest, self.iri)
        yield node, curie("dcterms:bibliographicCitation"), literal(cited)
        yield node, curie("foaf:homepage"), iri(self.iris.base)
        yield iri(self.iris.base), RDF_TYPE, curie("foaf:Document")
        for source_id in self._described():
            yield node, curie("dcat:dataset"), iri(self.iris.register(source_id))
        yield publisher, RDF_TYPE, curie("foaf:Agent")
        yield publisher, curie("foaf:name"), literal(self.settings.publisher)
        if self.settings.contact:
            yield from self._contact(iri(f"{self.iri}#contact"))

    def _contact(self, contact: str) -> Iterator[Triple]:
        yield contact, RDF_TYPE, iri(f"{_VCARD}Kind")
        yield contact, iri(f"{_VCARD}fn"), literal(self.settings.publisher)
        yield contact, iri(f"{_VCARD}hasEmail"), iri(f"mailto:{self.settings.contact}")
        for source_id in self._described():
            yield iri(self.iris.register(source_id)), curie("dcat:contactPoint"), contact

    def _service(self) -> Iterator[Triple]:
        node = iri(f"{self.iri}#sparql")
        endpoint = iri(f"{self.iris.base}sparql")
        yield node, RDF_TYPE, curie("dcat:DataService")
        yield node, curie("dcterms:title"), literal("SPARQL endpoint", language="en")
        yield node, curie("dcat:endpointURL"), endpoint
        yield node, curie("dcat:endpointDescription"), endpoint
        yield node, curie("dcterms:conformsTo"), iri(_PROTOCOL)
        yield iri(_PROTOCOL), RDF_TYPE, curie("dcterms:Standard")
        for source_id in self._described():
            yield node, curie("dcat:servesDataset"), iri(self.iris.register(source_id))

    def _dataset(self, source_id: str, source: Source) -> Iterator[Triple]:
        node = iri(self.iris.register(source_id))
        entry = self.manifest.registers[source_id]
        if not source.description:
            yield node, curie("dcterms:description"), literal(_NO_DESCRIPTION, language="en")
        yield node, curie("dcterms:modified"), _moment(entry.retrieved)
        yield from citation.triples(self.iris, self.settings, self.manifest, source)
        yield node, curie("dcat:theme"), iri(f"{_AUTHORITY}data-theme/EDUC")
        yield node, curie("dcterms:spatial"), iri(expand(f"country:{source.country}"))
        yield iri(expand(f"country:{source.country}")), RDF_TYPE, curie("dcterms:Location")
        for language in source.languages:
            if code := _LANGUAGES.get(language):
                yield node, curie("dcterms:language"), iri(f"{_AUTHORITY}language/{code}")
        licence = source.licence.iri if is_iri(source.licence.iri) else ""
        yield from dcat_feeds.distributions(self.iris, self.iri, source_id, licence)
        built = _moment(entry.built)
        yield from dcat_exports.distributions(self.iris, source_id, self.exports, built, licence)
        for found in self.files.get(source_id, ()):
            yield from self._distribution(node, found, source)

    def _distribution(self, dataset: str, found: File, source: Source) -> Iterator[Triple]:
        suffix = found.name[found.name.rindex(".") :]
        name = f"{dataset[1:-1]}#dump" + ("" if suffix == ".gz" else suffix.replace(".", "-"))
        node, checksum = iri(name), iri(f"{name}-checksum")
        address = iri(f"{self.iris.base}dumps/{found.name}")
        yield dataset, curie("dcat:distribution"), node
        yield node, RDF_TYPE, curie("dcat:Distribution")
        yield node, curie("dcterms:title"), literal(_TITLES[suffix], language="en")
        yield node, curie("dcat:accessURL"), address
        yield node, curie("dcat:downloadURL"), address
        yield node, curie("dcat:accessService"), iri(f"{self.iri}#sparql")
        yield node, curie("dcat:mediaType"), iri(f"{_MEDIA_TYPES}application/n-quads")
        yield node, curie("dcat:compressFormat"), iri(_MEDIA_TYPES + dcat_exports.PACKED[suffix])
        yield node, curie("dcterms:format"), iri(f"{_AUTHORITY}file-type/RDF_N_QUADS")
        yield node, curie("dcat:byteSize"), _number(found.size)
        yield node, curie("dcterms:modified"), _moment(self.manifest.registers[source.id].built)
        yield node, iri(f"{_SPDX}checksum"), checksum
        yield checksum, RDF_TYPE, iri(f"{_SPDX}Checksum")
        yield checksum, iri(f"{_SPDX}algorithm"), iri(f"{_SPDX}checksumAlgorithm_sha256")
        yield (
            checksum,
            iri(f"{_SPDX}checksumValue"),
            literal(found.sha256, datatype=expand("xsd:hexBinary")),
        )
        if is_iri(source.licence.iri):
            yield node, curie("dcterms:license"), iri(source.licence.iri)
            yield iri(source.licence.iri), RDF_TYPE, curie("dcterms:LicenseDocument")

    def _words(self) -> Iterator[Triple]:
        """Say what kinds of things the codes of official tables are, as DCAT-AP asks."""
        themes, theme = iri(f"{_AUTHORITY}data-theme"), iri(f"{_AUTHORITY}data-theme/EDUC")
        label = literal("Education, culture and sport", language="en")
        yield themes, RDF_TYPE, curie("skos:ConceptScheme")
        yield themes, curie("dcterms:title"), literal("Data theme", language="en")
        yield theme, RDF_TYPE, curie("skos:Concept")
        yield theme, curie("skos:prefLabel"), label
        yield theme, curie("skos:inScheme"), themes
        yield iri(f"{_SPDX}checksumAlgorithm_sha256"), RDF_TYPE, iri(f"{_SPDX}ChecksumAlgorithm")
        for name in ("application/n-quads", *dcat_exports.PACKED.values()):
            yield iri(_MEDIA_TYPES + name), RDF_TYPE, curie("dcterms:MediaType")
        kind = iri(f"{_AUTHORITY}file-type/RDF_N_QUADS")
        yield kind, RDF_TYPE, curie("dcterms:MediaTypeOrExtent")
        yield kind, curie("skos:inScheme"), iri(f"{_AUTHORITY}file-type")
        for source_id in self._described():
            frequency = iri(f"{_AUTHORITY}frequency/{self.sources[source_id].frequency}")
            yield frequency, RDF_TYPE, curie("dcterms:Frequency")
            for language in self.sources[source_id].languages:
                if code := _LANGUAGES.get(language):
                    node = iri(f"{_AUTHORITY}language/{code}")
                    yield node, RDF_TYPE, curie("dcterms:LinguisticSystem")
        yield iri(f"{_AUTHORITY}language/ENG"), RDF_TYPE, curie("dcterms:LinguisticSystem")


_DESCRIPTION: Final = (
    "National qualification registers, mapped to the European Learning Model and linked to ESCO; "
    "each statement names the register, the snapshot and the record that it comes from."
)
_NO_DESCRIPTION: Final = "The source of this register gives no description of it."


def _moment(text: str) -> str:
    return literal(text.replace("+00:00", "Z"), datatype=_DATE_TIME)


def _number(value: int) -> str:
    return literal(str(value), datatype=expand("xsd:nonNegativeInteger"))
