"""Pictures of a comparison of two: overlap by group of ESCO, and which skill meets which."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from qcp_graph.server import pictures
from qcp_graph.server.pages.comparison.shown import View, ViewCoverage
from qcp_graph.server.pages.i18n import Language

_NONE: Final = Markup("")
_MOST: Final = 40
_MET: Final = frozenset({"exact", "narrower", "broader"})


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures; empty where too few outcomes are linked to see anything in them."""

    overlap: Markup = _NONE
    aligned: tuple[Markup, ...] = (_NONE, _NONE)


def draw(view: View, language: Language) -> Drawn:
    """Return the pictures of a comparison of two, none of more."""
    if view.summary is None or not all(c.firm for c in view.coverage):
        return Drawn()
    aligned = [_aligned(view, c, language) for c in view.coverage]
    return Drawn(_overlap(view.summary.has, view.summary.lacks, language), tuple(aligned))


def _overlap(first: ViewCoverage, second: ViewCoverage, language: Language) -> Markup:
    """Draw per group the skills that only the first, both, and only the second one has."""
    outside = str(language.gettext("Outside the hierarchy").unescape())
    names: dict[str, str] = {}
    counts: list[Counter[str]] = [Counter(), Counter(), Counter()]
    for coverage, own in ((first, 0), (second, 2)):
        for group in coverage.groups:
            key = group.group.iri if group.group else ""
            names[key] = group.group.name.text if group.group else outside
            same = next(count for grade, _, count in group.counts if grade == "exact")
            counts[own][key] = group.total - same
            counts[1][key] = same
    bars = [
        pictures.Overlap(name, counts[0][key], counts[1][key], counts[2][key])
        for key, name in names.items()
    ]
    bars.sort(key=lambda bar: (-bar.total, bar.label))
    title = language.gettext("Skills by group of ESCO: only A, both, only B")
    told = language.gettext("The same numbers stand in the tables.")
    return pictures.overlap_bars("overlap", title.unescape(), told.unescape(), bars)


def _aligned(view: View, c: ViewCoverage, language: Language) -> Markup:
    """Draw which skill of the one that is there meets which that is asked for."""
    required, offered = view.sides[c.required].letter, view.sides[c.offered].letter
    met_first = sorted((m for m in c.matches if m.skill), key=lambda m: m.grade not in _MET)
    asked = met_first[:_MOST]
    there: dict[str, str] = {}
    links = []
    for at, match in enumerate(asked):
        met = match.met_by or match.skill
        if match.grade in _MET and met:
            there.setdefault(met.iri, met.name.text)
            links.append(pictures.Link(at, list(there).index(met.iri), match.grade))
    heads = (
        language.gettext("Skills that %(required)s asks for", required=required).unescape(),
        language.gettext("What %(offered)s has", offered=offered).unescape(),
    )
    told = language.gettext("The same numbers stand in the tables.").unescape()
    labels = [m.skill.name.text for m in asked if m.skill]
    name = f"aligned-{required}"
    return pictures.alignment(name, heads[0], told, heads, labels, list(there.values()), links)
