"""Texts made comparable, and cut into clauses."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

_SPACE: Final = re.compile(r"\s+")
EDGES: Final = ".,;:!?…·•–—-*'\"«»“”„‘’()[] \t\n"
_NOT_WORD: Final = re.compile(r"[^\w]+")
_ARTICLES: Final = {
    "en": {"a", "an", "the", "to"},
    "fr": {"le", "la", "les", "un", "une", "des", "l"},
    "de": {"der", "die", "das", "den", "dem", "ein", "eine", "einen", "zu"},
    "es": {"el", "la", "los", "las", "un", "una"},
    "pt": {"o", "a", "os", "as", "um", "uma"},
    "nl": {"de", "het", "een", "te"},
    "sv": {"en", "ett", "att"},
    "it": {"il", "lo", "la", "i", "gli", "le", "un", "una"},
}
AND: Final = {
    "en": "and|or", "fr": "et|ou", "de": "und|oder|sowie", "es": "y|e|o", "pt": "e|ou",
    "nl": "en|of", "sv": "och|eller", "fi": "ja|tai|sekä", "it": "e|o",
}  # fmt: skip
MAX_TEXT: Final = 2000  # a longer text is no title; its clauses are not searched


@cache
def conjunction(language: str) -> re.Pattern[str] | None:
    """Return what joins the parts of an enumeration in a language, or None where it is not known.

    >>> conjunction("fr").split("lire et écrire")
    ['lire', 'écrire']
    """
    known = AND.get(language)
    return re.compile(rf"\s(?:{known})\s", re.IGNORECASE) if known else None


# What begins an outcome and says nothing of it: "the student can", "être capable de".
_LEADING: Final = {
    "en": r"(?:(?:the )?(?:learner|student|candidate|holder|graduate|participant)s? )?"
          r"(?:can|(?:(?:is|are|be|will be|must be|should be) )?able to|ability to)",
    "fr": r"(?:(?:l['’]apprenant|le candidat|le titulaire|l['’]étudiant) )?"
          r"(?:(?:être|est|sera) (?:capable|en mesure) d(?:e |['’])|capacité à|savoir)",
    "de": r"(?:die |der )?(?:(?:lernende|absolvent|schüler|studierende)\w* )?"
          r"(?:kann|können|(?:ist|sind) in der lage,?)",
    "nl": r"(?:de \w+ )?(?:kan|is in staat om)",
    "sv": r"(?:(?:den studerande|deltagaren|eleven) )?(?:kan|ska kunna|skall kunna)",
    "es": r"(?:ser )?capaz de",
    "pt": r"(?:ser )?capaz de",
    "it": r"(?:essere )?(?:in grado di|capace di)",
    "fi": r"(?:opiskelija |tutkinnon suorittanut )?osaa",
}  # fmt: skip


@cache
def leading(language: str) -> re.Pattern[str] | None:
    """Return what begins an outcome in a language without saying anything of it.

    >>> found = leading("en").match("The learner is able to weld pipes")
    >>> found.string[found.end():]
    'weld pipes'
    """
    known = _LEADING.get(language)
    return re.compile(rf"(?:{known})(?:\s+|(?<=['’ ]))(?=\w+\s)", re.IGNORECASE) if known else None


def exact(text: str) -> str:
    """Return a text as it is compared literally: case, spacing and final marks aside.

    >>> exact("  Repair  Vehicles. ")
    'repair vehicles'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _SPACE.sub(" ", folded).strip(EDGES)


def normalised(text: str, language: str) -> str:
    """Return a text without marks, articles and the infinitive's particle.

    >>> normalised("to repair the vehicle's brakes", "en")
    'repair vehicle s brakes'
    """
    words = _NOT_WORD.sub(" ", exact(text)).split()
    without = [word for word in words if word not in _ARTICLES.get(language, ())]
    return " ".join(without or words)


def clauses(text: str, language: str) -> Iterator[str]:
    """Yield the parts of an enumeration: between marks, and between "and" or "or".

    >>> list(clauses("Weld metal, cut pipes and read drawings", "en"))
    ['Weld metal', 'cut pipes', 'read drawings']
    """
    if len(text) > MAX_TEXT:
        return
    for part in re.split(r"[,;:.()\n•/]| [-–—] ", text):
        joined = conjunction(language)
        for piece in joined.split(part) if joined else [part]:
            if cleaned := piece.strip(EDGES):
                yield cleaned
