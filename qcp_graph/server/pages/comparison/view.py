"""A comparison in the reader's language: what the page, the command and the exports show."""

import re
from collections import Counter
from collections.abc import Mapping
from textwrap import shorten
from typing import Final

from qcp_graph import compare
from qcp_graph.compare import Cell, Comparison, Coverage, Grade, Reason, Row, Said, Statement
from qcp_graph.namespaces import QCP
from qcp_graph.server.pages import labels
from qcp_graph.server.pages.comparison import summary, words
from qcp_graph.server.pages.comparison.shown import (
    Decision,
    Line,
    Source,
    View,
    ViewCell,
    ViewCoverage,
    ViewMatch,
    ViewRow,
    ViewSide,
)
from qcp_graph.server.pages.durations import readable
from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.i18n import Language
from qcp_graph.server.pages.names import Names, Reference, local_name, pick

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
MOST_LINES: Final = 12
"""Lines that a cell of two shows; the qualification's own page has all of them."""
MATRIX_LINES: Final = 3
"""Lines that a cell of more than two shows."""
_MATRIX_TEXT: Final = 160
_MATRIX_SOURCE: Final = 48


def view(found: Comparison, names: Names, language: Language) -> View:
    """Return a comparison in a language."""
    return _Writer(found, names, language).view()


def reason_text(reason: Reason, language: Language) -> str:
    """Return the sentence of a reason; codes among its values are translated, too."""
    values = {name: _value(value, language) for name, value in reason.values}
    return str(language.gettext(words.REASONS[reason.code], **values).unescape())


def _value(value: str, language: Language) -> str:
    if value in words.CODES:
        return str(language.gettext(words.CODES[value]).unescape())
    return language.date(value) if _DAY.fullmatch(value) else value


