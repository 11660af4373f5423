"""The official LOQ and LOQ-mdr shapes: the same report as pyshacl's, source shapes included."""

from pathlib import Path

import pytest

from qcp_graph import vocabulary
from qcp_graph.errors import UsageError
from qcp_graph.terms import Triple, curie, term_of
from qcp_graph.validation import ReferenceGraph, compile_shapes, referee
from qcp_graph.validation.shapes_graph import read_turtle
from tests.conftest import REPOSITORY
from tests.validation import tabled
from tests.validation.official import (
    DIFFERENT,
    FAULTS,
    damage,
    faulty,
    files,
    known,
    mentioned,
    rows,
    typed,
    unexpected,
)
from tests.validation.records import record, reference_triples

PATCHES = sorted((REPOSITORY / "shapes/patches").glob("*.ttl"))
FAULT_PATCH, REGEX_PATCH = PATCHES[1], PATCHES[0]
GOLDEN = sorted((REPOSITORY / "tests/golden").glob("*/expected.nq"))
EXAMPLES = (
    "loq-sample", "loq-las-sample", "loq-sample-conformant", "loq-las-sample-conformant",
    "Sample-CertOfPart-unsigned", "Sample-MC-Annex1-unsigned", "minimal-qualification",
)  # fmt: skip
REFERENCE = ReferenceGraph.from_triples(reference_triples())
pytestmark = pytest.mark.shared


def compare(
    shared: Path, triples: list[Triple], reference: ReferenceGraph, patches: tuple[Path, ...] = ()
) -> int:
    """Judge with both engines; return how many results there were."""
    plan = compile_shapes(files(shared), patches)
    found = rows(plan.validate(triples, reference, complete=True))
    judged = rows(referee(files(shared), triples, reference, patches))
    assert unexpected(found, judged) == []
    return found.total()


@pytest.mark.parametrize("patches", [(), (FAULT_PATCH,), (FAULT_PATCH, REGEX_PATCH)], ids=len)
@pytest.mark.parametrize("name", EXAMPLES)
def test_official_samples(shared: Path, name: str, patches: tuple[Path, ...]) -> None:
    triples, _ = read_turtle(shared / f"reference/elm/examples/{name}.ttl")
    compare(shared, triples, ReferenceGraph({}), patches)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_real_registers(shared: Path, path: Path) -> None:
    """What the pipeline makes of each register, provenance included: closed shapes report it."""
    import pyoxigraph

    quads = pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.N_QUADS)
    triples = [(term_of(q.subject), term_of(q.predicate), term_of(q.object)) for q in quads]
    base = "https://w3id.org/qcp-graph/"
    reference = mentioned(triples, vocabulary.load(base, None).triples)
    compare(shared, triples, reference)


@pytest.mark.parametrize("seed", range(24))
def test_damaged_records(shared: Path, seed: int) -> None:
    triples = [t for n in range(6) for t in damage(record(n), seed * 100 + n)]
    assert compare(shared, triples, REFERENCE, (FAULT_PATCH,) if seed % 2 else ()) > 20


@pytest.mark.parametrize("seed", range(24, 30))
def test_damaged_samples(shared: Path, seed: int) -> None:
    """The Commission's sample has 2,000 triples, of classes that our records do not have."""
    triples, _ = read_turtle(shared / "reference/elm/examples/loq-las-sample-conformant.ttl")
    assert compare(shared, damage(triples, seed), ReferenceGraph({})) > 100


def test_seeded_faults(shared: Path) -> None:
    records = [faulty(record(n), n) for n in range(3 * len(FAULTS))]
    plan = compile_shapes(files(shared))
    for number, triples in enumerate(records):
        assert bool(plan.validate(triples, REFERENCE)) == (number % 3 == 0), number
    assert compare(shared, [t for triples in records for t in triples], REFERENCE) > len(FAULTS)


@pytest.mark.parametrize("pair", sorted(DIFFERENT), ids=str)
def test_known_differences_are_differences(shared: Path, pair: tuple[str, str]) -> None:
    """The list holds nothing that both engines judge alike, and each has its clause."""
    triples = [*record(1), (record(1)[0][0], curie("dcterms:modified"), typed(*pair))]
    found = rows(compile_shapes(files(shared)).validate(triples, REFERENCE))
    judged = rows(referee(files(shared), triples, REFERENCE))
    apart = (found - judged) + (judged - found)
    assert apart
    assert all(known(row) for row in apart)
    assert "§" in DIFFERENT[pair]


