"""Functions on names of persons and organisations."""

import re

from qcp_graph.mapping.functions.registry import function
from qcp_graph.mapping.functions.text import clean_name

_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a al am an and at da das de degli dei del della der des di do dos du e el en et for für i "
        "in la las le les los na of og och om on or os para per por pour sur the to und van von y "
        "zu zum zur",
    )
)
_FORMS = frozenset(
    re.findall(
        r"\w+",
        "AB AG BV CIC CIO GmbH KG LLC LLP Ltd NV Oy PLC SA SARL SAS SE SL SRL",
    )
)
_UPPER: dict[str, str] = {form.upper(): form for form in _FORMS}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def _cased(name: str, keep: frozenset[str]) -> str:
    def one(match: re.Match[str]) -> str:
        word: str = match.group()
        start = match.start() == 0
        if word in keep:
            return word
        if word.upper() in _UPPER and not start:
            return _UPPER[word.upper()]
        if word.lower() in _SMALL and not start:
            return word.lower()
        mark = "’" if "’" in word else "'"
        return mark.join(part.capitalize() for part in word.split(mark))

    return _WORD.sub(one, name)


@function
def organisation_name(text: str, keep: tuple[str, ...] = ()) -> str:
    """Tidy the name of an organisation; capitals throughout become ordinary writing.

    ``keep`` are abbreviations to leave as they are. Names that are not all capitals stay.

    >>> organisation_name(" UNIVERSITÉ DE LA RÉUNION "), organisation_name("ACME GMBH")
    ('Université de la Réunion', 'Acme GmbH')
    >>> organisation_name("AAT AWARDS LTD", ("AAT",)), organisation_name("City of London")
    ('AAT Awards Ltd', 'City of London')
    """
    name = str(clean_name(text))
    return _cased(name, frozenset(keep)) if name.isupper() else name


@function
def person_name(text: str) -> str:
    """Write a person's name with the given name first; capitals become ordinary writing.

    >>> person_name("DUPONT, Jean-Marie"), person_name("O'NEILL Ann"), person_name("Ann Lee")
    ('Jean-Marie Dupont', "O'Neill Ann", 'Ann Lee')
    """
    name = str(clean_name(text))
    family, comma, given = name.partition(",")
    if comma and given.strip() and "," not in given:
        name = f"{given.strip()} {family.strip()}"
    words = [_cased(word, frozenset()) if word.isupper() else word for word in name.split()]
    return " ".join(word if word != word.lower() or n else word.capitalize()
                    for n, word in enumerate(words))  # fmt: skip
