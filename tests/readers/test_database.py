"""SQLite files: read-only, bounded, values as texts; damage and hostile content named."""

import sqlite3
from pathlib import Path

import pytest

from qcp_graph import readers
from qcp_graph.errors import QcpError, UsageError
from qcp_graph.model.database import select_only
from qcp_graph.model.snapshot import SnapshotFile
from tests.readers.conftest import Make, Run, snapshot_file

SCHEMA = """
CREATE TABLE q (id TEXT PRIMARY KEY, title, hours REAL, credits INTEGER, at DATE, data BLOB);
INSERT INTO q VALUES ('B', 'Pâtissière', 2.5, 30, '2024-03-01', x'01FF');
INSERT INTO q VALUES ('A', NULL, 3.0, 12345678901234567, NULL, NULL);
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "r.sqlite"
    return fill(path, SCHEMA)


def fill(path: Path, script: str) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.commit()
    connection.close()
    return path


def test_the_only_table_is_read_with_its_key_as_place(database: Path, run: Run) -> None:
    found = run(snapshot_file(database), "sql", key=["id"])
    assert found.error is None
    assert found.data == [
        {
            "id": "A",
            "title": None,
            "hours": "3",
            "credits": "12345678901234567",
            "at": None,
            "data": None,
        },
        {
            "id": "B",
            "title": "Pâtissière",
            "hours": "2.5",
            "credits": "30",
            "at": "2024-03-01",
            "data": "01FF",
        },
    ]
    assert found.places == ["r.sqlite q[id=A]", "r.sqlite q[id=B]"]


def test_the_primary_key_names_the_place_unless_another_is_stated(database: Path, run: Run) -> None:
    named = run(snapshot_file(database), "sql", table="q")
    assert named.places == ["r.sqlite q[id=B]", "r.sqlite q[id=A]"]
    asked = run(snapshot_file(database), "sql", query="SELECT title, hours FROM q ORDER BY hours")
    assert asked.places == ["r.sqlite query row 1", "r.sqlite query row 2"]
    assert asked.data[0] == {"title": "Pâtissière", "hours": "2.5"}


def test_an_unknown_key_or_table_is_an_error_that_names_what_there_is(
    database: Path, run: Run
) -> None:
    missing = run(snapshot_file(database), "sql", table="q", key=["nr"])
    assert missing.failed == "QCP-SRC-OPTION"
    assert "id, title" in missing.error.remedy if missing.error else ""
    other = run(snapshot_file(database), "sql", table="p")
    assert other.failed == "QCP-SRC-TABLE"
    assert other.error is not None
    assert "there are: q" in other.error.remedy
    assert run(snapshot_file(database), "sql", query="SELECT x FROM q").failed == "QCP-SRC-TABLE"


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE q",
        "DELETE FROM q",
        "SELECT 1; DELETE FROM q",
        "WITH x AS (INSERT INTO q VALUES (1) RETURNING *) SELECT * FROM x",
        "SELECT * INTO copy FROM q",
        "PRAGMA journal_mode=DELETE",
        "ATTACH 'other.db' AS o",
        "/* SELECT */ UPDATE q SET id = 1",
        "",
    ],
)
def test_only_a_single_select_is_asked(query: str) -> None:
    with pytest.raises(UsageError, match="QCP-SRC-QUERY"):
        select_only(query)


@pytest.mark.parametrize(
    "query",
    [
        "select 1",
        "SELECT ';' AS a -- drop; table\n;",
        "(SELECT 1)",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "SELECT \"delete from\" FROM q WHERE b = 'insert into; x'",
        "VALUES (1)",
    ],
)
def test_what_only_reads_is_let_through(query: str) -> None:
    assert not select_only(query).endswith(";")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT load_extension('x')",
        "SELECT writefile('x', 'y')",
        "SELECT zeroblob(100000000)",
        "SELECT * FROM pragma_database_list",
    ],
)
def test_functions_that_reach_outside_are_refused(query: str, database: Path, run: Run) -> None:
    assert run(snapshot_file(database), "sql", query=query).failed == "QCP-SRC-TABLE"


def test_a_statement_without_end_is_broken_off(database: Path, run: Run) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n"
    found = run(snapshot_file(database), "sql", query=endless, timeout=1)
    assert found.failed == "QCP-SRC-TIMEOUT"


def test_the_file_is_never_written_and_leaves_nothing_beside_it(database: Path, run: Run) -> None:
    before = database.read_bytes()
    database.chmod(0o444)
    run(snapshot_file(database), "sql", table="q")
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == ["r.sqlite"]


def test_damage_is_told_and_no_row_is_lost_in_silence(
    database: Path, tmp_path: Path, run: Run
) -> None:
    whole = database.read_bytes()
    for content in (whole[:5000], whole[:4096], whole[:100]):
        path = tmp_path / "cut.sqlite"
        path.write_bytes(content)
        found = run(snapshot_file(path), "sql", table="q")
        assert found.failed == "QCP-SRC-DATABASE", len(content)


def test_bytes_that_are_no_letters_cost_their_row(tmp_path: Path, run: Run) -> None:
    script = "CREATE TABLE t (id, a); INSERT INTO t VALUES (1, CAST(x'C3' AS TEXT)), (2, 'é');"
    found = run(snapshot_file(fill(tmp_path / "t.db", script)), "sql")
    assert [row["id"] for row in found.data] == ["2"]
    assert [(i.code, i.field) for i in found.issues] == [("QCP-SRC-CHARACTERS", "a")]


def test_a_huge_row_costs_only_itself(tmp_path: Path, run: Run) -> None:
    script = "CREATE TABLE t (id, a); INSERT INTO t VALUES (1, hex(zeroblob(2000))), (2, 'é');"
    found = run(snapshot_file(fill(tmp_path / "t.db", script)), "sql", limit=1500)
    assert [row["id"] for row in found.data] == ["2"]
    assert found.codes == ["QCP-SRC-RECORD-SIZE"]


def test_other_files_are_refused_with_their_kind(make: Make, run: Run) -> None:
    assert run(make("a;b\n1;2\n"), "sql").failed == "QCP-SRC-FORMAT"
    assert run(make(b"PK\x03\x04 rest"), "sql").failed == "QCP-SRC-FORMAT"


def test_a_table_or_a_query_not_both(database: Path, run: Run) -> None:
    found = run(snapshot_file(database), "sql", table="q", query="SELECT 1")
    assert found.failed == "QCP-SRC-OPTION"


def test_columns_are_known_without_reading(database: Path) -> None:
    spec = readers.ReaderSpec("sql", "", {"query": "SELECT id, title AS t FROM q"})
    assert readers.fields(spec, snapshot_file(database)) == ("id", "t")


def test_an_export_is_read_by_the_statement_it_was_made_for(make: Make, run: Run) -> None:
    text = (
        '{"qcp-table":"a","query":"","columns":["id","x"],"key":["id"]}\n["1",null]\n{"qcp-end":1}\n'
        '{"qcp-table":"b","query":"","columns":["id"],"key":[]}\n["2"]\n["3"]\n{"qcp-end":2}\n'
    )
    first = run(make(text), "sql", table="a")
    assert (first.data, first.places) == ([{"id": "1", "x": None}], ["in.dat a[id=1]"])
    second = run(make(text), "sql", table="b")
    assert second.places == ["in.dat b row 1", "in.dat b row 2"]
    assert run(make(text), "sql", table="c").failed == "QCP-SRC-TABLE"
    cut = run(make(text[: text.index('["3"]')]), "sql", table="b")
    assert (len(cut.data), cut.failed) == (1, "QCP-SRC-TRUNCATED")
    broken = run(make(text.replace('["2"]', '["2"')), "sql", table="b")
    assert broken.failed == "QCP-SRC-SNAPSHOT"


def test_sniffing_a_database_names_its_columns(database: Path) -> None:
    report = readers.sniff(SnapshotFile("r", database, database.stat().st_size, ""))
    assert (report.format, report.fields[:2]) == ("sql", ("id", "title"))


def test_errors_name_no_bytes_that_cannot_be_written(tmp_path: Path, run: Run) -> None:
    found = run(snapshot_file(fill(tmp_path / "x.db", 'CREATE TABLE "a\'b" (c);')), "sql")
    assert found.codes == ["QCP-SRC-NO-RECORDS"]
    with pytest.raises(QcpError):
        readers.fields(
            readers.ReaderSpec("sql", "", {"table": "zz"}), snapshot_file(tmp_path / "x.db")
        )
