"""``qcp map``: quads to a file, problems for the data owner, one record alone."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyoxigraph
import pytest

from tests.cli.conftest import Answer

Qcp = Callable[..., Answer]


def test_quads_go_to_a_file_compressed_by_its_name(
    qcp: Qcp, rows_file: Path, tmp_path: Path
) -> None:
    printed = qcp("map", "ee-mini", "--input", rows_file).out.encode()
    plain, packed = tmp_path / "a.nq", tmp_path / "a.nq.gz"
    for path in (plain, packed):
        answer = qcp("map", "ee-mini", "--input", rows_file, "--output", path)
        assert (answer.code, answer.out) == (1, "")
        assert "3 read, 2 publishable, 1 quarantined, 0 rejected" in answer.err
    assert plain.read_bytes() == gzip.decompress(packed.read_bytes()) == printed
    assert len(list(pyoxigraph.parse(printed, pyoxigraph.RdfFormat.N_QUADS))) > 20
    again = tmp_path / "again.nq.gz"
    qcp("map", "ee-mini", "--input", rows_file, "-o", again)
    assert again.read_bytes() == packed.read_bytes()


def test_an_error_leaves_the_earlier_file(qcp: Qcp, tmp_path: Path) -> None:
    out, empty = tmp_path / "a.nq", tmp_path / "rows.json"
    out.write_text("earlier", encoding="utf-8")
    empty.write_text("[]", encoding="utf-8")
    answer = qcp("map", "ee-mini", "--input", empty, "--output", out)
    assert answer.code == 1
    assert "QCP-SRC-EMPTY" in answer.err
    assert out.read_text(encoding="utf-8") == "earlier"
    assert not (tmp_path / "a.nq.part").exists()
    nowhere = qcp("map", "ee-mini", "--input", empty, "--output", tmp_path / "x" / "a.nq")
    assert (nowhere.code, "QCP-SYS-OUTPUT" in nowhere.err) == (2, True)


def test_a_dry_run_only_counts(qcp: Qcp, rows_file: Path) -> None:
    answer = qcp("map", "ee-mini", "--input", rows_file, "--dry-run")
    assert (answer.code, answer.out) == (1, "")
    assert "3 read" in answer.err


def test_problems_are_a_table_or_text_for_programs(qcp: Qcp, rows_file: Path) -> None:
    words = ("map", "ee-mini", "--input", rows_file)
    table = qcp(*words, "--issues").out
    assert table.splitlines()[0].split()[:3] == ["REGISTER", "RECORD", "FATE"]
    assert "quarantined" in table
    found = qcp(*words, "--issues", "--format", "json").json()
    assert isinstance(found, list)
    lines = qcp(*words, "--issues", "-", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == found
    rows = list(csv.DictReader(io.StringIO(qcp(*words, "--issues", "--format", "csv").out)))
    assert [row["code"] for row in rows] == [one["code"] for one in found]
    refused = qcp(*words, "--issues", "--format", "xlsx")
    assert (refused.code, "QCP-SYS-FORM" in refused.err) == (2, True)


def test_problems_go_to_a_workbook_beside_the_quads(
    qcp: Qcp, rows_file: Path, tmp_path: Path
) -> None:
    sheet, quads = tmp_path / "problems.xlsx", tmp_path / "a.nq"
    answer = qcp("map", "ee-mini", "--input", rows_file, "--issues", sheet, "-o", quads)
    assert (answer.code, answer.out) == (1, "")
    book = openpyxl.load_workbook(sheet)
    records = {row[0].value for row in list(book["Problems"])[1:]}
    assert {"Q1", "Q2", "Q3"} <= records
    assert quads.stat().st_size > 0


def test_other_commands_list_problems_in_the_same_forms(
    qcp: Qcp, rows_file: Path, tmp_path: Path
) -> None:
    checked, released = tmp_path / "c.jsonl", tmp_path / "r.jsonl"
    assert qcp("source", "check", "ee-mini", "--input", rows_file, "--issues", checked).code == 1
    qcp("build", "ee-mini", "--input", rows_file)
    assert qcp("release", "issues", "--output", released).code == 0
    of_records = [json.loads(x) for x in checked.read_text("utf-8").splitlines()]
    in_release = [json.loads(x) for x in released.read_text("utf-8").splitlines()]
    assert in_release == [one for one in of_records if one["status"] != "-"]
    assert len(qcp("release", "issues", "--limit", "2").out.splitlines()) == 3


def test_one_record_alone(qcp: Qcp, rows_file: Path) -> None:
    words = ("map", "ee-mini", "--input", rows_file)
    whole = qcp(*words).out.splitlines()
    one = qcp(*words, "--record", "Q2")
    assert one.code == 0
    assert "1 read, 1 publishable" in one.err
    assert one.out.splitlines()
    assert set(one.out.splitlines()) < set(whole)
    assert "qualification/ee/mini/Q1>" not in one.out
    bad = qcp(*words, "--record", "Q3", "--issues", "--format", "json")
    assert bad.code == 1
    assert {problem["status"] for problem in bad.json()} == {"quarantined"}  # type: ignore[attr-defined]
    assert qcp(*words, "--record", "Q9").code == 1


def test_several_processes_print_the_same(
    qcp: Qcp, rows_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qcp_graph.pipeline import pool

    monkeypatch.setattr(pool, "ALONE", 1)
    monkeypatch.setattr(pool, "CHUNK", 1)
    words = ("map", "ee-mini", "--input", rows_file)
    assert qcp(*words, "--jobs", "2").out == qcp(*words).out
