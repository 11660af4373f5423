"""References that climb out of the record read what stands around it, where the reader gives it."""

from pathlib import Path

import pytest

from qcp_graph import readers
from qcp_graph.errors import UsageError
from qcp_graph.model.record import PreparedRecord, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from tests.mapping.support import load, run, short

MAPPING = """
sources:
  s:
    access: a.json
    referenceFormulation: jsonpath
    iterator: $.countries[*].quals[*]
    key: $(^code)-$(id)
    options: {parents: true}
let: {who: "$(^name.en) ($(^^issued))"}
mappings:
  q:
    subjects: qualification:$(^code)-$(id)
    predicateobjects:
      - [elm:t, "$(^name.en) $(title)", en~lang]
      - {p: elm:m, o: {languageMap: $(^name)}}
      - [elm:w, $(let:who)]
  part:
    foreach: parts
    subjects: outcome:$(^^code)/$(^id)/$(@index)
    predicateobjects: [[elm:t, "$(^^^licence) $(.)", en~lang]]
"""
DATA = (
    '{"issued": "2026", "countries": [{"quals": [{"id": 1, "title": "a", "parts": ["p", "r"]}],'
    ' "code": "FI", "name": {"en": "Finland", "fr": "Finlande"}}], "licence": "CC0"}'
)


def test_fields_of_enclosing_objects_are_read_at_any_depth(tmp_path: Path) -> None:
    plan = load(tmp_path, MAPPING)
    path = tmp_path / "a.json"
    path.write_text(DATA, encoding="utf-8")
    file = SnapshotFile("a.json", path, len(DATA), "")
    (record,) = readers.read(plan.inputs[0], file, max_record_bytes=10_000)
    assert isinstance(record, SourceRecord)
    prepared = plan.prepare(record, "s", None)
    assert isinstance(prepared, PreparedRecord)
    assert prepared.key == "FI-1"
    mapped = plan.map(prepared, "s")
    assert mapped.issues == ()
    assert sorted(short(mapped)) == [
        'outcome:FI/1/1 elm:t "CC0 p"@en',
        'outcome:FI/1/2 elm:t "CC0 r"@en',
        'qualification:FI-1 elm:m "Finland"@en',
        'qualification:FI-1 elm:m "Finlande"@fr',
        'qualification:FI-1 elm:t "Finland a"@en',
        'qualification:FI-1 elm:w "Finland (2026)"',
    ]
    assert plan.audit() == []


def test_elements_around_a_record_of_xml_are_read(tmp_path: Path) -> None:
    text = (
        "sources:\n  s: {access: a.xml, referenceFormulation: xpath, iterator: /out/group/rec,"
        ' key: "$(^@code)-$(@id)", options: {parents: true}}\n'
        "mappings:\n  q:\n    subjects: qualification:$(^@code)-$(@id)\n"
        '    predicateobjects: [[elm:t, "$(^name), $(^^issued)"]]\n'
    )
    plan = load(tmp_path, text)
    path = tmp_path / "a.xml"
    path.write_text(
        '<out><issued>2026</issued><group code="A"><name lang="en">Alpha</name><rec id="1"/>'
        "</group></out>"
    )
    file = SnapshotFile("a.xml", path, path.stat().st_size, "")
    (record,) = readers.read(plan.inputs[0], file, max_record_bytes=10_000)
    assert isinstance(record, SourceRecord)
    prepared = plan.prepare(record, "s", None)
    assert isinstance(prepared, PreparedRecord)
    assert short(plan.map(prepared, "s")) == ['qualification:A-1 elm:t "Alpha, 2026"']
    assert plan.audit() == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("options: {parents: true}", ""), ("options: {parents: true}", "options: {parents: false}")],
)
def test_without_the_option_climbing_is_an_error_that_names_it(
    old: str, new: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="climbs higher") as caught:
        load(tmp_path, MAPPING.replace(old, new))
    assert caught.value.remedy.endswith("options: {parents: true}.")


def test_a_table_has_nothing_around_its_rows(tmp_path: Path) -> None:
    text = (
        "sources: {s: {access: a.csv, referenceFormulation: csv, key: $(id)}}\n"
        "mappings: {q: {subjects: qualification:$(id), predicateobjects: [[elm:t, $(^x)]]}}\n"
    )
    with pytest.raises(UsageError, match="climbs higher"):
        load(tmp_path, text)


def test_the_record_is_the_first_item_of_its_iteration(tmp_path: Path) -> None:
    text = (
        "sources: {s: {access: a.json, referenceFormulation: jsonlines, key: $(id)}}\n"
        "mappings:\n"
        '  q: {subjects: qualification:$(id), predicateobjects: [[elm:t, "no $(@index)"]]}\n'
        "  p: {foreach: parts, subjects: outcome:$(@index), "
        "predicateobjects: [[elm:t, $(^@index)]]}\n"
    )
    mapped = run(load(tmp_path, text), {"id": "1", "parts": ["a", "b"]})
    assert mapped.issues == ()
    assert sorted(short(mapped)) == [
        'outcome:1 elm:t "1"',
        'outcome:2 elm:t "1"',
        'qualification:1 elm:t "no 1"',
    ]
