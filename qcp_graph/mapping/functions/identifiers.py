"""Functions that make and mend identifiers, addresses and language tags."""

import hashlib
import re
import unicodedata

from qcp_graph.mapping.functions.registry import function

_QAN = re.compile(r"(\d{3})[/ -]?(\d{4})[/ -]?([\dX])\Z", re.ASCII | re.IGNORECASE)
_HOST = re.compile(
    r"(?i)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?::\d{1,5})?(?:[/?#].*)?\Z"
)
_SCHEME = re.compile(r"(?i)([a-z][a-z0-9+.-]*):(?!\d)")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
)


@function
def slug(text: str, length: int = 80) -> str:
    """Make a readable local id of a name: Latin letters without accents, digits, hyphens.

    Two long names that begin alike get different ids; names in other scripts keep their letters.

    >>> slug("Université d'Évry – Val/d'Essonne")
    'universite-d-evry-val-d-essonne'
    """
    folded = text.casefold().translate(_LETTERS)
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c)
    )
    words = "-".join(re.findall(r"[^\W_]+", plain))
    if not words:
        raise ValueError("holds no letter or digit to make a name of")
    if len(words) > length:
        return f"{words[: max(length - 9, 1)].rstrip('-')}-{hash8(text)}"
    return words


@function
def hash8(text: str) -> str:
    """Make a stable local id of a text: eight digits of the sha256 of its squeezed form.

    >>> hash8("Plan a project") == hash8(" Plan  a project"), len(str(hash8("x")))
    (True, 8)
    """
    squeezed = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(squeezed.encode("utf-8", "replace")).hexdigest()[:8]


@function
def qan(text: str) -> str:
    """Write an English qualification number (QAN) with its obliques.

    >>> qan("61008187"), qan("6010923x")
    ('610/0818/7', '601/0923/X')
    """
    match = _QAN.match(text.strip())
    if not match:
        raise ValueError("is not a qualification number of eight characters (QAN)")
    return "/".join(match.groups()).upper()


@function
def url_fix(text: str) -> str:
    """Complete a web address; ``www.example.org`` becomes ``https://www.example.org/``.

    >>> url_fix("www.example.org"), url_fix("http://example.org/a b")
    ('https://www.example.org/', 'http://example.org/a%20b')
    """
    address = text.strip().replace(" ", "%20")
    scheme = _SCHEME.match(address)
    if scheme and scheme.group(1).lower() in {"http", "https"} and "//" in address:
        rest = address.split("//", 1)[1]
    elif scheme and "." not in scheme.group(1):
        raise ValueError("is not a web address (http or https)")
    else:
        rest, address = address, f"https://{address}"
    if not _HOST.match(rest):
        raise ValueError("is not a web address")
    return address if re.search(r"[/?#]", rest) else f"{address}/"


@function
def language_tag(text: str) -> str:
    """Tidy a language tag: ``en_GB`` becomes ``en-gb``.

    >>> language_tag("en_GB"), language_tag(" FR ")
    ('en-gb', 'fr')
    """
    tag = text.strip().replace("_", "-").lower()
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", tag):
        raise ValueError("is not a language tag")
    return tag
