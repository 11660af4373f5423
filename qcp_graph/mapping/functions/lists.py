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


@whole
def agree(texts: Sequence[str]) -> Sequence[str]:
    """Keep a value only where all are the same, white space and capitals aside.

    >>> agree(["Level 5", "level  5"]), agree([])
    (['Level 5'], [])
    """
    if len({" ".join(text.split()).casefold() for text in texts}) > 1:
        raise ValueError("is given in several ways that differ")
    return list(texts[:1])


@whole
def item(texts: Sequence[str], number: int) -> Sequence[str]:
    """Keep one value by its place: 1 is the first, -1 the last.

    >>> item(["a", "b", "c"], 2), item(["a"], 2)
    (['b'], [])
    """
    place = number - 1 if number > 0 else len(texts) + number
    return [texts[place]] if number and 0 <= place < len(texts) else []


@function
def pair(text: str, between: str, split: str, lead: bool = False) -> Sequence[str]:
    """Match lists of several languages that stand in one text, item by item.

    Write both fields into a template with a mark ``between`` them; each result is an item of all
    lists with the mark, to be taken apart with ``part``. Lists of different lengths cannot be
    matched; with ``lead`` the items of the first list stay, without those of such a list.

    >>> pair("weld; read plans ¦ souder; lire", "¦", ";")
    ['weld ¦ souder', 'read plans ¦ lire']
    >>> pair("weld; read plans ¦ souder ¦ svetsa; läsa", "¦", ";", True)
    ['weld ¦  ¦ svetsa', 'read plans ¦  ¦ läsa']
    """
    if not between or not split:
        raise ValueError("cannot be split at nothing")
    lists = [
        [piece.strip() for piece in half.split(split) if piece.strip()]
        for half in text.split(between)
    ]
    if lead:
        size = len(lists[0])
        lists = [items if len(items) == size else [""] * size for items in lists]
    if len({len(items) for items in lists}) != 1:
        sizes = ", ".join(str(len(items)) for items in lists)
        raise ValueError(f"holds lists of different lengths ({sizes})")
    return [f" {between} ".join(items) for items in zip(*lists, strict=True)]


@function
def part(text: str, on: str, number: int) -> str | None:
    """Keep one part between separators: 1 is the first, -1 the last.

    >>> part("weld ¦ souder", "¦", 2), part("U1:Weld", ":", 1), part("a", ":", 2)
    ('souder', 'U1', None)
    """
    if not on:
        raise ValueError("cannot be split at nothing")
    parts = text.split(on)
    place = number - 1 if number > 0 else len(parts) + number
    return parts[place].strip() if number and 0 <= place < len(parts) else None


@function
def if_matches(text: str, matches: re.Pattern[str], then: str, otherwise: str = "") -> str | None:
    """Give one text where a regular expression is found, else another (or nothing).

    >>> if_matches("RNCP12", re.compile("^RNCP"), "full", "partial")
    'full'
    """
    return (then if matches.search(text[:MAX_MATCHED]) else otherwise) or None
