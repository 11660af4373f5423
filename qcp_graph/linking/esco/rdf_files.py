"""ESCO's own RDF (Turtle, N-Triples or RDF/XML) as rows.

Only the properties that ESCO's model and SKOS use for labels, types and relations are read;
SKOS-XL labels and everything else are passed over.
"""

import gzip
from collections.abc import Iterator
from typing import IO, BinaryIO, Final, cast

import pyoxigraph as ox

from qcp_graph.linking.esco.csv_files import is_esco
from qcp_graph.linking.esco.rows import (
    Concept,
    Kind,
    Problem,
    Relation,
    RelationKind,
    Row,
    Text,
    TextKind,
)
from qcp_graph.namespaces import expand

_FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
}
_TYPE: Final = expand("rdf:type")
_TYPES: Final[dict[str, Kind]] = {
    expand("esco:Skill"): "skill",
    expand("esco:Occupation"): "occupation",
    expand("skos:ConceptScheme"): "scheme",
}
_TEXTS: Final[dict[str, TextKind]] = {
    expand("skos:prefLabel"): "preferred",
    expand("skos:altLabel"): "alternative",
    expand("skos:hiddenLabel"): "hidden",
    expand("dcterms:description"): "description",
    expand("skos:definition"): "definition",
    expand("skos:scopeNote"): "scope",
}
_RELATIONS: Final[dict[str, RelationKind]] = {
    expand("skos:broader"): "broader",
    expand("skos:inScheme"): "in-scheme",
    expand("dcterms:isReplacedBy"): "replaced-by",
    expand("esco:relatedEssentialSkill"): "essential",
    expand("esco:relatedOptionalSkill"): "optional",
}
_INVERSE: Final[dict[str, RelationKind]] = {
    expand("esco:isEssentialSkillFor"): "essential",
    expand("esco:isOptionalSkillFor"): "optional",
}
_FIELDS: Final = {
    expand("esco:skillType"): "skill_type",
    expand("esco:skillReuseLevel"): "reuse_level",
    expand("skos:notation"): "code",
    expand("adms:status"): "status",
    expand("dcterms:modified"): "modified",
}


def rows(name: str, stream: BinaryIO, language: str) -> Iterator[Row]:
    """Yield what an RDF file states; ``language`` is not used (the labels say theirs).

    Reading ends at the first syntax error, which is a problem with its line.
    """
    del language
    plain = name.lower()
    if plain.endswith(".gz"):
        plain = plain.removesuffix(".gz")
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    form = _FORMATS[plain[plain.rindex(".") :]]
    try:
        for quad in ox.parse(cast(IO[bytes], stream), form):
            if isinstance(quad.subject, ox.NamedNode) and is_esco(quad.subject.value):
                yield from _row(quad)
    except SyntaxError as error:
        yield Problem(name, error.lineno or 0, f"the rest cannot be read: {error.msg}")
    except (OSError, EOFError) as error:
        yield Problem(name, 0, f"the rest cannot be unpacked: {error}")


def _row(quad: ox.Quad) -> Iterator[Row]:
    assert isinstance(quad.subject, ox.NamedNode)
    subject, predicate, target = quad.subject.value, quad.predicate.value, quad.object
    if isinstance(target, ox.Literal):
        if (kind := _TEXTS.get(predicate)) and target.language and target.value.strip():
            yield Text(subject, target.language, kind, " ".join(target.value.split()))
        elif column := _FIELDS.get(predicate):
            yield _with(subject, column, target.value)
        return
    if not isinstance(target, ox.NamedNode):
        return
    value = target.value
    if predicate == _TYPE:
        if found := _kind(subject, value):
            yield Concept(subject, found)
    elif column := _FIELDS.get(predicate):
        yield _with(subject, column, value.rpartition("/")[2])
    elif (relation := _RELATIONS.get(predicate)) and is_esco(value):
        yield Relation(subject, relation, value)
    elif (inverse := _INVERSE.get(predicate)) and is_esco(value):
        yield Relation(value, inverse, subject)


def _kind(subject: str, type_: str) -> Kind | None:
    if type_ in _TYPES:
        return _TYPES[type_]
    if type_ != expand("skos:Concept"):
        return None
    if "/isco/" in subject:
        return "isco-group"
    return "skill-group" if "/isced-f/" in subject else None


def _with(subject: str, column: str, value: str) -> Concept:
    kind: Kind = "occupation" if "/occupation/" in subject else "skill"
    if "/isco/" in subject:
        kind = "isco-group"
    values = {"code": "", "skill_type": "", "reuse_level": "", "status": "", "modified": ""}
    values[column] = value.strip()
    return Concept(subject, kind, **values)
