"""What a title is about: its words without the kind of award, the school and notes in brackets."""

import re
from typing import Final

_NOTES: Final = re.compile(r"\([^()]*\)")
# "MASTER - …", "Titre ingénieur - …", and "MASTER - MASTER …"
_KIND: Final = re.compile(
    r"^\s*([^\W\d_]{2,25}(?:[ _][^\W\d_]{2,20}){0,2})\s+[-–]\s+(?:\1\s+)?", re.IGNORECASE
)
# The degree of an engineer names the school at length and the field after "spécialité".
_SCHOOL: Final = re.compile(
    r"^\s*(?:titre\s+)?(?:d['’])?ing[ée]nieur,?\s+dipl[ôo]m[ée]e?\s+(?:de|du|par)\b.*?"
    r"sp[ée]cialit[ée]s?\b",
    re.IGNORECASE | re.DOTALL,
)
_ENGLISH: Final = re.compile(
    r"^.{0,60}?\b(?:level\s+(?:\d+|[a-z]+)\s+)?(?:(?:foundation|technical|professional|extended|"
    r"subsidiary|national|advanced|higher|general|further education and training|post\s?graduate|"
    r"applied|occupational|vocational|nvq|btec|introductory|principal)\s+)*"
    r"(?:awards?|certificates?|diplomas?|nvq|gcse|gce|a level|bachelor of [a-z]+(?: honours)?|"
    r"master of [a-z]+|doctor of [a-z]+|qualification)\s*(?:\([^()]*\)\s*)?"
    r"(?::|\bin\b|\bfor\b|\bof\b)",
    re.IGNORECASE,
)
_LEAST: Final = 4


def core(title: str) -> str:
    """Return the part of a title that says what was learned.

    >>> core("MASTER - Chimie (fiche nationale)").strip()
    'Chimie'
    >>> core("TP - TP Plaquiste").strip()
    'Plaquiste'
    >>> core("Titre ingénieur - Ingénieur diplômé de l'école X, spécialité génie civil").strip()
    'génie civil'
    >>> core("Pearson Level 3 Diploma in Plumbing").strip()
    'Plumbing'
    >>> core("Boulanger")
    'Boulanger'
    """
    left = title.replace("\ufffd", "e")
    for pattern in (_NOTES, _KIND, _SCHOOL, _ENGLISH):
        shorter = pattern.sub(" ", left, count=0 if pattern is _NOTES else 1)
        if len(shorter.strip()) >= _LEAST:
            left = shorter
    return left
