"""Links as statements that can be reviewed: one model for skills, fields and occupations."""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from qcp_graph import __version__
from qcp_graph.iris import Iris
from qcp_graph.namespaces import PREFIXES, expand
from qcp_graph.terms import RDF_TYPE, Quad, curie, iri, literal

Task = Literal["skill", "field", "occupation"]
"""What is linked: an outcome to a skill, a qualification to a field, or to an occupation."""
Match = Literal["exactMatch", "closeMatch", "narrowMatch", "broadMatch"]
"""SKOS mapping property, read from the subject: ``narrowMatch`` means the object is narrower."""
Status = Literal["accepted", "suggested", "rejected"]
Justification = Literal[
    "LexicalMatching", "SemanticSimilarityThresholdMatching", "ManualMappingCuration",
    "MappingChaining", "CompositeMatching", "UnspecifiedMatching",
]  # fmt: skip
"""A term of the SEMAPV vocabulary: the kind of evidence."""

TOOL: Final = "qcp-graph"
ASSERTED: Final[dict[Task, str]] = {
    "skill": curie("elm:relatedESCOSkill"),
    "field": curie("elm:ISCEDFCode"),
    # ELM has occupations as rights alone (elm:entitlesTo), which no computed link can grant.
    "occupation": curie("qcp:relatedOccupation"),
}
_ROLE: Final = "links"
_DOUBLE: Final = expand("xsd:double")
_INTEGER: Final = expand("xsd:integer")
_DATE: Final = expand("xsd:date")
_STATUS: Final = {
    "accepted": curie("qcp:Accepted"),
    "suggested": curie("qcp:Suggested"),
    "rejected": curie("qcp:Rejected"),
}
_SEMAPV: Final = "https://w3id.org/semapv/vocab/"


@dataclass(frozen=True, slots=True)
class Assertion:
    """A statement that a text of ``subject`` means ``object``, with the grounds for it.

    ``label`` and ``language`` are the label that matched (empty where none did); ``score`` is what
    the method computed, ``probability`` (0 to 1) how likely the link is right. ``start`` and
    ``end`` delimit the matched part of the text, in characters; both 0: the text as a whole.
    ``version`` is that of the vocabulary the object belongs to. ``key`` names the text
    (:func:`text_key`), so that a decision about it holds wherever the text stands. ``reviewer``,
    ``date`` (ISO 8601 day) and ``comment`` tell who decided, and are empty where nobody did:
    the day of an automatic link is that of its record's snapshot.
    """

    task: Task
    subject: str
    object: str
    match: Match
    status: Status
    method: str
    version: str
    score: float = 0.0
    probability: float = 0.0
    label: str = ""
    language: str = ""
    start: int = 0
    end: int = 0
    key: str = ""
    justification: Justification = "LexicalMatching"
    reviewer: str = ""
    date: str = ""
    comment: str = ""

    @property
    def predicate(self) -> str:
        """The IRI of the SKOS property."""
        return PREFIXES["skos"] + self.match


def text_key(text: str, language: str, task: Task) -> str:
    """Return the name of a text for a task: case, spacing and the form of characters aside.

    >>> text_key("Weld  pipes", "en-GB", "skill") == text_key("weld pipes ", "en", "skill")
    True
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    main = language.partition("-")[0].casefold()
    return hashlib.sha256(f"{task}\n{main}\n{plain}".encode()).hexdigest()[:32]


def quads(assertions: Iterable[Assertion], iris: Iris, source_id: str) -> list[Quad]:
    """Return assertions as SSSOM mappings (``docs/data-model.md``, Links).

    Accepted ones also give the plain property (:data:`ASSERTED`), in the graph of links: computed
    statements never stand among those a register made.
    """
    found: list[Quad] = []
    for one in assertions:
        node = iri(iris.link(source_id, one.subject, one.object))
        found.extend((node, predicate, value, _ROLE) for predicate, value in _facts(one))
        if one.status == "accepted":
            found.append((iri(one.subject), ASSERTED[one.task], iri(one.object), _ROLE))
    return found


def _facts(one: Assertion) -> Iterator[tuple[str, str]]:
    """Yield property and value; optional ones only where there is something to say."""
    yield RDF_TYPE, curie("qcp:LinkAssertion")
    yield RDF_TYPE, curie("sssom:Mapping")
    yield curie("sssom:subject_id"), iri(one.subject)
    yield curie("sssom:object_id"), iri(one.object)
    yield curie("sssom:predicate_id"), iri(one.predicate)
    yield curie("sssom:mapping_justification"), iri(_SEMAPV + one.justification)
    yield curie("sssom:confidence"), literal(f"{one.probability:.2f}", datatype=_DOUBLE)
    yield curie("sssom:mapping_tool"), literal(TOOL)
    yield curie("sssom:mapping_tool_version"), literal(__version__)
    yield curie("qcp:method"), literal(one.method)
    yield curie("qcp:linkStatus"), _STATUS[one.status]
    version = "sssom:object_source_version" if one.task == "field" else "qcp:escoVersion"
    yield curie(version), literal(one.version)
    if one.score:
        yield curie("qcp:score"), literal(f"{one.score:.2f}", datatype=_DOUBLE)
    if one.label:
        yield curie("qcp:matchedLabel"), literal(one.label, language=one.language)
    if one.key:
        yield curie("qcp:textKey"), literal(one.key)
    if one.end:
        yield curie("qcp:spanStart"), literal(str(one.start), datatype=_INTEGER)
        yield curie("qcp:spanEnd"), literal(str(one.end), datatype=_INTEGER)
    if one.reviewer:
        yield curie("sssom:reviewer_label"), literal(one.reviewer)
    if one.date:
        yield curie("qcp:reviewDate"), literal(one.date, datatype=_DATE)
    if one.comment:
        yield curie("sssom:comment"), literal(one.comment)
