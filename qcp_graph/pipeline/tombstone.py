"""No published IRI disappears: what stays of a withdrawn record and of parts that are gone."""

from collections.abc import Iterable, Sequence

from qcp_graph.iris import Iris
from qcp_graph.pipeline.provenance import PROVENANCE, country
from qcp_graph.terms import RDF_TYPE, Quad, curie, iri, iri_of

_WITHDRAWN = curie("qcp:WithdrawnRecord")
_WITHDRAWN_IN = curie("qcp:withdrawnIn")
_WITHDRAWN_WITH = curie("qcp:withdrawnWith")
_REGISTER = curie("qcp:register")
_COUNTRY = curie("qcp:country")
_TITLE = curie("dcterms:title")
_SUCCESSION = {curie("dcterms:isReplacedBy"), curie("dcterms:replaces")}
_VALID_UNTIL = curie("qcp:validUntil")


def of_record(
    old: Sequence[Quad], subject: str, source_id: str, country_code: str, iris: Iris, snapshot: str
) -> list[Quad]:
    """Return the tombstones of a record that its source no longer delivers.

    The main IRI keeps its titles, register, country and succession; every other IRI that the
    record had published says with which record it went. ``snapshot`` is the sha256 of the first
    snapshot without the record.
    """
    main, seen_in = iri(subject), iri(iris.snapshot(source_id, snapshot))
    kept = [
        (s, p, o, PROVENANCE)
        for s, p, o, _ in old
        if s == main and (p in {_TITLE, _VALID_UNTIL} or p in _SUCCESSION)
    ]
    head: list[Quad] = [
        (main, RDF_TYPE, _WITHDRAWN, PROVENANCE),
        (main, _WITHDRAWN_IN, seen_in, PROVENANCE),
        (main, _REGISTER, iri(iris.register(source_id)), PROVENANCE),
    ]
    if country_code:
        head.append((main, _COUNTRY, country(country_code), PROVENANCE))
    return head + kept + _parts(published_iris(old, iris) - {main}, main, seen_in)


def of_parts(
    old: Sequence[Quad],
    new: Sequence[Quad],
    subject: str,
    source_id: str,
    iris: Iris,
    snapshot: str,
) -> list[Quad]:
    """Return the tombstones of IRIs (outcomes, units) that a changed record no longer describes.

    Tombstones that the record already carried are kept as long as the IRI does not come back.
    """
    living = published_iris(new, iris)
    main = iri(subject)
    earlier = {s for s, p, o, _ in old if p == RDF_TYPE and o == _WITHDRAWN}
    kept = [q for q in old if q[0] in earlier - living - {main} and q[3] == PROVENANCE]
    gone = published_iris(old, iris) - living - earlier - {main}
    return kept + _parts(gone, main, iri(iris.snapshot(source_id, snapshot)))


def published_iris(quads: Iterable[Quad], iris: Iris) -> set[str]:
    """Return the terms of all minted subjects with a document of their own (no fragments)."""
    prefix = f"<{iris.base}id/"
    return {
        s for s, _, _, role in quads if role == "data" and s.startswith(prefix) and "#" not in s
    }


def _parts(gone: Iterable[str], main: str, seen_in: str) -> list[Quad]:
    return [
        (term, predicate, value, PROVENANCE)
        for term in sorted(gone, key=iri_of)
        for predicate, value in (
            (RDF_TYPE, _WITHDRAWN),
            (_WITHDRAWN_IN, seen_in),
            (_WITHDRAWN_WITH, main),
        )
    ]
