"""The texts of a record's learning outcomes, as they are linked."""

from collections.abc import Sequence
from typing import Final

from qcp_graph.terms import RDF_TYPE, Quad, curie, iri_of, parts

_OUTCOME: Final = curie("elm:LearningOutcome")
_TITLE: Final = curie("dcterms:title")
_DESCRIPTION: Final = curie("dcterms:description")
# Words up to which a title may be but a name ("Solution Formulation"), and the description is what
# the outcome says.
_NAME: Final = 5
OutcomeText = tuple[str, str, str]


def outcome_texts(quads: Sequence[Quad]) -> list[OutcomeText]:
    """Return (outcome IRI, text, language) of every learning outcome a record describes.

    The texts are the titles and, of outcomes whose title in a language is only a name, the longer
    descriptions in that language.
    """
    outcomes = {s for s, p, o, _ in quads if p == RDF_TYPE and o == _OUTCOME}
    titles = [_text(s, o) for s, p, o, _ in quads if p == _TITLE and s in outcomes]
    said = [_text(s, o) for s, p, o, _ in quads if p == _DESCRIPTION and s in outcomes]
    if not said:
        return titles
    longest: dict[tuple[str, str], int] = {}
    for iri, text, language in titles:
        longest[iri, language] = max(len(text.split()), longest.get((iri, language), 0))
    return titles + [
        (iri, text, language)
        for iri, text, language in said
        if longest.get((iri, language), _NAME + 1) <= _NAME
        and len(text.split()) > max(_NAME, longest[iri, language])
    ]


def _text(subject: str, term: str) -> OutcomeText:
    text, language, _datatype = parts(term)
    return iri_of(subject), text, language
