"""Functions on numbers, levels and yes or no."""

import re

from qcp_graph.mapping.functions.registry import MAX_MATCHED, function

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)
_NUMBER = re.compile(r"(?<![\d.,])\d{1,2}(?![\d.,]*\d)", re.ASCII)
_SPACES = re.compile(r"[\s'’\u202f]")


@function
def decimal(text: str, mark: str = "") -> str:
    """Read a number with a decimal comma or point; ``mark`` says which where it is not evident.

    >>> decimal("1 234,50"), decimal("1,234.5"), decimal("60"), decimal("1.234", ",")
    ('1234.50', '1234.5', '60', '1234')
    """
    number = _SPACES.sub("", text)
    if len(number) > 60:
        raise ValueError("is not a number")
    if not mark:
        mark = _evident_mark(number)
    number = number.replace("." if mark == "," else ",", "").replace(",", ".")
    if not _DECIMAL.match(number):
        raise ValueError("is not a number")
    return number


def _evident_mark(number: str) -> str:
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return "," if number.rfind(",") > number.rfind(".") else "."
    if points > 1 or commas == 1:
        return ","
    return "."


@function
def integer(text: str) -> str:
    """Read a whole number; a fraction of zeros is left out.

    >>> integer("60.0"), integer(" 7")
    ('60', '7')
    """
    match = re.fullmatch(r"([+-]?\d{1,30})(?:[.,]0*)?", text.strip(), re.ASCII)
    if not match:
        raise ValueError("is not a whole number")
    return str(int(match.group(1)))


@function
def level_number(text: str) -> str:
    """Find the only number of one or two digits, whatever stands around it.

    >>> level_number("NQF Level 09"), level_number("NIV5"), level_number("TBA L5 2009")
    ('9', '5', '5')
    """
    found = {str(int(n)) for n in _NUMBER.findall(text[:MAX_MATCHED])}
    if len(found) != 1:
        raise ValueError("names no level, or several")
    return found.pop()


@function
def boolean(text: str, true: tuple[str, ...], false: tuple[str, ...]) -> str:
    """Turn words into ``true`` and ``false``, whatever their case.

    >>> boolean("oui", ("Oui",), ("Non",))
    'true'
    """
    word = text.strip().casefold()
    if any(word == other.casefold() for other in true):
        return "true"
    if any(word == other.casefold() for other in false):
        return "false"
    raise ValueError("is none of the words for true and false")
