"""How RDF names look to a mapping: prefixed names, and short local ids of IRIs."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final

from qcp_graph.namespaces import PREFIXES

_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_SPLIT: Final = re.compile(r"(.*[/#:])([^/#:]+)[/#]*\Z", re.DOTALL)
_REMEMBERED: Final = 100_000
_LENGTH: Final = 60


class Names:
    """Writes IRIs as a mapping refers to them.

    ``prefixes`` are those of the mapping, beside the project's own; ``starts`` are beginnings of
    IRIs after which the rest alone identifies a thing.
    """

    def __init__(self, prefixes: Mapping[str, str], starts: Sequence[str] = ()) -> None:
        self._prefixes = {**PREFIXES, **prefixes}
        self._by_start = sorted(
            ((iri, prefix) for prefix, iri in self._prefixes.items()), key=lambda p: -len(p[0])
        )
        self._starts = sorted(starts, key=len, reverse=True)
        self._short: dict[str, str] = {}

    def short(self, iri: str) -> str:
        """Return the prefixed name of an IRI, or ``<iri>`` where no prefix fits.

        >>> Names({}).short("http://purl.org/dc/terms/title"), Names({}).short("http://a/b")
        ('dcterms:title', '<http://a/b>')
        """
        found = self._short.get(iri)
        if found is None:
            found = self._shortened(iri)
            if len(self._short) < _REMEMBERED:
                self._short[iri] = found
        return found

    def _shortened(self, iri: str) -> str:
        for start, prefix in self._by_start:
            if iri.startswith(start) and _LOCAL.match(iri, len(start)):
                return f"{prefix}:{iri[len(start) :]}"
        return f"<{iri}>"

    def full(self, name: str) -> str:
        """Return the IRI that a prefixed name or ``<iri>`` stands for.

        :raises ValueError: for an unknown prefix.
        """
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        prefix, colon, local = name.partition(":")
        if not colon or prefix not in self._prefixes:
            raise ValueError(f"{name!r} has no known prefix; known are {', '.join(self._prefixes)}")
        return self._prefixes[prefix] + local

    def local(self, iri: str) -> str:
        """Return a short id of an IRI that no other IRI of the source shares.

        >>> Names({}, ["http://a/q/"]).local("http://a/q/U 1")
        'U 1'
        >>> Names({}).local("http://b.org/x/7")
        '7-611cb30f'
        """
        for start in self._starts:
            if iri.startswith(start) and len(iri) > len(start):
                return iri[len(start) :]
        match = _SPLIT.match(iri)
        name = match[2][:_LENGTH] if match else "x"
        return f"{name}-{hashlib.sha256(iri.encode()).hexdigest()[:8]}"
