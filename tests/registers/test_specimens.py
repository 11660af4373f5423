"""The specimen registers: their counts, their warts and what they must have to show.

Specimens are their own golden input: what is counted here was reviewed by eye, and the README
beside each file lists the same warts.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from qcp_graph import linking, sources
from qcp_graph.pipeline import preview
from qcp_graph.pipeline.preview import Preview
from qcp_graph.settings import Settings
from qcp_graph.terms import RDF_TYPE, Quad, curie, iri_of, parts

DATA = Path(__file__).resolve().parents[2] / "data"
SPECIMENS = sorted(key for key, source in sources.scan(None).items() if source.specimen)

# register: published, quarantined, rejected, accepted links, suggested links
COUNTS = {
    "at-berufe-specimen": (27, 1, 2, 89, 16),
    "be-formation-specimen": (26, 1, 2, 88, 25),
    "fi-eperusteet-specimen": (9, 1, 1, 69, 2),
    "fr-rncp-specimen": (9, 1, 1, 53, 9),
    "ie-micro-specimen": (40, 3, 1, 69, 15),
    "ke-tvet-specimen": (30, 1, 3, 58, 25),
    "mz-qualificacoes-specimen": (27, 0, 2, 0, 0),
    "pt-catalogo-specimen": (26, 1, 2, 0, 0),
}
# register: record (or "" where it has no key) → codes of its problems, apart from what it lacks
WARTS = {
    "at-berufe-specimen": {
        "": {"QCP-MAP-KEY"},
        "AT-X-0998": {"QCP-VAL-VOLUME-ZERO"},
        "AT-X-0999": {"QCP-MAP-CODE"},
    },
    "be-formation-specimen": {
        "BE-X-0001": {"QCP-MAP-CODE"},
        "BE-X-0002": {"QCP-MAP-REQUIRED"},
        "BE-X-0003": {"QCP-VAL-DATE-ORDER"},
    },
    "fi-eperusteet-specimen": {
        "9901": {"QCP-MAP-REQUIRED"},
        "9902": {"QCP-VAL-DATE-ORDER"},
    },
    "fr-rncp-specimen": {
        "RNCP990305": {"QCP-MAP-CODE"},
        "RNCP990306": {"QCP-MAP-REQUIRED"},
        "RNCP990307": {"QCP-VAL-DATE-ORDER"},
    },
    "ie-micro-specimen": {
        "": {"QCP-SRC-RECORD"},
        "MC-2300": {"QCP-VAL-NO-TITLE"},
        "MC-2301": {"QCP-MAP-VALUE", "QCP-VAL-NO-ADDRESS"},
        "MC-2302": {"QCP-VAL-CREDIT-FORM"},
    },
    "ke-tvet-specimen": {
        "KE-VM-0401": {"QCP-MAP-DUPLICATE"},
        "KE-XX-0901": {"QCP-MAP-REQUIRED"},
        "KE-XX-0902": {"QCP-MAP-CODE"},
        "KE-XX-0903": {"QCP-MAP-VALUE"},
        "KE-XX-0904": {"QCP-VAL-DATE-ORDER"},
    },
    "mz-qualificacoes-specimen": {
        "QP-CON-205": {"QCP-MAP-DUPLICATE"},
        "QP-XXX-901": {"QCP-MAP-CODE"},
        "QP-XXX-902": {"QCP-MAP-VALUE"},
    },
    "pt-catalogo-specimen": {
        "999-901": {"QCP-MAP-CODE"},
        "999-902": {"QCP-VAL-DATE-ORDER"},
        "999-903": {"QCP-MAP-REQUIRED"},
    },
}


# What these registers do not publish; specimens in their form do not, either.
SILENT = {"elm:ISCEDFCode", "elm:limitOccupation", "elm:mode", "elm:accreditingAgent"}
ABSENT = {
    "fi-eperusteet-specimen": SILENT
    | {"elm:expiryDate", "elm:awardingBody", "dcterms:isReplacedBy"},
    "fr-rncp-specimen": SILENT | {"elm:expiryDate", "elm:creditPoint"},
    "mz-qualificacoes-specimen": {"elm:creditPoint"},  # a system without known hours: a note
}


@cache
def mapped(source_id: str) -> Preview:
    """Return a specimen register, worked on once for all tests."""
    with tempfile.TemporaryDirectory(prefix="qcp-home-") as home:
        settings = Settings(home=Path(home))
        return preview.run(settings, source_id, str(DATA / "specimen" / source_id))


def quads(source_id: str) -> Iterator[Quad]:
    for row in mapped(source_id).rows:
        if row.public:
            yield from row.quads
            yield from row.shared


def objects(source_id: str, predicate: str) -> list[str]:
    return [o for _, p, o, _ in quads(source_id) if p == curie(predicate)]


def test_every_specimen_is_listed_here() -> None:
    assert sorted(COUNTS) == sorted(WARTS) == SPECIMENS
    assert sorted(p.name for p in (DATA / "specimen").iterdir() if p.is_dir()) == SPECIMENS
    assert sum(sum(counts[:3]) for counts in COUNTS.values()) >= 190


@pytest.mark.parametrize("source_id", SPECIMENS)
def test_the_fate_of_every_record(source_id: str) -> None:
    counts = mapped(source_id).report.counts
    accepted = objects(source_id, "qcp:linkStatus").count(curie("qcp:Accepted"))
    suggested = objects(source_id, "qcp:linkStatus").count(curie("qcp:Suggested"))
    assert (
        counts.published, counts.quarantined, counts.rejected, accepted, suggested
    ) == COUNTS[source_id]  # fmt: skip
    assert counts.balanced()


@pytest.mark.parametrize("source_id", SPECIMENS)
def test_only_the_intended_problems_and_no_field_unmapped(source_id: str) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for row in mapped(source_id).rows:
        for issue in row.issues:
            if not issue.code.startswith("QCP-VAL-LACKS-"):
                found[issue.record].add(issue.code)
    assert dict(found) == WARTS[source_id]
    assert mapped(source_id).report.notes == ()


@pytest.mark.parametrize("source_id", SPECIMENS)
def test_readme_and_titles_say_that_all_is_invented(source_id: str) -> None:
    source = sources.get(source_id, None)
    assert "specimen" in source.title["en"]
    assert "invented" in source.owner.name or "(" in source.owner.name
    readme = (DATA / "specimen" / source_id / "README.md").read_text("utf-8")
    assert "invented data" in readme
    assert all(key in readme for key in WARTS[source_id] if key)


@pytest.mark.parametrize("source_id", SPECIMENS)
def test_every_page_and_comparison_has_something_to_show(source_id: str) -> None:
    wanted = {
        "elm:NQFLevel", "elm:ISCEDFCode", "elm:creditPoint", "elm:learningOutcome",
        "elm:hasPart", "elm:entryRequirement", "elm:entitlesTo", "elm:limitOccupation",
        "elm:mode", "elm:accreditingAgent", "elm:expiryDate", "elm:awardingBody",
        "elm:countryCode", "qcp:status", "qcp:validFrom", "qcp:validUntil",
        "dcterms:isReplacedBy",
    }  # fmt: skip
    used = {p for _, p, _, _ in quads(source_id)}
    # A field of education may be computed where the register has none.
    assert {name for name in wanted if curie(name) not in used} <= ABSENT.get(source_id, set())


@pytest.mark.parametrize("source_id", SPECIMENS)
def test_successors_and_parts_exist(source_id: str) -> None:
    known = {
        s for s, p, o, _ in quads(source_id) if (p, o) == (RDF_TYPE, curie("elm:Qualification"))
    }
    for predicate in ("dcterms:isReplacedBy", "elm:hasPart", "elm:isPartOf"):
        assert set(objects(source_id, predicate)) <= known


@pytest.mark.parametrize("source_id", SPECIMENS)
def test_a_record_has_between_one_and_twelve_outcomes(source_id: str) -> None:
    outcomes: dict[str, set[str]] = defaultdict(set)
    for s, p, o, _ in quads(source_id):
        if p == curie("elm:learningOutcome"):
            outcomes[s].add(o)
    assert all(1 <= len(found) <= 12 for found in outcomes.values())
    assert len(set().union(*outcomes.values())) > 60


def test_accepted_links_say_what_the_outcome_says() -> None:
    """What is accepted equals a label, but for capital letters and articles."""

    def plain(text: str) -> str:
        return " ".join(word for word in text.casefold().split() if word != "the")

    known = {
        (iri_of(s), plain(parts(o)[0]))
        for s, p, o in linking.load_extract(None)[0]
        if p in {curie("skos:prefLabel"), curie("skos:altLabel")}
    }
    titles: dict[str, list[str]] = defaultdict(list)
    linked = []
    for source_id in SPECIMENS:
        for s, p, o, _ in quads(source_id):
            if p == curie("dcterms:title"):
                titles[s].append(plain(parts(o)[0]))
            elif p == curie("elm:relatedESCOSkill"):
                linked.append((s, iri_of(o)))
    assert len(linked) > 250
    assert all(any((skill, title) in known for title in titles[s]) for s, skill in linked)


def test_the_same_skill_is_taught_in_several_countries() -> None:
    countries: dict[str, set[str]] = defaultdict(set)
    for source_id in SPECIMENS:
        for skill in objects(source_id, "elm:relatedESCOSkill"):
            countries[skill].add(source_id[:2])
    assert sum(len(found) >= 2 for found in countries.values()) >= 60
    assert sum(len(found) >= 4 for found in countries.values()) >= 3


def test_the_extract_of_esco_is_small_and_without_sentences() -> None:
    triples, version = linking.load_extract(None)
    assert version == "1.1.1"
    assert (DATA / "esco" / "skills-extract.ttl").stat().st_size < 400_000
    assert not {p for _, p, _ in triples} & {curie("dcterms:description"), curie("skos:definition")}
    skills = {s for s, p, o in triples if (p, o) == (RDF_TYPE, curie("esco:Skill"))}
    known = {s for s, p, _ in triples if p == RDF_TYPE}
    assert 250 <= len(skills) <= 400
    for name in ("skos:broader", "esco:relatedEssentialSkill", "esco:relatedOptionalSkill"):
        assert {o for _, p, o in triples if p == curie(name)} <= known


def test_occupations_of_the_specimens_have_names() -> None:
    named = {s for s, p, _ in linking.load_extract(None)[0] if p == curie("skos:prefLabel")}
    for source_id in SPECIMENS:
        assert set(objects(source_id, "elm:limitOccupation")) <= named
