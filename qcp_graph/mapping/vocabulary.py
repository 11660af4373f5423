"""Prefixed names of a mapping file and the IRIs they stand for."""

import re
from collections.abc import Mapping
from typing import Final

from qcp_graph.iris import Iris
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.problems import fault, unknown
from qcp_graph.namespaces import PREFIXES
from qcp_graph.terms import is_iri

# Prefixes that stand for ``<base>id/<type>/<cc>/<register>/`` of the source at hand.
VIRTUAL: Final = ("qualification", "outcome", "organisation", "opportunity", "accreditation")
_PREFIXED: Final = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*):(?![/\s])(.*)\Z", re.DOTALL)
_SCHEMES: Final = frozenset({"http", "https", "urn", "mailto", "tel", "doi", "info", "ftp"})
_DANGEROUS: Final = re.compile(r"(?i)(?:javascript|data|vbscript|file|blob):")


def prefixes(iris: Iris, source_id: str, own: Mapping[str, tuple[str, Place]]) -> dict[str, str]:
    """Return all prefixes: the project's, those of the source's IRIs, the mapping's own."""
    found = dict(PREFIXES) | {kind: iris.namespace(kind, source_id) for kind in VIRTUAL}
    found["framework"] = iris.framework("")  # credit systems: framework:credit/za-nqf
    found["id"] = iris.framework("").removesuffix("framework/")  # what other registers describe
    for name, (value, place) in own.items():
        if name in found and found[name] != value:
            raise fault("QCP-MAP-NAME", f"The prefix {name!r} already means {found[name]}.", place)
        if not is_iri(value):
            raise fault("QCP-MAP-NAME", f"The prefix {name!r} is not an absolute IRI.", place)
        found[name] = value
    return found


def looks_prefixed(text: str) -> bool:
    """Tell whether a text is written like ``prefix:name`` (no space or slash after the colon).

    >>> looks_prefixed("elm:EQFLevel"), looks_prefixed("Level: 3"), looks_prefixed("http://a/b")
    (True, False, False)
    """
    match = _PREFIXED.match(text)
    return bool(match) and not re.search(r"\s", text)


def expanded(text: str, known: Mapping[str, str], place: Place) -> str:
    """Replace the prefix of a name; a complete IRI stays.

    :raises UsageError: naming the nearest known prefix.
    """
    match = _PREFIXED.match(text)
    if not match:
        return text
    prefix, local = match.groups()
    if prefix in known:
        return known[prefix] + local
    if prefix in _SCHEMES:
        return text
    raise unknown("QCP-MAP-NAME", "prefix", prefix, known, place)


def name(text: str, known: Mapping[str, str], place: Place) -> str:
    """Return the IRI of a prefixed name or of an IRI in full.

    :raises UsageError: when it is neither.
    """
    value = expanded(text, known, place)
    if not is_iri(value):
        message = f"{text[:80]!r} is neither a prefixed name nor an IRI."
        raise fault("QCP-MAP-NAME", message, place, "Write prefix:name or the whole IRI.")
    return value


def is_safe_iri(value: str) -> bool:
    """Tell whether an IRI may be published: absolute, and nothing a browser would run."""
    return is_iri(value) and not _DANGEROUS.match(value)
