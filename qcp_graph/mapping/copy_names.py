"""Which IRI a node of foreign ELM gets here (docs/data-model.md), and which class it counts as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from qcp_graph import elm_model
from qcp_graph.iris import Iris, encode
from qcp_graph.mapping.rdf_names import Expander, Tree, items
from qcp_graph.namespaces import expand

CONCEPT: Final = expand("skos:Concept")
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

    ``iri`` is its name; ``owner`` the entity whose fragments what lies behind it become;
    ``classes`` those of the model; ``described`` tells whether anything is said of it here,
    ``shared`` whether other records may say it, too.
    """

    iri: str
    owner: str
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

    def target(
        self, tree: Tree, expected: Sequence[str], owner: str, root: str, main: str
    ) -> Target:
        """Return what a node is here; ``root`` is the record's IRI in the source, ``main`` here."""
        foreign = tree.get("@id")
        classes, is_record = self.classes(tree, expected)
        if isinstance(foreign, str) and foreign == root:
            return Target(main, main, classes, described=False, shared=False)
        local = str(tree.get("@local", ""))
        kind = next((_ENTITIES[name] for name in classes if name in _ENTITIES), "")
        if isinstance(foreign, str) and (CONCEPT in classes or not classes):
            return Target(foreign, foreign, classes, described=CONCEPT in classes, shared=True)
        if kind == "qualification" and isinstance(foreign, str):
            iri = self._spaces[kind] + encode(local) if is_record else foreign
            return Target(iri, iri, classes, described=False, shared=False)
        if kind in {"organisation", "opportunity"} or (kind and isinstance(foreign, str)):
            iri = self._spaces[kind] + encode(local)
            return Target(iri, iri, classes, described=True, shared=kind == "organisation")
        if kind:
            iri = self._inside(kind, main) + encode(local)
            return Target(iri, iri, classes, described=True, shared=False)
        return Target(self.fragment(owner, classes, local), owner, classes, True, shared=False)

    def _inside(self, kind: str, main: str) -> str:
        """Return the beginning of the IRI of a thing without one: below its record."""
        return self._spaces[kind] + main.removeprefix(self._spaces["qualification"]) + "/"

    def fragment(self, owner: str, classes: Sequence[str], local: str) -> str:
        """Return the IRI of a node that has no life of its own.

        >>> Naming(Iris("e:/"), "xx-y", (), {}, Expander({})).fragment("e:/1", [CONCEPT], "a b")
        'e:/1#concept-a%20b'
        """
        name = classes[0] if classes else "x/node"
        start = _FRAGMENTS.get(name, name.replace("#", "/").rpartition("/")[2].lower())
        return f"{owner}#{start}-{quote(local, safe='-._~')}"
