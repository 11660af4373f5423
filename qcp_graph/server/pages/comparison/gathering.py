"""The facts of the sides of a comparison, kept as long as their release is open."""

from qcp_graph import compare
from qcp_graph.pipeline import comparing
from qcp_graph.server.seam import OpenRelease


def facts(release: OpenRelease, base: str, iri: str) -> compare.Facts:
    """Return the facts of a qualification.

    :raises UsageError: when the release knows none of that IRI.
    """

    def opened(one: OpenRelease) -> comparing.Gathered:
        return comparing.Gathered(one.store, base)

    return release.resource("facts", opened).of(iri)
