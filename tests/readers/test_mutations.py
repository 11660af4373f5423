"""Whatever a file holds, a reader ends with records, issues or an error for people."""

import io
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from qcp_graph import readers
from qcp_graph.errors import QcpError
from qcp_graph.model.issue import Issue
from qcp_graph.model.snapshot import SnapshotFile
from tests.readers.conftest import Make, Run

ROUNDS = 250


def _workbook() -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in (["id", "title"], ["1", "é"], [2, 0.5]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SAMPLES = {
    "csv": ("", 'id;title;note\n1;"Bäcker; ""gut""\nund so";x\n2;Koch;y\n'.encode()),
    "json": (
        "$.a[*]",
        '{"v": [1, {"x": null}], "a": [{"id": "é\\u00e9"}, {"n": -1.5e3}]}'.encode(),
    ),
    "jsonl": ("", '{"id": "é", "n": [1, 2]}\n{"id": true}\n'.encode()),
    "xml": (
        "/X/R",
        '<?xml version="1.0"?><X xmlns="u"><R a="1">é<b/><![CDATA[x]]></R><R>&lt;</R></X>'.encode(),
    ),
    "xlsx": ("", _workbook()),
}


def _mutations(content: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed))
        kind = chance.randrange(4)
        if kind == 0:
            changed[at] = chance.randrange(256)
        elif kind == 1:
            del changed[at : at + chance.randint(1, 20)]
        elif kind == 2:
            changed[at:at] = changed[: chance.randint(1, 30)]
        else:
            changed[at:at] = chance.choice([b'"', b"\0", b"<", b"{[", b"\xff\xfe", b"\r", b"&a;"])
        changed = changed or bytearray(b" ")
    return bytes(changed)


def _consume(spec: readers.ReaderSpec, file: SnapshotFile) -> QcpError | None:
    try:
        for item in readers.read(spec, file, max_record_bytes=4096):
            str(item).encode("utf-8")
        readers.sniff(file)
    except QcpError as error:
        return error
    return None


@pytest.mark.parametrize("form", SAMPLES)
def test_damaged_bytes_never_crash_a_reader(form: str, make: Make) -> None:
    iterator, content = SAMPLES[form]
    spec = readers.ReaderSpec(form, iterator)
    failures = []
    for seed in range(ROUNDS):
        error = _consume(spec, make(_mutations(content, seed)))
        if error is not None:
            failures.append(error.code)
            assert error.remedy, seed
    assert failures


scalars = (
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text("abc", min_size=1), inner)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), values, min_size=1), min_size=1))
def test_json_in_any_layout_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, documents: list[dict[str, object]]
) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    for layout in ({"indent": 2}, {"ensure_ascii": False}, {"separators": (",", ":")}):
        path.write_text(json.dumps({"x": [[]], "data": documents}, **layout), encoding="utf-8")  # type: ignore[arg-type]
        file = SnapshotFile("a.json", path, path.stat().st_size, "")
        spec = readers.ReaderSpec("json", "$.data[*]")
        found = list(readers.read(spec, file, max_record_bytes=10**6))
        assert [item.data for item in found if not isinstance(item, Issue)] == documents


def test_the_samples_are_sound(make: Make, run: Run) -> None:
    for form, (iterator, content) in SAMPLES.items():
        found = run(make(content), form, iterator)
        assert (len(found.data), found.issues, found.error) == (2, [], None)
