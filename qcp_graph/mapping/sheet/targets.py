"""What a field of a register can become, in words: the targets that a sheet offers.

Each stands for a property of ELM, or for a path to one through a node of its own (a note, an
awarding body). ``docs/data-model.md`` says how those nodes look in the graph.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "key", "filter", "text", "plain", "url", "date", "duration", "boolean", "concept", "level",
    "qualification", "any",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """A node of its own between the qualification and the value.

    ``group`` nodes take several fields (the name and the identifier of one awarding body);
    ``topic`` is the subject of a note; ``part`` where the identifier of the node begins.
    """

    name: str
    predicate: str
    type: str
    part: str
    group: bool = False
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing a field can become.

    ``node`` names the :class:`Node` that holds it, empty for the qualification itself; ``member``
    what it is of a group (``name``, ``identifier`` …); ``detail`` what the column Detail says.
    """

    name: str
    kind: Kind
    predicates: tuple[str, ...]
    cardinality: str
    meaning: str
    node: str = ""
    member: str = ""
    detail: str = ""
    provenance: bool = False


NODES: Final[Mapping[str, Node]] = {
    node.name: node
    for node in (
        Node("identifier", "adms:identifier", "elm:Identifier", "id"),
        Node("homepage", "foaf:homepage", "elm:WebResource", "home"),
        Node("document", "elm:supplementaryDocument", "elm:WebResource", "doc"),
        Node("entry", "elm:entryRequirement", "elm:Note", "note-entry",
             topic="topic:entry-requirements"),
        Node("summary", "elm:learningOutcomeSummary", "elm:Note", "note-outcomes",
             topic="topic:learning-outcomes"),
        Node("note", "elm:additionalNote", "elm:Note", "note"),
        Node("credit", "elm:creditPoint", "elm:CreditPoint", "credit"),
        Node("outcome", "elm:learningOutcome", "elm:LearningOutcome", "outcome", group=True),
        Node("assessment", "elm:provenBy", "elm:LearningAssessmentSpecification", "assessment",
             group=True),
        Node("unit", "elm:hasPart", "elm:Qualification", "unit", group=True),
        Node("body", "elm:awardingBody", "elm:Organisation", "body", group=True),
    )
}  # fmt: skip

_NAME = ("rov:legalName", "skos:prefLabel")
_SCHEME = "name of the numbering, such as QAN; left out: the name of the field"
_SYSTEM = "credit system: ects, or one of `qcp ontology` such as za-nqf (framework:credit/za-nqf)"
_FRAMEWORK = "framework of the levels, such as gb-rqf or fr-cncp (ontology/frameworks)"
_TOPIC = "what the note is about, such as funding; each gets its own note"

