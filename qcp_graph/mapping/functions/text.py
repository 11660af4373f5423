"""Functions on texts."""

import re
import unicodedata
from collections.abc import Sequence

from qcp_graph.mapping.functions.registry import MAX_MATCHED, function

# A mark of a list at the beginning of a line. Codes such as C1 count only with a dot or a mark
# behind them, so that "A5 paper" stays a text.
_BULLET = re.compile(
    r"\s*(?:"
    r"[•◦▪‣●○■□➢➤►✓]\s*|[·*–—-]+\s+"
    r"|\(?(?:[A-Z]{1,3}\d{1,2}(?:\.\d{1,2}){1,3}|\d{1,2}(?:\.\d{1,2}){1,3}"
    r"|[A-Z]{1,3}\d{1,2}(?=\s*[-–—:.)])|\d{1,2}(?=[.):])|[a-z](?=[.)]))"
    r"[.):]?(?:\s*[-–—:]\s+|\s+)"
    r")"
)


@function
def trim(text: str) -> str:
    r"""Remove white space (also no-break space) and byte order marks at both ends.

    >>> trim("  a b\xa0")
    'a b'
    """
    return text.strip().strip("\ufeff\u200b").strip()


@function
def squeeze(text: str) -> str:
    r"""Make one space of each run of white space, and trim.

    >>> squeeze(" a\n  b\xa0 c ")
    'a b c'
    """
    return " ".join(text.split())


@function
def lower(text: str) -> str:
    """Write in lower case.

    >>> lower("ÉTAT")
    'état'
    """
    return text.lower()


@function
def upper(text: str) -> str:
    """Write in upper case.

    >>> upper("bc01")
    'BC01'
    """
    return text.upper()


@function
def capital(text: str) -> str:
    """Make the first letter a capital and leave the others.

    >>> capital("gérer un projet SQL")
    'Gérer un projet SQL'
    """
    return text[:1].upper() + text[1:]


@function
def uncapital(text: str) -> str:
    """Turn a text that is all capitals into sentence case; others stay.

    >>> uncapital("COUNTY COUNCIL"), uncapital("City of London")
    ('County council', 'City of London')
    """
    return text.capitalize() if text.isupper() else text


@function
def replace(text: str, pattern: re.Pattern[str], by: str = "") -> str:
    r"""Replace what matches a regular expression; ``\1`` is its first group.

    >>> replace("NIV5", re.compile("NIV(.)"), r"\1")
    '5'
    """
    if len(text) > MAX_MATCHED:
        raise ValueError(
            f"is too long to search ({len(text)} characters); divide it with paragraphs"
        )
    try:
        return pattern.sub(by, text)
    except (re.error, IndexError) as error:
        raise ValueError(f"cannot be replaced: {error}") from error


@function
def extract(text: str, pattern: re.Pattern[str]) -> str | None:
    """Keep the first group (or the whole) of the first match; nothing when there is none.

    >>> extract("251 : Mécanique", re.compile(r"^(\\d+)"))
    '251'
    """
    match = pattern.search(text[:MAX_MATCHED])
    return (match.group(1) if match.groups() else match.group()) if match else None


@function
def split(text: str, on: str = ",") -> Sequence[str]:
    """Split at a separator; white space around the parts and empty parts go.

    >>> split("a; b;;c ", ";")
    ['a', 'b', 'c']
    """
    if not on:
        raise ValueError("cannot be split at nothing")
    return [part.strip() for part in text.split(on) if part.strip()]


@function
def split_lines(text: str) -> Sequence[str]:
    r"""Split into lines; empty ones go.

    >>> split_lines("a\r\n\n b")
    ['a', 'b']
    """
    return [line.strip() for line in text.splitlines() if line.strip()]


@function
def bullets(text: str) -> Sequence[str]:
    r"""Split a list in plain text: bullets, dashes, numbers (``1.``, ``C1.1``) open an item.

    Lines without a mark continue the item before; a text without any mark gives its lines.

    >>> bullets("• Plan a\n  project\n- C1.2 Lead it")
    ['Plan a project', 'Lead it']
    >>> bullets("C1.1 - Analyse\nC1.2 - Decide")
    ['Analyse', 'Decide']
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not any(_BULLET.match(line) for line in lines):
        return [line.strip() for line in lines]
    found: list[str] = []
    opened = False
    for line in lines:
        rest, marked = _unmarked(line)
        if marked or not opened:
            found.append(rest)
        else:
            found[-1] = f"{found[-1]} {rest}"
        opened = opened or marked
    return [item for item in found if item]


def _unmarked(line: str) -> tuple[str, bool]:
    marked = False
    for _ in range(2):  # "- C1.2 Lead it" has two marks
        match = _BULLET.match(line)
        if not match:
            break
        line, marked = line[match.end() :], True
    return line.strip(), marked


@function
def substring(text: str, start: int = 1, length: int = 0) -> str:
    """Keep characters from ``start`` (1 is the first; -2 the last but one); 0 is the whole rest.

    >>> substring("61008187", 4, 4), substring("2024/25", -2)
    ('0818', '25')
    """
    begin = start - 1 if start > 0 else max(len(text) + start, 0)
    return text[begin : begin + length] if length else text[begin:]


@function
def pad(text: str, length: int, fill: str = "0") -> str:
    """Fill up on the left.

    >>> pad("81", 4)
    '0081'
    """
    if not 0 < length <= 100:
        raise ValueError("cannot be filled to that length")
    return text.rjust(length, fill[:1] or "0")


@function
def prefix(text: str, by: str) -> str:
    """Put a text before.

    >>> prefix("5", "Level ")
    'Level 5'
    """
    return by + text


@function
def suffix(text: str, by: str) -> str:
    """Put a text behind.

    >>> suffix("120", " h")
    '120 h'
    """
    return text + by


@function
def strip_prefix(text: str, of: tuple[str, ...]) -> str:
    """Remove the first of some beginnings that fits, and white space after it.

    >>> strip_prefix("U/S: Weld pipes", ("U/S:", "Unit:"))
    'Weld pipes'
    """
    for beginning in of:
        if beginning and text.startswith(beginning):
            return text.removeprefix(beginning).lstrip()
    return text


@function
def remove_suffix(text: str, of: tuple[str, ...]) -> str:
    """Remove the first of some endings that fits, and white space before it.

    >>> remove_suffix("Soudeur (fiche incomplète)", ("(fiche incomplète)",))
    'Soudeur'
    """
    for ending in of:
        if ending and text.endswith(ending):
            return text.removesuffix(ending).rstrip()
    return text


@function
def normalise_unicode(text: str) -> str:
    r"""Compose letters and accents (NFC).

    >>> normalise_unicode("e\u0301") == "\u00e9"
    True
    """
    return unicodedata.normalize("NFC", text)


@function
def clean_name(text: str) -> str:
    """Tidy a name: white space squeezed, quotation marks around it and a last comma removed.

    >>> clean_name(' "ACME  Training",')
    'ACME Training'
    """
    name = squeeze(text)
    assert isinstance(name, str)
    name = name.rstrip(",;").strip()
    if len(name) > 1 and name[0] + name[-1] in {'""', "''", "“”", "«»"}:
        name = name[1:-1].strip()
    return name
