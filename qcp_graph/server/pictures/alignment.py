"""Which learning outcomes lead to which skills: two columns and the links between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from qcp_graph.server.pictures.drawing import box, frame, line, words

MOST_ITEMS: Final = 40
_SIDE: Final = 250
_GAP: Final = 120
_STEP: Final = 30
_TOP: Final = 28
_GRADES: Final = ("stated", "accepted", "suggested", "exact", "narrower", "broader")


@dataclass(frozen=True, slots=True)
class Link:
    """A link from the outcome at one place to the skill at another (both count from 0).

    ``grade`` is one of ``stated``, ``accepted``, ``suggested``, ``exact``, ``narrower``,
    ``broader``; it decides how the line is drawn.
    """

    outcome: int
    skill: int
    grade: str = "suggested"


def alignment(
    name: str,
    title: str,
    told: str,
    heads: tuple[str, str],
    outcomes: Sequence[str],
    skills: Sequence[str],
    links: Sequence[Link],
) -> Markup:
    """Return outcomes on the left, skills on the right; links to what is not drawn are left out."""
    outcomes, skills = outcomes[:MOST_ITEMS], skills[:MOST_ITEMS]
    right = _SIDE + _GAP
    parts = [
        words(0, 17, heads[0], _SIDE, kind="head"),
        words(right, 17, heads[1], _SIDE, kind="head"),
    ]
    for link in links:
        if 0 <= link.outcome < len(outcomes) and 0 <= link.skill < len(skills):
            grade = link.grade if link.grade in _GRADES else "suggested"
            y1, y2 = _place(link.outcome), _place(link.skill)
            parts.append(line(_SIDE, y1, right, y2, f"link {grade}"))
    for x, labels in ((0, outcomes), (right, skills)):
        for at, label in enumerate(labels):
            y = _place(at)
            parts.append(box(x, y - 12, _SIDE, 24, "item"))
            parts.append(words(x + 8, y + 5, label, _SIDE - 16))
    size = (right + _SIDE, _TOP + max(len(outcomes), len(skills), 1) * _STEP)
    return frame(name, "aligned", size, title, told, parts)


def _place(at: int) -> float:
    return _TOP + (at + 0.5) * _STEP
