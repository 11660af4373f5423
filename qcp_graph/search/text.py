"""What people type, made safe for the full-text index, and titles made comparable for sorting."""

import re
import unicodedata

MAX_QUERY = 300
"""Characters of a search text that are looked at; the rest is ignored."""
MAX_WORDS = 12
_PREFIX_FROM = 3  # shorter words match whole, except the last one, which may still be typed


def fold(text: str) -> str:
    """Return a text in lower case without diacritics, for sorting and for finding names.

    >>> fold("Élève-Ingénieur Straße")
    'eleve-ingenieur strasse'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def sort_key(text: str) -> str:
    """Return the form by which titles are put in alphabetical order: letters and digits only.

    >>> sort_key("« L'Art »")
    'l art'
    """
    return " ".join(re.findall(r"\w+", fold(text)))


def match_expression(text: str) -> str:
    r"""Return the FTS5 expression of a search text: all words, as prefixes, nothing interpreted.

    Each word becomes a quoted string, in which FTS5 has no operators; a code with separators
    ("603/1234/5") becomes a phrase. Without any letter or digit the result is empty.

    >>> match_expression('nurse OR "care*')
    '"nurse"* "OR" "care"*'
    >>> match_expression("603/1234/5 *)")
    '"603/1234/5"*'
    """
    clean = "".join(c if c.isprintable() else " " for c in text[:MAX_QUERY])
    words = [word.strip("\"*'()^:{}[]+-.,;!?") for word in clean.split()]
    words = [w.replace('"', " ") for w in words if any(c.isalnum() for c in w)][:MAX_WORDS]
    return " ".join(
        f'"{word}"' + ("*" if len(word) >= _PREFIX_FROM or at == len(words) - 1 else "")
        for at, word in enumerate(words)
    )
