"""Learning outcomes as registers state them, found again without keeping their sentences.

An outcome is named by the path of its node (the IRI without the site's base) and the hash of its
text. A text that could not be split (``elm:noteLiteral``) gives one outcome per line.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from qcp_graph.errors import DataError
from qcp_graph.linking.text import exact
from qcp_graph.namespaces import expand

_TITLE: Final = expand("dcterms:title")
_NOTE: Final = expand("elm:noteLiteral")
_TYPE: Final = expand("rdf:type")
_OUTCOME: Final = expand("elm:LearningOutcome")
_QUALIFICATION: Final = expand("elm:Qualification")
_NOTES: Final = "#note-outcomes"
# outcome/fr/rncp/RNCP1/…, qualification/fi/eperusteet/1#note-outcomes: kind, register, record
_PATH: Final = re.compile(r".*/id/((outcome|qualification)/(\w+/[^/#]+)/([^/#]+)[^#]*(?:#.*)?)\Z")
_MARK: Final = re.compile(r"^[\s•·–—*-]+|^\d{1,2}[.)]\s+")
_DIGEST: Final = 16


@dataclass(frozen=True)
class Outcome:
    """A learning outcome of a register; ``title`` is what its qualification or unit is called."""

    register: str
    record: str
    locator: str
    digest: str
    language: str
    text: str
    title: str = field(default="", compare=False)


def digest(text: str) -> str:
    """Return the hash by which a text is recognised; case, spacing and final marks do not count.

    >>> digest("Repair brakes.") == digest(" repair  brakes")
    True
    """
    return hashlib.sha256(exact(text).encode()).hexdigest()[:_DIGEST]


def read(path: Path) -> list[Outcome]:
    """Return the outcomes of a register, from the quads that ``qcp map`` writes.

    :raises DataError: when the file is not N-Quads.
    """
    titles: dict[str, dict[str, str]] = {}
    notes: list[tuple[str, str, str]] = []
    kinds: dict[str, str] = {}
    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS):
            subject, predicate, value = quad.subject, quad.predicate.value, quad.object
            if not isinstance(subject, ox.NamedNode):
                continue
            if predicate == _TYPE and isinstance(value, ox.NamedNode):
                if value.value in (_OUTCOME, _QUALIFICATION):
                    kinds[subject.value] = value.value
            elif isinstance(value, ox.Literal) and value.language:
                if predicate == _TITLE:
                    titles.setdefault(subject.value, {})[value.language] = value.value
                elif predicate == _NOTE and subject.value.endswith(_NOTES):
                    notes.append((subject.value, value.language, value.value))
    except (SyntaxError, ValueError, OSError) as error:
        raise DataError(
            "QCP-LNK-DATA", f"The quads cannot be read: {error}", where=str(path),
            remedy="Give a file that `qcp map <source> --output FILE.nq` wrote.",
        ) from error  # fmt: skip
    stated = [
        (node, language, text)
        for node, kind in kinds.items() if kind == _OUTCOME
        for language, text in titles.get(node, {}).items()
    ]  # fmt: skip
    lines = [(node, tag, line) for node, tag, text in notes for line in _lines(text)]
    return sorted(_found([*stated, *lines], titles), key=lambda o: (o.locator, o.digest))


def _found(
    texts: Iterable[tuple[str, str, str]], titles: dict[str, dict[str, str]]
) -> Iterator[Outcome]:
    seen: set[tuple[str, str, str]] = set()
    for node, language, text in texts:
        match = _PATH.match(node)
        key = (node, language, digest(text))
        if match is None or key in seen:
            continue
        seen.add(key)
        owner = re.sub(r"/id/outcome/(.*)/[^/]*\Z", r"/id/qualification/\1", node.split("#")[0])
        named = titles.get(owner, {})
        title = named.get(language) or next(iter(named.values()), "")
        yield Outcome(match[3].replace("/", "-"), match[4], match[1], key[2], language, text, title)


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        plain = _MARK.sub("", line).strip()
        if plain:
            yield plain
