"""A register in a database: fetched as a snapshot, built from it, and built again without it."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qcp_graph.errors import QcpError
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.pipeline.snapshots import obtain
from qcp_graph.settings import Settings
from qcp_graph.sources import get
from tests.pipeline.conftest import SOURCE

pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed (extra: sql)")

MAPPING = """
sources:
  rows:
    access: register.sql
    referenceFormulation: sql
    options: {table: q}
    key: $(id)
joins:
  body:
    access: register.sql
    referenceFormulation: sql
    options: {query: "SELECT code, name FROM body", key: [code]}
    key: $(code)
    on: $(body)
mappings:
  qualification:
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - [dcterms:title, $(title), en~lang]
      - p: elm:learningOutcome
        o: {mapping: outcome}
      - p: elm:awardingOpportunity
        o: {mapping: award}
  outcome:
    subjects: outcome:$(id)/1
    predicateobjects: [[a, elm:LearningOutcome], [dcterms:title, "do $(title)", en~lang]]
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
      - [rov:legalName, $(join:body/name), en~lang]
"""
ROWS = """
CREATE TABLE body (code TEXT PRIMARY KEY, name TEXT);
CREATE TABLE q (id TEXT PRIMARY KEY, title TEXT, body TEXT);
INSERT INTO body VALUES ('b1', 'Body one');
INSERT INTO q VALUES ('Q2', 'Second', 'b1'), ('Q1', 'First', 'b1');
"""


def test_a_database_is_built_from_its_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = tmp_path / "workspace" / "mappings" / "ee-mini"
    register.mkdir(parents=True)
    (register / "source.yaml").write_text(SOURCE + "address: database:mini\n", encoding="utf-8")
    (register / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    settings = Settings(home=tmp_path / "home", workspace=tmp_path / "workspace")
    live = tmp_path / "live.sqlite"
    connection = sqlite3.connect(live)
    connection.executescript(ROWS)
    monkeypatch.setenv("QCP_DATABASE_MINI", f"sqlite:///{live}")

    taken = obtain(settings, get("ee-mini", settings.workspace), Silent(), renew=True)
    assert [file.name for file in taken.snapshot.files] == ["register.sql"]
    connection.executescript("DELETE FROM q")
    monkeypatch.delenv("QCP_DATABASE_MINI")  # a build needs the snapshot only

    found = build(settings, Order(("ee-mini",)), Silent(), clock=lambda: datetime.now(UTC))
    (report,) = found.reports
    assert (report.counts.read, report.counts.published) == (2, 2)
    with pytest.raises(QcpError, match="QCP-SRC-DATABASE-URL"):
        obtain(settings, get("ee-mini", settings.workspace), Silent(), renew=True)

    (register / "mapping.yaml").write_text(MAPPING.replace("table: q", "table: other"), "utf-8")
    with pytest.raises(QcpError, match="QCP-SRC-TABLE"):
        build(settings, Order(("ee-mini",)), Silent(), clock=lambda: datetime.now(UTC))
