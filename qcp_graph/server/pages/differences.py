"""What differs between two versions of a record, in words: facts added, removed and changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

import pyoxigraph as ox

from qcp_graph.namespaces import expand
from qcp_graph.server.pages.graph import Facts, Object, Text

Path = tuple[str, ...]
_TECHNICAL: Final = frozenset(
    expand(name)
    for name in (
        "rdf:type",
        "prov:wasDerivedFrom",
        "qcp:register",
        "elm:schemeName",
        "elm:learningAchievementSpecification",
    )
)
_APART: Final = ("/id/organisation/", "/id/record/", "/id/link/", "/id/snapshot/")
_ALIKE: Final = 0.5
_PAIRED: Final = 40
_WORDS: Final = 400
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """One fact: the properties that lead to it, and an IRI or a text; ``computed`` by linking.

    ``datatype`` is that of a literal without language (an IRI).
    """

    path: Path
    iri: str
    text: Text
    computed: bool = False
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed (``=``), went (``-``) or came (``+``)."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that went, came (the other is None), or reads otherwise now, then with its pieces."""

    path: Path
    old: Fact | None
    new: Fact | None
    pieces: tuple[Piece, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of change: ``added``, ``removed`` or ``changed``."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"

    @property
    def computed(self) -> bool:
        """Tell whether the program found the fact, rather than the register stating it."""
        return any(fact.computed for fact in (self.old, self.new) if fact is not None)


def facts(root: str, quads: Iterable[ox.Quad]) -> set[Fact]:
    """Return what a version says of its record, and of what belongs to it.

    Nodes of their own stand only for what they say, so a new number of a node is no change.
    """
    held = list(quads)
    said = Facts(root, held)
    inner = {one for one in said.subjects() if not any(part in one for part in _APART)}
    found: set[Fact] = set()
    waiting: list[tuple[str, Path]] = [(root, ())]
    seen = {root}
    computed = _computed(said)
    while waiting:
        node, path = waiting.pop()
        for predicate in said.predicates(node):
            if predicate in _TECHNICAL:
                continue
            for value in said.by_iri(predicate, node):
                way = (*path, predicate)
                if isinstance(value, ox.NamedNode) and value.value in inner:
                    if value.value not in seen and len(way) < _DEEPEST:
                        seen.add(value.value)
                        waiting.append((value.value, way))
                    continue
                found.add(_fact(way, value, (node, str(getattr(value, "value", ""))) in computed))
    return found


def _fact(path: Path, value: Object, computed: bool) -> Fact:
    if isinstance(value, ox.NamedNode):
        return Fact(path, value.value, Text(""), computed)
    datatype = "" if value.language else value.datatype.value
    return Fact(path, "", Text(value.value, value.language or ""), computed, datatype)


def _computed(said: Facts) -> set[tuple[str, str]]:
    """Return which things the program linked with which."""
    return {
        (start, end)
        for node in said.subjects()
        if "/id/link/" in node
        for start in said.iris("sssom:subject_id", node)
        for end in said.iris("sssom:object_id", node)
    }


def between(old: set[Fact], new: set[Fact]) -> list[Change]:
    """Return the changes from one version to another, what the register stated first."""
    gone, come = sorted(old - new), sorted(new - old)
    changes = []
    paths = {fact.path for fact in (*gone, *come)}
    for path in sorted(paths, key=lambda path: (len(path), path)):
        before = [fact for fact in gone if fact.path == path]
        after = [fact for fact in come if fact.path == path]
        changes += _paired(path, before, after)
    return sorted(changes, key=lambda change: change.computed)


def _paired(path: Path, before: list[Fact], after: list[Fact]) -> list[Change]:
    """Return the changes of one property: a single value is replaced, texts that are alike, too."""
    pairs: list[tuple[Fact, Fact]] = []
    if len(before) == len(after) == 1:
        pairs = [(before[0], after[0])]
    elif len(before) <= _PAIRED and len(after) <= _PAIRED:
        pairs = list(_alike(before, after))
    left = {id(fact) for pair in pairs for fact in pair}
    changes = [Change(path, a, b, pieces(a.text, b.text)) for a, b in pairs]
    changes += [Change(path, fact, None) for fact in before if id(fact) not in left]
    return changes + [Change(path, None, fact) for fact in after if id(fact) not in left]


def _alike(before: Sequence[Fact], after: Sequence[Fact]) -> list[tuple[Fact, Fact]]:
    free = list(after)
    found = []
    for old in before:
        ratios = [(_ratio(old.text, new.text), at) for at, new in enumerate(free)]
        best, at = max(ratios, default=(0.0, 0))
        if best >= _ALIKE:
            found.append((old, free.pop(at)))
    return found


def _ratio(old: Text, new: Text) -> float:
    if not old.text or not new.text or old.language != new.language:
        return 0.0
    matcher = SequenceMatcher(None, _split(old.text), _split(new.text), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE else 0.0


def pieces(old: Text, new: Text) -> tuple[Piece, ...]:
    """Return what stayed, went and came of a text of several words; nothing for short ones.

    >>> [p.sign + p.text for p in pieces(Text("bake good white rolls"), Text("bake good rolls"))]
    ['=bake good', '-white', '=rolls']
    """
    before, after = _split(old.text), _split(new.text)
    if min(len(before), len(after)) < 3 or max(len(before), len(after)) > _WORDS:
        return ()
    found = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return ()
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece("=", " ".join(before[a:b])))
            continue
        if b > a:
            found.append(Piece("-", " ".join(before[a:b])))
        if d > c:
            found.append(Piece("+", " ".join(after[c:d])))
    return tuple(found)


def _split(text: str) -> list[str]:
    return text.split()[: _WORDS + 1]