class _Writer:
    def __init__(self, found: Comparison, names: Names, language: Language) -> None:
        self.found = found
        self.names = names
        self.language = language
        self.records = {side.record: side for side in found.sides}

    def view(self) -> View:
        found = self.found
        rows = tuple(self._row(row) for row in found.rows)
        coverage = tuple(self._coverage(coverage) for coverage in found.coverage)
        return View(
            tuple(self._side(at) for at in range(len(found.sides))),
            self._word(words.PURPOSES, found.purpose),
            found.on,
            rows,
            coverage,
            summary.reviews(found, self.names, self.language),
            summary.summary(found, rows, coverage),
        )

    def _word(self, table: Mapping[str, str], code: str) -> str:
        return str(self.language.gettext(table[code]).unescape()) if code in table else code

    def _reference(self, iri: str) -> Reference | None:
        return self.names.reference(iri) if iri else None

    def _side(self, at: int) -> ViewSide:
        side = self.found.sides[at]
        titles = [Text(text, tag) for tag, text in side.titles]
        reference = self.names.reference(side.iri)
        name = pick(titles, self.language.tag) if titles else reference.name
        country = self.names.of(side.country).text if side.country else ""
        return ViewSide(
            chr(65 + at),
            Reference(side.iri, name, reference.href, reference.external),
            country,
            side.codes,
            self._reference(side.register),
            self._reference(side.owner),
            self._reference(side.licence),
            self._reference(side.record),
            side.seen,
            side.specimen,
        )

    def _row(self, row: Row) -> ViewRow:
        name = self._word(words.ROWS, row.key)
        if row.key == "wider-level":
            name = self.names.of(row.about).text
        decisions = tuple(
            Decision(
                j.verdict.value,
                self._word(words.VERDICTS, j.verdict.value),
                reason_text(j.reason, self.language),
                at,
            )
            for at, j in enumerate(row.judgements, 1)
        )
        return ViewRow(
            row.dimension,
            row.key,
            self._word(words.DIMENSIONS, row.dimension),
            name,
            tuple(self._cell(cell) for cell in row.cells),
            decisions,
        )

    def _cell(self, cell: Cell) -> ViewCell:
        chosen = self._single(self._chosen(cell.statements))
        most = MOST_LINES if len(self.found.sides) == 2 else MATRIX_LINES
        shown = tuple(self._line(s) for s in chosen[:most])
        sources = {(line.source.text, line.source.href): line.source for line in shown}
        return ViewCell(
            cell.state,
            shown,
            reason_text(cell.absent, self.language) if cell.absent else "",
            reason_text(cell.conflict, self.language) if cell.conflict else "",
            len(chosen) - len(shown),
            tuple(sources.values()),
            self._said_below(cell) if shown else "",
        )

    def _said_below(self, cell: Cell) -> str:
        """Say what follows from the lines of a cell, or why they give nothing to compare."""
        reason = cell.concluded or cell.absent
        return reason_text(reason, self.language) if reason else ""

    def _single(self, statements: list[Statement]) -> list[Statement]:
        """Say a thing once, however many links or units lead to it."""
        found: dict[tuple[str, str, str], Statement] = {}
        for s in statements:
            place = s.said.where if s.said.origin is not compare.Origin.LINK else ""
            found.setdefault((s.label, s.text, place), s)
        return list(found.values())

    def _chosen(self, statements: tuple[Statement, ...]) -> list[Statement]:
        """Leave out translations, of each unit by itself."""
        units: dict[str, list[Statement]] = {}
        for s in statements:
            units.setdefault(s.detail if s.label == "unit" else "", []).append(s)
        return [s for said in units.values() for s in self._told(said)]

    def _told(self, statements: list[Statement]) -> list[Statement]:
        """Leave out translations: where every language says as much, one language is enough."""
        counts = Counter(s.language for s in statements if s.language)
        if len(counts) < 2 or len(set(counts.values())) > 1:
            return list(statements)
        tags = sorted(counts, key=lambda tag: (self._distance(tag), tag))
        return [s for s in statements if s.language in {"", tags[0]}]

    def _distance(self, tag: str) -> int:
        short = tag.split("-")[0]
        return 0 if short == self.language.tag else (1 if short == "en" else 2)

    def _line(self, s: Statement) -> Line:
        value = self._value(s)
        return Line(self._word(words.LABELS, s.label) if s.label in words.LABELS else "",
                    value, self._note(s), self._source(s.said))  # fmt: skip

    def _value(self, s: Statement) -> Reference:
        if s.text.startswith(QCP):
            word = self._word(labels.STATUS, local_name(s.text))
            return Reference(s.text, Text(word, self.language.tag))
        if s.is_iri:
            return self.names.reference(s.text)
        if s.label == "outcome":  # in the reader's language, where it has it
            text = self._outcome(s.detail)
            fitting = Text(self._fitting(text.text), text.language)
            return Reference(s.detail, fitting, self.names.local(s.detail))
        return Reference("", Text(self._fitting(self._written(s), s.label == "unit"), s.language))

    def _fitting(self, text: str, brief: bool = False) -> str:
        """Return a text, of more than two qualifications and of units only its beginning."""
        if (len(self.found.sides) == 2 and not brief) or len(text) <= _MATRIX_TEXT:
            return text
        return shorten(text, _MATRIX_TEXT, placeholder=" …")

    def _written(self, s: Statement) -> str:
        if s.label in {"hours", "duration"}:
            return readable(s.text, self.language, in_hours=s.label == "hours")
        if s.label == "hours-by-rule":
            return f"{s.text} ({s.detail})"
        if s.label in {"valid-from", "valid-until", "last-enrolment", "last-award", "decision",
                       "issued", "expires"}:  # fmt: skip
            return self.language.date(s.text)
        if s.text in {"true", "false"}:
            return self._word(labels.PARTIAL, s.text)
        return s.text

    def _note(self, s: Statement) -> str:
        if s.label == "points" and s.detail:
            return self.names.of(s.detail).text
        if s.label in {"body", "body-then"} and s.detail:
            start, _, end = s.detail.partition("/")
            return f"{self.language.date(start)} – {self.language.date(end)}"
        if s.said.origin is compare.Origin.REFERENCING:
            return self._word(labels.MATCH, local_name(s.said.where))
        return ""

    def _source(self, said: Said) -> Source:
        if said.origin in {compare.Origin.REFERENCING, compare.Origin.RULE}:
            basis = said.basis or said.by
            if len(self.found.sides) > 2:
                basis = shorten(basis, _MATRIX_SOURCE, placeholder=" …")
            text = ", ".join(part for part in (basis, self.language.date(said.on)) if part)
            reference = self._reference(said.by)
            return Source(text, reference.href if reference else "", said.origin.value)
        date = self.language.date(said.on) if said.on else ""
        if said.origin is compare.Origin.LINK:
            text = self.language.gettext("computed link").unescape()
            if said.basis:
                text += f" ({said.basis})"
            return Source(text, self.names.local(said.where), said.origin.value)
        side = self.records.get(said.where)
        key = side.key if side else local_name(said.where)
        text = ", ".join(p for p in (key, date) if p)
        return Source(text, self.names.local(said.where), said.origin.value)

    def _coverage(self, c: Coverage) -> ViewCoverage:
        def counts(transversal: bool) -> tuple[tuple[str, str, int], ...]:
            grades = [g for g in Grade if g is not Grade.TEXT]
            return tuple(
                (g.value, self._word(words.GRADES, g.value), c.count(g, transversal=transversal))
                for g in grades
            )

        return ViewCoverage(
            c.required, c.offered, c.total(), counts(False),
            c.total(transversal=True), counts(True),
            tuple(self._match(m) for m in c.matches),
            c.outcomes, c.linked, ", ".join(c.versions), c.firm,
            summary.groups(c, self.names, self.language) if len(self.found.sides) == 2 else (),
        )  # fmt: skip

    def _match(self, m: compare.Match) -> ViewMatch:
        between = m.path[1:-1] if m.grade is not Grade.EXACT else ()
        return ViewMatch(
            self._reference(m.skill),
            m.grade.value,
            self._word(words.GRADES, m.grade.value),
            self._reference(m.met_by) if m.grade is not Grade.EXACT else None,
            tuple(self.names.reference(iri) for iri in between),
            tuple(self._outcome(iri) for iri in m.outcomes[:3]),
            tuple(self._outcome(iri) for iri in m.met_outcomes[:3]),
            m.transversal,
        )

    def _outcome(self, iri: str) -> Text:
        texts = [Text(text, tag) for tag, text in self.found.texts.get(iri, ())]
        return pick(texts, self.language.tag)
