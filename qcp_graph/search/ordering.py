"""The order in which the values of a facet are shown."""

from collections.abc import Callable
from typing import Any, Final

from qcp_graph.search.model import FacetValue

LISTS: Final = {"country": ("country", False), "eqf": ("eqf", False), "newest": ("year", True)}
"""Field whose values a list is in the order of, and whether the last value comes first."""
Key = Callable[[FacetValue], tuple[Any, ...]]


def of(field: str) -> Key:
    """Return the key to sort a facet's values by: most are in the order of how many have them."""
    return _KEYS.get(field, _by_count)


def _by_count(value: FacetValue) -> tuple[Any, ...]:
    return -value.count, value.value


def _by_value(value: FacetValue) -> tuple[Any, ...]:
    return (value.value,)


def _newest_first(value: FacetValue) -> tuple[Any, ...]:
    return (-int(value.value),)


def _by_band(value: FacetValue) -> tuple[Any, ...]:
    system, _, band = value.value.rpartition(".")
    return system, int(band.partition("-")[0])


_KEYS: Final[dict[str, Key]] = {
    "eqf": _by_value,
    "field": _by_value,
    "partial": _by_value,
    "year": _newest_first,
    "credits": _by_band,
}