TARGETS: Final[tuple[Target, ...]] = (
    Target("record key", "key", (), "exactly 1", "Identifies the record over the years"),
    Target("record filter", "filter", (), "0..*", "Only records with one of some words are taken",
           detail="the words, separated by a semicolon"),
    Target("title", "text", ("dcterms:title",), "1..*, one per language",
           "Name of the qualification"),
    Target("other name", "text", ("skos:altLabel",), "0..*", "Short or former name"),
    Target("description", "text", ("dcterms:description",), "0..*, one per language",
           "What the qualification is, in sentences"),
    Target("identifier", "plain", ("skos:notation",), "0..*", "Code that the register prints",
           "identifier", detail=_SCHEME),
    Target("level", "level", ("elm:NQFLevel", "elm:EQFLevel"), "1..*",
           "Level in the national framework; the EQF level follows from dated referencing",
           detail=_FRAMEWORK),
    Target("EQF level", "concept", ("elm:EQFLevel",), "0..1",
           "EQF level where the register itself gives it: a number from 1 to 8"),
    Target("level as written", "plain", ("qcp:sourceLevel",), "0..*",
           "Level in the words of the register, where no framework has it", provenance=True),
    Target("field of education (ISCED-F)", "concept", ("elm:ISCEDFCode",), "1..*",
           "Field of ISCED-F 2013: a code of two to four digits, or a code list to iscedf:…"),
    Target("national field", "concept", ("elm:educationSubject",), "0..*",
           "Field in a national classification"),
    Target("category", "text", ("elm:category",), "0..*", "Free classification in words"),
    Target("kind of qualification", "concept", ("dcterms:type",), "0..*",
           "Kind from the EU list of learning opportunity types"),
    Target("partial qualification", "boolean", ("elm:isPartialQualification",), "0..1",
           "true for a part that is no full qualification"),
    Target("learning outcome", "text", ("dcterms:title",), "1..*",
           "One thing the holder knows or can do", "outcome", "name"),
    Target("learning outcome: description", "text", ("dcterms:description",), "0..*",
           "More words on an outcome", "outcome", "other"),
    Target("learning outcome: kind", "concept", ("dcterms:type",), "0..1",
           "Knowledge or skill, of the EU list", "outcome", "other"),
    Target("learning outcomes as one text", "text", ("elm:noteLiteral",), "0..1",
           "All outcomes where the register does not split them", "summary"),
    Target("entry requirement", "text", ("elm:noteLiteral",), "0..1",
           "What one needs before enrolling", "entry"),
    Target("note", "text", ("elm:noteLiteral",), "0..*", "Any further text", "note",
           detail=_TOPIC),
    Target("volume of learning", "duration", ("elm:volumeOfLearning",), "0..1",
           "Hours or years of learning, as a duration: duration_hours, duration(years)"),
    Target("longest duration", "duration", ("elm:maximumDuration",), "0..1",
           "Longest time allowed"),
    Target("credit points", "plain", ("elm:point",), "0..*", "Number of credits", "credit",
           detail=_SYSTEM),
    Target("mode", "concept", ("elm:mode",), "0..*", "Form of learning, of the EU list"),
    Target("learning setting", "concept", ("elm:learningSetting",), "0..1",
           "Formal or non-formal, of the EU list"),
    Target("target group", "concept", ("elm:targetGroup",), "0..*", "Whom it addresses"),
    Target("language", "concept", ("dcterms:language",), "0..*",
           "Language of learning: a code list to lang:FRA, lang:ENG …"),
    Target("assessment", "text", ("dcterms:title",), "0..*", "How it is assessed, in words",
           "assessment", "name"),
    Target("assessment: kind", "concept", ("dcterms:type",), "0..1", "Kind of the EU list",
           "assessment", "other"),
    Target("unit", "text", ("dcterms:title",), "0..*", "Name of a part of the qualification",
           "unit", "name"),
    Target("unit: identifier", "plain", ("skos:notation",), "0..1", "Code of a part", "unit",
           "identifier"),
    Target("unit: description", "text", ("dcterms:description",), "0..*", "Words on a part",
           "unit", "other"),
    Target("awarding body", "text", _NAME, "0..*", "Name of who awards the qualification",
           "body", "name"),
    Target("awarding body: identifier", "plain", ("skos:notation",), "0..1",
           "Its number in a register of organisations", "body", "identifier"),
    Target("awarding body: homepage", "url", ("elm:contentUrl",), "0..1", "Its web site",
           "body", "homepage"),
    Target("awarding body: country", "concept", ("elm:countryCode",), "0..1",
           "Its country: a code list to country:GBR …", "body", "country"),
    Target("homepage", "url", ("elm:contentUrl",), "0..*", "Web page about the qualification",
           "homepage"),
    Target("document", "url", ("elm:contentUrl",), "0..*", "Supplement or other document",
           "document"),
    Target("status", "concept", ("qcp:status",), "0..1",
           "A code list to qcp:Registered, qcp:Expired, qcp:Archived, qcp:Draft, qcp:Withdrawn",
           provenance=True),
    Target("valid from", "date", ("qcp:validFrom",), "0..1", "First day", provenance=True),
    Target("valid until", "date", ("qcp:validUntil",), "0..1", "Last day", provenance=True),
    Target("last day of award", "date", ("qcp:lastAwardDate",), "0..1",
           "Last day on which it is awarded", provenance=True),
    Target("last day of enrolment", "date", ("qcp:lastEnrolmentDate",), "0..1",
           "Last day on which learners may enrol", provenance=True),
    Target("day of decision", "date", ("qcp:decisionDate",), "0..1",
           "Day on which the authority decided", provenance=True),
    Target("first published", "date", ("dcterms:issued",), "0..1",
           "Day of first publication", provenance=True),
    Target("last changed", "date", ("dcterms:modified",), "0..1",
           "Day of the last change at the source", provenance=True),
    Target("replaces", "qualification", ("dcterms:replaces",), "0..*",
           "Key of an earlier qualification", provenance=True),
    Target("replaced by", "qualification", ("dcterms:isReplacedBy",), "0..*",
           "Key of a later qualification", provenance=True),
    Target("part of", "qualification", ("elm:isPartOf",), "0..*",
           "Key of the qualification that it is a part of"),
)  # fmt: skip

BY_NAME: Final[Mapping[str, Target]] = {target.name: target for target in TARGETS}
_FOLDED: Final = {" ".join(name.casefold().split()): name for name in BY_NAME}


def find(written: str) -> Target | None:
    """Return the target of a name (case and spaces do not matter), or of a property's own name.

    >>> find(" Valid  FROM").predicates, find("elm:status").kind, find("tytle")
    (('qcp:validFrom',), 'any', None)
    """
    name = _FOLDED.get(" ".join(written.casefold().split()))
    if name is not None:
        return BY_NAME[name]
    prefix, colon, local = written.strip().partition(":")
    if colon and prefix.isalnum() and local and not local.startswith((" ", "/")):
        return Target(written.strip(), "any", (written.strip(),), "", "a property of your own")
    return None


def nearest(written: str) -> str:
    """Return ``Did you mean 'title'?`` where a name is near, else where all names stand."""
    folded = " ".join(written.casefold().split())
    near = difflib.get_close_matches(folded, _FOLDED, n=1, cutoff=0.5)
    hint = f"Did you mean {_FOLDED[near[0]]!r}? " if near else ""
    return f"{hint}The sheet Targets lists all names."
