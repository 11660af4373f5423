"""Record by record gives the report of the whole graph, however the graph is cut into pieces."""

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.terms import Triple, curie
from qcp_graph.validation import Judge, LineFile, ReferenceGraph, ShapePlan, TripleRecords
from qcp_graph.validation.plan import compile_shapes
from qcp_graph.validation.type_index import Described, TypeIndex
from tests.validation.official import damage, files
from tests.validation.records import core_profiles, record, reference_triples
from tests.validation.test_plan import EMPTY, TARGET, A, compiled, t

REFERENCE = ReferenceGraph.from_triples(reference_triples())
SUB = curie("rdfs:subClassOf")
DEEP = """
:S a sh:NodeShape ; sh:targetClass :C ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;
   sh:property [ sh:path :p ; sh:node :Inner ], [ sh:path :q ; sh:class :D ],
     [ sh:path ( :p :q ) ; sh:class :D ; sh:maxCount 2 ], [ sh:path [ sh:inversePath :p ] ;
       sh:maxCount 1 ; sh:property [ sh:path :q ; sh:minCount 1 ] ], [ sh:path :name ] .
:Inner sh:property [ sh:path :q ; sh:minCount 1 ; sh:qualifiedValueShape [ sh:class :D ;
   sh:property [ sh:path :name ; sh:minCount 1 ] ] ; sh:qualifiedMaxCount 1 ] .
:T a sh:NodeShape ; sh:targetNode :n1, :n99 ; sh:targetSubjectsOf :q ;
   sh:property [ sh:path :name ; sh:minCount 1 ; sh:equals :label ; sh:minCount 1 ] .
"""


def graph(seed: int) -> list[Triple]:
    """Return a small graph in which everything points at everything."""
    dice = random.Random(seed)
    nodes = [f"n{i}" for i in range(12)] + ["_:b1", "_:b2"]
    triples = [t(node, "a", dice.choice(["C", "C", "D", "E"])) for node in nodes]
    for _ in range(40):
        triples.append(t(dice.choice(nodes), dice.choice("pq"), dice.choice(nodes)))
    triples += [t(n, dice.choice(["name", "label"]), f'"{dice.choice("ab")}"') for n in nodes]
    if seed % 3 == 0:
        triples.append(t("E", SUB, "D"))
    if seed % 4 == 0:
        triples.append(t("E", SUB, "C"))
    return list(dict.fromkeys(triples))


def cut(triples: Sequence[Triple], seed: int, pieces: int) -> TripleRecords:
    """Cut a graph at random: even the triples of one subject may lie in several pieces."""
    dice = random.Random(seed)
    found: list[list[Triple]] = [[] for _ in range(pieces)]
    home = {s: dice.randrange(pieces) for s, _, _ in triples}
    for triple in triples:
        here = home[triple[0]] if dice.random() < 0.9 else dice.randrange(pieces)
        found[here].append(triple)
    return TripleRecords(found)


def same(
    plan: ShapePlan, triples: Sequence[Triple], records: TripleRecords, reference: ReferenceGraph
) -> int:
    """Compare both ways, with the number of focus nodes of each shape; return the results."""
    whole = Counter(r.key for r in plan.validate(triples, reference, complete=True))
    counts = Counter(plan.focus_counts)
    plan.focus_counts.clear()
    single = Counter(r.key for r in Judge(plan, records, reference).results())
    assert single - whole == Counter()
    assert whole - single == Counter()
    assert +plan.focus_counts == +counts
    return whole.total()


@pytest.mark.parametrize("seed", range(60))
def test_a_tangle_cut_at_random(tmp_path: Path, seed: int) -> None:
    plan, triples = compiled(tmp_path, DEEP), graph(seed)
    reference = EMPTY if seed % 2 else ReferenceGraph.from_triples(graph(seed + 1000)[:20])
    assert same(plan, triples, cut(triples, seed, 1 + seed % 7), reference) > 3


@pytest.mark.parametrize("seed", range(10))
def test_our_own_profiles(repository: Path, seed: int) -> None:
    plan = compile_shapes(core_profiles(repository))
    triples = _linked(seed)
    assert same(plan, triples, cut(triples, seed, 5), REFERENCE) > 10


@pytest.mark.shared
@pytest.mark.parametrize("seed", range(10))
def test_the_official_shapes(shared: Path, seed: int) -> None:
    plan, triples = compile_shapes(files(shared)), _linked(seed)
    assert same(plan, triples, cut(triples, seed, 5), REFERENCE) > 10


def _linked(seed: int) -> list[Triple]:
    """Return damaged records that are parts of each other and share an organisation."""
    records = [record(n) for n in range(6)]
    body = "<http://example.org/id/qualification/fr/demo/0#body>"
    for number, triples in enumerate(records):
        other = records[(number + 1) % len(records)][0][0]
        triples += [(triples[0][0], curie("elm:hasPart"), other)]
        award = triples[0][0][:-1] + "#award>"
        triples += [(award, curie("elm:awardingBody"), body), (body, A, curie("elm:Organisation"))]
        triples += [(body, curie("rov:legalName"), f'"Body {number % 2}"@fr')]
    return list(dict.fromkeys(x for n, r in enumerate(records) for x in damage(r, seed * 100 + n)))


