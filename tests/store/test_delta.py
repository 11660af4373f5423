"""The rule of change: the old graph with the steps applied is the new graph, literals included."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcp_graph.store.delta import prefix, steps
from qcp_graph.store.dump import DumpWriter

XSD = "http://www.w3.org/2001/XMLSchema#"
# Forms that the store takes for one another, and neighbours in the sort order.
OBJECTS = [
    *(f'"{v}"^^<{XSD}decimal>' for v in ("1.5", "1.50", "01.5", "2", "2.0")),
    *(f'"{v}"^^<{XSD}duration>' for v in ("P12M", "P1Y", "PT60M", "PT1H")),
    *(f'"{v}"^^<{XSD}boolean>' for v in ("1", "true")),
    '"a"@en-gb', '"a"@en-GB', '"a"', '"not a number"^^<' + XSD + 'integer>', "<http://x/o>",
]  # fmt: skip
LINES = st.builds(
    "{} {} {} {} .\n".format,
    st.sampled_from(["<http://x/a>", "<http://x/a#b>", "<http://x/ab>", "<http://x/b>"]),
    st.sampled_from(["<http://x/p>", "<http://x/pp>", "<http://x/q>"]),
    st.sampled_from(OBJECTS),
    st.sampled_from(["<http://x/g1>", "<http://x/g2>"]),
).map(str.encode)


def dump(folder: Path, name: str, lines: set[bytes]) -> Path:
    writer = DumpWriter(folder / name, folder)
    writer.extend(lines)
    writer.finish()
    return folder / name


def graph(lines: set[bytes]) -> set[ox.Quad]:
    store = ox.Store()
    store.load(b"".join(lines), ox.RdfFormat.N_QUADS)
    return set(store)


@given(old=st.sets(LINES, max_size=40), new=st.sets(LINES, max_size=40), block=st.integers(1, 900))
def test_steps_turn_any_graph_into_any_other(
    tmp_path_factory: pytest.TempPathFactory, old: set[bytes], new: set[bytes], block: int
) -> None:
    folder = tmp_path_factory.mktemp("delta")
    found = list(steps(dump(folder, "old", old), dump(folder, "new", new), block))

    store = ox.Store()
    store.load(b"".join(old), ox.RdfFormat.N_QUADS)
    for step in found:
        for quad in ox.parse(b"\n".join(step.removed), ox.RdfFormat.N_QUADS):
            store.remove(quad)
        store.load(b"\n".join(step.added), ox.RdfFormat.N_QUADS)
    assert set(store) == graph(new)
    removed = [line + b"\n" for step in found for line in step.removed]
    assert sorted(removed) == sorted(old - new), "nothing but what went is removed"
    assert sum(step.fresh for step in found) == len(new - old)


def test_another_writing_of_a_value_survives_the_first_ones_removal(tmp_path: Path) -> None:
    said = [f'<http://x/a> <http://x/p> "{v}"^^<{XSD}decimal> <http://x/g> .\n'.encode()
            for v in ("1.5", "1.50")]  # fmt: skip
    old, new = dump(tmp_path, "old", set(said)), dump(tmp_path, "new", {said[1]})

    (step,) = steps(old, new)

    assert step.removed == [said[0].rstrip()]
    assert step.added == [said[1].rstrip()], "or the number would be gone from the graph"
    assert step.fresh == 0


def test_a_missing_dump_is_an_empty_one(tmp_path: Path) -> None:
    line = b"<http://x/a> <http://x/p> <http://x/o> <http://x/g> .\n"
    path = dump(tmp_path, "one", {line})
    assert [s.added for s in steps(None, path)] == [[line.rstrip()]]
    assert [s.removed for s in steps(path, tmp_path / "none")] == [[line.rstrip()]]
    assert list(steps(path, path)) == []


def test_the_prefix_of_a_line_is_its_subject_and_predicate() -> None:
    assert (
        prefix(b'<http://x/a> <http://x/p> "a b" <http://x/g> .') == b"<http://x/a> <http://x/p> "
    )
