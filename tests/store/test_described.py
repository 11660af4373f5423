"""Descriptions made ahead are those that the graph gives."""

from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph.namespaces import expand
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.pipeline.releases import folder
from qcp_graph.settings import Settings
from qcp_graph.store import Descriptions, described

BASE = "https://example.org/"
TYPE, TITLE = ox.NamedNode(expand("rdf:type")), ox.NamedNode(expand("dcterms:title"))
KIND, GRAPH = ox.NamedNode(expand("elm:Qualification")), ox.NamedNode(f"{BASE}graph/x/data")
SPECIMEN = "ie-micro-specimen"


def iri(key: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/qualification/xx/demo/{key}")


def graph(titles: dict[str, str]) -> ox.Store:
    store = ox.Store()
    for key, title in titles.items():
        store.add(ox.Quad(iri(key), TYPE, KIND, GRAPH))
        store.add(ox.Quad(iri(key), TYPE, KIND, ox.NamedNode(f"{BASE}graph/other")))
        store.add(ox.Quad(iri(key), TITLE, ox.Literal(title, language="en"), GRAPH))
    return store


def read(path: Path) -> dict[str, set[ox.Triple]]:
    with closing(Descriptions(path)) as opened:
        keys = ("1", "2", "3", "9")
        found = {key: opened.turtle(iri(key).value) for key in keys}
    return {
        key: {quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)}
        for key, text in found.items()
        if text is not None
    }


def test_what_stands_in_several_graphs_is_said_once(tmp_path: Path) -> None:
    store = graph({"1": "One", "2": 'Two "and" more\n'})
    store.add(ox.Quad(ox.NamedNode("https://elsewhere.example/1"), TYPE, KIND, GRAPH))
    store.add(ox.Quad(ox.BlankNode(), TYPE, KIND, GRAPH))
    assert described.write(tmp_path / "d", store, BASE) == 2
    assert read(tmp_path / "d") == {
        key: {quad.triple for quad in store.quads_for_pattern(iri(key), None, None, None)}
        for key in ("1", "2")
    }


def test_the_unchanged_are_taken_over(tmp_path: Path) -> None:
    described.write(tmp_path / "old", graph({"1": "One", "2": "Two", "9": "Gone"}), BASE)
    new = graph({"1": "Not asked again", "2": "Changed", "3": "Three"})
    described.write(tmp_path / "new", new, BASE, tmp_path / "old", {iri("2").value})
    titles = {
        key: {str(t.object.value) for t in triples if t.predicate == TITLE}  # type: ignore[union-attr]
        for key, triples in read(tmp_path / "new").items()
    }
    assert titles == {"1": {"One"}, "2": {"Changed"}, "3": {"Three"}}
    described.write(tmp_path / "none", new, BASE, tmp_path / "missing")
    assert len(read(tmp_path / "none")) == 3


def test_enormous_ones_are_left_to_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(described, "_LONGEST", 500)
    store = graph({"1": "One", "2": "x" * 1_000})
    assert described.write(tmp_path / "d", store, BASE) == 1
    assert set(read(tmp_path / "d")) == {"1"}


def test_every_release_has_them_and_they_are_what_the_graph_says(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, base_iri=BASE)
    build(settings, Order(source_ids=("at-berufe-specimen",)), Silent())
    build(settings, Order(source_ids=(SPECIMEN,)), Silent())
    releases = folder(settings)
    live = releases.current()
    assert live is not None
    store = releases.open_store(live.id)
    subjects = {
        quad.subject.value
        for quad in store.quads_for_pattern(None, TYPE, KIND, None)
        if isinstance(quad.subject, ox.NamedNode)
    }
    path = releases.path(live.id) / described.NAME
    with closing(Descriptions(path)) as opened:
        for subject in subjects:
            text = opened.turtle(subject)
            assert text is not None
            found = {quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)}
            query = f"DESCRIBE <{subject}>"
            assert found == set(store.query(query, use_default_graph_as_union=True))  # type: ignore[arg-type]
    again = tmp_path / "again"
    described.write(again, store, BASE)
    assert again.read_bytes() == path.read_bytes()  # whether changed or made afresh
    del store
    assert described.NAME in live.files
