"""Registers record by record: each form read back and compared with the release."""

import csv
import gzip
import io
import json
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from qcp_graph import exports, vocabulary
from qcp_graph.exports import LeftOut
from qcp_graph.pipeline import exporting_acqf
from qcp_graph.pipeline import exporting_records as er
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.pipeline.releases import folder
from qcp_graph.settings import Settings
from qcp_graph.terms import curie

REGISTER = "at-berufe-specimen"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> er.Source:
    settings = Settings(home=tmp_path_factory.mktemp("records"), exports=False)
    build(settings, Order(source_ids=(REGISTER,)), Silent())
    live = folder(settings).current()
    assert live is not None
    place = folder(settings).path(live.id)
    triples = vocabulary.load(settings.base_iri, settings.workspace).triples
    return er.Source(
        place / "registers" / f"{REGISTER}.sqlite",
        place / "dumps" / f"{REGISTER}.nq.gz",
        exporting_acqf.labels(triples),
    )


def written(source: er.Source, form: str) -> tuple[bytes, er.Count, list[LeftOut]]:
    target, left_out = io.BytesIO(), []  # type: tuple[io.BytesIO, list[LeftOut]]
    count = er.FORMS[form].write(source, target, left_out.append, lambda _n: None)
    return target.getvalue(), count, left_out


def dump(source: er.Source) -> list[ox.Quad]:
    return list(ox.parse(gzip.decompress(source.dump.read_bytes()), ox.RdfFormat.N_QUADS))


def named(source: er.Source, kind: str) -> set[str]:
    a = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    return {
        quad.subject.value
        for quad in dump(source)
        if isinstance(quad.subject, ox.NamedNode)
        and quad.predicate.value == a
        and str(quad.object) == curie(kind)
    }


def test_turtle_says_what_the_dump_says(source: er.Source) -> None:
    content, count, left_out = written(source, "turtle")
    said = {quad.triple for quad in ox.parse(content, ox.RdfFormat.TURTLE)}
    assert said == {quad.triple for quad in dump(source)}
    assert count.records == len(dump(source))
    assert left_out == []


def test_the_table_has_a_line_per_qualification(source: er.Source) -> None:
    content, count, _ = written(source, "csv")
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert {row["iri"] for row in rows} == named(source, "elm:Qualification") != set()
    assert len(rows) == count.written == count.records
    assert all(row["title"] and row["country"] for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_the_workbook_says_what_the_table_says(source: er.Source) -> None:
    table = list(csv.reader(io.StringIO(written(source, "csv")[0].decode(), newline="")))
    book = openpyxl.load_workbook(io.BytesIO(written(source, "xlsx")[0]), read_only=True)
    lines = [[str(cell or "") for cell in row] for row in book.worksheets[0].values]
    assert lines == table
    assert lines[0] == list(exports.COLUMNS)
    book.close()


@pytest.mark.parametrize(
    ("form", "context", "kinds"),
    [
        ("schema.org", "https://schema.org/", ("EducationalOccupationalCredential",
                                               "Organization")),
        ("ctdl", "https://credreg.net/ctdl/schema/context/json",
         ("ceterms:Credential", "ceterms:CredentialOrganization")),
    ],
)  # fmt: skip
def test_json_ld_holds_each_thing_once(
    source: er.Source, form: str, context: str, kinds: tuple[str, str]
) -> None:
    content, count, left_out = written(source, form)
    document = json.loads(content)
    assert document["@context"] == context
    graph = document["@graph"]
    assert len(graph) == count.written == len({one["@id"] for one in graph})
    qualifications = {one["@id"] for one in graph if one["@type"] == kinds[0]}
    assert qualifications == named(source, "elm:Qualification")
    bodies = {one["@id"] for one in graph if one["@type"] == kinds[1]}
    assert bodies == {iri for iri in named(source, "elm:Organisation") if "#" not in iri}
    assert {one.record for one in left_out} <= {one["@id"] for one in graph}
    assert written(source, form)[0] == content


def test_a_register_without_such_things_gives_an_empty_document(
    source: er.Source, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(er, "_WANTED", frozenset())
    assert json.loads(written(source, "ctdl")[0]) == {}
