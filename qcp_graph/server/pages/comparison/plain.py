"""A comparison as plain text for a terminal: the answer first, then every line with its source."""

from collections.abc import Iterator
from textwrap import fill
from typing import Final

from qcp_graph.server.pages.comparison.export import cell_text, sources_text
from qcp_graph.server.pages.comparison.shown import Summary, View, ViewCoverage
from qcp_graph.server.pages.i18n import Language

_WIDTH: Final = 100


def as_text(view: View, language: Language) -> str:
    """Return a comparison for a terminal."""
    return "\n".join(_lines(view, language)) + "\n"


def _lines(view: View, language: Language) -> Iterator[str]:
    for side in view.sides:
        register = side.register.name.text if side.register else ""
        codes = f" ({', '.join(side.codes)})" if side.codes else ""
        yield f"{side.letter}  {side.reference.name.text}{codes}"
        told = (side.country, register, side.seen, side.reference.iri)
        yield "   " + "; ".join(part for part in told if part)
    asked = "What holds on %(date)s, for this purpose: %(purpose)s"
    yield f"   {_say(language, asked, date=language.date(view.on), purpose=view.purpose)}"
    if view.summary is not None:
        yield from _summary(view, view.summary, language)
    yield from _rows(view, language)
    for coverage in view.coverage:
        yield from _coverage(view, coverage, language)
    if view.reviews:
        yield ""
        yield _say(language, "Decisions of people about links").upper()
    for r in view.reviews:
        how = "accepted by %(who)s" if r.accepted else "rejected by %(who)s"
        rest = " ".join(part for part in (r.day, r.comment) if part)
        said = f"{_say(language, how, who=r.reviewer)} {rest}".rstrip()
        yield _fill(f"{r.letter}: {r.outcome.text} → {r.skill.name.text}: {said}")


def _summary(view: View, found: Summary, language: Language) -> Iterator[str]:
    absent = _say(language, "not provided by the source")
    yield ""
    yield _say(language, "In short").upper()
    for c in (found.has, found.lacks):
        has, lacks = view.sides[c.required].letter, view.sides[c.offered].letter
        head = _say(language, "%(first)s has, %(second)s lacks", first=has, second=lacks)
        names = "; ".join(m.skill.name.text for m in c.open if m.skill)
        if not c.linked:
            listed = _say(language, "Not known.")
        elif c.firm:
            total = c.total + c.transversal_total
            count = _say(language, "%(count)s of %(total)s skills", count=len(c.open), total=total)
            listed = f"{count}: {names}." if names else f"{count}."
        else:
            listed = f"{names}." if names else _say(language, "Nothing of what is linked.")
        yield _fill(f"{head}: {listed} {_linked(view, c, language)}")
    for row in found.levels:
        sides = "; ".join(
            f"{s.letter} {cell_text(c) or absent}"
            for s, c in zip(view.sides, row.cells, strict=True)
        )
        yield _fill(f"{row.name}: {row.decisions[0].reason} {sides}")
    yield "  " + " · ".join(f"{name}: {count}" for name, count in found.verdicts)


def _rows(view: View, language: Language) -> Iterator[str]:
    absent = _say(language, "not provided by the source")
    group = ""
    for row in view.rows:
        if row.group != group:
            group = row.group
            yield ""
            yield group.upper()
        for decision in row.decisions:
            column = f" (A/{chr(65 + decision.column)})" if len(view.sides) > 2 else ""
            yield f"  {row.name}{column}: {decision.name}. {decision.reason}"
        for side, cell in zip(view.sides, row.cells, strict=True):
            said = sources_text(cell)
            text = (cell_text(cell) or absent) + (f"  [{said}]" if said else "")
            indent = f"    {side.letter} "
            yield fill(text, _WIDTH, initial_indent=indent, subsequent_indent=" " * 6)


def _coverage(view: View, c: ViewCoverage, language: Language) -> Iterator[str]:
    required, offered = view.sides[c.required].letter, view.sides[c.offered].letter
    head = "What %(offered)s covers of what %(required)s asks for"
    yield ""
    yield _say(language, head, offered=offered, required=required).upper()
    yield f"  {_linked(view, c, language)}"
    for name, counts, total in (
        ("Occupational skills", c.counts, c.total),
        ("Transversal skills", c.transversal, c.transversal_total),
    ):
        if total:
            grades = ", ".join(f"{n} {word}" for _, word, n in counts if n)
            yield f"  {_say(language, name)}: {total}; {grades}"
    for match in c.matches:
        skill = match.skill.name.text if match.skill else ""
        met = f" ← {match.met_by.name.text}" if match.met_by else ""
        way = " > ".join(step.name.text for step in match.path)
        yield f"    {skill}: {match.name}{met}" + (f" ({way})" if way else "")


def _linked(view: View, c: ViewCoverage, language: Language) -> str:
    letter = view.sides[c.required].letter
    if not c.outcomes:
        return _say(language, "The source of %(letter)s gives no learning outcomes.", letter=letter)
    if not c.linked:
        nothing = "None of the %(outcomes)s outcomes of %(letter)s is linked to ESCO."
        return _say(language, nothing, outcomes=c.outcomes, letter=letter)
    told = _say(
        language,
        "%(linked)s of %(outcomes)s outcomes of %(letter)s are linked to ESCO %(version)s.",
        linked=c.linked,
        outcomes=c.outcomes,
        letter=letter,
        version=c.versions or "–",
    )
    few = "Too few outcomes are linked to read shares; the list shows what is known."
    return told if c.firm else f"{told} {_say(language, few)}"


def _say(language: Language, text: str, **values: object) -> str:
    return str(language.gettext(text, **values).unescape())


def _fill(text: str) -> str:
    return fill(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")
