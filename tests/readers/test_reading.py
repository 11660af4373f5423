"""What holds for every format: options, compression, recognition, constant memory."""

import gzip
import io
import json
import resource
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from qcp_graph import readers, zst
from qcp_graph.errors import DataError, InternalError, QcpError, UsageError
from qcp_graph.model.record import SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers.options import Options
from tests.readers.conftest import Make, Run

SAMPLES = {
    "csv": ("", "id;title\n1;a\n2;b\n"),
    "json": ("$[*]", '[{"id": "1", "title": "a"}, {"id": "2", "title": "b"}]'),
    "jsonl": ("", '{"id": "1", "title": "a"}\n{"id": "2", "title": "b"}\n'),
    "xml": ("/X/R", "<X><R><id>1</id><title>a</title></R><R><id>2</id><title>b</title></R></X>"),
}
DATA = [{"id": "1", "title": "a"}, {"id": "2", "title": "b"}]


def zstandard(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zst.writing(packed) as out:
        out.write(content)
    return packed.getvalue()


@pytest.mark.parametrize("form", SAMPLES)
def test_zstandard_is_undone_cut_or_a_bomb(
    form: str, make: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    iterator, text = SAMPLES[form]
    packed = zstandard(text.encode())
    assert run(make(packed, "in.dat"), form, iterator).data == DATA
    assert run(make(packed[:-9]), form, iterator).failed == "QCP-SRC-TRUNCATED"
    assert run(make(packed[:-1] + b"?"), form, iterator).failed == "QCP-SRC-ARCHIVE"
    monkeypatch.setattr("qcp_graph.readers.raw.RATIO_FLOOR", 1024**2)
    bomb = zstandard(text.encode() + b" " * 5 * 1024**2 + b"x")
    assert run(make(bomb), form, iterator, limit=10 * 1024**2).failed == "QCP-SRC-BOMB"


@pytest.mark.parametrize("form", SAMPLES)
def test_gzip_is_undone_whatever_the_name(form: str, make: Make, run: Run) -> None:
    iterator, text = SAMPLES[form]
    assert run(make(gzip.compress(text.encode()), "in.dat"), form, iterator).data == DATA


@pytest.mark.parametrize("form", SAMPLES)
def test_truncated_gzip(form: str, make: Make, run: Run) -> None:
    iterator, text = SAMPLES[form]
    found = run(make(gzip.compress(text.encode())[:-9]), form, iterator)
    assert found.failed == "QCP-SRC-TRUNCATED"


@pytest.mark.parametrize("form", SAMPLES)
def test_gzip_bombs(form: str, make: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcp_graph.readers.raw.RATIO_FLOOR", 1024**2)
    iterator, text = SAMPLES[form]
    bomb = gzip.compress(text.encode() + b" " * 5 * 1024**2 + b"x")
    found = run(make(bomb), form, iterator, limit=10 * 1024**2)
    assert found.failed == "QCP-SRC-BOMB"


@pytest.mark.parametrize("form", [*SAMPLES, "xlsx"])
def test_a_directory_a_missing_and_an_empty_file(form: str, make: Make, run: Run) -> None:
    empty = make(b"")
    assert run(empty, form, SAMPLES.get(form, ("",))[0]).failed == "QCP-SRC-EMPTY"
    folder = SnapshotFile("x", empty.path.parent, 0, "")
    assert run(folder, form, SAMPLES.get(form, ("",))[0]).failed == "QCP-SRC-DIRECTORY"
    missing = SnapshotFile("x", empty.path.parent / "nothing", 0, "")
    assert run(missing, form, SAMPLES.get(form, ("",))[0]).failed == "QCP-SRC-SNAPSHOT"


def test_no_permission(make: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = make("a;b\n1;2\n")
    monkeypatch.setattr(Path, "open", denied)
    found = run(file, "csv")
    assert isinstance(found.error, InternalError)
    assert found.failed == "QCP-SRC-READ"


@dataclass
class MappingInput:
    """Not a ReaderSpec, but with the same attributes, as a mapping has."""

    format: str = "csv"
    iterator: str = ""
    options: dict[str, object] = field(default_factory=dict)


def test_whatever_has_the_attributes_is_a_specification(make: Make) -> None:
    found = list(readers.read(MappingInput(), make("a;b\n1;2\n"), max_record_bytes=1000))
    assert isinstance(found[0], SourceRecord)


@pytest.mark.parametrize(
    ("form", "options", "message"),
    [
        ("cvs", {}, "Did you mean 'csv'"),
        ("csv", {"delimeter": ";"}, "Did you mean 'delimiter'"),
        ("csv", {"delimiter": "::"}, "a single character"),
        ("csv", {"header": "1"}, "a whole number"),
        ("csv", {"header": True}, "a whole number"),
        ("csv", {"columns": "a,b"}, "a list of texts"),
        ("csv", {"short_rows": "keep"}, "reject or fill"),
        ("csv", {"encoding": "utf-99"}, "no text encoding"),
        ("csv", {"encoding": "hex"}, "no text encoding"),
        ("csv", {"encoding": 8}, "a text"),
        ("xml", {"namespaces": "urn:x"}, "a table"),
        ("xlsx", {"sheet": 0}, "from 1"),
    ],
)
def test_wrong_options(
    form: str, options: dict[str, object], message: str, make: Make, run: Run
) -> None:
    file = make("<X/>" if form == "xml" else "a;b\n1;2\n")
    if form == "xlsx":
        with pytest.raises(UsageError, match=message):
            Options(readers.ReaderSpec(form, "", options)).sheet()
        return
    found = run(file, form, "/X", **options)
    assert isinstance(found.error, UsageError)
    assert found.failed == "QCP-SRC-OPTION"
    assert message in str(found.error)


def test_a_wrong_specification_is_told_before_the_first_record(make: Make) -> None:
    spec = readers.ReaderSpec("cvs")
    with pytest.raises(UsageError):
        readers.read(spec, make("a;b\n"), max_record_bytes=1000)


@pytest.mark.parametrize(
    ("text", "form", "iterator", "fields"),
    [
        ("id;title\n1;a\n", "csv", "", ("id", "title")),
        (SAMPLES["jsonl"][1], "jsonl", "", ("id", "title")),
        (
            '[{"id": 1, "name": {"fi": "a", "sv": "b"}}]',
            "json",
            "$[*]",
            ("id", "name.fi", "name.sv"),
        ),
        ('{"v": 1, "data": [{"id": 1}], "n": []}', "json", "$.data[*]", ("id",)),
        ('{"id": 1, "a": [{"x": 1}], "b": [{"y": 1}]}', "json", "$", ("id", "a.x", "b.y")),
        ('{"id": "x", "t": {"fi": "a"}}', "json", "$", ("id", "t.fi")),
        (SAMPLES["xml"][1], "xml", "/X/R", ("id", "title")),
        ("<X><V>1</V><L><R><a><b/><b/></a></R><R/></L></X>", "xml", "/X/L/R", ("a/b",)),
        ('<X><R a="1">t</R></X>', "xml", "/X", ("R/@a", "R")),
    ],
)
def test_files_are_recognised(
    text: str, form: str, iterator: str, fields: tuple[str, ...], make: Make, run: Run
) -> None:
    file = make(text)
    report = readers.sniff(file)
    assert (report.format, report.iterator) == (form, iterator)
    assert report.fields[: len(fields)] == fields
    found = list(readers.read(report.spec(), file, max_record_bytes=10**6))
    assert found
    assert all(isinstance(item, SourceRecord) for item in found)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html></html>", b"\x00\x01\xff\xfe" * 50, b"<X><Y", b'{"a": [', b'[{"a":', b"%PDF"],
)
def test_recognising_fails_with_a_reason(content: bytes, make: Make) -> None:
    with pytest.raises(QcpError) as caught:
        readers.sniff(make(content))
    assert isinstance(caught.value, DataError)


def _big(folder: Path, form: str, count: int) -> SnapshotFile:
    path = folder / f"big.{form}"

    def parts() -> Iterator[str]:
        text = "Baker of bread and other goods " * 5
        if form == "csv":
            yield "id;title;note\n"
            yield from (f'{n};"{text}";x\n' for n in range(count))
        elif form == "jsonl":
            yield from (json.dumps({"id": n, "t": text}) + "\n" for n in range(count))
        elif form == "json":
            yield '{"version": 1, "data": ['
            yield from (json.dumps({"id": n, "t": text}) + "," for n in range(count))
            yield "{}]}"
        else:
            yield "<X>"
            yield from (f"<R><id>{n}</id><t>{text}</t></R>\n" for n in range(count))
            yield "</X>"

    with path.open("w", encoding="utf-8") as out:
        out.writelines(parts())
    return SnapshotFile(path.name, path, path.stat().st_size, "")


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "xml"])
def test_memory_does_not_grow_with_the_file(form: str, tmp_path: Path) -> None:
    iterator = {"json": "$.data[*]", "xml": "/X/R"}.get(form, "")
    spec = readers.ReaderSpec(form, iterator)
    peaks = []
    for count in (10_000, 40_000):
        file = _big(tmp_path, form, count)
        tracemalloc.start()
        total = sum(1 for _ in readers.read(spec, file, max_record_bytes=1024**2))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert total >= count
    assert peaks[1] < peaks[0] + 512 * 1024
    assert peaks[1] < 8 * 1024**2
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{form}: peak {peaks[1] / 1024**2:.1f} MiB traced, process {rss / 1024:.0f} MiB")
