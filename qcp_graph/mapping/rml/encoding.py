"""Values as parts of IRIs: whatever they hold, the outcome is one segment of a valid IRI."""

import re
from typing import Final
from urllib.parse import quote

_PLAIN: Final = re.compile(r"[A-Za-z0-9._~-]*\Z")
# R2RML §7.3: everything but the characters that an IRI segment may hold as they are.
_UNSAFE: Final = re.compile(
    "[^A-Za-z0-9._~\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U000dfffd\U000e1000-\U000efffd-]"
)


def encode_iri(text: str) -> str:
    """Make a value safe inside an IRI; letters of all scripts stay (R2RML §7.3).

    >>> encode_iri("Zoë, a/b")
    'Zoë%2C%20a%2Fb'
    """
    if _PLAIN.match(text):
        return text
    found = _UNSAFE.sub(lambda match: _percent(match[0]), text)
    if found.isprintable():
        return found
    # Characters that nobody sees, or that no one has given a meaning yet.
    return "".join(c if c.isprintable() else _percent(c) for c in found)


def _percent(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="")


def encode_uri(text: str) -> str:
    """Make a value safe inside a URI, which is ASCII (RFC 3986)."""
    return quote(text.encode("utf-8", "replace"), safe="-._~")
