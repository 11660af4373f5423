import sqlite3
from pathlib import Path

import pytest

from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.store import LedgerReader, LedgerWriter
from tests.store.conftest import NAME, row

ISSUE = Issue("QCP-VAL-TITLE", "violation", "No title.", record="b", remedy="Ask the owner.")


QUAD = ("<http://x/o>", NAME, '"Guild"', "data")


def written(path: Path, *rows: LedgerRow) -> Path:
    with LedgerWriter(path) as ledger:
        for one in rows:
            assert ledger.add(one) == ""
    return path


def test_rows_come_back_as_they_were_added_sorted_by_key(tmp_path: Path) -> None:
    shared = [("<http://x/o>", NAME, '"Guild"', "data")]
    rows = [
        row("é", shared=shared),
        row("b", status="quarantined", public=False, issues=[ISSUE, ISSUE], quads=()),
        row("a", status="withdrawn", snapshot="cd" * 32),
    ]
    with LedgerReader(written(tmp_path / "l.sqlite", *rows)) as ledger:
        found = list(ledger.rows())

        assert [one.key for one in found] == ["a", "b", "é"] == list(ledger.keys())
        for one, given in zip(found, sorted(rows, key=lambda r: r.key), strict=True):
            assert (one.digest, one.status, one.iri, one.locator, one.snapshot, one.public) == (
                given.digest, given.status, given.iri, given.locator, given.snapshot, given.public,
            )  # fmt: skip
            assert list(one.quads) == list(given.quads)
            assert list(one.shared) == list(given.shared)
            assert list(one.issues) == list(given.issues)
        assert ledger.get("é") == found[2]
        assert ledger.get("c") is None
        assert [one.key for one in ledger.living()] == ["é"]
        assert ledger.snapshots() == ["ab" * 32, "cd" * 32]
        assert ledger.counts() == {"published": 1, "quarantined": 1, "withdrawn": 1}


def test_a_second_record_with_a_key_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    with LedgerWriter(tmp_path / "l.sqlite") as ledger:
        assert ledger.add(row("1", locator="a.csv row 2")) == ""
        assert "1" in ledger
        assert "2" not in ledger
        assert ledger.add(row("1", locator="a.csv row 9", digest=b"other")) == "a.csv row 2"
        assert ledger.add(row("2", locator="")) == ""
        assert ledger.add(row("2")) == "record 2"
    with LedgerReader(tmp_path / "l.sqlite") as reader:
        assert [r.digest for r in reader.rows()] == [b"1", b"2"]


def test_issues_are_found_by_status_and_counted_by_code_once_per_record(tmp_path: Path) -> None:
    other = Issue("QCP-MAP-DATE", "warning", "No date.")
    rows = [
        row("a", issues=[other]),
        row("b", status="quarantined", issues=[ISSUE, ISSUE, other]),
        row("c"),
    ]
    with LedgerReader(written(tmp_path / "l.sqlite", *rows)) as ledger:
        assert [(i.key, i.status, i.issue) for i in ledger.issues("quarantined")] == [
            ("b", "quarantined", ISSUE), ("b", "quarantined", ISSUE), ("b", "quarantined", other),
        ]  # fmt: skip
        assert [i.key for i in ledger.issues()] == ["a", "b", "b", "b"]
        assert [i.key for i in ledger.issues(limit=1)] == ["a"]
        assert list(ledger.reasons().items()) == [("QCP-MAP-DATE", 2), ("QCP-VAL-TITLE", 1)]


@pytest.mark.parametrize("key", ["\x00a.csv row 3", "\ud800half", "'; DROP TABLE record --", "😀"])
def test_no_key_is_too_odd(tmp_path: Path, key: str) -> None:
    path = written(tmp_path / "l.sqlite", row(key, [QUAD], iri="", issues=[ISSUE]))
    with LedgerReader(path) as ledger:
        assert ledger.get(key) is not None
        assert len(list(ledger.keys())) == 1


def test_unchanged_rows_pass_from_ledger_to_ledger(tmp_path: Path) -> None:
    first = written(tmp_path / "1.sqlite", row("a"), row("b", issues=[ISSUE]))
    with LedgerReader(first) as old:
        second = written(tmp_path / "2.sqlite", *old.rows())
    with LedgerReader(first) as old, LedgerReader(second) as new:
        assert list(old.rows()) == list(new.rows())


def test_an_error_while_writing_leaves_no_ledger(tmp_path: Path) -> None:
    def fail() -> None:
        with LedgerWriter(tmp_path / "l.sqlite") as ledger:
            ledger.add(row("a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:8192])


def _garbage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)


def _foreign(path: Path) -> None:
    path.unlink()
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE t (a)")
    database.close()


@pytest.mark.parametrize("damage", [_cut, _garbage, _foreign, Path.unlink])
def test_a_damaged_ledger_is_named(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    path = written(tmp_path / "l.sqlite", *(row(str(i)) for i in range(200)))
    damage(path)
    with pytest.raises(DataError) as caught, LedgerReader(path) as ledger:
        list(ledger.rows())
    assert caught.value.code == "QCP-REL-DAMAGED"
    assert caught.value.where == str(path)


def test_a_ledger_of_another_form_is_not_misread(tmp_path: Path) -> None:
    path = written(tmp_path / "l.sqlite", row("a"))
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(DataError, match="another version"):
        LedgerReader(path)
