"""What profiles say of one record, as its ledger row keeps it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Reason(NamedTuple):
    """A rule that was not met: its name in the profile; ``fail``, ``warning`` or ``unknown``."""

    rule: str
    state: str


@dataclass(frozen=True, slots=True)
class ProfileState:
    """What a profile, in one version of its rules, says of a record, and why it is no pass.

    ``state`` is the worst of its required rules: pass, fail, warning, unknown, not-applicable.
    """

    profile: str
    version: str
    state: str
    reasons: tuple[Reason, ...] = ()


def pack(states: Iterable[ProfileState]) -> bytes:
    """Return states as bytes; nothing for none.

    >>> unpack(pack([ProfileState("p", "1", "fail", (Reason("Title", "fail"),))]))[0].reasons
    (Reason(rule='Title', state='fail'),)
    """
    found = [(s.profile, s.version, s.state, s.reasons) for s in states]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode() if found else b""


def unpack(blob: bytes) -> list[ProfileState]:
    """Return what :func:`pack` wrote."""
    return list(_each(blob)) if blob else []


def _each(blob: bytes) -> Iterator[ProfileState]:
    for profile, version, state, reasons in json.loads(blob):
        yield ProfileState(profile, version, state, tuple(Reason(*one) for one in reasons))
