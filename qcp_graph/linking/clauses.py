"""A text of an outcome as the clauses it enumerates, each with the place where it stands.

Markup is blanked out character by character, so that places stay those of the text as published.
"""

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final

from qcp_graph.linking import asides
from qcp_graph.linking.esco.catalogue import fold
from qcp_graph.linking.text import EDGES, conjunction, leading

MAX_TEXT: Final = 4000  # characters of a text that are looked at
MAX_CLAUSES: Final = 10
MAX_WHOLE: Final = 40  # words of a text that is also compared as a whole
ASIDE_WORDS: Final = 5  # words of an aside that may be a label; longer ones gave no link
VERB_LAST: Final = frozenset({"de", "nl"})
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b[^<>]{0,500}>|<!--.{0,500}?-->", re.S)
_BREAKING: Final = frozenset(
    {"br", "div", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
     "table", "td", "th", "tr", "ul"}
)  # fmt: skip
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,12});")
# Between statements: line ends, bullets, semicolons, sentence ends, brackets, dashes with spaces.
_SEGMENT: Final = re.compile(
    r"[\n\r;:()\[\]•●▪◦‣·\x00]+|[.!?…](?=\s+\S|\s*\Z)|(?:(?<=\s)|\A)[-–—*](?=\s)|\s/\s"
)
_COMMA: Final = re.compile(r",(?!\d)")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a text: what is compared, and from where to where it stands in the text.

    ``text`` may hold the verb or the object that the part shares with its neighbours; then it is
    ``completed``. An ``aside`` is a purpose, a means or a condition: what it names is not stated
    to be an ability.
    """

    text: str
    start: int
    end: int
    whole: bool = False
    completed: bool = False
    aside: bool = False


def masked(text: str) -> str:
    """Return a text with markup blanked out, of the same length; breaking tags become ``\\x00``.

    >>> masked("<p>Weld &amp; cut</p>").replace("\\x00", "|")
    '|  Weld &     cut|   '
    """
    text = text[:MAX_TEXT]
    if "<" in text:
        text = _TAG.sub(_blank, text)
    return _ENTITY.sub(_character, text) if "&" in text else text


def _blank(match: re.Match[str]) -> str:
    breaks = (match[2] or "").casefold() in _BREAKING
    return ("\x00" if breaks else " ").ljust(len(match[0]))


def _character(match: re.Match[str]) -> str:
    found = html.unescape(match[0])
    return (found if len(found) == 1 else " ").ljust(len(match[0]))


def split(text: str, language: str, verbs: Collection[str] = ()) -> list[Clause]:
    """Return the text as a whole (unless it is long), then its statements and their parts.

    ``verbs`` are folded words that labels of skills begin (German, Dutch: end) with; by them
    "install and maintain networks" gives "install networks" and "maintain networks".

    >>> [c.text for c in split("Weld metal, cut and bend pipes", "en", {"weld", "cut", "bend"})]
    ['Weld metal, cut and bend pipes', 'Weld metal', 'cut pipes', 'bend pipes']
    """
    plain = masked(text)
    found: dict[str, Clause] = {}
    start, end = _trimmed(plain, 0, len(plain))
    start = _after_lead(plain, start, end, language)
    if start < end and len(plain.split()) <= MAX_WHOLE and end - start <= 15 * MAX_WHOLE:
        _add(found, Clause(_spaced(plain[start:end]), start, end, whole=True))
    segments = _cut(plain, start, end, _SEGMENT)
    for begin, stop, aside in asides.statements(plain, segments, language):
        if len(found) >= MAX_CLAUSES:
            break
        begin = _after_conjunction(plain, begin, stop, language)
        begin = _after_lead(plain, begin, stop, language)
        commas = list(_cut(plain, begin, stop, _COMMA))
        parts = list(_parts(plain, commas, language, verbs))
        if len(commas) == 1 and not (aside and parts):
            parts.insert(0, Clause(_spaced(plain[slice(*commas[0])]), *commas[0]))
        for part in parts:
            if _goes_on(part, start, language):
                continue
            if not aside:
                _add(found, part)
            elif len(part.text.split()) <= ASIDE_WORDS:
                _add(found, replace(part, aside=True))
    return list(found.values())[:MAX_CLAUSES]


def _goes_on(part: Clause, start: int, language: str) -> bool:
    """Return whether a part only goes on with what stands before it: "to its development"."""
    preposition = asides.goes_on(language)
    later = part.start > start and not part.completed
    return later and preposition is not None and preposition.match(part.text) is not None


def _after_conjunction(plain: str, start: int, end: int, language: str) -> int:
    """Return where a statement begins that may start with "and" (after a semicolon)."""
    joined = conjunction(language)
    found = joined.match(plain, start - 1, end) if joined and start else None
    return found.end() if found else start


def _after_lead(plain: str, start: int, end: int, language: str) -> int:
    """Return where a statement begins that starts with "the student can" or the like."""
    lead = leading(language)
    found = lead.match(plain, start, end) if lead else None
    return found.end() if found else start


def _add(found: dict[str, Clause], clause: Clause) -> None:
    if clause.text:
        found.setdefault(clause.text.casefold(), clause)


def _parts(
    plain: str, places: list[tuple[int, int]], language: str, verbs: Collection[str]
) -> Iterator[Clause]:
    """Yield what commas and conjunctions enumerate, verbs and objects shared."""
    joined = conjunction(language)
    cut = [
        piece for a, b in places for piece in (_cut(plain, a, b, joined) if joined else [(a, b)])
    ]
    if len(cut) == 1:
        return
    pieces = [_spaced(plain[a:b]).split() for a, b in cut]
    share = _share_last if language in VERB_LAST else _share_first
    for (a, b), words in zip(cut, share(pieces, verbs), strict=True):
        text = " ".join(words)
        yield Clause(text, a, b, completed=text != _spaced(plain[a:b]))


def _share_first(pieces: list[list[str]], verbs: Collection[str]) -> list[list[str]]:
    """Give parts without a verb the one before, and lone verbs the object that follows.

    >>> _share_first([["plan"], ["test", "parts"], ["tools"]], {"plan", "test"})
    [['plan', 'parts'], ['test', 'parts'], ['test', 'tools']]
    """
    found, verb = [list(words) for words in pieces], ""
    for words in found:
        if fold(words[0]) in verbs:
            verb = words[0]
        elif verb:
            words.insert(0, verb)
    rest: list[str] = []
    for words in reversed(found):
        if len(words) > 1:
            rest = words[1:]
        elif fold(words[0]) in verbs:
            words.extend(rest)
    return found


def _share_last(pieces: list[list[str]], verbs: Collection[str]) -> list[list[str]]:
    """The same for languages whose infinitives stand at the end.

    >>> _share_last([["Anlagen"], ["Maschinen", "bedienen"], ["warten"]], {"bedienen", "warten"})
    [['Anlagen', 'bedienen'], ['Maschinen', 'bedienen'], ['Maschinen', 'warten']]
    """
    turned = [words[::-1] for words in reversed(pieces)]
    return [words[::-1] for words in reversed(_share_first(turned, verbs))]


def _cut(plain: str, start: int, end: int, at: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the non-empty places between the marks."""
    place = start
    for mark in at.finditer(plain, start, end):
        begin, stop = _trimmed(plain, place, mark.start())
        if begin < stop:
            yield begin, stop
        place = mark.end()
    begin, stop = _trimmed(plain, place, end)
    if begin < stop:
        yield begin, stop


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (plain[start] in EDGES or plain[start] == "\x00"):
        start += 1
    while end > start and (plain[end - 1] in EDGES or plain[end - 1] == "\x00"):
        end -= 1
    return start, end


def _spaced(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())
