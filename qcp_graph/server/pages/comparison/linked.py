"""A comparison in the forms of RDF: what its JSON-LD says, statement by statement."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox
from fastapi import Request
from starlette.responses import Response

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server import negotiation
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.negotiation import GRAPHS, HTML, JSON, JSON_LD, RESULTS_CSV, Format
from qcp_graph.server.seam import Problem

OFFERED: Final = (HTML, JSON, RESULTS_CSV, *GRAPHS)
"""The forms of a comparison, as ``Accept`` asks for them; the page comes first."""
RDF: Final[Mapping[str, Format]] = {form.suffix: form for form in GRAPHS if form is not JSON_LD}
"""Suffix → form of what is written here."""
Exports = Sequence[tuple[str, str]]
"""Names and addresses of the forms."""


def accepted(request: Request, exports: Exports) -> str:
    """Return the suffix of the form that ``Accept`` asks for, nothing for the page.

    :raises ProblemError: when it takes none of them (406), with the list.
    """
    form = negotiation.choose(request.headers.get("accept"), OFFERED)
    if form is None:
        offers = [{"format": name, "href": href} for name, href in exports]
        raise ProblemError(
            Problem(
                406,
                "QCP-WEB-FORMAT",
                "The comparison is not offered in the format asked for.",
                "Offered: " + ", ".join(one.media_type for one in OFFERED) + ".",
                "Ask for one of them by Accept header or by ?format=.",
                extra={"alternatives": offers},
            )
        )
    return "" if form is HTML else form.suffix


def told(answer: Response, exports: Exports, *, named: bool) -> Response:
    """Return an answer that tells the other forms; only one that was named is a file to keep."""
    types = {form.suffix: form.media_type for form in OFFERED}
    alternates = [
        f'<{href}>; rel="alternate"; type="{types[suffix]}"'
        for _, href in exports
        if (suffix := href.rpartition("format=")[2]) in types
    ]
    answer.headers["Link"] = ", ".join(alternates)
    answer.headers["Vary"] = "Accept, Accept-Language"
    if not named and "content-disposition" in answer.headers:
        del answer.headers["content-disposition"]
    return answer


def write(json_ld: str, form: Format) -> str:
    """Return a comparison, given as JSON-LD with its context inside, in another form of RDF.

    Nodes without a name are numbered in the order of the rows, so equal comparisons give equal
    bytes. N-Quads and TriG put all into the default graph: nobody but us says it.
    """
    found = ox.parse(json_ld.encode(), ox.RdfFormat.JSON_LD)
    name = _numbered()
    triples = [
        ox.Triple(name(quad.subject), quad.predicate, name(quad.object))  # type: ignore[arg-type]
        for quad in found
    ]
    kind = ox.RdfFormat.from_media_type(form.media_type)
    assert kind is not None
    text = ox.serialize(triples, format=kind, prefixes=_prefixes(kind, triples)) or b""
    return text.decode()


def _numbered() -> Callable[[object], object]:
    known: dict[str, ox.BlankNode] = {}

    def name(node: object) -> object:
        if not isinstance(node, ox.BlankNode):
            return node
        return known.setdefault(node.value, ox.BlankNode(f"b{len(known)}"))

    return name


def _prefixes(kind: ox.RdfFormat, triples: list[ox.Triple]) -> dict[str, str]:
    if kind in {ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS}:
        return {}
    used = {triple.predicate.value for triple in triples}
    used |= {t.object.value for t in triples if isinstance(t.object, ox.NamedNode)}
    return {
        prefix: namespace
        for prefix, namespace in PREFIXES.items()
        if any(iri.startswith(namespace) for iri in used)
    }
