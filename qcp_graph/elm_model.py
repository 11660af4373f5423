"""What the European Learning Model (ELM) says of its classes: which properties, which values.

Facts come from ``ontology/elm/properties.csv`` (LOQ and AMS profiles of ELM 3.1), the differences
of 3.3 from ``ontology/elm/versions.csv``. Readers need them to read the Commission's XML, mappings
to copy data that is ELM already.
"""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from qcp_graph import assets
from qcp_graph.namespaces import ELM_31, ELM_33, expand

ANY: Final = "*"
Properties = Mapping[str, tuple[str, ...]]


@cache
def properties() -> Mapping[str, Properties]:
    """Return class IRI → property IRI → what its values are: classes, datatypes or ``IRI``.

    >>> properties()[expand("elm:Note")][expand("elm:noteLiteral")]
    ('http://www.w3.org/1999/02/22-rdf-syntax-ns#langString',)
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in _rows("properties.csv"):
        values = tuple(v if v == "IRI" else expand(v) for v in row["value"].split(" | ") if v)
        found.setdefault(expand(row["class"]), {})[expand(row["property"])] = values
    return found


def properties_of(classes: tuple[str, ...]) -> Properties:
    """Return the properties of a node that is an instance of some classes; none for unknown ones.

    >>> expand("elm:point") in properties_of((expand("elm:CreditPoint"),))
    True
    """
    return _properties_of(tuple(sorted(set(classes))))


@cache
def _properties_of(classes: tuple[str, ...]) -> Properties:
    known = properties()
    return {p: values for name in classes for p, values in known.get(name, {}).items()}


@cache
def renamed() -> Mapping[str, str]:
    """Return the IRIs of ELM 3.3 that are not simply those of 3.1 in another namespace.

    An empty name says that 3.1 has no counterpart.
    """
    return {
        ELM_33 + row["elm33"]: ELM_31 + row["elm31"] if row["elm31"] else ""
        for row in _rows("versions.csv")
        if row["elm33"] != ANY
    }


def in_31(iri: str) -> str:
    """Return the name of an ELM 3.3 term in the namespace of 3.1; every other IRI as it is.

    >>> in_31(ELM_33 + "noteLiteral") == ELM_31 + "noteLiteral"
    True

    A term without a counterpart keeps its name of 3.3, so that nothing disappears silently.
    """
    if not iri.startswith(ELM_33):
        return iri
    other = renamed().get(iri)
    return ELM_31 + iri[len(ELM_33) :] if other is None else other or iri


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    path = assets.root() / "ontology" / "elm" / name
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
