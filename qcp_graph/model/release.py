"""What a release counts and says of itself."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Counts:
    """The fate of every record of a source: ``read = published + quarantined + rejected``.

    ``withdrawn`` counts tombstones; ``unchanged`` how many published records needed no work.
    """

    read: int = 0
    published: int = 0
    quarantined: int = 0
    rejected: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    quads: int = 0

    def balanced(self) -> bool:
        """Tell whether every record read is accounted for."""
        return self.read == self.published + self.quarantined + self.rejected

    def as_dict(self) -> dict[str, int]:
        """Return the counts by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One register inside a release.

    ``release`` and ``built`` name the release whose run made this state (an unchanged register
    keeps them); ``reasons`` counts issue codes; ``files`` maps a file's name to its sha256;
    ``accepted`` says which minimum or threshold was missed and deliberately overridden.
    """

    source_id: str
    snapshot_sha256: str
    retrieved: str
    fingerprint: str
    counts: Counts
    release: str
    built: str
    reasons: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a release; ``created`` is ISO 8601 in UTC."""

    id: str
    created: str
    previous: str
    software: str
    base_iri: str
    registers: Mapping[str, RegisterEntry]
    vocabulary: str
    quads: int
    versions: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
