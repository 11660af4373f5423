"""Which IRI a node of foreign ELM gets here (docs/data-model.md), and which class it counts as."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from qcp_graph import elm_model
from qcp_graph.iris import Iris, encode
from qcp_graph.mapping.rdf_names import Expander, Tree, is_literal, items, properties
from qcp_graph.namespaces import expand

CONCEPT: Final = expand("skos:Concept")
ORGANISATION: Final = expand("elm:Organisation")
NAMES: Final = (expand("rov:legalName"), expand("skos:prefLabel"))
_ENTITIES: Final[Mapping[str, str]] = {
    expand(name): kind
    for name, kind in (
        ("elm:Qualification", "qualification"),
        ("elm:LearningAchievementSpecification", "qualification"),
        ("elm:LearningOutcome", "outcome"),
        ("elm:Organisation", "organisation"),
        ("elm:Agent", "organisation"),
        ("elm:Group", "organisation"),
        ("elm:LearningOpportunity", "opportunity"),
        ("elm:Accreditation", "accreditation"),
    )
}
_FRAGMENTS: Final[Mapping[str, str]] = {
    expand(name): start
    for name, start in (
        ("elm:Identifier", "id"),
        ("elm:LegalIdentifier", "id"),
        ("elm:CreditPoint", "credit"),
        ("elm:WebResource", "doc"),
        ("elm:AwardingOpportunity", "award"),
        ("elm:LearningEntitlementSpecification", "entitlement"),
        ("elm:LearningAssessmentSpecification", "assessment"),
        ("elm:LearningActivitySpecification", "activity"),
        ("dcterms:PeriodOfTime", "period"),
    )
}
_PREFERRED: Final = tuple(
    expand(name)
    for name in ("elm:Qualification", "elm:Organisation", "elm:Identifier", "skos:Concept")
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a node of the source is here.

    ``iri`` is its name; ``owner`` the thing whose fragments nodes without a name behind it become,
    ``section`` that of nodes with a name; ``classes`` those of the model; ``described`` tells
    whether anything is said of it here, ``shared`` whether other records may say it, too.
    """

    iri: str
    owner: str
    section: str
    classes: tuple[str, ...]
    described: bool
    shared: bool


class Naming:
    """Names the nodes of one source; ``records`` are the classes that its records have."""

    def __init__(
        self, iris: Iris, source_id: str, records: Sequence[str], classes: Mapping[str, str],
        names: Expander,
    ) -> None:  # fmt: skip
        self._spaces = {kind: iris.namespace(kind, source_id) for kind in set(_ENTITIES.values())}
        self._records = frozenset(records)
        self._classes = classes
        self._names = names

    def classes(self, tree: Tree, expected: Sequence[str]) -> tuple[tuple[str, ...], bool]:
        """Return the model's classes of a node, and whether it is a record of its own.

        A node that does not say what it is, or says it in other words, is what the property wants.
        """
        stated = [self._names.iri(str(kind)) for kind in items(tree.get("@type", ()))]
        known = elm_model.properties()
        found = tuple(
            dict.fromkeys(k for k in (self._classes.get(s, s) for s in stated) if k in known)
        )
        if not found:
            wanted = [name for name in _PREFERRED if name in expected] or list(expected)
            found = tuple(wanted[:1])
        return found, any(kind in self._records for kind in stated)

    def record(self, tree: Tree, iri: str) -> Target:
        """Return what a record is here, under its IRI."""
        return Target(iri, iri, iri, self.classes(tree, ())[0], described=True, shared=False)

    def nameless(self, tree: Tree, expected: Sequence[str] = ()) -> Iterator[str]:
        """Yield the IRIs of organisations in a tree of which much is said, but no name."""
        classes, _ = self.classes(tree, expected)
        known = elm_model.properties_of(classes)
        foreign = tree.get("@id")
        said = [(self._names.iri(name), value) for name, value in properties(tree)]
        if said and ORGANISATION in classes and not any(p in NAMES for p, _ in said):
            yield foreign if isinstance(foreign, str) else str(tree.get("@local", ""))
        for predicate, value in said:
            for item in items(value):
                if isinstance(item, Mapping) and not is_literal(item):
                    yield from self.nameless(item, known.get(predicate, ()))

    def target(
        self, tree: Tree, expected: Sequence[str], around: Target, root: str, main: str
    ) -> Target:
        """Return what a node is here; ``root`` is the record's IRI in the source, ``main`` here."""
        foreign = tree.get("@id")
        classes, is_record = self.classes(tree, expected)
        local = str(tree.get("@local", ""))
        kind = next((_ENTITIES[name] for name in classes if name in _ENTITIES), "")
        again = "@again" in tree
        if not isinstance(foreign, str):
            return self._nameless(kind, classes, local, around, main)
        if foreign == root:
            return Target(main, main, main, classes, described=False, shared=False)
        if CONCEPT in classes or not classes:
            return Target(foreign, foreign, foreign, classes, CONCEPT in classes, shared=True)
        told = not again and not is_record
        if told and next(properties(tree), None) is None:  # only named, also at the source
            return Target(foreign, foreign, foreign, classes, described=False, shared=False)
        if kind:
            iri = self._spaces[kind] + encode(local)
            return Target(iri, iri, iri, classes, told, shared=kind == "organisation")
        iri = self.fragment(around.section, classes, local)
        return Target(iri, around.section, around.section, classes, told, shared=False)

    def _nameless(
        self, kind: str, classes: tuple[str, ...], local: str, around: Target, main: str
    ) -> Target:
        if kind in {"organisation", "opportunity"}:
            iri = self._spaces[kind] + encode(local)
            shared = kind == "organisation"
            return Target(iri, iri, around.section, classes, described=True, shared=shared)
        if kind:
            iri = self._inside(kind, main) + encode(local)
            return Target(iri, iri, around.section, classes, described=True, shared=False)
        iri = self.fragment(around.owner, classes, local)
        return Target(iri, around.owner, around.section, classes, described=True, shared=False)

    def _inside(self, kind: str, main: str) -> str:
        """Return the beginning of the IRI of a thing without one: below its record."""
        for space in self._spaces.values():
            main = main.removeprefix(space)
        return f"{self._spaces[kind]}{main}/"

    def fragment(self, owner: str, classes: Sequence[str], local: str) -> str:
        """Return the IRI of a node that has no life of its own.

        >>> Naming(Iris("e:/"), "xx-y", (), {}, Expander({})).fragment("e:/1", [CONCEPT], "a b")
        'e:/1#concept-a%20b'
        """
        name = classes[0] if classes else "x/node"
        start = _FRAGMENTS.get(name, name.replace("#", "/").rpartition("/")[2].lower())
        return f"{owner}#{start}-{quote(local, safe='-._~')}"
