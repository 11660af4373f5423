"""What is measured of a register in a release."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many qualifications have a property: from the register, and assigned by this program."""

    property: str
    stated: int
    assigned: int = 0


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """A rule that records do not meet: how many, and with which state."""

    rule: str
    state: str
    records: int


@dataclass(frozen=True, slots=True)
class ProfileFigures:
    """What a profile says: records by state, and the rules most often not met."""

    name: str
    version: str
    states: Mapping[str, int]
    reasons: Sequence[ReasonCount] = ()

    @property
    def judged(self) -> int:
        """The records it applies to."""
        return sum(self.states.values())

    @property
    def passed(self) -> float:
        """The share of these that meet every required rule; warnings count as met."""
        good = self.states.get("pass", 0) + self.states.get("warning", 0)
        return good / self.judged if self.judged else 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """An issue code: records that have it."""

    code: str
    records: int


@dataclass(frozen=True, slots=True)
class Delta:
    """Records with a problem that is new, solved or remains since the release before."""

    code: str
    new: int
    solved: int
    remaining: int


@dataclass(frozen=True, slots=True)
class Moment:
    """The figures of one release, short: for the trend.

    ``completeness`` is the mean share of the expected properties, ``passed`` the share per profile.
    """

    release: str
    created: str
    published: int
    withheld: int
    completeness: float
    passed: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Figures:
    """The quality of a register in one release.

    ``read`` are the records of the delivery, ``qualifications`` those published whose main thing is
    a qualification: the denominator of completeness. ``repeated`` are records that share title,
    level and awarding body with an earlier one. ``age`` is in days between the delivery and the
    release that measured; ``newest`` and ``oldest`` are dates of change that records state.
    """

    register: str
    release: str
    created: str
    read: int
    published: int
    quarantined: int
    rejected: int
    qualifications: int
    completeness: Sequence[Completeness]
    profiles: Sequence[ProfileFigures]
    repeated: int
    repeated_examples: Sequence[str]
    retrieved: str
    age: int
    dated: int
    newest: str
    oldest: str
    problems: Sequence[Problem]
    delta: Sequence[Delta] = ()
    history: Sequence[Moment] = field(default=())

    @property
    def complete(self) -> float:
        """The mean share of the expected properties that the register states."""
        wanted = len(self.completeness) * self.qualifications
        return sum(one.stated for one in self.completeness) / wanted if wanted else 0.0

    def moment(self) -> Moment:
        """Return what the trend keeps."""
        return Moment(
            self.release, self.created, self.published, self.quarantined + self.rejected,
            round(self.complete, 4), {one.name: round(one.passed, 4) for one in self.profiles},
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return asdict(self)

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Figures":
        """Return figures from what :meth:`as_dict` gave."""
        lists: dict[str, Any] = {
            "completeness": tuple(Completeness(**one) for one in found["completeness"]),
            "profiles": tuple(_profile(one) for one in found["profiles"]),
            "problems": tuple(Problem(**one) for one in found["problems"]),
            "delta": tuple(Delta(**one) for one in found["delta"]),
            "history": tuple(Moment(**one) for one in found["history"]),
            "repeated_examples": tuple(found["repeated_examples"]),
        }
        return cls(**{**found, **lists})


def _profile(found: Mapping[str, Any]) -> ProfileFigures:
    reasons = tuple(ReasonCount(**one) for one in found["reasons"])
    return ProfileFigures(found["name"], found["version"], found["states"], reasons)
