"""Documented queries: what their heads declare, and values that mean harm."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph.errors import InternalError, UsageError
from qcp_graph.saved_queries import SavedQuery, read, scan

BASE = "https://example.org/"
TEXT = """# title: Things
# description: What there is,
#   in one country.
# parameter: country country "The country."
# parameter: name text "A name."
# parameter: day date "A day."
# parameter: tongue language "A language."
# parameter: register register "A register."
# parameter: thing iri "A thing."
# parameter: level integer 1..8 "A level."
# parameter: limit integer 1..1000 "Most rows."
PREFIX country: <http://publications.europa.eu/resource/authority/country/>
SELECT * WHERE {
  VALUES ?country { country:FIN }
  VALUES ?name { "x" }
  VALUES ?day { "2020-01-01" }
  VALUES ?tongue { "fi" }
  VALUES ?register { <id/register/fi/x> }
  VALUES ?thing { country:FIN }
  VALUES ?level { 4 }
}
LIMIT 100
"""


@pytest.fixture
def query(tmp_path: Path) -> SavedQuery:
    path = tmp_path / "07-things.rq"
    path.write_text(TEXT)
    return read(path)


def answer(query: SavedQuery, **values: str) -> dict[str, str]:
    found = ox.Store().query(query.bind(values, BASE), base_iri=BASE)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return {name: value.value for name, value in zip(names, next(found), strict=True)}


def test_the_head_is_read(query: SavedQuery) -> None:
    assert (query.name, query.title) == ("things", "Things")
    assert query.description == "What there is, in one country."
    assert query.text.startswith("PREFIX")
    defaults = {parameter.name: parameter.default for parameter in query.parameters}
    assert defaults["country"] == "country:FIN"
    assert defaults["limit"] == "100"
    assert query.parameters[-1].range == (1, 1000)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("country", "pt", None),
        ("country", "prt", "http://publications.europa.eu/resource/authority/country/PRT"),
        ("country", "country:PRT", "http://publications.europa.eu/resource/authority/country/PRT"),
        ("country", "https://example.org/x", "https://example.org/x"),
        ("register", "fr-rncp", BASE + "id/register/fr/rncp"),
        ("register", "be-qdr-specimen", BASE + "id/register/be/qdr-specimen"),
        ("thing", "/id/qualification/fi/x/1", BASE + "id/qualification/fi/x/1"),
        ("thing", "elm:Qualification", "http://data.europa.eu/snb/model/elm/Qualification"),
        ("thing", "not an iri", None),
        ("thing", "https://x/> } DROP ALL #", None),
        ("level", "8", "8"),
        ("level", "08", "8"),
        ("level", "9", None),
        ("level", "٣", None),
        ("level", "4.0", None),
        ("day", "2024-02-29", "2024-02-29"),
        ("day", "2023-02-29", None),
        ("tongue", "pt-BR", "pt-br"),
        ("tongue", 'en"', None),
        (
            "name",
            'a "quoted" } \\ # name\n\\u0022 } LIMIT 1',
            'a "quoted" } \\ # name\n\\u0022 } LIMIT 1',
        ),
        ("name", "", ""),
        ("name", "x" * 1001, None),
        ("limit", "0", None),
        ("limit", "5; DROP ALL", None),
        ("unknown", "1", None),
    ],
)
def test_values_are_checked_and_escaped(
    query: SavedQuery, name: str, given: str, expected: str | None
) -> None:
    if expected is None:
        with pytest.raises(UsageError) as caught:
            query.bind({name: given}, BASE)
        assert caught.value.code == "QCP-QRY-PARAMETER"
        assert caught.value.remedy
    else:
        assert answer(query, **{name: given})[name] == expected


def test_values_are_not_looked_into_again(query: SavedQuery) -> None:
    found = answer(query, name="VALUES ?day { 1 } LIMIT 7", day="2024-01-01")
    assert found["day"] == "2024-01-01"
    assert found["name"] == "VALUES ?day { 1 } LIMIT 7"


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("VALUES ?level { 4 }", ""),
        lambda text: text.replace("VALUES ?level { 4 }", "VALUES ?level { 4 } VALUES ?level { 4 }"),
        lambda text: text.replace("level integer", "level number"),
        lambda text: text.replace('"A level."', "A level."),
    ],
)
def test_a_head_that_does_not_fit_is_named(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "broken.rq"
    path.write_text(damage(TEXT))  # type: ignore[operator]
    with pytest.raises(InternalError) as caught:
        read(path)
    assert str(path) in str(caught.value.where)


def test_those_of_a_workspace_win(tmp_path: Path) -> None:
    own = tmp_path / "sparql" / "examples"
    own.mkdir(parents=True)
    (own / "99-coverage-by-register.rq").write_text("# title: Ours\nASK {}")
    found = scan(tmp_path)
    assert found["coverage-by-register"].title == "Ours"
    assert len(found) == len(scan(None)) >= 20
