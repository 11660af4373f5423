"""Functions on all values of a field together, and choices among values."""

import re
from collections.abc import Sequence

from qcp_graph.mapping.functions.registry import MAX_MATCHED, function, whole


@whole
def first(texts: Sequence[str]) -> Sequence[str]:
    """Keep the first value.

    >>> first(["a", "b"])
    ['a']
    """
    return list(texts[:1])


@whole
def last(texts: Sequence[str]) -> Sequence[str]:
    """Keep the last value.

    >>> last(["a", "b"])
    ['b']
    """
    return list(texts[-1:])


@whole
def unique(texts: Sequence[str]) -> Sequence[str]:
    """Drop repeated values.

    >>> unique(["b", "a", "b"])
    ['b', 'a']
    """
    return list(dict.fromkeys(texts))


@whole
def join(texts: Sequence[str], sep: str = ", ") -> Sequence[str]:
    """Make one text of all values.

    >>> join(["a", "b"], " / ")
    ['a / b']
    """
    return [sep.join(texts)] if texts else []


@whole
def default(texts: Sequence[str], value: str) -> Sequence[str]:
    """Use a text where there is no value; the empty text serves in templates only.

    >>> default([], "unknown"), default(["a"], "unknown")
    (['unknown'], ['a'])
    """
    return list(texts) or [value]


@function
def keep_if(text: str, matches: re.Pattern[str]) -> str | None:
    """Keep only values in which a regular expression is found.

    >>> keep_if("RNCP1", re.compile("^RNCP")), keep_if("RS9", re.compile("^RNCP"))
    ('RNCP1', None)
    """
    return text if matches.search(text[:MAX_MATCHED]) else None


@function
def drop(text: str, values: tuple[str, ...]) -> str | None:
    """Take some words for nothing, whatever their case.

    >>> drop("N/A", ("n/a", "-")), drop("A", ("n/a", "-"))
    (None, 'A')
    """
    folded = text.strip().casefold()
    return None if any(folded == value.casefold() for value in values) else text
