import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcp_graph import terms
from qcp_graph.store import packing

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
QUADS = st.tuples(
    st.sampled_from(["<http://x/a>", "<http://x/a#b>", "<http://x/é>"]),
    st.sampled_from(["<http://x/p>", "<http://x/q>"]),
    TEXTS.map(lambda text: terms.literal(text, language="fr")) | st.just("<http://x/o>"),
    st.sampled_from(packing.ROLES),
)
ENDS = {role.encode(): f" <http://g/{role}> .\n".encode() for role in packing.ROLES}


@given(st.lists(QUADS, max_size=8))
def test_any_quads_come_back_as_a_sorted_set(quads: list[terms.Quad]) -> None:
    blob = packing.pack(quads)

    assert sorted(packing.unpack(blob)) == sorted(set(quads))
    assert packing.pack(list(reversed(quads))) == blob
    lines = {f"{terms.nquad(q, f'http://g/{q[3]}')}\n".encode() for q in quads}
    assert set(packing.nquads(blob, ENDS)) == lines
    assert len(list(packing.nquads(blob, ENDS))) == len(lines)


def test_no_quads_take_no_bytes() -> None:
    assert packing.pack(()) == b""
    assert not packing.Packed(b"")
    assert list(packing.Packed(b"")) == []


def test_packed_quads_behave_as_the_sequence_they_hold() -> None:
    quads = (("<http://x/a>", "<http://x/p>", '"1"', "data"),)
    packed = packing.Packed(packing.pack(quads))

    assert packed == quads
    assert packed == packing.Packed(packing.pack(quads))
    assert packed != packing.Packed(b"")
    assert (packed[0], len(packed), packed[:1]) == (quads[0], 1, quads)
    assert hash(packed) == hash(packing.Packed(packed.blob))
    assert packing.pack(packed) is packed.blob, "unchanged quads are not encoded again"


@pytest.mark.parametrize(
    "quad",
    [
        ("<http://x/a>", "<http://x/p>", '"two\nlines"', "data"),
        ("<http://x/a>", "<http://x/p>", '"two\rlines"', "data"),
        ("<http://x/a>", "<http://x/p>", '"x"', "secret"),
    ],
)
def test_what_could_corrupt_the_dump_is_refused(quad: terms.Quad) -> None:
    with pytest.raises(ValueError, match=r"line break|unknown role"):
        packing.pack([quad])
