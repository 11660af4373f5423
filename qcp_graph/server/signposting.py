"""Typed links of a thing for machines (FAIR Signposting): how to cite it, where it belongs."""

from collections.abc import Iterator
from typing import Final

from qcp_graph.server.negotiation import HTML, JSON_LD, TURTLE, Format
from qcp_graph.server.paths import address
from qcp_graph.server.seam import Document

_SCHEMA: Final = "https://schema.org/"
_TYPES: Final = {
    "qualification": f"{_SCHEMA}EducationalOccupationalCredential",
    "organisation": f"{_SCHEMA}Organization",
    "opportunity": f"{_SCHEMA}Course",
    "register": f"{_SCHEMA}Dataset",
}
_DEEP: Final = 3
"""Type, country and register: what the path of a thing of a register begins with."""


def links(document: Document, path: str, form: Format, base: str) -> Iterator[str]:
    """Yield what a ``Link`` field says of a thing beside its other forms.

    ``path`` is that of the request below the host, ``form`` the form of the answer.
    """
    yield f'<{address(document.iri)}>; rel="cite-as"'
    kind, *place = document.iri.removeprefix(f"{base}id/").split("/")
    if len(place) >= _DEEP and kind != "register":
        yield f'<{address(f"{base}id/register/{place[0]}/{place[1]}")}>; rel="collection"'
    if kind in _TYPES:
        yield f'<{_TYPES[kind]}>; rel="type"'
    if form is HTML:
        yield f'<{_SCHEMA}AboutPage>; rel="type"'
        for one in (TURTLE, JSON_LD):
            yield f'<{address(path)}.{one.suffix}>; rel="describedby"; type="{one.media_type}"'
