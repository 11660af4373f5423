import gzip
import hashlib
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcp_graph.errors import DataError
from qcp_graph.store.dump import DumpWriter, blocks

LINES = [f'<http://x/{n}> <http://x/p> "é {n}" <http://x/g> .\n'.encode() for n in range(2000)]


def dumped(folder: Path, lines: list[bytes], run_bytes: int = 1 << 20) -> bytes:
    writer = DumpWriter(folder / "d.nq.gz", folder, run_bytes)
    writer.extend(lines[: len(lines) // 2])
    writer.extend(lines[len(lines) // 2 :])
    dump = writer.finish()
    content = (folder / "d.nq.gz").read_bytes()
    assert dump.sha256 == hashlib.sha256(content).hexdigest()
    assert dump.lines == gzip.decompress(content).count(b"\n")
    assert [path.name for path in folder.iterdir()] == ["d.nq.gz"], "no temporary file stays"
    return content


def test_the_same_lines_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    shuffled = LINES * 2
    random.Random(1).shuffle(shuffled)

    one = dumped(tmp_path, LINES)
    # Runs of 20 lines: more runs than are merged at once.
    assert dumped(tmp_path, shuffled, run_bytes=1000) == one
    assert gzip.decompress(one) == b"".join(sorted(LINES))
    assert one[3] == 0, "no name in the header"
    assert one[4:8] == b"\0\0\0\0", "no time in the header"


def test_a_dump_of_nothing_is_an_empty_file(tmp_path: Path) -> None:
    assert gzip.decompress(dumped(tmp_path, [])) == b""


@given(size=st.integers(1, 500))
def test_blocks_hold_whole_lines(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    folder = tmp_path_factory.mktemp("d")
    dumped(folder, LINES[:20])
    parts = list(blocks(folder / "d.nq.gz", size))
    assert b"".join(parts) == b"".join(sorted(LINES[:20]))
    assert all(part.endswith(b"\n") for part in parts)


def test_a_missing_dump_has_no_blocks(tmp_path: Path) -> None:
    assert list(blocks(tmp_path / "none", 10)) == []
    assert list(blocks(None, 10)) == []


@pytest.mark.parametrize("cut", [slice(0, -20), slice(10, None), slice(0, 5)])
def test_a_damaged_dump_is_named(tmp_path: Path, cut: slice) -> None:
    content = dumped(tmp_path, LINES)
    (tmp_path / "d.nq.gz").write_bytes(content[cut])
    with pytest.raises(DataError) as caught:
        list(blocks(tmp_path / "d.nq.gz", 1000))
    assert caught.value.code == "QCP-REL-DAMAGED"
