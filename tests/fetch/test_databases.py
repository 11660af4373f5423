"""Databases: exported into the snapshot, read-only, in one transaction, without secrets."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qcp_graph import fetch, readers
from qcp_graph.errors import DataError, QcpError, UsageError
from qcp_graph.model.database import TableRequest
from qcp_graph.model.record import SourceRecord
from qcp_graph.model.snapshot import Snapshot
from tests.fetch import postgres

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = TableRequest(table="q", file="register.sql")

pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed (extra: sql)")


def take(folder: Path, *requests: TableRequest, name: str = "register") -> fetch.Result:
    return fetch.fetch(
        "xx-test", f"database:{name}", folder, fetch.Limits(), now=NOW, tables=requests
    )


def rows(snapshot: Snapshot, request: TableRequest) -> list[SourceRecord]:
    options: dict[str, object] = {"key": list(request.key)}
    options |= {"query": request.query} if request.query else {"table": request.table}
    (file,) = (one for one in snapshot.files if one.name == request.file)
    found = readers.read(readers.ReaderSpec("sql", "", options), file, max_record_bytes=10_000)
    records = []
    for item in found:
        assert isinstance(item, SourceRecord), item
        records.append(item)
    return records


@pytest.fixture
def lite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "live.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE q (id TEXT PRIMARY KEY, title); INSERT INTO q VALUES ('B', 'é'), ('A', NULL);"
    )
    connection.close()
    monkeypatch.setenv("QCP_DATABASE_REGISTER", f"sqlite:///{path}")
    return path


def test_a_table_is_exported_in_the_order_of_its_key(lite: Path, tmp_path: Path) -> None:
    found = take(tmp_path / "s", TABLE)
    assert found.changed
    assert found.snapshot.origin == "database:register"
    assert [file.name for file in found.snapshot.files] == ["register.sql"]
    records = rows(found.snapshot, TABLE)
    assert [record.data for record in records] == [
        {"id": "A", "title": None},
        {"id": "B", "title": "é"},
    ]
    assert str(records[0].locator) == "register.sql q[id=A]"


def test_equal_rows_are_the_same_snapshot_and_a_change_is_another(
    lite: Path, tmp_path: Path
) -> None:
    first = take(tmp_path / "s", TABLE)
    connection = sqlite3.connect(lite)
    connection.executescript("DELETE FROM q; INSERT INTO q VALUES ('A', NULL), ('B', 'é'); VACUUM;")
    again = take(tmp_path / "s", TABLE)
    assert (again.snapshot.sha256, again.changed) == (first.snapshot.sha256, False)
    connection.executescript("UPDATE q SET title = 'è' WHERE id = 'B'")
    connection.close()
    other = take(tmp_path / "s", TABLE)
    assert other.changed
    assert other.snapshot.sha256 != first.snapshot.sha256


def test_several_statements_of_one_file_stand_in_it_one_after_the_other(
    lite: Path, tmp_path: Path
) -> None:
    query = TableRequest(
        query="SELECT id AS nr, ':x %s' AS t FROM q", key=("nr",), file="register.sql"
    )
    found = take(tmp_path / "s", TABLE, query, TABLE)
    assert len(rows(found.snapshot, TABLE)) == 2
    assert rows(found.snapshot, query)[1].data == {"nr": "B", "t": ":x %s"}


def test_a_sqlite_file_and_its_export_give_the_same_records(lite: Path, tmp_path: Path) -> None:
    request = TableRequest(table="q", key=("id",), file="live.sqlite")
    exported = rows(take(tmp_path / "s", request).snapshot, request)
    copied = fetch.fetch("xx-copy", str(lite), tmp_path / "s", fetch.Limits(), now=NOW)
    assert rows(copied.snapshot, request) == exported


@pytest.mark.parametrize("name", ["nowhere", "HOME", "a;b", "../x", ""])
def test_an_address_that_names_no_database(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="QCP-SRC-DATABASE-URL"):
        take(tmp_path, TABLE, name=name)


def test_nothing_but_an_own_variable_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QCP_DATABASE_BAD", "top secret: no URL")
    with pytest.raises(QcpError) as caught:
        take(tmp_path, TABLE, name="bad")
    assert "secret" not in f"{caught.value} {caught.value.where} {caught.value.remedy}"


def test_a_mapping_that_asks_nothing(lite: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="QCP-SRC-TABLE"):
        take(tmp_path / "s")


def test_writing_is_refused_before_the_database_is_asked(lite: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="QCP-SRC-QUERY"):
        take(tmp_path / "s", TableRequest(query="DELETE FROM q", file="a"))
    assert not list((tmp_path / "s" / "xx-test").glob("*/snapshot.json"))


def test_an_export_that_grows_beyond_the_limit_is_broken_off(lite: Path, tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    with pytest.raises(DataError, match="QCP-SRC-SIZE"):
        fetch.fetch(
            "xx-test", "database:register", tmp_path / "s", fetch.Limits(max_bytes=100_000),
            now=NOW, tables=[TableRequest(query=endless, file="a")],
        )  # fmt: skip


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgres.server() as found:
        import sqlalchemy

        engine = sqlalchemy.create_engine(found, poolclass=sqlalchemy.pool.NullPool)
        with engine.begin() as connection:
            for statement in _SCHEMA:
                connection.execute(sqlalchemy.text(statement))
        yield found


_SCHEMA = (
    "CREATE SCHEMA reg",
    """CREATE TABLE reg."Quals" (nr int, part text, title text, at date, stamp timestamptz,
       plain timestamp, clock time, span interval, price numeric(10, 3), ratio float8, ok boolean,
       raw bytea, tags text[], doc jsonb, id uuid, PRIMARY KEY (nr, part))""",
    """INSERT INTO reg."Quals" VALUES
       (2, 'b', 'Pâtissière', '2024-02-29', '2024-03-01 12:00+02', '2024-03-01 12:00', '08:30',
        '1 day 02:03', 12.500, 0.1, true, '\\x01ff', '{a,b}', '{"z": 1, "a": ["é"]}',
        '00000000-0000-0000-0000-000000000001'),
       (1, 'a', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'NaN', false, NULL, '{}', NULL, NULL)""",
    "CREATE TABLE many AS SELECT i, repeat('x', 100) AS t FROM generate_series(1, 60000) AS i",
    "CREATE SEQUENCE counter",
    "CREATE TABLE old (d date)",
    "INSERT INTO old VALUES ('0044-03-15 BC'), ('infinity')",
)
QUALS = TableRequest(table="reg.Quals", file="r.sql")


@pytest.fixture
def live(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("QCP_DATABASE_REGISTER", url)
    return url


def test_postgres_types_become_canonical_texts(live: str, tmp_path: Path) -> None:
    one, two = rows(take(tmp_path, QUALS).snapshot, QUALS)
    assert two.data == {
        "nr": "2",
        "part": "b",
        "title": "Pâtissière",
        "at": "2024-02-29",
        "stamp": "2024-03-01T10:00:00Z",
        "plain": "2024-03-01T12:00:00",
        "clock": "08:30:00",
        "span": "P1DT2H3M",
        "price": "12.5",
        "ratio": "0.1",
        "ok": "true",
        "raw": "01FF",
        "tags": ["a", "b"],
        "doc": '{"a": ["é"], "z": 1}',
        "id": "00000000-0000-0000-0000-000000000001",
    }
    assert one.data["title"] is None
    assert (one.data["ratio"], one.data["ok"], one.data["tags"]) == ("NaN", "false", [])
    assert str(one.locator) == "r.sql reg.Quals[nr=1, part=a]"


def test_postgres_cannot_be_written_to_even_by_a_function(live: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="read-only transaction"):
        take(tmp_path, TableRequest(query="SELECT nextval('counter')", file="a"))


def test_postgres_breaks_off_a_slow_statement(live: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="QCP-SRC-TIMEOUT"):
        take(tmp_path, TableRequest(query="SELECT pg_sleep(30)", timeout=1, file="a"))


def test_postgres_rows_are_streamed(live: str, tmp_path: Path) -> None:
    import tracemalloc

    many = TableRequest(table="many", key=("i",), file="m")
    tracemalloc.start()
    found = take(tmp_path, many)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.snapshot.files[0].size > 6_000_000
    assert peak < 5_000_000, peak


def test_postgres_refusals_name_the_fault_and_never_the_password(live: str, tmp_path: Path) -> None:
    for request in (
        TableRequest(table="nothing", file="a"),
        TableRequest(query="SELECT nothing", file="a"),
        TableRequest(table="old", file="a"),  # days that no calendar of ours has
    ):
        with pytest.raises(DataError) as caught:
            take(tmp_path, request)
        assert "secret-word" not in f"{caught.value} {caught.value.where}"
    cast = TableRequest(query="SELECT d::text AS d FROM old ORDER BY d::text", file="a")
    assert [r.data["d"] for r in rows(take(tmp_path, cast).snapshot, cast)] == [
        "0044-03-15 BC",
        "infinity",
    ]


def test_a_server_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed (extra: sql)")
    monkeypatch.setenv("QCP_DATABASE_REGISTER", "postgresql+psycopg://u:secret-word@127.0.0.1:1/x")
    with pytest.raises(DataError) as caught:
        take(tmp_path, TABLE)
    assert "secret-word" not in str(caught.value)
