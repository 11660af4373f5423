"""What people type, made safe for the full-text index, and titles made comparable for sorting."""

import re
import unicodedata

MAX_QUERY = 300
"""Characters of a search text that are looked at; the rest is ignored."""
MAX_WORDS = 30
"""Words of it that are."""


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
