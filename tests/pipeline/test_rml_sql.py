"""RML and R2RML on SQLite files."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qcp_graph.errors import DataError, UsageError
from tests.mapping.rml.support import run

R2RML = """
<#A> rr:logicalTable [ rr:tableName "Award" ]; rr:subjectMap [ rr:template "s/{ID}" ];
  rr:predicateObjectMap [ rr:predicate ex:p; rr:objectMap [ rr:column "VALUE" ] ] .
"""
TABLE = 'rr:tableName "Award"'
XSD = "http://www.w3.org/2001/XMLSchema#"


def _database(folder: Path, kind: str, value: object) -> Path:
    path = folder / "a.sqlite"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE award (id INTEGER PRIMARY KEY, value {kind})")
        database.execute("INSERT INTO award VALUES (1, ?), (2, NULL)", (value,))
        database.commit()
    return path


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("INTEGER", 7, f'"7"^^<{XSD}integer>'),
        ("FLOAT", 30, f'"3.0E1"^^<{XSD}double>'),
        ("NUMERIC(6,2)", 1.5, f'"1.5"^^<{XSD}decimal>'),
        ("BOOLEAN", 0, f'"false"^^<{XSD}boolean>'),
        ("DATE", "2024-01-02", f'"2024-01-02"^^<{XSD}date>'),
        ("TIMESTAMP", "2024-01-02 03:04:05", f'"2024-01-02T03:04:05"^^<{XSD}dateTime>'),
        ("BLOB", b"\x01\xff", f'"01FF"^^<{XSD}hexBinary>'),
        ("VARCHAR(9)", "a", '"a"'),
        ("INTEGER", "no number", '"no number"'),
        ("DATE", "2024-02-30", '"2024-02-30"'),
    ],
)
def test_columns_give_their_natural_literals(
    tmp_path: Path, kind: str, value: object, expected: str
) -> None:
    database = _database(tmp_path, kind, value)
    made = run(tmp_path, R2RML, {}, database=database)
    assert made.lines == [f"<http://base.org/s/1> <http://ex.org/p> {expected} ."]


def test_a_database_that_is_not_given_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--database"):
        run(tmp_path, R2RML, {})


def test_queries_and_files_of_their_own(tmp_path: Path) -> None:
    _database(tmp_path, "TEXT", "a")
    for source in (
        '<http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#jdbcDSN> "jdbc:sqlite:a.sqlite"',
        'rml:root rml:MappingDirectory; rml:path "a.sqlite"',
    ):
        mapping = f"""
        <#A> rml:logicalSource [ rml:source [ {source} ]; rml:referenceFormulation rml:SQL2008Query;
            rml:iterator "SELECT id, value || '!' AS loud FROM award WHERE value IS NOT NULL" ];
          rml:subjectMap [ rml:template "s/{{id}}" ];
          rml:predicateObjectMap [ rml:predicate ex:p; rml:objectMap [ rml:reference "Loud" ] ] .
        """
        made = run(tmp_path, mapping.replace("[ <", "[ a ex:D; <"), {}, allowed=(tmp_path,))
        assert made.objects == ['"a!"']


@pytest.mark.parametrize(
    ("computed", "expected"),
    [
        ("count(*)", f'"2"^^<{XSD}integer>'),
        ("sum(id) / 2.0", f'"1.5E0"^^<{XSD}double>'),
        ("max(value) || '!'", '"7!"'),
        ("max(x'01FF')", f'"01FF"^^<{XSD}hexBinary>'),
        ("max(value)", '"7"'),
    ],
)
def test_what_a_query_computes_has_the_type_of_its_values(
    tmp_path: Path, computed: str, expected: str
) -> None:
    database = _database(tmp_path, "TEXT", "7")
    query = f'rr:sqlQuery "SELECT 1 AS ID, {computed} AS made FROM award"'
    mapping = R2RML.replace(TABLE, query).replace("VALUE", "MADE")
    made = run(tmp_path, mapping, {}, database=database)
    assert made.lines == [f"<http://base.org/s/1> <http://ex.org/p> {expected} ."]


@pytest.mark.parametrize(
    ("mapping", "error", "words"),
    [
        (R2RML.replace("VALUE", "VALEU"), UsageError, "no column 'VALEU'"),
        (R2RML.replace("Award", "Prize"), UsageError, "no table 'Prize'"),
        (R2RML.replace(TABLE, 'rr:sqlQuery "DELETE FROM award"'), UsageError, "a single SELECT"),
        (R2RML.replace(TABLE, 'rr:sqlQuery "SELECT no FROM award"'), DataError, "refused"),
    ],
)  # fmt: skip
def test_wrong_tables_and_statements_are_told(
    tmp_path: Path, mapping: str, error: type[Exception], words: str
) -> None:
    database = _database(tmp_path, "TEXT", "a")
    with pytest.raises(error, match=words):
        run(tmp_path, mapping, {}, database=database)
    assert not (tmp_path / "out.nq").exists()


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_text("id,value\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="neither an SQLite database"):
        run(tmp_path, R2RML, {}, database=path)
