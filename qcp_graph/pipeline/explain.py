"""Why one record says what it says: from the cell of the source to every triple, and back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from qcp_graph import mapping
from qcp_graph.model.issue import Issue
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.model.record import PreparedRecord
from qcp_graph.pipeline import job, single
from qcp_graph.pipeline.progress import Progress
from qcp_graph.settings import Settings
from qcp_graph.terms import Quad

_PLACE: Final = re.compile(r"(?P<file>.+) line (?P<line>\d+)\Z")
_BY_PROGRAM: Final = {
    "provenance": "where the record comes from, and what it lacks: stated of every record",
    "links": "a label of ESCO in the text of a learning outcome",
}


@dataclass(frozen=True)
class Account:
    """One record explained: its fate, every rule with what it made, and what no rule made.

    ``unread`` are the fields of the record that no rule reads and none ignores by name, ``ignored``
    those that are ignored: field → the place where the mapping says so, with the reason.
    """

    row: LedgerRow
    rules: Sequence[mapping.Explanation]
    unread: Sequence[Issue]
    ignored: Mapping[str, str]
    folder: Path

    def by_program(self) -> Iterator[tuple[Quad, str]]:
        """Yield the statements that stem from no rule, and what makes them."""
        explained = {quad for rule in self.rules for quad in rule.quads}
        for quad in (*self.row.quads, *self.row.shared):
            if quad not in explained:
                yield quad, _BY_PROGRAM.get(quad[3], "the program")

    def text(self, place: str) -> str:
        """Return the line of the mapping at a place such as ``mapping.yaml line 12``."""
        return line_at(self.folder, place)

    def as_dict(self) -> dict[str, Any]:
        """Return the account as JSON-like data."""
        row = self.row
        return {
            "record": row.key,
            "locator": row.locator,
            "status": row.status,
            "iri": row.iri,
            "issues": [issue.as_dict() for issue in row.issues],
            "rules": [self._rule(rule) for rule in self.rules],
            "unread": [{"field": one.field, "value": one.value} for one in self.unread],
            "ignored": [
                {"field": field, "place": place, "text": self.text(place)}
                for field, place in self.ignored.items()
            ],
            "program": [{"statement": statement(quad), "by": by} for quad, by in self.by_program()],
        }

    def _rule(self, rule: mapping.Explanation) -> dict[str, Any]:
        return {
            "mapping": rule.mapping,
            "shared": rule.shared,
            "item": rule.item,
            "subject": rule.subject,
            "predicates": list(rule.predicates),
            "places": [{"place": place, "text": self.text(place)} for place in rule.places],
            "cells": [{**asdict(cell), "locator": self.row.locator} for cell in rule.cells],
            "steps": [asdict(move) for move in rule.moves],
            "statements": [statement(quad) for quad in rule.quads],
            "why": rule.why,
        }


def explain(
    settings: Settings, source_id: str, given: str | None, key: str, progress: Progress
) -> Account:
    """Return the account of one record.

    :raises DataError: when no record of the delivery has this key.
    """
    with single.found(settings, source_id, given, key, progress) as one:
        worker = one.maker.worker
        rules: Sequence[mapping.Explanation] = ()
        unread: Sequence[Issue] = ()
        ignored: Mapping[str, str] = {}
        if isinstance(one.prepared, PreparedRecord):
            rules = worker.plan.explain(one.prepared, one.input_name)
            unread, ignored = _left(one, one.prepared)
        return Account(one.row(), rules, unread, ignored, worker.source.folder)


def _left(one: single.Single, prepared: PreparedRecord) -> tuple[list[Issue], dict[str, str]]:
    """Return what a mapping that has seen this record alone says of its other fields."""
    fresh = job.plan_of(one.maker.worker.context, one.maker.worker.source)
    fresh.prepare(prepared.record, one.input_name)
    unread = [issue for issue in fresh.audit() if issue.code == "QCP-MAP-UNMAPPED"]
    return unread, {field: str(place) for field, (_, place) in fresh.ignored().items()}


def line_at(folder: Path, place: str) -> str:
    """Return the line of a mapping in a folder at a place such as ``mapping.yaml line 12``."""
    found = _PLACE.match(place)
    lines = _lines(folder / found["file"]) if found else ()
    number = int(found["line"]) if found else 0
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def statement(quad: Quad) -> str:
    """Return a quad as people write it: subject, predicate, object."""
    return " ".join(quad[:3])


@lru_cache(maxsize=16)
def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):  # a mapping that is no text (a workbook) has no lines
        return ()
