"""The page of the files of a release: all together, each register's, dumps, kept releases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import pyoxigraph as ox
from fastapi import Request
from starlette.responses import Response

from qcp_graph.iris import Iris
from qcp_graph.namespaces import expand
from qcp_graph.pipeline.dcat_exports import WHOLE
from qcp_graph.server import export_files, releases
from qcp_graph.server.pages import site
from qcp_graph.server.pages.names import Reference
from qcp_graph.server.seam import Dump, Live, OpenRelease, release_of

_CITATION: Final = ox.NamedNode(expand("dcterms:bibliographicCitation"))
_FORMS: Final = {
    "loq.xml.gz": "LOQ XML",
    "ams.xml.gz": "AMS XML",
    "qualifications.csv.gz": "CSV",
    "qualifications.xlsx": "XLSX",
    "data.nq.gz": "N-Quads",
    "data.nq.zst": "N-Quads (zstd)",
    "data.ttl.gz": "Turtle",
    "data.ttl.zst": "Turtle (zstd)",
    "acqf.json.gz": "ACQF JSON",
    "acqf.nt.gz": "ACQF RDF",
    "schema-org.jsonld.gz": "schema.org",
    "ctdl.jsonld.gz": "CTDL",
}


class File(NamedTuple):
    """A file to download, in bytes; ``form`` is empty for the list of what others leave out."""

    register: str
    name: str
    form: str
    size: int


@dataclass(frozen=True, slots=True)
class DownloadsPage:
    """What ``downloads.html`` shows; ``kept``: the ids of releases, newest first.

    ``names``: the registers by their identifiers.

    ``citations``: how the whole is cited, then how each register is.
    """

    dumps: tuple[Dump, ...]
    whole: tuple[File, ...]
    registers: Mapping[str, tuple[File, ...]]
    names: Mapping[str, Reference]
    kept: tuple[str, ...]
    citations: tuple[str, ...]


def page(request: Request, live: Live, dumps: Sequence[Dump]) -> Response:
    """Return the page that lists the files of the release."""
    found = _files(release_of(request))
    whole = found.pop(WHOLE, ())
    kept = tuple(releases.kept(live.settings.home))
    cited = _citations(release_of(request), live.settings.base_iri)
    here = site.of(request, live)
    names, iris = here.names(), Iris(here.base)
    registers = {one: names.reference(iris.register(one)) for one in found}
    content = DownloadsPage(tuple(dumps), whole, found, registers, kept, cited)
    return site.render(request, here, "downloads.html", content)


def _citations(release: OpenRelease, base: str) -> tuple[str, ...]:
    quads = release.store.quads_for_pattern(None, _CITATION, None)
    found = {
        quad.subject.value: quad.object.value
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
    }
    return tuple(
        found[name] for name in sorted(found, key=lambda n: (n != f"{base}id/catalogue", n))
    )


def _files(release: OpenRelease) -> dict[str, tuple[File, ...]]:
    found: dict[str, tuple[File, ...]] = {}
    for one in export_files.every(release):
        file = File(one.register, one.name, _FORMS.get(one.name, ""), one.path.stat().st_size)
        found[one.register] = (*found.get(one.register, ()), file)
    return found
