"""Examples of the large profiles: a whole node of each class, and a table of what breaks it.

``valid-whole.ttl`` has a node of each class with every property; a row of ``broken.tsv`` replaces
the values of one property and names the one constraint that this breaks. Values are Turtle.
"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from qcp_graph.namespaces import expand
from qcp_graph.terms import RDF_TYPE, Triple, curie, term_of

EXAMPLES: Final = Path(__file__).parent / "examples"
OLD: Final = expand("elm:")
NEW: Final = "http://data.europa.eu/snb/model/ontology/"
TABLES: Final = {"elm-loq": "elm-loq", "elm-loq-3.3": "elm-loq", "elm-ams": "elm-ams"}
"""Each tabled profile with the folder of its table; 3.3 has that of 3.1, in its own names."""
_BASE: Final = "http://example.org/"


class Row(NamedTuple):
    """One example: ``node`` has the ``values`` for a property, which breaks one constraint."""

    node: str
    kind: str
    property: str
    values: str
    shape: str
    component: str

    @property
    def expected(self) -> tuple[str, str]:
        """The broken constraint: the name of the shape, the component."""
        return self.shape, f"<{expand('sh:')}{self.component}ConstraintComponent>"


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Return the rows of the table of a profile."""
    with (EXAMPLES / TABLES[name] / "broken.tsv").open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return tuple(Row(f"<{_BASE}row/{number}>", *row) for number, row in enumerate(found))


@cache
def data(name: str) -> tuple[Triple, ...]:
    """Return one graph with the broken node of every row, and the whole nodes they refer to."""
    text = (EXAMPLES / TABLES[name] / "valid-whole.ttl").read_text(encoding="utf-8")
    head = "".join(line for line in text.splitlines(True) if line.startswith("@"))
    said = "".join(
        f"{one.node} {one.property} {one.values} .\n" for one in rows(name) if one.values
    )
    found = [*_whole(text), *turtle(head + said), *_rest(name, text)]
    return tuple(_named(name, triple) for triple in found)


def turtle(text: str) -> Iterator[Triple]:
    """Yield the triples of Turtle text."""
    for q in ox.parse(text, format=ox.RdfFormat.TURTLE):
        yield term_of(q.subject), term_of(q.predicate), term_of(q.object)


def _whole(text: str) -> Iterator[Triple]:
    """Yield the whole nodes, each twice: where a second value of its class is needed."""
    for subject, predicate, value in turtle(text):
        yield subject, predicate, value
        again = f"<{_BASE}again/{subject.rpartition('/')[2]}"
        yield again, predicate, value


def _rest(name: str, text: str) -> Iterator[Triple]:
    """Yield what the rows have of the whole node of their class: all but the broken property."""
    whole: dict[str, list[tuple[str, str]]] = {}
    for subject, predicate, value in turtle(text):
        whole.setdefault(subject.rpartition("/")[2][:-1], []).append((predicate, value))
    for row in rows(name):
        prefix, colon, local = row.kind.rpartition(":")
        broken = curie(row.property)
        for predicate, value in whole[_ALIASES.get(row.kind, local)]:
            if predicate == RDF_TYPE and colon:
                yield row.node, predicate, curie(f"{prefix}:{local}")
            elif predicate != broken:
                yield row.node, predicate, value


_ALIASES: Final = {"org:Organization": "Organisation"}


def _named(name: str, triple: Triple) -> Triple:
    if name != "elm-loq-3.3":
        return triple
    subject, predicate, value = (term.replace(OLD, NEW) for term in triple)
    return subject, predicate, value
