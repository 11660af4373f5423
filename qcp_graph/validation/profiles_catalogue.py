"""The profile catalogue: each shapes file says itself what it is, whose rules and how sure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from qcp_graph.errors import UsageError
from qcp_graph.namespaces import QCP
from qcp_graph.terms import RDF_TYPE, curie, parts
from qcp_graph.validation.result import Texts, text
from qcp_graph.validation.shapes_graph import ShapesGraph

_PROFILE: Final = f"<{QCP}Profile>"
_NOT_CHECKABLE: Final = f"<{QCP}NotCheckableRule>"
_CODE: Final = f"<{QCP}code>"
Standing = Literal["primary", "secondary", "own"]
STANDINGS: Final[tuple[Standing, ...]] = ("primary", "secondary", "own")
"""How the rules were read: in the text itself, in what others say of it; or they are ours."""


@dataclass(frozen=True, slots=True)
class ProfileRule:
    """One rule of a profile: a coded shape, or a rule that no data can decide."""

    name: str
    iri: str
    messages: Texts
    code: str = ""
    severity: str = ""
    checkable: bool = True


@dataclass(frozen=True, slots=True)
class Profile:
    """What a shapes file says of itself (docs/profiles.md).

    ``titles``, ``about`` and ``not_checked`` are pairs of language and text; ``about`` says which
    nodes it judges. ``source`` names the document the rules come from, ``date`` is the document's.
    """

    name: str
    iri: str
    version: str
    titles: Texts
    source: str
    standing: Standing
    path: Path
    rules: tuple[ProfileRule, ...]
    date: str = ""
    about: Texts = ()
    not_checked: Texts = field(default=())

    def title(self, language: str = "en") -> str:
        """Return the title in a language, else in English."""
        return text(self.titles, language)


def load(folders: Sequence[Path]) -> Mapping[str, Profile]:
    """Return the profiles of folders with shapes files, by name; an earlier folder comes first.

    Files that do not describe themselves as a profile are shapes like any other, and left out.

    :raises UsageError: for a file that cannot be read, or describes itself incompletely.
    """
    found: dict[str, Profile] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.ttl")):
            profile = read(path) if path.stem not in found else None
            if profile is not None:
                found[path.stem] = profile
    return MappingProxyType(dict(sorted(found.items())))


def read(path: Path) -> Profile | None:
    """Return the profile of a shapes file, or None where it does not say that it is one.

    :raises UsageError: for a file that cannot be read, or describes itself incompletely.
    """
    graph = ShapesGraph.read([path])
    nodes = [n for n, p in graph.subjects.items() if _PROFILE in p.get(RDF_TYPE, ())]
    if not nodes:
        return None
    if len(nodes) > 1:
        raise _incomplete(path, "it describes several profiles; a file is one")
    said = _Said(graph, nodes[0], path)
    stated = said.one("qcp:standing")
    standing = next((one for one in STANDINGS if one == stated), None)
    if standing is None:
        raise _incomplete(path, f"qcp:standing is {stated!r}, not one of {', '.join(STANDINGS)}")
    return Profile(
        name=path.stem, iri=nodes[0].strip("<>"), version=said.one("owl:versionInfo"),
        titles=said.texts("dcterms:title"), source=said.one("dcterms:source"),
        standing=standing, path=path, rules=tuple(_rules(graph)),
        date=said.optional("dcterms:date"),
        about=said.texts("qcp:about"), not_checked=_texts(graph, nodes[0], f"<{QCP}notChecked>"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    """What a file says of itself, each property demanded."""

    graph: ShapesGraph
    node: str
    path: Path

    def optional(self, name: str) -> str:
        value = self.graph.one(self.node, curie(name))
        return parts(value)[0] if value.startswith('"') else value.strip("<>")

    def one(self, name: str) -> str:
        value = self.optional(name)
        if not value:
            raise _incomplete(self.path, f"{name} is missing")
        return value

    def texts(self, name: str) -> Texts:
        found = _texts(self.graph, self.node, curie(name))
        if {"en", "fr"} - {tag for tag, _ in found}:
            raise _incomplete(self.path, f"{name} is needed in English and in French")
        return found


def _rules(graph: ShapesGraph) -> Iterator[ProfileRule]:
    for node, properties in graph.subjects.items():
        open_rule = _NOT_CHECKABLE in properties.get(RDF_TYPE, ())
        if not open_rule and _CODE not in properties:
            continue
        code = graph.one(node, _CODE)
        severity = graph.one(node, curie("sh:severity"))
        yield ProfileRule(
            name=rule_name(node), iri=node.strip("<>"),
            messages=_texts(graph, node, curie("sh:message")),
            code=parts(code)[0] if code else "",
            severity=severity.strip("<>").rpartition("#")[2].lower() or "violation",
            checkable=not open_rule,
        )  # fmt: skip


def rule_name(term: str) -> str:
    """Return the short name of a shape: what follows the last ``#`` or ``/`` of its IRI.

    >>> rule_name("<https://example.org/shapes#Title>")
    'Title'
    """
    return term.strip("<>").replace("/", "#").rpartition("#")[2]


def _texts(graph: ShapesGraph, node: str, predicate: str) -> Texts:
    values = graph.values(node, predicate)
    return tuple(sorted((parts(v)[1], parts(v)[0]) for v in values if v.startswith('"')))


def _incomplete(path: Path, problem: str) -> UsageError:
    return UsageError(
        "QCP-VAL-PROFILE-FILE",
        f"The shapes file does not describe its profile: {problem}.",
        where=str(path),
        remedy="Add it to the node that is a qcp:Profile (docs/profiles.md).",
    )
