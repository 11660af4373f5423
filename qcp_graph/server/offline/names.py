"""Names of files: safe on every file system, never the same for two things, never another time."""

import hashlib
import re
from typing import Final
from urllib.parse import unquote

from qcp_graph.search import fold

LONGEST: Final = 120
"""Characters of a path inside a bundle; Windows allows 260 with the folders above it."""
_SLUG: Final = 60
_HASH: Final = 16


def file_of(kind: str, iri: str, number: int = 1) -> str:
    """Return the path of a page inside a bundle, in one of 256 folders of its kind.

    Only lower-case letters, digits and hyphens: systems that ignore case see no two as one, and
    nothing in an IRI can lead out of the folder. The hash tells apart what reads the same.

    >>> file_of("qualification", "http://x/id/qualification/fr/rncp/RNCP35185")
    'qualification/03/fr-rncp-rncp35185-039d202713e57beb.html'
    >>> file_of("list", "../../etc/passwd\\0", 2)[-7:], len(file_of("list", "é" * 999)) <= LONGEST
    ('-2.html', True)
    """
    digest = hashlib.sha256(iri.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
    page = f"-{number}" if number > 1 else ""
    stem = "-".join(part for part in (slug(iri, kind), digest) if part)
    return f"{kind}/{digest[:2]}/{stem}{page}.html"


def slug(iri: str, kind: str = "") -> str:
    """Return the readable part of a file name, at most 60 ASCII characters.

    >>> slug("http://x/id/organisation/fi/demo/Baking%20Coll%C3%A8ge", "organisation")
    'fi-demo-baking-college'
    """
    text = unquote(iri, errors="replace")
    _, own, rest = text.partition(f"/id/{kind}/")
    text = rest if own else text.rpartition("/")[2]
    words = re.findall(r"[a-z0-9]+", fold(text[: 4 * _SLUG]))
    return "-".join(words)[:_SLUG].strip("-")
