"""Literals as they were written, in a store that would rewrite them.

Oxigraph keeps the values of numbers, dates and durations, not their spelling: ``PT40H`` comes back
as ``P1DT16H``, ``1.50`` as ``1.5``. What would change is kept under a datatype that the store does
not know; what would not stays what it is, so that a query can compare it.
"""

import re
from typing import Final

import pyoxigraph as ox

from qcp_graph.namespaces import expand

_XSD: Final = expand("xsd:")
_KEPT: Final = "urn:qcp:as-written:"
_WHOLE: Final = r"0|-?[1-9]\d{0,14}"
_TIME: Final = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_DAY: Final = r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
_STEADY: Final = {
    "integer": _WHOLE, "int": _WHOLE, "long": _WHOLE, "nonNegativeInteger": _WHOLE,
    "positiveInteger": _WHOLE, "boolean": "true|false", "date": f"{_DAY}Z?",
    "dateTime": f"{_DAY}T{_TIME}Z?", "gYear": r"[12]\d{3}",
    "decimal": rf"{_WHOLE}|-?(?:0|[1-9]\d{{0,9}})\.\d{{0,6}}[1-9]",
}  # fmt: skip
_TESTS: Final = {
    _XSD + name: re.compile(rf"(?:{pattern})\Z", re.ASCII) for name, pattern in _STEADY.items()
}
_TEXTS: Final = frozenset({_XSD + "string", _XSD + "anyURI"})


def kept(literal: ox.Literal) -> ox.Literal:
    """Return a literal that the store gives back unchanged."""
    datatype = literal.datatype.value
    if literal.language or datatype in _TEXTS or not datatype.startswith(_XSD):
        return literal
    test = _TESTS.get(datatype)
    if test is not None and test.match(literal.value):
        return literal
    return ox.Literal(literal.value, datatype=ox.NamedNode(_KEPT + datatype))


def restored(literal: ox.Literal) -> ox.Literal:
    """Return the literal that :func:`kept` was given.

    >>> duration = ox.Literal("PT40H", datatype=ox.NamedNode(expand("xsd:duration")))
    >>> restored(kept(duration)) == duration
    True
    """
    datatype = literal.datatype.value
    if not datatype.startswith(_KEPT):
        return literal
    return ox.Literal(literal.value, datatype=ox.NamedNode(datatype[len(_KEPT) :]))
