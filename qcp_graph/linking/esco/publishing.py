"""A version of ESCO as SKOS with the ESCO model: whole, or the concepts that a release uses."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Final

from qcp_graph.linking.esco.catalogue import Catalogue
from qcp_graph.linking.esco.rows import Concept, Kind, RelationKind, Text, TextKind
from qcp_graph.terms import RDF_TYPE, Triple, curie, iri, is_iri, literal

_BASE: Final = "http://data.europa.eu/esco/"
_KINDS: Final[tuple[Kind, ...]] = ("scheme", "isco-group", "occupation", "skill", "skill-group")
_CLASSES: Final[dict[Kind, tuple[str, ...]]] = {
    "skill": (curie("skos:Concept"), curie("esco:Skill")),
    "skill-group": (curie("skos:Concept"),),
    "occupation": (curie("skos:Concept"), curie("esco:Occupation")),
    "isco-group": (curie("skos:Concept"),),
    "scheme": (curie("skos:ConceptScheme"),),
}
_TEXTS: Final[dict[TextKind, str]] = {
    "preferred": curie("skos:prefLabel"),
    "alternative": curie("skos:altLabel"),
    "hidden": curie("skos:hiddenLabel"),
    "description": curie("dcterms:description"),
    "definition": curie("skos:definition"),
    "scope": curie("skos:scopeNote"),
}
_RELATIONS: Final[dict[RelationKind, str]] = {
    "broader": curie("skos:broader"),
    "essential": curie("esco:relatedEssentialSkill"),
    "optional": curie("esco:relatedOptionalSkill"),
    "replaced-by": curie("dcterms:isReplacedBy"),
    "member": curie("skos:member"),
    "in-scheme": curie("skos:inScheme"),
}
_REUSE: Final = curie("esco:skillReuseLevel")
_TYPE: Final = curie("esco:skillType")


def triples(catalogue: Catalogue, used: Iterable[str] | None = None) -> Iterator[Triple]:
    """Yield what a version states, streaming; of ``used`` concepts alone, with all above them.

    Relations to skills and occupations are given where both ends are published, memberships in
    collections (transversal, digital, green …) and schemes always.
    """
    chosen = None if used is None else _closed(catalogue, used)
    for kind in _KINDS:
        for concept in catalogue.concepts(kind):
            if (chosen is None or concept.uri in chosen) and is_iri(concept.uri):
                yield from _concept(concept)
    yield from _labels(catalogue, chosen)
    for kind_of_relation in _RELATIONS:
        yield from _relations(catalogue, kind_of_relation, chosen)


def _closed(catalogue: Catalogue, used: Iterable[str]) -> frozenset[str]:
    """Return concepts with everything above them and the schemes they are in."""
    found: set[str] = set()
    for uri in sorted(set(used)):
        if catalogue.has(uri):
            found.add(uri)
            found.update(catalogue.above(uri))
    schemes = {scheme.uri for scheme in catalogue.concepts("scheme")}
    for kind in ("in-scheme", "member"):
        found.update(o for s, o in catalogue.relations(kind) if s in found and o in schemes)
    return frozenset(found)


def _concept(concept: Concept) -> Iterator[Triple]:
    node = iri(concept.uri)
    for class_ in _CLASSES[concept.kind]:
        yield node, RDF_TYPE, class_
    if concept.code:
        yield node, curie("skos:notation"), literal(concept.code)
    if concept.status and concept.status != "released":
        yield node, curie("esco:status"), literal(concept.status)
    if concept.modified:
        yield node, curie("dcterms:modified"), literal(concept.modified)
    if concept.reuse_level:
        yield node, _REUSE, iri(f"{_BASE}skill-reuse-level/{_last(concept.reuse_level)}")
    if concept.skill_type:
        yield node, _TYPE, iri(f"{_BASE}skill-type/{_last(concept.skill_type)}")


def _last(name: str) -> str:
    plain = name.rpartition("/")[2]
    return "".join(c for c in plain if c.isascii() and (c.isalnum() or c == "-"))


def _labels(catalogue: Catalogue, chosen: frozenset[str] | None) -> Iterator[Triple]:
    if chosen is None:
        every: Iterable[Text] = catalogue.all_texts()
    else:
        every = (text for uri in sorted(chosen) for text in catalogue.texts(uri))
    for uri, texts in groupby(every, key=attrgetter("uri")):
        if is_iri(uri):
            node = iri(uri)
            for text in texts:
                yield node, _TEXTS[text.kind], literal(text.value, language=text.language)


def _relations(
    catalogue: Catalogue, kind: RelationKind, chosen: frozenset[str] | None
) -> Iterator[Triple]:
    property_ = _RELATIONS[kind]
    for subject, object_ in catalogue.relations(kind):
        if chosen is not None and not (subject in chosen and object_ in chosen):
            continue
        if not (is_iri(subject) and is_iri(object_)):
            continue
        if kind == "member":  # read from the collection: it has the member
            yield iri(object_), property_, iri(subject)
        else:
            yield iri(subject), property_, iri(object_)