def test_both_forms_of_the_regular_expressions_judge_alike(shared: Path) -> None:
    plans = [compile_shapes(files(shared), patches) for patches in ((), (REGEX_PATCH,))]
    for seed in range(40):
        found = [plan.validate(damage(record(1), seed, 0.3), REFERENCE) for plan in plans]
        assert rows(found[0]) == rows(found[1])


def test_what_the_patches_make_satisfiable(shared: Path) -> None:
    """An accreditation with a status, and an entitlement, fail on the untouched files only."""
    node, status = "<http://x/e>", "<http://data.europa.eu/snb/entitlement-status/1>"
    scheme = "<http://data.europa.eu/snb/entitlement-status/25831c2>"
    kind = "<http://data.europa.eu/snb/entitlement/1>"
    triples = [
        (node, curie("rdf:type"), curie("elm:LearningEntitlementSpecification")),
        (node, curie("dcterms:title"), '"Exercice"@fr'),
        (node, curie("dcterms:type"), kind),
        (node, curie("elm:entitlementStatus"), status),
        *((c, curie("rdf:type"), curie("skos:Concept")) for c in (status, kind)),
        *((c, curie("skos:inScheme"), scheme) for c in (status, kind)),
        (scheme, curie("rdf:type"), curie("skos:ConceptScheme")),
    ]
    empty = ReferenceGraph({})
    assert compile_shapes(files(shared)).validate(triples, empty)
    assert compile_shapes(files(shared), [FAULT_PATCH]).validate(triples, empty) == []


def test_a_patch_that_does_not_fit(shared: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="QCP-VAL-PATCH"):
        compile_shapes(files(shared)[:1], [FAULT_PATCH])  # its shapes are in the other file
    empty = tmp_path / "empty.ttl"
    empty.write_text("")
    with pytest.raises(UsageError, match="no patch"):
        compile_shapes(files(shared), [empty])


def test_patches_change_the_fingerprint_and_travel(shared: Path) -> None:
    import pickle

    plain, patched = (compile_shapes(files(shared), p) for p in ((), (FAULT_PATCH,)))
    assert plain.fingerprint != patched.fingerprint
    assert pickle.loads(pickle.dumps(patched)).fingerprint == patched.fingerprint


OURS = {
    # The official files name these lists in words; their shapes do not ask for them.
    ("Accreditation", "elm:limitEQFLevel"), ("Accreditation", "elm:limitField"),
    ("LearningAssessmentSpecification", "dcterms:type"),
    ("LearningAssessmentSpecification", "elm:mode"),
    ("LearningEntitlementSpecification", "dcterms:type"),
    ("LearningOpportunity", "dcterms:type"), ("LearningOpportunity", "elm:learningSchedule"),
    ("LearningOpportunity", "elm:mode"), ("Qualification", "dcterms:type"),
    ("Qualification", "elm:mode"), ("Qualification", "elm:targetGroup"),
    # Further names of the same classes.
    ("org:Organization", "adms:identifier"), ("locn:Address", "adms:identifier"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "official", "patches", "ours"),
    [
        ("elm-loq", ("loq/LOQ-constraints", "loq/LOQ-constraints-mdr"), [FAULT_PATCH], OURS),
        ("elm-ams", ("ams/AMS-constraints",), [], set()),
    ],
)
def test_what_breaks_our_wording_breaks_the_official_one(
    shared: Path, name: str, official: tuple[str, ...], patches: list[Path],
    ours: set[tuple[str, str]],
) -> None:  # fmt: skip
    """Each constraint that we state is one of the official files, at the same property."""
    paths = [shared / f"reference/elm/ap/{one}.ttl" for one in official]
    plan = compile_shapes(paths, patches)
    results = plan.validate(tabled.data(name), ReferenceGraph({}), complete=True)
    broken = {(result.focus, result.path) for result in results}
    alone = {
        (row.kind, row.property)
        for row in tabled.rows(name)
        if (row.node, curie(row.property)) not in broken
    }
    assert alone == ours
