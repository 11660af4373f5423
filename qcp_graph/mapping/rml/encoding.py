"""Values as parts of IRIs and as blank nodes: the same value always gives the same."""

import hashlib
import re
from typing import Final
from urllib.parse import quote

_PLAIN: Final = re.compile(r"[A-Za-z0-9._~-]*\Z")
# R2RML §7.3: everything but the characters that an IRI segment may hold as they are.
_UNSAFE: Final = re.compile(
    "[^A-Za-z0-9._~\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U000efffd-]"
)
_LABEL: Final = re.compile(r"[^A-Za-z0-9]")


def encode_iri(text: str) -> str:
    """Make a value safe inside an IRI; letters of all scripts stay (R2RML §7.3).

    >>> encode_iri("Zoë, a/b")
    'Zoë%2C%20a%2Fb'
    """
    if _PLAIN.match(text):
        return text
    return _UNSAFE.sub(lambda match: quote(match[0].encode("utf-8", "replace"), safe=""), text)


def encode_uri(text: str) -> str:
    """Make a value safe inside a URI, which is ASCII (RFC 3986)."""
    return quote(text.encode("utf-8", "replace"), safe="-._~")


def node(text: str) -> str:
    """Return the blank node of a value: the same for the same value, whichever map makes it."""
    label = _LABEL.sub(lambda match: f"_{ord(match[0]):x}_", text)
    if len(label) > 100:
        label = "h" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return f"_:b{label}"
