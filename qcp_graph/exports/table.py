"""A register as a table for people without RDF: a line per qualification, columns that stay."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from qcp_graph.cells import safe
from qcp_graph.exports.europass_values import Facts
from qcp_graph.exports.reading import Labels, Reading, first
from qcp_graph.terms import iri_of, is_iri_term, parts

_Line = Callable[[Reading, str], str]


def _all(read: Reading, subject: str, name: str) -> str:
    """Return all values of a property: IRIs whole, texts as they are."""
    return " ".join(
        iri_of(one) if is_iri_term(one) else parts(one)[0] for one in read.terms(subject, name)
    )


def _ends(name: str) -> _Line:
    """Return what gives the last segments of a property's IRIs: codes of official lists."""

    def line(read: Reading, subject: str) -> str:
        return " ".join(_end(one) for one in read.things(subject, name))

    return line


def _end(term: str) -> str:
    return iri_of(term).replace("#", "/").rpartition("/")[2]


def _names(name: str) -> _Line:
    def line(read: Reading, subject: str) -> str:
        return "; ".join(first(read.name(one)) or _end(one) for one in read.things(subject, name))

    return line


def _codes(read: Reading, subject: str) -> str:
    every = read.things(subject, "adms:identifier")
    return "; ".join(text for one in every if (text := read.text(one, "skos:notation")))


def _title(read: Reading, subject: str) -> str:
    return first(read.languages(subject, "dcterms:title"))


def _title_language(read: Reading, subject: str) -> str:
    texts = read.languages(subject, "dcterms:title")
    return "en" if "en" in texts else next(iter(texts), "")


def _other_titles(read: Reading, subject: str) -> str:
    texts, shown = read.languages(subject, "dcterms:title"), _title_language(read, subject)
    return "; ".join(f"{some[0]} ({name})" for name, some in texts.items() if name != shown)


def _bodies(read: Reading, subject: str) -> str:
    found = [
        first(read.name(body)) or iri_of(body)
        for award in read.things(subject, "elm:awardingOpportunity")
        for body in read.things(award, "elm:awardingBody")
    ]
    return "; ".join(dict.fromkeys(found))


def _credits(read: Reading, subject: str) -> str:
    return "; ".join(
        f"{read.text(one, 'elm:point')} {_system(read, one)}".strip()
        for one in read.things(subject, "elm:creditPoint")
    )


def _system(read: Reading, credit: str) -> str:
    every = read.things(credit, "elm:framework")
    return first(read.name(every[0])) if every else ""


def _homepage(read: Reading, subject: str) -> str:
    every = read.things(subject, "foaf:homepage")
    return read.text(every[0], "elm:contentUrl") if every else ""


def _outcomes(read: Reading, subject: str) -> str:
    return str(len(read.things(subject, "elm:learningOutcome")))


def _skills(read: Reading, subject: str) -> str:
    found = {
        iri_of(skill)
        for outcome in read.things(subject, "elm:learningOutcome")
        for skill in read.things(outcome, "elm:relatedESCOSkill")
    }
    return " ".join(sorted(found))


COLUMNS: Final[Mapping[str, _Line]] = {
    "iri": lambda _read, subject: iri_of(subject),
    "codes": _codes,
    "title": _title,
    "title_language": _title_language,
    "other_titles": _other_titles,
    "type": _names("dcterms:type"),
    "partial": lambda read, subject: _all(read, subject, "elm:isPartialQualification"),
    "part_of": lambda read, subject: _all(read, subject, "elm:isPartOf"),
    "country": _ends("qcp:country"),
    "status": _ends("qcp:status"),
    "eqf_level": _ends("elm:EQFLevel"),
    "national_level": _names("elm:NQFLevel"),
    "national_level_iri": lambda read, subject: _all(read, subject, "elm:NQFLevel"),
    "isced_f": _ends("elm:ISCEDFCode"),
    "isced_f_name": _names("elm:ISCEDFCode"),
    "credits": _credits,
    "workload": lambda read, subject: _all(read, subject, "elm:volumeOfLearning"),
    "languages": _ends("dcterms:language"),
    "awarding_bodies": _bodies,
    "publisher": _names("dcterms:publisher"),
    "outcomes": _outcomes,
    "esco_skills": _skills,
    "homepage": _homepage,
    "replaced_by": lambda read, subject: _all(read, subject, "dcterms:isReplacedBy"),
    "missing": _ends("qcp:lacks"),
    "source_record": lambda read, subject: _all(read, subject, "prov:wasDerivedFrom"),
}
"""Heading → what stands in the column; new columns come last, none is taken away."""


def rows(facts: Facts, labels: Labels) -> Iterator[Sequence[str]]:
    """Yield the lines of a record: its qualification and the parts of it, sorted by IRI.

    Cells are safe for spreadsheets: none begins like a formula.
    """
    read = Reading(facts, labels)
    for subject in facts:
        if read.is_a(subject, "elm:Qualification"):
            yield [safe(line(read, subject)) for line in COLUMNS.values()]
