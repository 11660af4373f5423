"""A link between a learning outcome and an ESCO skill, with the grounds for it."""

from dataclasses import dataclass
from typing import Literal

Match = Literal["exactMatch", "closeMatch", "narrowMatch"]
"""SKOS mapping property, read from the outcome: ``narrowMatch`` means the skill is narrower."""


@dataclass(frozen=True, slots=True)
class Link:
    """One assertion.

    ``method`` names how it was found (``exact-label``, ``normalised-label``, ``clause-label``);
    ``label`` and ``language`` the ESCO label that matched; ``score`` lies between 0 and 1.
    Accepted links are asserted in the graph, suggested ones wait for a reviewer.
    """

    outcome: str
    skill: str
    match: Match
    method: str
    label: str
    language: str
    score: float
    status: Literal["accepted", "suggested"]
    version: str
