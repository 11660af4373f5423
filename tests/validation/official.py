"""The official ELM 3.1 shapes beside pyshacl: inputs, faults, and the list of known differences."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from qcp_graph.namespaces import expand
from qcp_graph.terms import Triple, curie, iri, literal, parts
from qcp_graph.validation import ReferenceGraph, Result
from tests.validation.records import LANGUAGES, A
from tests.validation.w3c import blank

XSD = expand("xsd:")

# Values that pyshacl (rdflib's datatypes) judges otherwise than the standard: the lexical form, the
# datatype, and the clause that says so. Everything else must be the same.
DIFFERENT: dict[tuple[str, str], str] = {
    ("2024-05-01T24:00:00", "dateTime"): (
        "XML Schema 1.1 part 2 §3.3.7.2, endOfDayFrag: 24:00:00 is the end of the day; "
        "Python's datetime, which rdflib asks, does not know it"
    ),
    ("-0044-03-15T00:00:00Z", "dateTime"): (
        "XML Schema 1.1 part 2 §3.3.7.1: years may be negative; Python's begin at 1"
    ),
    ("2024-05-01", "dateTime"): (
        "XML Schema 1.1 part 2 §3.3.7.2: a dateTime has a time; rdflib takes a date for midnight"
    ),
}
# On these both agree, though other engines do not (evidence of 2026: anyURI, impossible dates).
AGREED = [
    ("not a uri %", "anyURI"),
    ("2024-02-31T00:00:00Z", "dateTime"),
    ("2023-02-29T00:00:00", "dateTime"),
    ("2024-13-01T00:00:00Z", "dateTime"),
    ("yesterday", "dateTime"),
    ("P12M", "duration"),
    ("PT60M", "duration"),
    ("P1X", "duration"),
    ("007", "integer"),
    ("1.50", "decimal"),
    ("maybe", "boolean"),
    ("1", "boolean"),
]


def files(shared: Path) -> list[Path]:
    """Return LOQ and LOQ-mdr, untouched."""
    folder = shared / "reference/elm/ap/loq"
    return [folder / "LOQ-constraints.ttl", folder / "LOQ-constraints-mdr.ttl"]


Row = tuple[str, ...]


def rows(results: Iterable[Result]) -> Counter[Row]:
    """Count results as they are compared: by all of the key, where blank nodes are all the same."""
    return Counter(tuple(blank(term) for term in result.key) for result in results)


def unexpected(found: Counter[Row], judged: Counter[Row]) -> list[Row]:
    """Return the rows that only one of two reports has, without the known differences."""
    return sorted(row for row in (found - judged) + (judged - found) if not known(row))


def known(row: Row) -> bool:
    """Tell whether a difference is on the list: ill-formed for one of the two only."""
    _, _, value, component, _, _ = row
    if component != curie("sh:DatatypeConstraintComponent") or value[:1] != '"':
        return False
    text, _, datatype = parts(value)
    return (text, datatype.removeprefix(XSD)) in DIFFERENT


def typed(text: str, kind: str) -> str:
    """Return a literal of an XSD datatype."""
    return literal(text, datatype=XSD + kind)


ODD = [
    *(typed(*pair) for pair in AGREED),
    *(typed(*pair) for pair in DIFFERENT),
    literal("x"),
    literal("x", language="fr"),
    literal("x", language="en-gb"),
    literal(""),
    typed("x", "string"),
    "_:somebody",
    iri("http://data.europa.eu/snb/eqf/3"),
    iri(f"{LANGUAGES}/FRA"),
    iri("mailto:a@example.org"),
    iri("http://example.org/nowhere"),
]
PREDICATES = [
    curie(name)
    for name in (
        "rdf:type", "rdfs:label", "dcterms:title", "dcterms:type", "dcterms:language",
        "dcterms:modified", "dcterms:issued", "elm:EQFLevel", "elm:ISCEDFCode", "elm:status",
        "elm:hasPart", "elm:learningSetting", "elm:maximumDuration", "elm:contentUrl", "elm:point",
        "elm:accreditation", "elm:supplementaryDocument", "elm:entitlesTo", "elm:countryCode",
        "elm:emailAddress", "elm:learningOutcome", "skos:inScheme", "skos:notation",
    )
]  # fmt: skip
CLASSES = [
    curie(f"elm:{name}")
    for name in (
        "Qualification", "LearningOutcome", "Organisation", "WebResource", "Note", "Identifier",
        "Accreditation", "LearningEntitlementSpecification", "ContactPoint", "Mailbox",
        "LearningAchievementSpecification", "CreditPoint", "LegalIdentifier", "Amount",
    )
] + [curie("skos:Concept"), curie("dcterms:Location")]  # fmt: skip


def damage(triples: Sequence[Triple], seed: int, share: float = 0.1) -> list[Triple]:
    """Damage a share of the triples, in eight ways, with values that engines quarrel about."""
    dice = random.Random(seed)
    nodes = sorted({s for s, _, _ in triples})
    out: list[Triple] = []
    for s, p, o in triples:
        if dice.random() >= share:
            out.append((s, p, o))
            continue
        kind = dice.randrange(8)
        if kind in (1, 4):
            out.append((s, p, o))
        if kind in (1, 2):
            out.append((s, p, dice.choice(ODD)))
        elif kind == 3:
            out.append((s, dice.choice(PREDICATES), o))
        elif kind == 4:
            out.append((s, dice.choice(PREDICATES), dice.choice([*nodes, *ODD])))
        elif kind == 5:
            out.append((dice.choice(nodes), p, o))
        elif kind == 6:
            out.append((s, A, dice.choice(CLASSES)))
        elif kind == 7:
            out.append((s, p, dice.choice(nodes)))
    return [t for t in out if not (t[1] == A and t[2][0] == '"')]


def _without(name: str) -> Callable[[list[Triple]], list[Triple]]:
    return lambda record: [t for t in record if t[1] != curie(name)]


def _with(name: str, *values: str) -> Callable[[list[Triple]], list[Triple]]:
    def seed(record: list[Triple]) -> list[Triple]:
        return [*record, *((record[0][0], curie(name), value) for value in values)]

    return seed


FAULTS: dict[str, Callable[[list[Triple]], list[Triple]]] = {
    "no title": _without("dcterms:title"),
    "two levels": _with("elm:EQFLevel", iri("http://data.europa.eu/snb/eqf/1"), iri("http://x/9")),
    "language twice": _with("dcterms:title", literal("Autre", language="fr")),
    "not allowed": _with("rdfs:label", literal("label", language="en")),
    "ill-formed": _with("dcterms:modified", typed("2024-02-31T00:00:00Z", "dateTime")),
    "foreign": _with("elm:learningSetting", iri("http://data.europa.eu/snb/eqf/3"), '"formal"'),
}


def faulty(record: list[Triple], number: int) -> list[Triple]:
    """Return every third record with one of the six faults."""
    if number % 3:
        return record
    return list(FAULTS.values())[number // 3 % len(FAULTS)](record)


def mentioned(triples: Iterable[Triple], known_triples: Iterable[Triple]) -> ReferenceGraph:
    """Return the part of a vocabulary that some data speaks of, with its schemes."""
    subjects: dict[str, list[Triple]] = {}
    for triple in known_triples:
        subjects.setdefault(triple[0], []).append(triple)
    wanted = {o for _, _, o in triples if o in subjects}
    wanted |= {o for s in wanted for _, p, o in subjects[s] if re.search("inScheme", p)}
    return ReferenceGraph.from_triples(t for s in sorted(wanted) for t in subjects.get(s, ()))
