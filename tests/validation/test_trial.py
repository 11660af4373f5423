"""Pieces judged by themselves, and which of them must be judged again."""

import random
from collections import Counter
from pathlib import Path

import pytest

from qcp_graph.terms import Triple
from qcp_graph.validation import Judge, ReferenceGraph, TripleRecords
from qcp_graph.validation.survey import Survey
from qcp_graph.validation.trial import SAMPLE
from tests.validation.test_plan import EMPTY, TARGET, compiled, t
from tests.validation.test_stream import SUB, same

LOOKS = (
    TARGET + "sh:property [ sh:path :p ; sh:node :Inner ], [ sh:path :q ; sh:class :D ],"
    " [ sh:path ( :p :q ) ; sh:maxCount 1 ], [ sh:path :name ; sh:minCount 1 ; sh:maxCount 1 ] ."
    " :Inner a sh:NodeShape ; sh:property [ sh:path :name ; sh:minCount 1 ] ."
)
PIECES = 40


def _pieces(seed: int, links: int) -> list[list[Triple]]:
    """Return pieces of which each speaks of itself, with some links to others."""
    dice = random.Random(seed)
    pieces = [
        [
            t(f"c{n}", "a", "C"),
            t(f"c{n}", "p", f"d{n}"),
            t(f"c{n}", "q", f"d{n}"),
            t(f"d{n}", "a", dice.choice("DE")),
            t(f"d{n}", "q", f"c{n}"),
            *(t(f"{kind}{n}", "name", '"x"') for kind in "cd" if dice.random() < 0.5),
        ]
        for n in range(PIECES)
    ]
    for _ in range(links):
        one, other = dice.randrange(SAMPLE, PIECES), dice.randrange(PIECES)
        pieces[one].append(
            dice.choice(
                [
                    t(f"c{one}", "p", f"d{other}"),  # looks into another's node
                    t(f"c{one}", "q", f"d{other}"),  # asks for its type
                    t(f"d{other}", "name", '"y"'),  # describes it, too
                    t(f"d{other}", "a", "D"),
                ]
            )
        )
    return pieces


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often nodes are collected from all pieces."""
    counted: Counter[str] = Counter()
    gather = Survey.gather

    def counting(*given: object) -> None:
        counted["gather"] += 1
        gather(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Survey, "gather", counting)
    return counted


def test_pieces_that_speak_of_themselves_are_read_once(
    tmp_path: Path, looks: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Counter[int] = Counter()
    triples = TripleRecords.triples

    def counting(self: TripleRecords, piece: list[Triple]) -> list[Triple]:
        read[id(piece)] += 1
        return triples(self, piece)

    monkeypatch.setattr(TripleRecords, "triples", counting)
    records = TripleRecords(_pieces(1, 0))
    whole = [triple for piece in records.records for triple in piece]
    assert same(compiled(tmp_path, LOOKS), whole, records, EMPTY) > PIECES / 2
    assert set(read.values()) == {1}
    assert not looks


@pytest.mark.parametrize("seed", range(12))
def test_pieces_with_links_are_judged_again(tmp_path: Path, seed: int, looks: Counter[str]) -> None:
    records = TripleRecords(_pieces(seed, 1 + seed * 2))
    whole = [triple for piece in records.records for triple in piece]
    assert same(compiled(tmp_path, LOOKS), whole, records, EMPTY) > PIECES / 2
    assert looks == {"gather": 1}


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_order_is_that_of_the_file(tmp_path: Path, jobs: int) -> None:
    plan = compiled(tmp_path, TARGET + "sh:property [ sh:path :q ; sh:class :D ] .")
    pieces = [[t(f"c{n:02}", "a", "C"), t(f"c{n:02}", "q", f"x{n}")] for n in range(PIECES)]
    pieces[20].append(t("x30", "a", "D"))
    found = [r.focus for r in Judge(plan, TripleRecords(pieces), EMPTY, jobs).results()]
    assert found == [t(f"c{n:02}", "a", "C")[0] for n in range(PIECES) if n != 30]


def test_a_class_defined_anywhere_matters_everywhere(tmp_path: Path) -> None:
    pieces = _pieces(2, 0)
    pieces[-1].append(t("E", SUB, "D"))
    whole = [triple for piece in pieces for triple in piece]
    plan = compiled(tmp_path, LOOKS)
    assert same(plan, whole, TripleRecords(pieces), EMPTY) < same(
        compiled(tmp_path, LOOKS),
        [x for x in whole if x[1] != SUB],
        TripleRecords(_pieces(2, 0)),
        EMPTY,
    )


def test_what_repeats_the_reference_graph_changes_nothing(
    tmp_path: Path, looks: Counter[str]
) -> None:
    """A file with its vocabulary behind the records is still read once."""
    words = [t("word", "a", "D"), t("word", "name", '"w"'), t("word", "q", "word")]
    reference = ReferenceGraph.from_triples(words)
    pieces = [[*piece, t(piece[0][0], "q", "word")] for piece in _pieces(3, 0)]
    for last in (words, words[:1]):
        records = TripleRecords([*pieces, last])
        whole = [triple for piece in records.records for triple in piece]
        assert same(compiled(tmp_path, LOOKS), whole, records, reference) > 10
        assert not looks
    for last in ([*words, t("word", "a", "C")], [t("word", "name", '"other"')]):
        records = TripleRecords([*pieces, words[:1], last])
        whole = [triple for piece in records.records for triple in piece]
        assert same(compiled(tmp_path, LOOKS), whole, records, reference) > 10
        assert looks.pop("gather") == 1
