"""What the graph says about a record: where it comes from, and what it lacks (PROV-O)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from qcp_graph.iris import Iris, encode
from qcp_graph.model.source import Source
from qcp_graph.namespaces import PREFIXES
from qcp_graph.terms import RDF_TYPE, Quad, curie, iri, literal

_SOURCE_RECORD = curie("qcp:SourceRecord")
_ENTITY = curie("prov:Entity")
_DESCRIBES = curie("qcp:describes")
_KEY = curie("qcp:sourceKey")
_LOCATOR = curie("qcp:locator")
_DIGEST = curie("qcp:digest")
_DERIVED = curie("prov:wasDerivedFrom")
_PRIMARY = curie("prov:hadPrimarySource")
_REGISTER = curie("qcp:register")
_COUNTRY = curie("qcp:country")
_LACKS = curie("qcp:lacks")
PROVENANCE = "provenance"


@dataclass(frozen=True)
class Provenance:
    """Writes the provenance quads of one register's records."""

    iris: Iris
    source: Source

    @cached_property
    def _records(self) -> str:
        return self.iris.namespace("record", self.source.id)

    @cached_property
    def _register(self) -> str:
        return iri(self.iris.register(self.source.id))

    @cached_property
    def _country(self) -> str:
        return country(self.source.country)

    def record(self, key: str) -> str:
        """Return the IRI of the source record itself, as distinct from what it describes."""
        return self._records + encode(key)

    def quads(
        self,
        key: str,
        subject: str,
        digest: bytes,
        locator: str,
        snapshot: str,
        lacks: Iterable[str],
    ) -> list[Quad]:
        """Return the quads of a published record.

        ``subject`` is the IRI the record describes, ``snapshot`` the sha256 of the snapshot in
        which its present form was first seen, ``lacks`` property terms ELM requires and the
        source does not give.
        """
        record, thing = iri(self.record(key)), iri(subject)
        register = self._register
        pairs = [
            (record, RDF_TYPE, _SOURCE_RECORD),
            (record, RDF_TYPE, _ENTITY),
            (record, _DESCRIBES, thing),
            (record, _KEY, literal(key)),
            (record, _LOCATOR, literal(locator)),
            (record, _DIGEST, f'"sha256:{digest.hex()}"'),
            (record, _DERIVED, f"<{self.iris.snapshot(self.source.id, snapshot)}>"),
            (record, _PRIMARY, register),
            (thing, _DERIVED, record),
            (thing, _REGISTER, register),
            (thing, _COUNTRY, self._country),
        ]
        pairs.extend((thing, _LACKS, term) for term in sorted(set(lacks)))
        return [(*triple, PROVENANCE) for triple in pairs]


def country(code: str) -> str:
    """Return the term of a country of the EU table by its alpha-3 code."""
    return iri(PREFIXES["country"] + code)
