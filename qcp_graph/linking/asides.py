"""Where a statement tells why, by what means or on which conditions, and no longer what is done.

"Advise owners in order to satisfy them" states advice, not satisfaction; "write programs using
libraries" states programming. Which words begin such an aside is listed per language.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from qcp_graph.linking.text import AND

_BEGINS: Final = {
    "en": (
        r"in order (?:to|that)", r"so (?:that|as to)", r"with (?:a view to|the aim of|the help of)",
        r"in (?:accordance|line|compliance|conformity) with", r"according to", r"by means of",
        r"(?:by )?(?:using|taking into account)",
    ),
    "fr": (
        r"afin (?:de|d['’]|que|qu['’])", r"en vue (?:de|d['’])",
        r"pour (?:l['’]|l[ea]s? |s['’]|se |en |y )?(?=\w+(?:er|ir|re)\b)",
        r"dans (?:le but|l['’]objectif|l['’]optique|un souci) (?:de|d['’])",
        r"de (?:façon|manière|sorte) (?:à|que|qu['’])",
        r"dans le (?:respect|cadre) (?:des?|du|d['’])", r"conformément (?:à|aux?)",
        r"à (?:l['’]aide|partir) (?:des?|du|d['’])", r"au moyen (?:des?|du|d['’])",
        r"grâce (?:à|aux?)",
        r"en (?:respectant|utilisant|s['’]appuyant sur|mobilisant|tenant compte)",
        r"en prenant (?:\w+ )?en (?:compte|considération)",
    ),
    "de": (
        r"um (?=[^,;]* zu )", r"damit", r"so ?dass", r"zwecks", r"gemäß", r"mit ?hilfe",
        r"unter (?:berücksichtigung|beachtung|einhaltung|verwendung|anwendung)",
    ),
    "nl": (
        r"om (?=[^,;]* te )", r"zodat", r"opdat", r"volgens", r"rekening houdend met",
        r"met (?:behulp|inachtneming) van",
    ),
    "sv": (
        r"för att", r"så att", r"i (?:syfte att|enlighet med)", r"enligt", r"på basis av",
        r"med (?:hjälp av|hänsyn till|beaktande av)", r"utgående från", r"utifrån",
    ),
    "es": (r"(?:con el|a) fin de", r"para (?=\w+[aei]r\b)", r"de acuerdo con", r"mediante"),
    "pt": (r"a fim de", r"para (?=\w+[aei]r\b)", r"de acordo com", r"através de"),
    "it": (r"al fine di", r"in modo da", r"allo scopo di", r"in conformità", r"mediante"),
}  # fmt: skip
# What begins no item of an enumeration but goes on with what stands before a bracket or a comma.
_GOES_ON: Final = {
    "en": "by|for|from|in|of|on|through|under|with",
    "fr": "à|aux?|avec|dans|de|du|en|par|sans|sous|sur",
    "de": "am|an|auf|aus|bei|beim|durch|für|im|in|mit|nach|von|vom|zum|zur",
    "nl": "aan|bij|door|in|met|naar|op|tot|uit|van|voor",
    "sv": "av|för|från|genom|i|med|om|på|till|vid",
    "es": "con|de|del|en|por|sin|sobre",
    "pt": "com|da|de|do|em|na|no|por|sem|sobre",
    "it": "con|da|dal|dei|del|della|di|in|per|su",
}
_BRACKETS: Final = re.compile(r"[\s,()\[\]]+")  # between two parts of one statement


class Statement(NamedTuple):
    """A place in a text, and whether it is an aside of the statement before it."""

    start: int
    end: int
    aside: bool


@cache
def begins(language: str) -> re.Pattern[str] | None:
    """Return what begins an aside in a language, or None where it is not known.

    >>> begins("fr").split("Conseiller le client afin de le satisfaire")
    ['Conseiller le client ', ' le satisfaire']
    """
    known = _BEGINS.get(language)
    if known is None:
        return None
    also = rf"(?:(?:{AND[language]})\s)?" if language in AND else ""
    return re.compile(rf"(?<=[\s,]){also}(?:{'|'.join(known)})(?:(?<=['’ ])|(?=\W))", re.IGNORECASE)


@cache
def goes_on(language: str) -> re.Pattern[str] | None:
    """Return the prepositions by which a part goes on with what stands before it.

    >>> bool(goes_on("fr").match("au développement du logiciel"))
    True
    """
    known = _GOES_ON.get(language)
    return re.compile(rf"(?:{known})\s", re.IGNORECASE) if known else None


def statements(
    plain: str, segments: Iterator[tuple[int, int]], language: str
) -> Iterator[Statement]:
    """Cut segments of a text where asides begin; what a bracket encloses belongs to its aside.

    >>> text = "Write programs using libraries (fast ones); test them"
    >>> places = iter([(0, 30), (32, 41), (44, 53)])
    >>> [(text[a:b].strip(), aside) for a, b, aside in statements(text, places, "en")]
    [('Write programs', False), ('libraries', True), ('fast ones', True), ('test them', False)]
    """
    mark, last, aside = begins(language), 0, False
    for begin, stop in segments:
        aside = aside and _BRACKETS.fullmatch(plain, last, begin) is not None
        place, last = begin, stop
        for found in mark.finditer(plain, begin, stop) if mark else ():
            if plain[place : found.start()].strip(" ,"):
                yield Statement(place, found.start(), aside)
            place, aside = found.end(), True
        yield Statement(place, stop, aside)
