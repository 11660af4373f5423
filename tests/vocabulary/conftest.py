"""A small workspace to put broken vocabulary files into, and the loaded vocabulary."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from qcp_graph import vocabulary
from qcp_graph.vocabulary import Vocabulary

BASE = "https://example.org/"
PREFIXES = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix eqf: <http://data.europa.eu/snb/eqf/> .
@prefix qcp: <https://w3id.org/qcp-graph/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FRAMEWORK = """
<id/framework/xx-nqf> a skos:ConceptScheme, qcp:QualificationsFramework ;
    skos:prefLabel "Example"@en ; skos:notation "xx-nqf" .
<id/level/xx-nqf/1> a skos:Concept, qcp:Level ; skos:inScheme <id/framework/xx-nqf> ;
    skos:prefLabel "Erste"@de, "First"@en ; skos:notation "1" ; qcp:rank 1 .
"""
Write = Callable[..., Path]


@pytest.fixture(scope="session")
def loaded() -> Vocabulary:
    return vocabulary.load(BASE, today=date(2026, 11, 23))


@pytest.fixture
def workspace(tmp_path: Path) -> Write:
    """Return a function that writes a Turtle file into the frameworks of a workspace."""

    def write(text: str, name: str = "xx-nqf.ttl") -> Path:
        folder = tmp_path / "ontology" / "frameworks"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(PREFIXES + text, encoding="utf-8")
        return tmp_path

    return write
