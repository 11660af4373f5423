"""A small store with qualifications of two registers, built in the test."""

import pyoxigraph as ox

from qcp_graph.namespaces import PREFIXES

BASE = "https://example.org/"


def qualification(
    register: str,
    key: str,
    titles: str,
    facts: str = "",
    provenance: str = "",
    country: str = "FIN",
) -> str:
    """Return the TriG of one record; ``facts`` and ``provenance`` are further property lists."""
    iri = f"<{BASE}id/qualification/{register}/{key}>"
    record = f"<{BASE}id/record/{register}/{key}>"
    more = f" ; {facts}" if facts else ""
    return f"""
    GRAPH <{BASE}graph/{register}/data> {{
      {iri} a elm:Qualification ; dcterms:title {titles}{more} . }}
    GRAPH <{BASE}graph/{register}/provenance> {{
      {record} qcp:describes {iri} ; qcp:sourceKey "{key}" .
      {iri} qcp:register <{BASE}id/register/{register}> ; qcp:country country:{country}
        {" ; " + provenance if provenance else ""} . }}"""


def store(*parts: str) -> ox.Store:
    """Return a store that holds the TriG of some parts."""
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    found = ox.Store()
    found.bulk_load((head + "\n".join(parts)).encode(), ox.RdfFormat.TRIG)
    return found


def iri(path: str) -> str:
    """Return the IRI of a qualification: ``iri("fi/demo/1")``."""
    return f"{BASE}id/qualification/{path}"
