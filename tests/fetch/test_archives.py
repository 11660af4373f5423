"""Zip and gzip: what comes out, and what must not."""

import gzip
import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from qcp_graph import fetch, zst
from qcp_graph.errors import DataError
from tests.fetch.conftest import Fetch, contents, names


def archive(members: dict[str, bytes], path: Path, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as out:
        for name, content in members.items():
            out.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return path


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    return tmp_path / "export.zip"


def refused(get: Fetch, path: Path, limits: fetch.Limits | None = None) -> str:
    with pytest.raises(DataError) as caught:
        get(path, *([limits] if limits else []))
    assert caught.value.remedy
    return caught.value.code


def test_a_zip_is_unpacked(zipped: Path, get: Fetch) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as nested:
        nested.writestr("x", "y")
    members = {
        "data/a.csv": b"id\n1\n",
        "data/": b"",
        "é/Compétences.csv": b"x",
        "nested.zip": inner.getvalue(),
        "__MACOSX/._a.csv": b"rubbish",
        "data/.DS_Store": b"rubbish",
    }
    snapshot = get(archive(members, zipped)).snapshot
    assert names(snapshot) == ["data/a.csv", "nested.zip", "é/Compétences.csv"]
    assert contents(snapshot)["nested.zip"] == inner.getvalue(), "archives inside stay closed"


def test_patterns_choose_members(zipped: Path, get: Fetch) -> None:
    archive({"a.xml": b"<a/>", "b.pdf": b"x"}, zipped)
    assert names(get(zipped, patterns=("*.xml",)).snapshot) == ["a.xml"]


def test_one_spelling_of_accents(zipped: Path, get: Fetch) -> None:
    archive({"Compe\u0301tences.csv": b"x"}, zipped)
    assert names(get(zipped).snapshot) == ["Comp\u00e9tences.csv"]


def test_utf8_names_without_the_flag(zipped: Path, get: Fetch) -> None:
    archive({"Comp\u00e9tences.csv": b"x"}, zipped)
    raw = bytearray(zipped.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.index(magic) + offset
        flags = struct.unpack_from("<H", raw, at)[0]
        struct.pack_into("<H", raw, at, flags & ~0x800)
    zipped.write_bytes(raw)
    assert names(get(zipped).snapshot) == ["Comp\u00e9tences.csv"]


def test_office_documents_stay_whole(tmp_path: Path, get: Fetch) -> None:
    path = archive(
        {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, tmp_path / "a.xlsx"
    )
    assert names(get(path).snapshot) == ["a.xlsx"]


@pytest.mark.parametrize(
    "name",
    [
        "../evil.csv",
        "a/../../evil.csv",
        "/etc/passwd",
        "..\\evil.csv",
        "C:\\evil.csv",
        "C:/evil.csv",
        "a//b.csv",
        "./a.csv",
        "a\nb.csv",
        "x" * 300 + ".csv",
        "\x1b[31m.csv",
    ],
)
def test_names_that_lead_elsewhere(name: str, zipped: Path, get: Fetch, tmp_path: Path) -> None:
    archive({"fine.csv": b"x", name: b"evil"}, zipped)
    before = {path for path in tmp_path.rglob("*") if "snapshots" not in path.parts}
    assert refused(get, zipped) == "QCP-SRC-NAME"
    assert before == {path for path in tmp_path.rglob("*") if "snapshots" not in path.parts}
    assert fetch.history(tmp_path / "snapshots", "fr-test") == []


@pytest.mark.parametrize(
    "members",
    [
        {"a.csv": b"1", "A.CSV": b"2"},
        {"a": b"1", "a/b.csv": b"2"},
        {"a/b.csv": b"1", "a": b"2"},
        {"\u00e9": b"1", "e\u0301": b"2"},
    ],
    ids=["case", "file then folder", "folder then file", "spelling"],
)
def test_names_that_overwrite_each_other(
    members: dict[str, bytes], zipped: Path, get: Fetch
) -> None:
    assert refused(get, archive(members, zipped)) == "QCP-SRC-NAME"


def test_links_are_refused(zipped: Path, get: Fetch) -> None:
    info = zipfile.ZipInfo("link.csv")
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(zipped, "w") as out:
        out.writestr(info, "/etc/passwd")
    assert refused(get, zipped) == "QCP-SRC-LINK"


def test_encrypted_archives_are_refused(zipped: Path, get: Fetch) -> None:
    archive({"a.csv": b"x"}, zipped)
    raw = bytearray(zipped.read_bytes())
    raw[raw.index(b"PK\x03\x04") + 6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    zipped.write_bytes(raw)
    assert refused(get, zipped) == "QCP-SRC-ENCRYPTED"


SMALL = fetch.Limits(ratio_floor=100_000, max_ratio=50)


def test_zip_bombs_are_refused(zipped: Path, get: Fetch) -> None:
    archive({"a.csv": b"0" * 10_000_000}, zipped)
    assert zipped.stat().st_size < 20_000
    assert refused(get, zipped, SMALL) == "QCP-SRC-BOMB"
    assert refused(get, zipped, fetch.Limits(max_bytes=9_999_999)) == "QCP-SRC-SIZE"
    archive({f"{number}.csv": b"" for number in range(50)}, zipped)
    assert refused(get, zipped, fetch.Limits(max_files=49)) == "QCP-SRC-SIZE"


def test_a_zip_bomb_that_lies_about_its_size(zipped: Path, get: Fetch) -> None:
    archive({"a.csv": b"0" * 10_000_000}, zipped)
    raw = bytearray(zipped.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", raw, raw.index(magic) + offset, 1000)
    zipped.write_bytes(raw)
    assert refused(get, zipped, SMALL) == "QCP-SRC-ARCHIVE"


def test_gzip_bombs_are_refused(tmp_path: Path, get: Fetch) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 10_000_000, mtime=0))
    assert refused(get, path, SMALL) == "QCP-SRC-BOMB"


@pytest.mark.parametrize("damage", ["truncated", "checksum", "not a zip", "empty zip", "half"])
def test_damaged_archives(damage: str, zipped: Path, get: Fetch) -> None:
    archive({"a.csv": b"id\n" + bytes(range(256)) * 50}, zipped)
    raw = bytearray(zipped.read_bytes())
    if damage == "truncated":
        zipped.write_bytes(raw[:-40])
    elif damage == "half":
        zipped.write_bytes(raw[: len(raw) // 2])
    elif damage == "checksum":
        raw[60] ^= 0xFF
        zipped.write_bytes(raw)
    elif damage == "not a zip":
        zipped.write_bytes(b"<html>please log in</html>")
    else:
        archive({}, zipped)
        assert refused(get, zipped) == "QCP-SRC-EMPTY"
        return
    assert refused(get, zipped) == "QCP-SRC-ARCHIVE"


def zstandard(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zst.writing(packed) as out:
        out.write(content)
    return packed.getvalue()


def test_zstandard_is_unpacked_in_one_frame_or_several(tmp_path: Path, get: Fetch) -> None:
    path = tmp_path / "a.csv.zst"
    path.write_bytes(zstandard(b"id\n1\n"))
    assert contents(get(path).snapshot) == {"a.csv": b"id\n1\n"}
    path.write_bytes(zstandard(b"id\n1\n") + zstandard(b"2\n"))
    assert contents(get(path).snapshot) == {"a.csv": b"id\n1\n2\n"}


def test_zstandard_bombs_are_refused(tmp_path: Path, get: Fetch) -> None:
    path = tmp_path / "a.csv.zst"
    path.write_bytes(zstandard(b"0" * 10_000_000))
    assert refused(get, path, SMALL) == "QCP-SRC-BOMB"


def test_zstandard_may_not_ask_for_much_memory(tmp_path: Path, get: Fetch) -> None:
    # A frame header that announces a window of 2 GiB, then a block of one byte, repeated.
    frame = zst.MAGIC + bytes([0x00, 21 << 3]) + (1 << 3 | 0b011).to_bytes(3, "little") + b"x"
    (tmp_path / "a.zst").write_bytes(frame)
    assert refused(get, tmp_path / "a.zst") == "QCP-SRC-ARCHIVE"
    modest = frame[:5] + bytes([10 << 3]) + frame[6:]
    (tmp_path / "a.zst").write_bytes(modest)
    assert contents(get(tmp_path / "a.zst").snapshot) == {"a": b"x"}


def _flipped(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 0xFF])  # of the checksum


@pytest.mark.parametrize(
    "content", [b"", zstandard(b"x" * 1000)[:-5], b"id\n1\n", _flipped(zstandard(b"x"))]
)
def test_damaged_zstandard(content: bytes, tmp_path: Path, get: Fetch) -> None:
    path = tmp_path / "a.csv.zst"
    path.write_bytes(content)
    assert refused(get, path) == ("QCP-SRC-ARCHIVE" if content else "QCP-SRC-EMPTY")


def test_gzip_is_unpacked(tmp_path: Path, get: Fetch) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"id\n1\n", mtime=0))
    assert contents(get(path).snapshot) == {"a.csv": b"id\n1\n"}


@pytest.mark.parametrize("content", [b"", gzip.compress(b"x" * 1000, mtime=0)[:-5], b"id\n1\n"])
def test_damaged_gzip(content: bytes, tmp_path: Path, get: Fetch) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(content)
    assert refused(get, path) == ("QCP-SRC-ARCHIVE" if content else "QCP-SRC-EMPTY")


def test_a_flipped_checksum_in_gzip(tmp_path: Path, get: Fetch) -> None:
    raw = bytearray(gzip.compress(b"id\n1\n" * 100, mtime=0))
    raw[-6] ^= 0xFF
    (tmp_path / "a.gz").write_bytes(raw)
    assert refused(get, tmp_path / "a.gz") == "QCP-SRC-ARCHIVE"


def test_damaged_bytes_give_a_reason_or_a_snapshot(zipped: Path, get: Fetch) -> None:
    archive({"a/b.csv": b"id\n1\n", "\u00e9.csv": b"x" * 300}, zipped)
    whole = zipped.read_bytes()
    codes = set()
    for seed in range(300):
        chance = random.Random(seed)
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        zipped.write_bytes(raw)
        try:
            get(zipped)
        except DataError as error:
            codes.add(error.code)
    assert "QCP-SRC-ARCHIVE" in codes
