"""Text encoded twice is found wherever it stands: the quick looks of readers pass nothing over."""

import json
from pathlib import Path

import pytest

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import ReaderSpec, raw, read

DAMAGED = "PÃ¢tissier"


def delivered(path: Path, form: str, iterator: str) -> tuple[list[SourceRecord], list[Issue]]:
    spec = ReaderSpec(form, iterator)
    file = SnapshotFile(path.name, path, path.stat().st_size, "")
    items = list(read(spec, file, max_record_bytes=2**24))
    records = [item for item in items if isinstance(item, SourceRecord)]
    return records, [item for item in items if isinstance(item, Issue)]


@pytest.mark.parametrize("before", [0, 1, 2, 3, 4, 5, 50, 262_144])
def test_xml_at_the_border_of_two_chunks(tmp_path: Path, before: int) -> None:
    head = "<all>"
    filler = "x" * (raw.CHUNK - len(head) - len("<a><t></t></a><a><t>P") - before)
    text = f"{head}<a><t>{filler}</t></a><a><t>{DAMAGED}</t></a><a><t>é</t></a></all>"
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    records, issues = delivered(path, "xml", "/all/a")
    assert [record.data["t"] for record in records[1:]] == [DAMAGED, "é"]
    assert len(issues) == 1


@pytest.mark.parametrize("noisy", [0, 1, 2])
def test_xml_records_over_several_chunks(tmp_path: Path, noisy: int) -> None:
    parts = ["x" * raw.CHUNK if number != noisy else DAMAGED for number in range(3)]
    inner = "".join(f"<t>{part}</t>{'y' * raw.CHUNK}" for part in parts)
    path = tmp_path / "a.xml"
    path.write_text(f"<all><a><t>q</t></a><a>{inner}</a><a><t>z</t></a></all>", encoding="utf-8")
    records, issues = delivered(path, "xml", "/all/a")
    assert len(records) == 3
    assert len(issues) == 1
    assert "a[2]" in issues[0].locator
    assert records[0].plain == (noisy != 0)


@pytest.mark.parametrize(
    ("head", "encoding", "body"),
    [
        ("", "utf-8", "P&#195;&#162;tissier"),
        ("", "utf-8", "P&#xC3;&#xA2;tissier"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "iso-8859-1", DAMAGED),
        ('<?xml version="1.0" encoding="windows-1252"?>', "cp1252", DAMAGED),
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16", DAMAGED),
    ],
)
def test_xml_in_other_spellings(tmp_path: Path, head: str, encoding: str, body: str) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(f"{head}<all><a><t>{body}</t></a></all>".encode(encoding))
    records, issues = delivered(path, "xml", "/all/a")
    assert records[0].data["t"] == DAMAGED
    assert len(issues) == 1


@pytest.mark.parametrize("ascii_only", [True, False])
def test_json(tmp_path: Path, ascii_only: bool) -> None:
    values = [{"t": "plain"}, {"t": DAMAGED}, {"t": "é"}, {"n": {"u": [DAMAGED]}}]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(values, ensure_ascii=ascii_only), encoding="utf-8")
    records, issues = delivered(path, "json", "$[*]")
    assert [record.data for record in records] == values
    assert [issue.locator for issue in issues] == ["a.json /1", "a.json /3"]
