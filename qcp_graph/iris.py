"""The only place that mints IRIs: deterministic, never from labels or row numbers.

Pattern: ``<base>id/<type>/<country>/<register>/<local id>``. A source id ``<cc>-<register>``
(``fr-rncp``) gives ``fr/rncp``. Nodes without a life of their own are fragments of their owner.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from qcp_graph.errors import UsageError
from qcp_graph.terms import is_iri

ENTITY_TYPES: Final = (
    "qualification",
    "outcome",
    "organisation",
    "opportunity",
    "accreditation",
    "framework",
    "level",
    "record",
    "register",
    "snapshot",
    "run",
    "release",
    "link",
    "comparison",
)
# Unreserved and sub-delims that are legal in a path segment, without those that confuse
# people or tools in Turtle, CSV and file names.
_SAFE: Final = "-._~:@"
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~:@-]*\Z")


def encode(local_id: str) -> str:
    """Percent-encode a local identifier for use as path segments; non-ASCII letters stay readable.

    >>> encode("RNCP 34762/BC01"), encode("U/S: éa"), encode("../x")
    ('RNCP%2034762/BC01', 'U/S:%20éa', '%2E%2E/x')
    """
    return "/".join(_segment(part) for part in local_id.split("/"))


def _segment(part: str) -> str:
    if part in {".", ".."}:  # quote() leaves dots alone, and clients would resolve them away
        return "%2E" * len(part)
    if _PLAIN.match(part):
        return part
    return "".join(c if c >= "\xa0" and c.isalnum() else quote(c, safe=_SAFE) for c in part)


def source_path(source_id: str) -> str:
    """Return the path of a source: ``source_path("fr-rncp") == "fr/rncp"``."""
    country, _, register = source_id.partition("-")
    return f"{country}/{register}"


@dataclass(frozen=True, slots=True)
class Iris:
    """Mints every IRI under one base IRI, which ends in ``/``."""

    base: str

    def __post_init__(self) -> None:
        if not is_iri(self.base) or not self.base.endswith("/"):
            raise UsageError(
                "QCP-SET-BASE",
                f"The base IRI {self.base!r} is not an absolute IRI that ends in '/'.",
                remedy="Set base_iri in qcp.toml or QCP_BASE_IRI, for example https://example.org/.",
            )

    def namespace(self, kind: str, source_id: str) -> str:
        """Return the prefix of all entities of a type in a source: ``…/id/outcome/fr/rncp/``."""
        if kind not in ENTITY_TYPES:
            raise ValueError(f"unknown entity type: {kind}")
        return f"{self.base}id/{kind}/{source_path(source_id)}/"

    def entity(self, kind: str, source_id: str, local_id: str) -> str:
        """Return the IRI of an entity of a register.

        >>> Iris("https://x.org/").entity("qualification", "fr-rncp", "RNCP1")
        'https://x.org/id/qualification/fr/rncp/RNCP1'
        """
        return self.namespace(kind, source_id) + encode(local_id)

    def link(self, source_id: str, subject: str, concept: str) -> str:
        """Return the IRI of the link from an entity of a register to a concept.

        >>> Iris("e:/").link("fr-rncp", "e:/id/outcome/fr/rncp/R1/1", "http://esco/skill/9")
        'e:/id/link/fr/rncp/R1/1-9'
        """
        local = subject
        for kind in ("outcome", "qualification"):
            local = local.removeprefix(self.namespace(kind, source_id))
        return f"{self.namespace('link', source_id)}{local}-{encode(concept.rsplit('/', 1)[-1])}"

    def register(self, source_id: str) -> str:
        """Return the IRI of a register."""
        return f"{self.base}id/register/{source_path(source_id)}"

    def framework(self, framework_id: str) -> str:
        """Return the IRI of a qualifications framework, for example ``za-nqf``."""
        return f"{self.base}id/framework/{encode(framework_id)}"

    def level(self, framework_id: str, level: str) -> str:
        """Return the IRI of a framework level that has no official IRI."""
        return f"{self.base}id/level/{encode(framework_id)}/{encode(level)}"

    def snapshot(self, source_id: str, sha256: str) -> str:
        """Return the IRI of a snapshot, named by its content."""
        return f"{self.base}id/snapshot/{source_path(source_id)}/{sha256[:16]}"

    def release(self, release_id: str) -> str:
        """Return the IRI of a release."""
        return f"{self.base}id/release/{encode(release_id)}"

    def run(self, release_id: str, source_id: str) -> str:
        """Return the IRI of the run that brought a source into a release."""
        return f"{self.base}id/run/{encode(release_id)}/{source_path(source_id)}"

    def graph(self, source_id: str, role: str) -> str:
        """Return the named graph of a role (``data``, ``provenance``, ``links``) of a register."""
        return f"{self.base}graph/{source_path(source_id)}/{role}"

    def shared_graph(self, name: str) -> str:
        """Return a graph of no register: ``vocabulary ontology catalogue esco/…``."""
        return f"{self.base}graph/{name}"
