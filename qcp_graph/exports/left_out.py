"""What an export could not say: the thing, the field, and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A statement, or a whole thing (``field`` is ``*``), that a format has no place for.

    ``record`` is the IRI of the thing that lost it, ``field`` the name of the property as ELM
    writes it (``elm:EQFLevel``), ``reason`` a sentence for a person.
    """

    record: str
    field: str
    reason: str


def summary(left_out: Iterable[LeftOut]) -> list[tuple[str, str, int]]:
    """Return field, reason and how often, the most frequent first.

    >>> summary([LeftOut("a", "*", "no title"), LeftOut("b", "*", "no title")])
    [('*', 'no title', 2)]
    """
    count = Counter((one.field, one.reason) for one in left_out)
    ordered = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    return [(*key, number) for key, number in ordered]
