"""Who awards a qualification, what it takes and what it gives: the smaller facts of its page."""

from dataclasses import dataclass

from qcp_graph.server.pages.graph import Facts, Text
from qcp_graph.server.pages.names import Names, Reference, pick, safe_href


@dataclass(frozen=True, slots=True)
class Award:
    """An awarding body and the time in which it awards; the dates are lexical, or empty."""

    body: Reference
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Titled:
    """Something with a title and a type, for example an assessment."""

    title: Text
    type: Reference | None


@dataclass(frozen=True, slots=True)
class Right:
    """What a qualification entitles to, with the occupations it opens."""

    title: Text
    descriptions: tuple[Text, ...]
    occupations: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Accreditation:
    """A quality assurance decision with its agent and its dates (lexical, or empty)."""

    title: Text
    type: Reference | None
    agents: tuple[Reference, ...]
    issued: str
    expires: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note of the source with what it is about."""

    subject: Reference | None
    texts: tuple[Text, ...]


def awards(facts: Facts, names: Names) -> tuple[Award, ...]:
    """Return the awarding bodies with the time in which each awards."""
    found = []
    for node in facts.iris("elm:awardingOpportunity"):
        period = facts.iri_of("dcterms:temporal", node)
        start = facts.text("elm:startDate", period) if period else ""
        end = facts.text("elm:endDate", period) if period else ""
        bodies = facts.iris("elm:awardingBody", node)
        found += [Award(names.reference(body), start, end) for body in bodies]
    return tuple(sorted(set(found), key=lambda award: (award.body.name.text, award.body.iri)))


def titled(facts: Facts, names: Names, predicate: str) -> tuple[Titled, ...]:
    """Return things of the document that have a title and a type."""
    return tuple(
        Titled(_title(facts, names, node), _type(facts, names, node))
        for node in facts.iris(predicate)
    )


def rights(facts: Facts, names: Names) -> tuple[Right, ...]:
    """Return what the qualification entitles to."""
    return tuple(
        Right(
            _title(facts, names, node),
            tuple(facts.texts("dcterms:description", node)),
            names.references(facts.iris("elm:limitOccupation", node)),
        )
        for node in facts.iris("elm:entitlesTo")
    )


def accreditations(facts: Facts, names: Names) -> tuple[Accreditation, ...]:
    """Return the accreditations that the source states."""
    return tuple(
        Accreditation(
            _title(facts, names, node),
            _type(facts, names, node),
            names.references(facts.iris("elm:accreditingAgent", node)),
            facts.text("dcterms:issued", node),
            facts.text("elm:expiryDate", node),
        )
        for node in facts.iris("elm:accreditation")
    )


def notes_of(facts: Facts, predicate: str, tag: str) -> tuple[Text, ...]:
    """Return the texts of a note in the reader's language, or in all when it is in none."""
    texts = [
        text for node in facts.iris(predicate) for text in facts.texts("elm:noteLiteral", node)
    ]
    own = [text for text in texts if text.language.split("-")[0] == tag]
    return tuple(own or texts)


def notes(facts: Facts, names: Names) -> tuple[Note, ...]:
    """Return the further notes of the source."""
    found = []
    for node in facts.iris("elm:additionalNote"):
        subject = facts.iri_of("dcterms:subject", node)
        texts = tuple(facts.texts("elm:noteLiteral", node))
        found.append(Note(names.reference(subject) if subject else None, texts))
    return tuple(found)


def documents(facts: Facts) -> tuple[Reference, ...]:
    """Return home page and documents with safe addresses; unsafe ones are shown as text."""
    found = []
    for predicate in ("foaf:homepage", "elm:supplementaryDocument"):
        for node in facts.iris(predicate):
            for url in facts.texts("elm:contentUrl", node):
                titles = facts.texts("dcterms:title", node)
                name = titles[0] if titles else Text(url.text)
                href = safe_href(url.text)
                found.append(Reference(url.text, name, href, external=bool(href)))
    return tuple(dict.fromkeys(found))


def _title(facts: Facts, names: Names, node: str) -> Text:
    titles = facts.texts("dcterms:title", node) or names.all(node)
    return pick(titles, names.language)


def _type(facts: Facts, names: Names, node: str) -> Reference | None:
    iri = facts.iri_of("dcterms:type", node)
    return names.reference(iri) if iri else None
