"""The headings of lists of problems, in the languages that stewards read them in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """What a page or workbook of problems says around them.

    ``columns`` are headings by field; ``values`` translates severities and fates; ``more`` and
    ``sheets`` have a place for a number.
    """

    language: str
    title: str
    problems: str
    summary: str
    lead: str
    columns: Mapping[str, str]
    counts: tuple[str, str]
    values: Mapping[str, str]
    more: str
    none: str
    sheets: str
    answer: str
    colon: str
    about: str

    def shown(self, field: str, value: str) -> str:
        """Return a value as a reader of this language reads it.

        >>> words("fr").shown("severity", "warning"), words("en").shown("value", "warning")
        ('avertissement', 'warning')
        """
        return self.values.get(value, value) if field in ("severity", "status") else value


_WORDS: Final = {
    "en": Words(
        "en", "Problems found", "Problems", "Summary",
        "Summary: how often each problem was found",
        {
            "severity": "Severity", "record": "Record", "message": "Problem", "field": "Field",
            "value": "Value", "locator": "Place in the delivery", "remedy": "What to do",
            "code": "Code", "status": "Fate", "rule": "Rule",
        },
        ("Records", "Cases"), {},
        "{} more problems are not listed here.", "None.", "The problems fill {} sheets.",
        "Answer of the data owner", ": ", "Concerns",
    ),
    "fr": Words(
        "fr", "Problèmes trouvés", "Problèmes", "Résumé",
        "Résumé : combien de fois chaque problème a été trouvé",
        {
            "severity": "Gravité", "record": "Enregistrement", "message": "Problème",
            "field": "Champ", "value": "Valeur", "locator": "Place dans la livraison",
            "remedy": "Que faire", "code": "Code", "status": "Sort", "rule": "Règle",
        },
        ("Enregistrements", "Cas"),
        {
            "violation": "violation", "warning": "avertissement", "info": "information",
            "published": "publié", "quarantined": "en quarantaine", "rejected": "rejeté",
            "withdrawn": "retiré",
        },
        "{} autres problèmes ne sont pas énumérés ici.", "Aucun.",
        "Les problèmes occupent {} feuilles.", "Réponse du propriétaire des données",
        " : ", "Concerne",
    ),
}  # fmt: skip


def words(language: str) -> Words:
    """Return the headings in a language, else in English.

    >>> words("fr-CA").summary, words("de").summary
    ('Résumé', 'Summary')
    """
    return _WORDS.get(language.partition("-")[0].lower(), _WORDS["en"])