def test_files_in_pieces_and_several_processes(tmp_path: Path, repository: Path) -> None:
    plan = compile_shapes([repository / "shapes" / "publication.ttl"])
    triples = _linked(3)
    path = tmp_path / "data.nt"
    path.write_text("".join(f"{s} {p} {o} .\n" for s, p, o in triples))
    whole = Counter(r.key for r in plan.validate(triples, REFERENCE))
    counts = Counter(plan.focus_counts)
    for jobs in (1, 2):
        plan.focus_counts.clear()
        judge = Judge(plan, LineFile(path, piece=700), REFERENCE, jobs)
        assert Counter(r.key for r in judge.results()) == whole
        assert +plan.focus_counts == +counts


def test_results_come_in_the_same_order_from_several_processes(tmp_path: Path) -> None:
    plan = compiled(tmp_path, TARGET + "sh:property [ sh:path :p ; sh:minCount 1 ] .")
    records = TripleRecords([[t(f"c{i}", "a", "C")] for i in range(50)])
    one, two = ([r.key for r in Judge(plan, records, EMPTY, jobs).results()] for jobs in (1, 3))
    assert one == two
    assert len(one) == 50


def test_what_only_a_whole_graph_can_be_judged_by(tmp_path: Path) -> None:
    records = TripleRecords([[t("c", "a", "C")]])
    for shapes in (
        TARGET + "sh:property [ sh:path [ sh:zeroOrMorePath :p ] ; sh:class :D ] .",
        TARGET + "sh:property [ sh:path [ sh:inversePath ( :p :q ) ] ; sh:class :D ] .",
        ":S a sh:NodeShape ; sh:targetObjectsOf :p ; sh:nodeKind sh:IRI .",
    ):
        with pytest.raises(UsageError, match="QCP-VAL-WHOLE-GRAPH"):
            list(Judge(compiled(tmp_path, shapes), records, EMPTY).results())


def test_lines_are_read_as_the_parser_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    path.write_text(
        '<http://x/a> <http://x/p> "x\\ny\\"z"@fr <http://x/g> .\n'
        '<http://x/a> <http://x/p> "caf\\u00e9\\t"^^<http://www.w3.org/2001/XMLSchema#string> .\n'
        "# a remark\n\n"
        "<http://x/b>\t<http://x/p>  _:b-1.x  <http://x/g>  .\n"
        '<http://x/c> <http://x/p> "x"@en-GB .'
    )
    found = [x for p in LineFile(path).pieces() for x in LineFile(path).triples(p)]
    assert found == [
        ("<http://x/a>", "<http://x/p>", '"x\\ny\\"z"@fr'),
        ("<http://x/a>", "<http://x/p>", '"café\t"'),
        ("<http://x/b>", "<http://x/p>", "_:b-1.x"),
        ("<http://x/c>", "<http://x/p>", '"x"@en-gb'),
    ]
    small = LineFile(path, piece=20)
    assert [x for p in small.pieces() for x in small.triples(p)] == found


@pytest.mark.parametrize(
    "line",
    [
        "<http://x/a> <http://x/p> .",
        'x <http://x/a> <http://x/p> "1" .',
        '<http://x/a> <http://x/p> "1" . <http://x/b> <http://x/p> "2" .',
        '<a> <http://x/p> "1" .',
        '<http://x/a b> <http://x/p> "1" .',
        '"x" <http://x/p> "1" .',
        '<http://x/a> <http://x/p> "1"1" .',
    ],
)
def test_bad_lines_are_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "data.nt"
    good = "".join(f'<http://x/s{i}> <http://x/p> "1" .\n' for i in range(100))
    path.write_text(good + line + "\n" + good)
    with pytest.raises(DataError, match="line 101"):
        _read(LineFile(path, piece=400))


def test_endless_subjects_and_broken_archives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qcp_graph.validation.lines.MAX_SUBJECT", 1000)
    path = tmp_path / "data.nt"
    path.write_text("".join(f'<http://x/s> <http://x/p> "{i}" .\n' for i in range(200)))
    with pytest.raises(DataError, match="QCP-VAL-SIZE"):
        _read(LineFile(path, piece=400))
    (tmp_path / "data.nt.gz").write_bytes(b"\x1f\x8b\x08 no archive")
    with pytest.raises(DataError, match="QCP-VAL-SYNTAX"):
        _read(LineFile(tmp_path / "data.nt.gz"))


def _read(file: LineFile) -> None:
    for piece in file.pieces():
        file.triples(piece)


def test_the_type_index() -> None:
    index = TypeIndex()
    kinds = [[f"<http://x/K{i % 5000}>"] for i in range(6000)]  # more sets than have a number
    index.add(Described.of((f"<http://x/{i}>", kinds[i]) for i in range(6000)))
    index.add(Described.of([("<http://x/7>", ["<http://x/L>"]), ("<http://x/none>", [])]))
    index.seal()
    assert len(index) == 6002
    assert all(index.types(f"<http://x/{i}>") == {*kinds[i]} for i in range(6000) if i != 7)
    assert index.types("<http://x/7>") == {"<http://x/K7>", "<http://x/L>"}
    assert index.types("<http://x/none>") == frozenset()
    assert index.types("<http://x/nobody>") is None
    assert len(index.shared) == 1
