"""A small register of our own, in a workspace, that tests change record by record."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qcp_graph.model.release import Manifest
from qcp_graph.pipeline.build import BuildResult, build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.pipeline.releases import folder
from qcp_graph.settings import Settings
from qcp_graph.store import ReleaseFolder

SOURCE = """
id: ee-mini
title: {en: Mini register}
country: EST
languages: [en]
owner: {name: Mini authority}
licence: {label: CC0, iri: "https://creativecommons.org/publicdomain/zero/1.0/"}
frequency: MONTHLY
minimum: 1
"""
MAPPING = """
sources:
  rows:
    access: "*.json"
    referenceFormulation: jsonpath
    iterator: $[*]
    key: $(id)
mappings:
  qualification:
    sources: rows
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - p: dcterms:title
        o: {value: $(title), language: en}
      - p: elm:learningOutcome
        o: {mapping: outcome}
      - p: elm:awardingOpportunity
        o: {mapping: award}
      - p: dcterms:isReplacedBy
        o: {value: "qualification:$(successor)", type: iri}
        graph: provenance
  outcome:
    foreach: outcomes
    subjects: outcome:$(^id)/$(@index)
    predicateobjects:
      - [a, elm:LearningOutcome]
      - p: dcterms:title
        o: {value: $(.), language: en}
  award:
    subjects: qualification:$(id)#award
    predicateobjects:
      - [a, elm:AwardingOpportunity]
      - p: elm:awardingBody
        o: {mapping: body}
  body:
    shared: true
    subjects: organisation:$(body)
    predicateobjects:
      - [a, elm:Organisation]
      - p: rov:legalName
        o: {value: "Body $(body)", language: en}
"""
Row = dict[str, object]


def row(number: int, **changes: object) -> Row:
    """Return one source record."""
    return {
        "id": f"Q{number}",
        "title": f"Qualification {number}",
        "outcomes": [f"do {number}", f"know {number}"],
        "body": f"b{number % 3}",
        "successor": None,
        **changes,
    }


@dataclass
class Mini:
    """The register, its file, and a home to build into; each build is a minute later."""

    settings: Settings
    file: Path
    mapping: Path
    moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def write(self, *rows: Mapping[str, object]) -> None:
        """Replace the delivery."""
        self.file.write_text(json.dumps(list(rows)), encoding="utf-8")

    def build(self, *rows: Mapping[str, object], **options: object) -> BuildResult:
        """Build from these rows (or from the file as it is)."""
        if rows:
            self.write(*rows)
        self.moment += timedelta(minutes=1)
        order = Order(("ee-mini",), inputs={"ee-mini": str(self.file)}, **options)  # type: ignore[arg-type]
        return build(self.settings, order, Silent(), clock=lambda: self.moment)

    @property
    def releases(self) -> ReleaseFolder:
        """The releases of the home."""
        return folder(self.settings)

    def live(self) -> Manifest:
        """The live release."""
        live = self.releases.current()
        assert live is not None
        return live

    def dump(self, name: str = "ee-mini", release: str = "") -> bytes:
        """The bytes of a dump."""
        folder_ = self.releases.path(release or self.live().id)
        return (folder_ / "dumps" / f"{name}.nq.gz").read_bytes()

    def ask(self, query: str) -> list[tuple[str, ...]]:
        """Run a SELECT on the live release; terms as text."""
        from qcp_graph.namespaces import PREFIXES

        store = self.releases.open_store(self.live().id)
        found = store.query(query, use_default_graph_as_union=True, prefixes=PREFIXES)
        return sorted(tuple(term.value for term in solution) for solution in found)  # type: ignore[union-attr]


@pytest.fixture
def make_mini(tmp_path: Path) -> Callable[..., Mini]:
    """Make further homes of the same register (each with a file of its own)."""

    def make(name: str = "home") -> Mini:
        workspace = tmp_path / "workspace"
        register = workspace / "mappings" / "ee-mini"
        if not register.exists():
            register.mkdir(parents=True)
            (register / "source.yaml").write_text(SOURCE, encoding="utf-8")
            (register / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
        settings = Settings(home=tmp_path / name, workspace=workspace, keep_releases=10)
        file = tmp_path / name / "rows.json"
        file.parent.mkdir()
        return Mini(settings, file, register / "mapping.yaml")

    return make


@pytest.fixture
def mini(make_mini: Callable[..., Mini]) -> Mini:
    """A home with nothing built yet."""
    return make_mini()
