"""RML of others read as a register's mapping: the official cases give the same triples."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph import mapping, readers, sources, vocabulary
from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.mapping import faces
from qcp_graph.model.record import MappedRecord, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.model.source import Licence, Owner, Source
from qcp_graph.terms import Quad
from tests.conftest import REPOSITORY, SHARED
from tests.mapping.rml.support import HEAD, one

HOME = SHARED / "conformance" / "rml" / "rml-original-2021"
IRIS = Iris("https://x.org/")
DIFFERENT = {
    "RMLTC0019a": "an IRI of the data must be absolute in a register",
    "RMLTC0019b": "an IRI of the data must be absolute in a register",
    "RMLTC0020b": "an IRI of the data must be absolute in a register",
    "RMLTC0020a": "a colon inside an IRI stays as it is in a register",
}


def _cases() -> list[str]:
    if not HOME.is_dir():
        return []
    with (HOME / "metadata.csv").open(encoding="utf-8", newline="") as stream:
        names = [row["RML id"] for row in csv.DictReader(stream)]
    wanted = [name for name in names if name.endswith(("-CSV", "-JSON", "-XML"))]
    return [name for name in wanted if (HOME / "test-cases" / name / "output.nq").is_file()]


def _records(spec: readers.Spec, path: Path) -> Iterator[SourceRecord]:
    file = SnapshotFile(path.name, path, path.stat().st_size, "")
    for item in readers.read(spec, file, max_record_bytes=10**7):
        if isinstance(item, SourceRecord):
            yield item


def _quads(plan: mapping.Plan, folder: Path) -> set[Quad]:
    """Map whatever a folder delivers."""
    found: set[Quad] = set()
    with mapping.Tables(plan, folder) as tables:
        for table in plan.side_tables:
            for path in sorted(folder.glob(table.pattern)):
                tables.fill(table.name, _records(table, path))
        for each in plan.inputs:
            for path in sorted(folder.glob(each.pattern)):
                for record in _records(each, path):
                    prepared = plan.prepare(record, each.name, tables)
                    if isinstance(prepared, MappedRecord):  # no identifier, so no record
                        continue
                    made = plan.map(prepared, each.name)
                    found |= {*made.quads, *made.shared}
    return found


def _plan(folder: Path) -> mapping.Plan:
    source = Source("xx-r", {"en": "R"}, "FRA", Owner("O"), Licence("L"), "DAILY", folder)
    return mapping.load(folder, source, IRIS, {})


@pytest.mark.parametrize("register", ["gb-ofqual", "fr-rncp", "fi-eperusteet", "fr-rncp-csv"])
def test_a_register_may_have_its_mapping_in_rml(register: str, tmp_path: Path) -> None:
    """The same quads from the golden input, whichever face the mapping is written in."""
    source = sources.get(register, None)
    levels = vocabulary.load(IRIS.base, None).levels
    plan = mapping.load(source.folder, source, IRIS, levels)
    for path in source.folder.iterdir():
        if path.is_file() and path.name != "mapping.yaml":
            shutil.copy(path, tmp_path)
    face = faces.Register(register, IRIS)
    faces.convert(source.folder / "mapping.yaml", tmp_path / "mapping.rml.ttl", face)
    given = REPOSITORY / "tests" / "golden" / register / "input"
    again = mapping.load(tmp_path, source, IRIS, levels)
    made = _quads(again, given)
    assert made == _quads(plan, given)
    assert len(made) > 100


def test_a_register_does_not_take_rml_that_says_more_than_it_can(tmp_path: Path) -> None:
    text = HEAD + one("CSV", 'rml:reference "name"').replace(
        "rml:predicate ex:p;", "rml:predicate ex:p; rml:graph ex:g;"
    )
    (tmp_path / "mapping.rml.ttl").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="cannot say the graph"):
        _plan(tmp_path)


@pytest.mark.shared
@pytest.mark.parametrize("name", _cases())
def test_the_same_triples(name: str, tmp_path: Path) -> None:
    """What a register has no words for is refused or named; all else is the same."""
    case = HOME / "test-cases" / name
    for path in case.iterdir():
        shutil.copy(path, tmp_path)
    try:
        remarks = faces.convert(
            case / "mapping.ttl", tmp_path / "mapping.yaml", faces.Register("xx-r", IRIS)
        )
    except UsageError as error:
        assert error.code.startswith("QCP-RML-"), error  # noqa: PT017 - both outcomes are right
        return
    if any(remark.lost for remark in remarks) or not list(tmp_path.glob("*.[cjx]*")):
        return
    expected = {
        (str(q.subject), str(q.predicate), str(q.object))
        for q in ox.parse((case / "output.nq").read_bytes(), format=ox.RdfFormat.N_QUADS)
    }
    made = {quad[:3] for quad in _quads(_plan(tmp_path), tmp_path)}
    if name.partition("-")[0] in DIFFERENT:
        assert made != expected, "the same now: take it off the list"
    else:
        assert made == expected
