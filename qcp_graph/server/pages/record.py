"""The page of a source record: what the source writes, beside what the rules made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox
from fastapi import Request
from starlette.responses import Response

from qcp_graph import store
from qcp_graph.mapping import Explanation
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.namespaces import expand
from qcp_graph.pipeline.origin import Origin, Origins
from qcp_graph.server.pages import properties, site, sources
from qcp_graph.server.pages.graph import Facts, Text
from qcp_graph.server.pages.labels import N_
from qcp_graph.server.pages.names import Names, Reference, Value
from qcp_graph.server.pages.site import Site
from qcp_graph.server.pages.sources import Source
from qcp_graph.settings import Settings
from qcp_graph.terms import Quad

PAIRS: Final = 60
"""Rules on one page."""
_LONGEST: Final = 1500
_STATEMENTS: Final = 12
_FIELDS: Final = 100
_STEPS: Final = 12

WHY: Final = {
    "gone": N_("The delivery that holds this record is no longer kept on this server."),
    "large": N_("The delivery is too large to look a record up while you wait."),
    "changed": N_("The record was read with other side tables than those that are here now."),
    "busy": N_("Other readers look records up at the moment. Please try again."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: of which thing (None for the record's own), property, value, as N-Triples."""

    about: Reference | None
    property: Reference
    value: Value
    triple: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a rule, with the texts before and after it."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Pair:
    """What one rule read, the steps it took, and what it stated; ``more`` were left out."""

    cells: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    places: tuple[str, ...]
    statements: tuple[Said, ...]
    more: int


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What ``record.html`` shows; ``why`` is a message that tells why nothing stands beside."""

    iri: str
    key: str
    described: tuple[Reference, ...]
    source: Source
    why: str
    pairs: tuple[Pair, ...]
    unread: tuple[str, ...]
    ignored: tuple[tuple[str, str], ...]
    added: tuple[Said, ...]
    total: int
    rest: int
    page: int
    pages: int
    previous: str
    following: str


def open_origins(here: Site, settings: Settings) -> Origins:
    """Return what finds source records, opened once per release."""
    assert here.release is not None
    return here.release.resource("origins", lambda _: Origins(settings))


def render(request: Request, here: Site, facts: Facts) -> Response:
    """Return the page of a source record."""
    names, key = here.names(), facts.text("qcp:sourceKey")
    source = sources.of_record(here, names, facts)
    row = _row(here, source.entry.identifier if source.entry else "", key)
    origin = Origin("gone")
    if row is not None and source.entry is not None:
        settings: Settings = request.app.state.live.settings
        origin = open_origins(here, settings).of(source.entry.identifier, row)
    page = _Making(here, names, facts, row.iri if row else "").of(source, key, origin)
    return site.render(request, here, "record.html", page)


def _row(here: Site, source_id: str, key: str) -> LedgerRow | None:
    assert here.release is not None
    path = here.release.folder / "registers" / f"{source_id}.sqlite"
    if not source_id or not path.is_file():
        return None
    reader = here.release.resource(f"ledger {source_id}", lambda _: store.LedgerReader(path))
    return reader.get(key)


@dataclass(frozen=True, slots=True)
class _Making:
    here: Site
    names: Names
    facts: Facts
    main: str
    _known: dict[str, Reference] = field(default_factory=dict)

    def of(self, source: Source, key: str, origin: Origin) -> RecordPage:
        told = [rule for rule in origin.rules if _speaks(rule)]
        number, pages = self._number(len(told))
        shown = told[(number - 1) * PAIRS : number * PAIRS]
        made = {
            subject: rule
            for rule in origin.rules
            if not rule.predicates
            for subject in rule.subject.split()
        }
        added = [quad for quad in origin.added if quad[1] != f"<{expand('rdf:type')}>"]
        return RecordPage(
            iri=self.facts.iri,
            key=key,
            described=self.names.references(self.facts.iris("qcp:describes")[:20]),
            source=source,
            why=WHY.get(origin.why, ""),
            pairs=tuple(self._pair(rule, made) for rule in shown),
            unread=origin.unread[:_FIELDS],
            ignored=tuple(_reason(*one) for one in list(origin.ignored.items())[:_FIELDS]),
            added=tuple(self._said(quad) for quad in added[:PAIRS]) if number == 1 else (),
            total=len(told),
            rest=max(0, len(added) - PAIRS),
            page=number,
            pages=pages,
            previous=self._address(number - 1) if number > 1 else "",
            following=self._address(number + 1) if number < pages else "",
        )

    def _number(self, total: int) -> tuple[int, int]:
        pages = max(1, -(-total // PAIRS))
        asked = next((value for name, value in self.here.query if name == "page"), "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
        return min(max(number, 1), pages), pages

    def _address(self, number: int) -> str:
        return self.here.url(self.here.path, page=number if number > 1 else "")

    def _pair(self, rule: Explanation, made: Mapping[str, Explanation]) -> Pair:
        """Return a rule; one that leads to other things read what made their names."""
        quads = [quad for quad in rule.quads if _content(quad)]
        others = (made[quad[2]] for quad in quads if quad[2] in made)
        read = rule.cells or tuple(cell for other in others for cell in other.cells)
        cells = dict.fromkeys((cell.path, _short(cell.value)) for cell in read if cell.value)
        return Pair(
            tuple(cells)[:_STATEMENTS],
            tuple(
                Step(move.what, _short("; ".join(move.before)), _short("; ".join(move.after)))
                for move in rule.moves[:_STEPS]
            ),
            rule.places,
            tuple(self._said(quad) for quad in quads[:_STATEMENTS]),
            max(0, len(quads) - _STATEMENTS),
        )

    def _said(self, quad: Quad) -> Said:
        subject, predicate = quad[0].strip("<>"), quad[1].strip("<>")
        about = None if subject == self.main else self.names.reference(subject)
        if predicate not in self._known:
            word = properties.word(self.names, self.here.language, predicate)
            self._known[predicate] = Reference(predicate, word)
        return Said(
            about,
            self._known[predicate],
            self._value(quad[2]),
            " ".join((*quad[:2], _short(quad[2]), ".")),
        )

    def _value(self, term: str) -> Value:
        if term.startswith("<"):
            return Value(self.names.reference(term.strip("<>")), Text(""))
        (quad,) = ox.parse(f"<a:a> <a:a> {term} .", ox.RdfFormat.N_TRIPLES)
        literal = quad.object
        assert isinstance(literal, ox.Literal)
        return Value(None, Text(_short(literal.value), literal.language or ""))


def _speaks(rule: Explanation) -> bool:
    """Tell whether a rule states something people read, not only how things hang together."""
    return any(_content(quad) for quad in rule.quads)


def _content(quad: Quad) -> bool:
    fragment = quad[2].startswith(quad[0].rstrip(">").partition("#")[0] + "#")
    return quad[1] != f"<{expand('rdf:type')}>" and not fragment


def _reason(name: str, line: str) -> tuple[str, str]:
    """Return a field and why it is left out: what stands after the name in the mapping's line.

    >>> _reason("A.b", '"A.b": told elsewhere')
    ('A.b', 'told elsewhere')
    """
    return name, line.partition(": ")[2] if ": " in line else ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
