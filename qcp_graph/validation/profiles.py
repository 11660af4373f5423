"""Profiles: whose rules they are (catalogue), and what they say of a record (judgement)."""

from qcp_graph.validation.profiles_catalogue import Profile, ProfileRule, Standing, load, read
from qcp_graph.validation.profiles_judge import (
    STATES,
    Judgement,
    ProfilePlan,
    RuleOutcome,
    State,
    compile_profile,
    judge,
    judge_view,
    summary,
)

__all__ = [
    "STATES",
    "Judgement",
    "Profile",
    "ProfilePlan",
    "ProfileRule",
    "RuleOutcome",
    "Standing",
    "State",
    "compile_profile",
    "judge",
    "judge_view",
    "load",
    "read",
    "summary",
]
