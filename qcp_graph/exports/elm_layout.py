"""How ELM is written as XML: which elements a class has, in which order, with which values.

Facts come from ``ontology/elm/xml.csv``, which holds what the official schemas of the Europass
register (LOQ and AMS, ELM 3.1) say of the classes that registers describe.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from qcp_graph import assets
from qcp_graph.terms import curie

Form = Literal["loq", "ams"]
MANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in an element: its name, the property that fills it, and what it takes.

    ``kind`` is ``text`` (with a language), ``string``, ``boolean``, ``duration``, ``dateTime``,
    ``uri``, ``mailbox``, ``concept`` (``detail``: the vocabulary, ``*`` any), ``part`` (``detail``:
    the class written inside) or ``ref`` (``detail``: the section that it is written in, ``=`` the
    same one). ``most`` is 0 where there is no bound.
    """

    element: str
    field: str
    property: str
    kind: str
    detail: str
    least: int
    most: int


@cache
def layout(form: Form) -> Mapping[str, Sequence[Slot]]:
    """Return the slots of each class of a form, in the order that its schema demands.

    >>> [slot.element for slot in layout("loq")["CreditPoint"]]
    ['framework', 'point']
    """
    found: dict[str, list[Slot]] = {}
    path = assets.root() / "ontology" / "elm" / "xml.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if form in row["formats"].split():
                found.setdefault(row["class"], []).append(_slot(row))
    return found


def _slot(row: Mapping[str, str]) -> Slot:
    kind, _, detail = row["value"].partition(":")
    most = 0 if row["most"] == MANY else int(row["most"])
    return Slot(
        row["element"], row["property"], curie(row["property"]), kind, detail,
        int(row["least"]), most,
    )  # fmt: skip
