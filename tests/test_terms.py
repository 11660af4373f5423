"""Terms and IRIs: whatever comes in, only valid N-Quads go out."""

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcp_graph import terms
from qcp_graph.errors import DataError, QcpError, UsageError
from qcp_graph.iris import Iris, encode

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
def test_every_text_survives_as_a_literal(text: str) -> None:
    line = f"<http://e.org/s> <http://e.org/p> {terms.literal(text, language='fr')} ."
    (triple,) = pyoxigraph.parse(line.encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    assert triple.object.value == text
    assert terms.parts(terms.literal(text, language="fr"))[0] == text


@given(TEXT)
def test_every_local_id_gives_an_iri_that_a_parser_accepts(text: str) -> None:
    iri = Iris("http://e.org/").entity("qualification", "xx-test", text)
    assert terms.is_iri(iri)
    pyoxigraph.NamedNode(iri)
    assert "/../" not in iri
    assert "/./" not in iri


@given(TEXT, TEXT)
def test_different_local_ids_give_different_iris(one: str, other: str) -> None:
    assert (encode(one) == encode(other)) == (one == other)


@given(st.text())
def test_is_iri_agrees_with_a_parser(text: str) -> None:
    value = f"http://e.org/{text}"
    if terms.is_iri(value):
        line = f"<{value}> <http://e.org/p> <{value}> ."
        (triple,) = pyoxigraph.parse(line.encode(), pyoxigraph.RdfFormat.N_TRIPLES)
        assert triple.subject.value == value


@pytest.mark.parametrize(
    "bad", ["", "a b", "http://e.org/ ", "http://e.org/%zz", "http://e/\ud800"]
)
def test_bad_iris_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="not an absolute IRI"):
        terms.iri(bad)


@pytest.mark.parametrize("language", ["e n", "français", "-", "en--gb", '"@en'])
def test_bad_language_tags_are_refused(language: str) -> None:
    with pytest.raises(ValueError, match="language tag"):
        terms.literal("x", language=language)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        terms.literal("\ud800")


@pytest.mark.parametrize("base", ["", "example.org/", "http://example.org", "http://exa mple/"])
def test_a_base_iri_must_be_absolute_and_end_in_a_slash(base: str) -> None:
    with pytest.raises(UsageError, match="QCP-SET-BASE"):
        Iris(base)


def test_errors_survive_the_way_between_processes() -> None:
    import pickle

    error = DataError("QCP-X-Y", "Bad.", where="a.csv", remedy="Mend it.")
    copy: QcpError = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy)) == (DataError, str(error))
