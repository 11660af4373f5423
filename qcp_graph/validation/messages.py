"""Plain words for a broken constraint whose shape has no message of its own."""

from typing import Final

from qcp_graph.validation.result import Texts

_WORDS: Final = {
    "Class": ("The value must be of type {0}.", "La valeur doit être de type {0}."),
    "Datatype": (
        "The value must be a well-formed literal of type {0}.",
        "La valeur doit être un littéral bien formé de type {0}.",
    ),
    "NodeKind": ("The value must be of kind {0}.", "La valeur doit être de nature {0}."),
    "MinCount": ("At least {0} value(s) are needed.", "Il faut au moins {0} valeur(s)."),
    "MaxCount": ("At most {0} value(s) are allowed.", "Au plus {0} valeur(s) sont permises."),
    "MinExclusive": (
        "The value must be greater than {0}.",
        "La valeur doit être supérieure à {0}.",
    ),
    "MinInclusive": ("The value must be at least {0}.", "La valeur doit être au moins {0}."),
    "MaxExclusive": (
        "The value must be less than {0}.",
        "La valeur doit être inférieure à {0}.",
    ),
    "MaxInclusive": ("The value must be at most {0}.", "La valeur doit être au plus {0}."),
    "MinLength": (
        "The text must have at least {0} character(s).",
        "Le texte doit avoir au moins {0} caractère(s).",
    ),
    "MaxLength": (
        "The text must have at most {0} character(s).",
        "Le texte doit avoir au plus {0} caractère(s).",
    ),
    "Pattern": ("The text must match {0}.", "Le texte doit correspondre à {0}."),
    "LanguageIn": (
        "The text must be in one of these languages: {0}.",
        "Le texte doit être dans l'une de ces langues : {0}.",
    ),
    "UniqueLang": (
        "Only one value per language is allowed.",
        "Une seule valeur par langue est permise.",
    ),
    "Equals": (
        "The values must be the same as those of {0}.",
        "Les valeurs doivent être les mêmes que celles de {0}.",
    ),
    "Disjoint": (
        "The value must not be a value of {0} as well.",
        "La valeur ne doit pas être aussi une valeur de {0}.",
    ),
    "LessThan": (
        "The value must be less than each value of {0}.",
        "La valeur doit être inférieure à chaque valeur de {0}.",
    ),
    "LessThanOrEquals": (
        "The value must be at most each value of {0}.",
        "La valeur doit être au plus égale à chaque valeur de {0}.",
    ),
    "Not": ("The value must not conform to {0}.", "La valeur ne doit pas être conforme à {0}."),
    "And": (
        "The value must conform to all of {0} shapes.",
        "La valeur doit être conforme à chacune des {0} formes.",
    ),
    "Or": (
        "The value must conform to at least one of {0} shapes.",
        "La valeur doit être conforme à l'une au moins des {0} formes.",
    ),
    "Xone": (
        "The value must conform to exactly one of {0} shapes.",
        "La valeur doit être conforme à exactement une des {0} formes.",
    ),
    "Node": ("The value must conform to {0}.", "La valeur doit être conforme à {0}."),
    "QualifiedMinCount": (
        "At least {0} value(s) must conform to {1}.",
        "Au moins {0} valeur(s) doivent être conformes à {1}.",
    ),
    "QualifiedMaxCount": (
        "At most {0} value(s) may conform to {1}.",
        "Au plus {0} valeur(s) peuvent être conformes à {1}.",
    ),
    "Closed": (
        "This property is not allowed here.",
        "Cette propriété n'est pas permise ici.",
    ),
    "HasValue": ("The value {0} is needed.", "La valeur {0} est requise."),
    "SPARQL": (
        "The value breaks a rule written in SPARQL.",
        "La valeur enfreint une règle écrite en SPARQL.",
    ),
    "In": ("The value is not in the list of {0}.", "La valeur n'est pas dans la liste de {0}."),
}
COMPONENTS: Final = frozenset(_WORDS)


def default(component: str, arguments: tuple[str, ...]) -> Texts:
    """Return the messages for a component named without namespace: ``MinCount``.

    >>> default("MinCount", ("1",))[0]
    ('en', 'At least 1 value(s) are needed.')
    """
    return tuple(
        (language, words.format(*arguments))
        for language, words in zip(("en", "fr"), _WORDS[component], strict=True)
    )
