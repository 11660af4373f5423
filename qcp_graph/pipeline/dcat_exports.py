"""The files for others in the catalogue: Europass XML, tables and Turtle as distributions."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from qcp_graph.iris import Iris
from qcp_graph.namespaces import expand
from qcp_graph.terms import RDF_TYPE, Triple, curie, iri, literal

_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
_MEDIA_TYPES: Final = "http://www.iana.org/assignments/media-types/"
_SPDX: Final = "http://spdx.org/rdf/terms#"
PACKED: Final[Mapping[str, str]] = {".gz": "application/gzip", ".zst": "application/zstd"}
"""Suffix → media type of what a file is packed in."""
_LOQ: Final = "http://data.europa.eu/snb/model/ap/loq-constraints/"
_AMS: Final = "http://data.europa.eu/snb/model/ap/ams-constraints/"
_ACQF: Final = "https://data.acqf-qcp.africa/model/exchange-model"


class Kind(NamedTuple):
    """What a file is: title, media type, the EU's code of its format, the standard it follows."""

    title: str
    media_type: str
    format: str
    standard: str = ""


WHOLE: Final = "all"
"""In place of a register: the files of all registers together."""
FILES: Final[Mapping[str, Kind]] = {
    "loq.xml.gz": Kind("Qualifications as Europass LOQ XML", "application/xml", "XML", _LOQ),
    "ams.xml.gz": Kind("Accreditations as Europass AMS XML", "application/xml", "XML", _AMS),
    "qualifications.csv.gz": Kind("Qualifications as a table (CSV)", "text/csv", "CSV"),
    "qualifications.xlsx": Kind(
        "Qualifications as a workbook (XLSX)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX",
    ),
    "data.ttl.gz": Kind("All statements (Turtle)", "text/turtle", "RDF_TURTLE"),
    "data.ttl.zst": Kind("All statements (Turtle, zstd)", "text/turtle", "RDF_TURTLE"),
    "acqf.json.gz": Kind("Import file of ACQF QCP", "application/json", "JSON", _ACQF),
    "acqf.nt.gz": Kind("ACQF exchange model (N-Triples)", "application/n-triples", "RDF_N_TRIPLES",
                       _ACQF),
    "schema-org.jsonld.gz": Kind(
        "Qualifications in the words of schema.org (JSON-LD)",
        "application/ld+json", "JSON_LD", "https://schema.org/",
    ),
    "ctdl.jsonld.gz": Kind(
        "Qualifications for the Credential Registry (CTDL, JSON-LD)",
        "application/ld+json", "JSON_LD", "https://purl.org/ctdl/terms/",
    ),
    "left-out.tsv.gz": Kind(
        "What the files in other forms leave out", "text/tab-separated-values", "TSV"
    ),
}  # fmt: skip
"""The files of a register."""
WHOLE_FILES: Final[Mapping[str, Kind]] = {
    "data.nq.gz": Kind(
        "All statements, each with its graph (N-Quads)", "application/n-quads", "RDF_N_QUADS"
    ),
    "data.nq.zst": Kind(
        "All statements, each with its graph (N-Quads, zstd)", "application/n-quads", "RDF_N_QUADS"
    ),
    "data.ttl.gz": FILES["data.ttl.gz"],
    "data.ttl.zst": FILES["data.ttl.zst"],
    "qualifications.csv.gz": FILES["qualifications.csv.gz"],
}
KINDS: Final = {**FILES, **WHOLE_FILES}


def distributions(
    iris: Iris, source_id: str, folder: Path | None, modified: str, licence: str
) -> Iterator[Triple]:
    """Yield the files of a register; ``modified`` is a literal, ``licence`` an IRI or empty."""
    register = iris.register(source_id)
    for name in FILES:
        path = folder / source_id / name if folder else None
        if path is None or not path.is_file():
            continue
        place = _Place(register, f"{iris.base}exports/{source_id}/{name}", name)
        yield from _distribution(place, modified, licence)
        yield from _measured(place.node, path)


def whole(iris: Iris, catalogue: str, folder: Path | None, modified: str) -> Iterator[Triple]:
    """Yield the files of all registers together (:mod:`~.export_whole`).

    Their sizes and checksums are in the manifest: these statements are in the files themselves.
    """
    for name in WHOLE_FILES if folder and folder.is_dir() else ():
        place = _Place(catalogue, f"{iris.base}exports/{WHOLE}/{name}", name)
        yield from _distribution(place, modified, "")


class _Place(NamedTuple):
    """A file: of which data set, at which address, by which name."""

    dataset: str
    address: str
    name: str

    @property
    def node(self) -> str:
        return iri(f"{self.dataset}#file-{self.name.replace('.', '-')}")


def _distribution(place: _Place, modified: str, licence: str) -> Iterator[Triple]:
    kind, node = KINDS[place.name], place.node
    suffix = next((one for one in PACKED if place.name.endswith(one)), "")
    yield iri(place.dataset), curie("dcat:distribution"), node
    yield node, RDF_TYPE, curie("dcat:Distribution")
    yield node, curie("dcterms:title"), literal(kind.title, language="en")
    yield node, curie("dcat:accessURL"), iri(place.address.removesuffix(suffix))
    yield node, curie("dcat:downloadURL"), iri(place.address)
    yield node, curie("dcterms:modified"), modified
    yield node, curie("dcat:mediaType"), iri(_MEDIA_TYPES + kind.media_type)
    yield iri(_MEDIA_TYPES + kind.media_type), RDF_TYPE, curie("dcterms:MediaType")
    if suffix:
        packed = iri(_MEDIA_TYPES + PACKED[suffix])
        yield node, curie("dcat:compressFormat"), packed
        yield packed, RDF_TYPE, curie("dcterms:MediaType")
    form = iri(f"{_AUTHORITY}file-type/{kind.format}")
    yield node, curie("dcterms:format"), form
    yield form, RDF_TYPE, curie("dcterms:MediaTypeOrExtent")
    yield form, curie("skos:inScheme"), iri(f"{_AUTHORITY}file-type")
    if kind.standard:
        yield node, curie("dcterms:conformsTo"), iri(kind.standard)
        yield iri(kind.standard), RDF_TYPE, curie("dcterms:Standard")
    if licence:
        yield node, curie("dcterms:license"), iri(licence)


def _measured(node: str, path: Path) -> Iterator[Triple]:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    checksum = f"{node[:-1]}-checksum>"
    size = literal(str(path.stat().st_size), datatype=expand("xsd:nonNegativeInteger"))
    yield node, curie("dcat:byteSize"), size
    yield node, iri(f"{_SPDX}checksum"), checksum
    yield checksum, RDF_TYPE, iri(f"{_SPDX}Checksum")
    yield checksum, iri(f"{_SPDX}algorithm"), iri(f"{_SPDX}checksumAlgorithm_sha256")
    value = literal(digest, datatype=expand("xsd:hexBinary"))
    yield checksum, iri(f"{_SPDX}checksumValue"), value
