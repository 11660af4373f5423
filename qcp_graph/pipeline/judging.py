"""What the profiles of other bodies say of each record: kept for its quality, or a gate for it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qcp_graph import assets
from qcp_graph.errors import UsageError
from qcp_graph.model.issue import Issue
from qcp_graph.model.judged import ProfileState, Reason
from qcp_graph.model.record import MappedRecord
from qcp_graph.model.source import Source
from qcp_graph.terms import RDF_TYPE, Triple
from qcp_graph.validation import ReferenceGraph, profiles
from qcp_graph.validation.graph import View
from qcp_graph.validation.profiles import Judgement, Profile, ProfilePlan


@dataclass(frozen=True)
class Judges:
    """Profiles that judge records one by one."""

    plans: tuple[ProfilePlan, ...] = ()

    def judge(self, triples: Sequence[Triple], reference: ReferenceGraph) -> list[Judgement]:
        """Return what each profile says of a record, those that do not apply left out."""
        if not self.plans:
            return []
        view = View(triples, reference)
        kinds = frozenset(o for _, p, o in triples if p == RDF_TYPE)
        found = (profiles.judge_view(plan, view, kinds) for plan in self.plans)
        return [one for one in found if one.state != "not-applicable"]


@dataclass(frozen=True)
class Sentence:
    """What follows for a record: its states for the ledger, problems, and whether it is blocked."""

    states: tuple[ProfileState, ...] = ()
    issues: tuple[Issue, ...] = ()
    blocked: bool = False


_NOTHING = Sentence()


def catalogue(workspace: Path | None) -> dict[str, Profile]:
    """Return the profiles of the workspace and the project, by name."""
    return dict(profiles.load([root / "shapes" for root in assets.roots(workspace)]))


def judges(workspace: Path | None, names: Sequence[str]) -> Judges:
    """Return the profiles of these names, compiled.

    :raises UsageError: for a name that is no profile, or one whose rules need the whole release.
    """
    if not names:
        return Judges()
    known = catalogue(workspace)
    plans = []
    for name in dict.fromkeys(names):
        if name not in known:
            raise UsageError(
                "QCP-VAL-PROFILE",
                f"There is no profile {name!r}.",
                remedy=f"Profiles: {', '.join(sorted(known))}.",
            )
        plans.append(profiles.compile_profile(known[name]))
    return Judges(tuple(plans))


def asked(source: Source, quality: Sequence[str]) -> tuple[str, ...]:
    """Return the profiles that judge the records of a source: those of its gates, and others."""
    gates = (name for name, gate in source.profiles.items() if gate != "inform")
    return tuple(dict.fromkeys((*gates, *quality)))


def fingerprint(workspace: Path | None, source: Source, names: Sequence[str]) -> str:
    """Return what changes with the files of profiles, and with what follows from them."""
    digest = hashlib.sha256(repr(sorted(source.profiles.items())).encode())
    folders = [root / "shapes" for root in assets.roots(workspace)]
    for name in names:
        path = next((f for folder in folders if (f := folder / f"{name}.ttl").is_file()), None)
        digest.update(name.encode() + b"\0" + (path.read_bytes() if path else b""))
    return digest.hexdigest()


def sentence(found: Sequence[Judgement], source: Source, mapped: MappedRecord) -> Sentence:
    """Return what follows from judgements by the gates of a register (``profiles:``)."""
    if not found:
        return _NOTHING
    states, issues, blocked = [], [], False
    for one in found:
        reasons = one.reasons()
        states.append(
            ProfileState(
                one.profile, one.version, one.state,
                tuple(dict.fromkeys(Reason(reason.rule, reason.state) for reason in reasons)),
            )
        )  # fmt: skip
        gate = source.profiles.get(one.profile, "inform")
        if gate == "inform":
            continue
        stops = gate == "block" and one.state == "fail"
        blocked = blocked or stops
        for reason in reasons:
            if reason.state == "unknown":
                continue
            severity = "violation" if stops and reason.state == "fail" else "warning"
            issues.append(
                Issue(
                    "QCP-VAL-GATE", severity,  # type: ignore[arg-type]  # one of the two above
                    f"{one.profile} {one.version}, {reason.rule}: {reason.message()}",
                    source.id, mapped.key, str(mapped.locator),
                    remedy=f"Complete the record at its source, or change `profiles: "
                    f"{one.profile}` in source.yaml.",
                )
            )  # fmt: skip
    return Sentence(tuple(states), tuple(issues), blocked)
