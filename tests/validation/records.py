"""Records for tests and benchmarks: ELM qualifications written here, and damage done to them."""

import random
from collections.abc import Sequence
from pathlib import Path

from qcp_graph.terms import Triple, curie, iri, literal

ISCEDF = "http://data.europa.eu/snb/isced-f/25831c2"
EQF = "http://data.europa.eu/snb/eqf/25831c2"
QDR = "http://data.europa.eu/snb/qdr/25831c2"
LANGUAGES = "http://publications.europa.eu/resource/authority/language"
COUNTRIES = "http://publications.europa.eu/resource/authority/country"
XSD = "http://www.w3.org/2001/XMLSchema#"
A = curie("rdf:type")


def core_profiles(repository: Path) -> list[Path]:
    """Return our shapes files that need no SPARQL: those for single records."""
    found = sorted((repository / "shapes").glob("*.ttl"))
    return [path for path in found if "sh:sparql" not in path.read_text(encoding="utf-8")]


def reference_triples() -> list[Triple]:
    """Return the vocabularies that the records point to."""
    concepts = {
        **{f"http://data.europa.eu/snb/eqf/{n}": EQF for n in range(1, 9)},
        **{f"http://data.europa.eu/snb/isced-f/{n:04}": ISCEDF for n in range(710, 730)},
        **{f"http://data.europa.eu/snb/qdr/c_{n}": QDR for n in range(1, 9)},
        f"{LANGUAGES}/FRA": LANGUAGES,
        f"{COUNTRIES}/FRA": COUNTRIES,
        "http://data.europa.eu/snb/education-credit/6fcec5c5af": "http://example.org/credits",
    }
    triples: list[Triple] = []
    for concept, scheme in concepts.items():
        node = iri(concept)
        triples += [
            (node, A, curie("skos:Concept")),
            (node, curie("skos:inScheme"), iri(scheme)),
            (iri(scheme), A, curie("skos:ConceptScheme")),
        ]
        if scheme in (EQF, QDR):
            triples.append((node, A, curie("qcp:Level")))
    return list(dict.fromkeys(triples))


def record(number: int) -> list[Triple]:
    """Return a qualification of 58 triples that breaks no rule of LOQ."""
    base = f"http://example.org/id/qualification/fr/demo/{number}"
    q = iri(base)
    level = number % 8 + 1
    triples: list[Triple] = []

    def say(subject: str, name: str, *values: str) -> None:
        triples.extend((subject, curie(name), value) for value in values)

    say(q, "rdf:type", curie("elm:Qualification"))
    say(q, "dcterms:title", literal(f"Boulanger {number}", language="fr"))
    say(q, "dcterms:title", literal(f"Baker {number}", language="en"))
    say(q, "dcterms:description", literal("Fait du pain et le vend.", language="fr"))
    say(q, "elm:EQFLevel", iri(f"http://data.europa.eu/snb/eqf/{level}"))
    say(q, "elm:NQFLevel", iri(f"http://data.europa.eu/snb/qdr/c_{level}"))
    say(q, "elm:ISCEDFCode", iri("http://data.europa.eu/snb/isced-f/0721"))
    say(q, "dcterms:language", iri(f"{LANGUAGES}/FRA"))
    say(q, "elm:volumeOfLearning", literal("PT1200H", datatype=f"{XSD}duration"))
    say(q, "elm:isPartialQualification", literal("false", datatype=f"{XSD}boolean"))
    _nodes(base, q, say)
    for n in range(1, 9):
        outcome = iri(f"http://example.org/id/outcome/fr/demo/{number}/{n}")
        say(q, "elm:learningOutcome", outcome)
        say(outcome, "rdf:type", curie("elm:LearningOutcome"))
        say(outcome, "dcterms:title", literal(f"Pétrir la pâte, étape {n}", language="fr"))
    return triples


