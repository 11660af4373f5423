"""Each documented example query runs on a release and finds something."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph.server.pages.about import examples, read
from tests.server.pages import release

FOLDER = Path(__file__).resolve().parents[3] / "sparql" / "examples"
FILES = sorted(FOLDER.glob("*.rq"))


@pytest.fixture(scope="module")
def store() -> ox.Store:
    found = ox.Store()
    shared = f"""@base <{release.BASE}> . <graph/fr/demo/data> {{
      <id/qualification/fr/demo/R1> elm:learningOutcome <id/outcome/fr/demo/R1/1> .
      <id/outcome/fr/demo/R1/1> elm:relatedESCOSkill <{release.SKILL}> . }}"""
    release.fill(found, release.RDF, shared)
    return found


def test_there_are_examples() -> None:
    assert len(FILES) >= 6
    assert [e.name for e in examples(None)] == [path.stem for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_an_example_is_documented_and_finds_something(path: Path, store: ox.Store) -> None:
    example = read(path)
    assert example.title
    assert len(example.description) > 40
    solutions = store.query(example.text, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    assert next(solutions, None) is not None


def test_every_query_of_the_project_has_a_title() -> None:
    for path in FOLDER.parent.rglob("*.rq"):
        assert read(path).title, path
