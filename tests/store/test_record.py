"""The quick description of a record says what the query engine's own DESCRIBE says."""

import random

import pyoxigraph as ox
import pytest

from qcp_graph.store import record

XSD = "http://www.w3.org/2001/XMLSchema#"
ELM = "http://data.europa.eu/snb/model/elm/"
ODD = (
    'tab\tquote"line\nreturn\rback\\slash', "", " ", "<urn:x>", "_:b", "<< nothing >>",
    "a ; b .", "é 漢字 🙂 \u2028 \u0000 \x7f", "' \" ''' \"\"\"", "# no comment",
    "@prefix elm: <urn:y> .",
)  # fmt: skip
NUMBERS = (
    ("integer", "005"), ("integer", "-3"), ("decimal", "1.50"), ("double", "1e6"),
    ("double", "INF"), ("float", "NaN"), ("boolean", "true"), ("boolean", "1"),
    ("boolean", "maybe"), ("integer", "no number"), ("date", "2020-02-30"), ("duration", "PT700H"),
    ("string", "plain"), ("dateTime", "2020-01-01T00:00:00.000Z"), ("decimal", "5."),
)  # fmt: skip
IRIS = (
    *(ELM + name for name in ("Qualification", "", "a.b", "a%20b", "-x", "a-", "a:b", "a#b/c")),
    "urn:x", "http://www.w3.org/2001/XMLSchema#integer", "https://example.org/id/é", "x:",
    "http://data.europa.eu/snb/eqf/5", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
)  # fmt: skip


def _object(chance: random.Random) -> ox.Literal | ox.NamedNode:
    match chance.randrange(4):
        case 0:
            return ox.NamedNode(chance.choice(IRIS))
        case 1:
            name, text = chance.choice(NUMBERS)
            return ox.Literal(text, datatype=ox.NamedNode(XSD + name))
        case 2:
            return ox.Literal(chance.choice(ODD), language=chance.choice(("en", "pt-br", "ar")))
        case _:
            return ox.Literal(chance.choice(ODD))


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Two hundred subjects, their statements in several graphs, many in more than one."""
    chance, found = random.Random(6), ox.Store()
    for number in range(200):
        subject = ox.NamedNode(f"https://example.org/id/x/{number}")
        for _ in range(chance.randrange(1, 25)):
            predicate, value = ox.NamedNode(chance.choice(IRIS)), _object(chance)
            for graph in chance.sample(range(4), chance.randrange(1, 4)):
                found.add(ox.Quad(subject, predicate, value, ox.NamedNode(f"urn:g{graph}")))
    return found


def _described(store: ox.Store, iri: str) -> set[ox.Triple]:
    found = store.query(f"DESCRIBE <{iri}>", use_default_graph_as_union=True)
    assert isinstance(found, ox.QueryTriples)
    return set(found)


def _read(document: bytes | None) -> list[ox.Triple]:
    assert document is not None
    return [quad.triple for quad in ox.parse(document, ox.RdfFormat.TURTLE)]


@pytest.mark.parametrize("number", range(200))
def test_equal_to_the_description_of_the_engine(store: ox.Store, number: int) -> None:
    iri = f"https://example.org/id/x/{number}"
    found = _read(record.turtle(store, iri))
    assert len(found) == len(set(found)) > 0
    assert set(found) == _described(store, iri)


def test_of_what_is_unknown_nothing_is_said(store: ox.Store) -> None:
    assert record.turtle(store, "https://example.org/id/none") == b""


def test_known_namespaces_are_shortened_and_only_those_in_use_are_declared() -> None:
    store, subject = ox.Store(), ox.NamedNode("https://example.org/id/x")
    store.add(ox.Quad(subject, ox.NamedNode(f"{ELM}title"), ox.Literal("Baker", language="en")))
    assert record.turtle(store, subject.value) == (
        f'@prefix elm: <{ELM}> .\n<{subject.value}> elm:title "Baker"@en .\n'.encode()
    )


@pytest.mark.parametrize(
    "value",
    [
        ox.BlankNode("b"),
        ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c")),
    ],
)
def test_what_a_description_follows_further_is_left_to_the_engine(
    value: ox.BlankNode | ox.Triple,
) -> None:
    store, subject = ox.Store(), ox.NamedNode("https://example.org/id/x")
    store.add(ox.Quad(subject, ox.NamedNode("urn:p"), value, ox.NamedNode("urn:g")))
    assert record.turtle(store, subject.value) is None


def test_what_is_no_iri_is_refused(store: ox.Store) -> None:
    with pytest.raises(SyntaxError):
        record.turtle(store, "no iri")