def _nodes(base: str, q: str, say) -> None:  # type: ignore[no-untyped-def]
    code, home, credit = iri(f"{base}#id"), iri(f"{base}#home"), iri(f"{base}#credit")
    award, body, entry = iri(f"{base}#award"), iri(f"{base}#body"), iri(f"{base}#entry")
    say(q, "adms:identifier", code)
    say(code, "rdf:type", curie("elm:Identifier"))
    say(code, "skos:notation", literal("RNCP1"))
    say(q, "foaf:homepage", home)
    say(home, "rdf:type", curie("elm:WebResource"))
    say(home, "elm:contentUrl", literal("https://example.org/x", datatype=f"{XSD}anyURI"))
    say(q, "elm:creditPoint", credit)
    say(credit, "rdf:type", curie("elm:CreditPoint"))
    say(credit, "elm:framework", iri("http://data.europa.eu/snb/education-credit/6fcec5c5af"))
    say(credit, "elm:point", literal("60"))
    say(q, "elm:entryRequirement", entry)
    say(entry, "rdf:type", curie("elm:Note"))
    say(entry, "elm:noteLiteral", literal("Aucune.", language="fr"))
    say(q, "elm:awardingOpportunity", award)
    say(award, "rdf:type", curie("elm:AwardingOpportunity"))
    say(award, "elm:awardingBody", body)
    say(award, "elm:learningAchievementSpecification", q)
    say(body, "rdf:type", curie("elm:Organisation"))
    say(body, "rov:legalName", literal("Ministère", language="fr"))
    say(body, "elm:location", iri(f"{base}#location"))
    say(iri(f"{base}#location"), "rdf:type", curie("dcterms:Location"))
    say(iri(f"{base}#location"), "elm:address", iri(f"{base}#address"))
    say(iri(f"{base}#address"), "rdf:type", curie("elm:Address"))
    say(iri(f"{base}#address"), "elm:countryCode", iri(f"{COUNTRIES}/FRA"))


_ODD = [
    literal(""),
    literal("   ", language="fr"),
    literal("text"),
    literal("Titre", language="fr"),
    literal("Title", language="en-gb"),
    literal("P1X", datatype=f"{XSD}duration"),
    literal("-PT5H", datatype=f"{XSD}duration"),
    literal("PT0H", datatype=f"{XSD}duration"),
    literal("2024-13-01", datatype=f"{XSD}date"),
    literal("2024-05-01", datatype=f"{XSD}date"),
    literal("2019", datatype=f"{XSD}gYear"),
    literal("maybe", datatype=f"{XSD}boolean"),
    literal("3", datatype=f"{XSD}integer"),
    literal("0.5", datatype=f"{XSD}decimal"),
    literal("2.5", datatype=f"{XSD}decimal"),
    literal("ftp://example.org/a", datatype=f"{XSD}anyURI"),
    literal("example.org", datatype=f"{XSD}anyURI"),
    iri("http://data.europa.eu/snb/eqf/9"),
    iri("http://data.europa.eu/snb/isced-f/0711"),
    iri("http://data.europa.eu/snb/qdr/c_3"),
    iri("http://example.org/nowhere"),
]
_PREDICATES = [
    curie(name)
    for name in (
        "elm:EQFLevel", "elm:hasPart", "elm:isPartOf", "qcp:status", "qcp:validFrom",
        "qcp:validUntil", "dcterms:replaces", "dcterms:title", "skos:notation", "rdf:type",
    )
]  # fmt: skip


def mutate(triples: Sequence[Triple], seed: int, share: float = 0.1) -> list[Triple]:
    """Damage a share of the triples: removed, doubled, moved, with another value or predicate."""
    dice = random.Random(seed)
    subjects = sorted({s for s, _, _ in triples})
    out: list[Triple] = []
    for s, p, o in triples:
        if dice.random() >= share:
            out.append((s, p, o))
            continue
        match dice.randrange(5):
            case 0:
                continue
            case 1:
                out += [(s, p, o), (s, p, dice.choice(_ODD))]
            case 2:
                out.append((s, p, dice.choice(_ODD)))
            case 3:
                out.append((s, dice.choice(_PREDICATES), dice.choice([*subjects, *_ODD])))
            case _:
                out.append((dice.choice(subjects), p, o))
    return out
