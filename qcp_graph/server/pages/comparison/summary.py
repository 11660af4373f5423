"""The answer in short: what one has and the other lacks, at which level, according to whom."""

from collections import Counter

from qcp_graph import compare
from qcp_graph.compare import Comparison, Stack
from qcp_graph.namespaces import PREFIXES
from qcp_graph.server.pages.comparison import words
from qcp_graph.server.pages.comparison.shown import (
    Summary,
    ViewCoverage,
    ViewGroup,
    ViewReview,
    ViewRow,
    ViewRule,
)
from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.i18n import Language
from qcp_graph.server.pages.names import Names, pick

_EQF = PREFIXES["eqf"]
_LEVELS = ("national-level", "eqf-level", "wider-level")


def summary(
    found: Comparison, rows: tuple[ViewRow, ...], coverage: tuple[ViewCoverage, ...]
) -> Summary | None:
    """Return the answer of a comparison of two, None of more."""
    if len(found.sides) != 2:
        return None
    verdicts = Counter(d.name for row in rows for d in row.decisions)
    reviewed = {review.link for _, review in found.reviews}
    links = [
        s.said.where for row in found.rows if row.dimension == "skills"
        for cell in row.cells for s in cell.statements if s.said.origin is compare.Origin.LINK
    ]  # fmt: skip
    return Summary(
        has=next(c for c in coverage if c.required == 0),
        lacks=next(c for c in coverage if c.required == 1),
        levels=tuple(row for row in rows if row.key in _LEVELS),
        verdicts=tuple(verdicts.most_common()),
        computed=sum(link not in reviewed for link in links),
        decided=len(reviewed),
        ladder=_ladder(found),
    )


def _ladder(found: Comparison) -> tuple[frozenset[int], ...]:
    """Return the EQF levels of each qualification that hold on the date."""
    row = next(row for row in found.rows if row.key == "eqf-level")
    return tuple(
        frozenset(
            int(s.text.removeprefix(_EQF))
            for s in cell.statements
            if s.label != "bridge-then" and s.text.removeprefix(_EQF) in "12345678"
        )
        for cell in row.cells
    )


def groups(coverage: compare.Coverage, names: Names, language: Language) -> tuple[ViewGroup, ...]:
    """Return the groups of ESCO with how many of their skills have each grade."""
    found = []
    for one in coverage.groups:
        count = Counter(one.grades)
        grades = [g for g in compare.Grade if g is not compare.Grade.TEXT]
        counts = tuple((g.value, language.gettext(words.GRADES[g.value]), count[g]) for g in grades)
        covered = sum(count[g] for g in (compare.Grade.EXACT, compare.Grade.NARROWER))
        group = names.reference(one.iri) if one.iri else None
        found.append(ViewGroup(group, counts, len(one.grades), covered))
    return tuple(found)


def reviews(found: Comparison, names: Names, language: Language) -> tuple[ViewReview, ...]:
    """Return the decisions of people about links, rejected ones first."""
    listed = []
    for at, one in sorted(found.reviews, key=lambda r: (r[0], r[1].accepted, r[1])):
        texts = [Text(text, tag) for tag, text in found.texts.get(one.outcome, ())]
        outcome = pick(texts, language.tag) if texts else names.of(one.outcome)
        listed.append(
            ViewReview(
                chr(65 + at), outcome, names.reference(one.skill), one.accepted,
                one.reviewer, language.date(one.day) if one.day else "", one.comment,
                names.local(one.link),
            )
        )  # fmt: skip
    return tuple(listed)


def rules(found: Stack, language: Language) -> tuple[ViewRule, ...]:
    """Return the rules of a stack in words; pieces are lettered from B."""

    def word(table: dict[str, str], code: str) -> str:
        return str(language.gettext(table[code]).unescape())

    return tuple(
        ViewRule(
            word(words.RULES, rule.name),
            chr(66 + rule.piece) if rule.piece >= 0 else "",
            rule.outcome.value,
            word(words.OUTCOMES, rule.outcome.value),
            ", ".join(f"{word(words.VALUES, name)}: {value}" for name, value in rule.values),
        )
        for rule in found.rules
    )
