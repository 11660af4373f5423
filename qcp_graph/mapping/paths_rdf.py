"""Paths in records of RDF: ``elm:learningOutcome/dcterms:title@en``."""

import re
from typing import Final

from qcp_graph.namespaces import PREFIXES

_STEP: Final = re.compile(
    r"(?P<name><[^<>\s]+>|is (?:<[^<>\s]+>|[^/<>@\s]+) of|@[a-z]+|#text|[^/<>@\s]+)"
    r"(?:@(?P<language>[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*))?(?:/|\Z)"
)
_IRI: Final = re.compile(r"<([^<>\s]+)>")


def steps(text: str) -> tuple[str, ...]:
    """Split a path into its names.

    >>> steps("elm:learningOutcome/dcterms:title@EN")
    ('elm:learningOutcome', 'dcterms:title', '@@en')
    >>> steps("<http://purl.org/dc/terms/title>"), steps("is dcterms:source of/@id")
    (('dcterms:title',), ('is dcterms:source of', '@id'))

    :raises ValueError: when it is none.
    """
    found: list[str] = []
    place = 0
    text = text.removeprefix("./")
    while place < len(text):
        match = _STEP.match(text, place)
        if not match:
            raise ValueError(f"{text!r} is not a path such as elm:learningOutcome/dcterms:title@en")
        found.append(_IRI.sub(_short, match["name"]))
        if match["language"]:
            found.append(f"@@{match['language'].lower()}")
        place = match.end()
    return tuple(found)


def _short(match: re.Match[str]) -> str:
    """Write an IRI as the reader does: with a prefix of the project where one fits."""
    iri = match[1]
    for prefix, start in PREFIXES.items():
        if iri.startswith(start) and re.fullmatch(r"\w[\w.-]*", iri[len(start) :], re.ASCII):
            return f"{prefix}:{iri[len(start) :]}"
    return match[0]


def written(names: tuple[str, ...]) -> str:
    """Return a path as the mapping writes it.

    >>> written(("elm:learningOutcome", "dcterms:title", "@@en"))
    'elm:learningOutcome/dcterms:title@en'
    """
    return "/".join(names).replace("/@@", "@")
