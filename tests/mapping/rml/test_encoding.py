"""Parts of IRIs: every character, alone and among others, gives a valid IRI."""

import pyoxigraph as ox
import pytest

from qcp_graph.mapping.rml.encoding import encode_iri, encode_uri
from qcp_graph.terms import is_iri


@pytest.mark.parametrize("encode", [encode_iri, encode_uri])
def test_every_character_is_safe_inside_an_iri(encode: object) -> None:
    assert callable(encode)
    points = [*range(0x10000), *range(0x10000, 0x110000, 101), 0x1FFFE, 0x10FFFF, 0xE0001]
    for start in range(0, len(points), 64):
        text = "".join(map(chr, points[start : start + 64]))
        iri = f"http://ex.org/{encode(text)}"
        assert is_iri(iri)
        line = f"<{iri}> <http://ex.org/p> <{iri}> .\n".encode()
        assert len(list(ox.parse(line, format=ox.RdfFormat.N_TRIPLES))) == 1


def test_reserved_characters_are_encoded_and_letters_stay() -> None:
    assert encode_iri("a/b?c#d é 名\u200f") == "a%2Fb%3Fc%23d%20é%20名%E2%80%8F"
    assert encode_uri("é") == "%C3%A9"
