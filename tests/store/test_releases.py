"""Building, publishing, keeping, going back."""

import gzip
import os
from datetime import UTC, datetime

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qcp_graph.errors import DataError, UsageError
from qcp_graph.iris import Iris
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.store import Change, ReleaseFolder
from qcp_graph.store.packing import Packed
from tests.store.conftest import BASE, NAME, TITLE, build, entry, manifest, row

XSD = "http://www.w3.org/2001/XMLSchema#"
ROWS = [row(str(number)) for number in range(20)]
A = [("<http://x/a>", TITLE, '"a"')]
B = [("<http://x/b>", TITLE, '"b"')]


def quads(releases: ReleaseFolder, release: str) -> set[ox.Quad]:
    return set(releases.open_store(release))


def dumped(releases: ReleaseFolder, release: str) -> set[ox.Quad]:
    """What the dumps of a release say, as the store understands it."""
    store = ox.Store()
    for path in (releases.path(release) / "dumps").iterdir():
        store.load(gzip.decompress(path.read_bytes()), ox.RdfFormat.N_QUADS)
    return set(store)


def test_before_the_first_release_there_is_nothing_and_nothing_is_created(
    releases: ReleaseFolder,
) -> None:
    assert releases.current() is None
    assert releases.current_id() is None
    assert releases.list() == ()
    assert not releases.home.exists()


def test_a_release_holds_what_its_registers_say(releases: ReleaseFolder) -> None:
    hidden = row("99", status="quarantined", public=False)
    done, loaded = build(releases, "r1", {"xx-demo": [*ROWS, hidden]}, A)

    assert releases.current() == done
    assert releases.verify("r1") == done
    assert (done.quads, loaded.mode) == (21, "full")
    assert done.registers["xx-demo"].files.keys() == {
        "registers/xx-demo.sqlite", "dumps/xx-demo.nq.gz",
    }  # fmt: skip
    assert {"search.sqlite", "dumps/vocabulary.nq.gz", "store/CURRENT"} <= done.files.keys()
    assert done.versions["pyoxigraph"] == ox.__version__
    assert quads(releases, "r1") == dumped(releases, "r1")
    assert {q.graph_name.value for q in quads(releases, "r1")} == {
        f"{BASE}graph/xx/demo/data", f"{BASE}graph/vocabulary",
    }  # fmt: skip
    assert sorted(p.name for p in releases.folder.iterdir()) == ["CURRENT", "r1"]
    assert not (releases.path("r1") / "scratch").exists()


def test_the_same_input_gives_the_same_dump_in_any_order(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS}, [*A, *B])
    build(releases, "r2", {"xx-demo": reversed(ROWS)}, [*B, *A], base=False)
    for name in ("xx-demo", "vocabulary"):
        one, two = (releases.path(r) / "dumps" / f"{name}.nq.gz" for r in ("r1", "r2"))
        assert one.read_bytes() == two.read_bytes()


def test_an_unchanged_register_is_shared_between_releases(releases: ReleaseFolder) -> None:
    first, _ = build(releases, "r1", {"xx-demo": ROWS, "yy-demo": ROWS}, A)
    second, loaded = build(releases, "r2", {"xx-demo": None, "yy-demo": ROWS[:-1]}, B)

    assert second.registers["xx-demo"] == first.registers["xx-demo"]
    for name in first.registers["xx-demo"].files:
        assert (releases.path("r1") / name).samefile(releases.path("r2") / name)
    assert (loaded.mode, loaded.added, loaded.removed) == ("incremental", 1, 2)
    assert quads(releases, "r2") == dumped(releases, "r2")
    releases.verify("r1")


def test_a_removed_register_leaves_no_graph_behind(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS, "yy-demo": ROWS})
    _, loaded = build(releases, "r2", {"xx-demo": None})
    assert loaded.mode == "incremental"
    store = releases.open_store("r2")
    assert [g.value for g in store.named_graphs()] == [f"{BASE}graph/xx/demo/data"]
    assert set(store) == dumped(releases, "r2")


@pytest.mark.parametrize(
    ("small_change", "mode"), [(0.0, "full"), (0.04, "full"), (0.1, "incremental")]
)
def test_a_large_change_is_loaded_afresh(
    releases: ReleaseFolder, small_change: float, mode: str
) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    _, loaded = build(releases, "r2", {"xx-demo": ROWS[1:]}, small_change=small_change)
    assert loaded.mode == mode
    assert quads(releases, "r2") == dumped(releases, "r2")


OBJECTS = st.sampled_from(
    [f'"{v}"^^<{XSD}decimal>' for v in ("1.5", "1.50", "2")]
    + [f'"{v}"^^<{XSD}duration>' for v in ("P12M", "P1Y")]
    + ['"a"@en', "<http://x/o>"]
)
STATEMENTS = st.tuples(
    st.sampled_from(["<http://x/org1>", "<http://x/org2>"]),
    st.sampled_from([TITLE, NAME]),
    OBJECTS,
    st.sampled_from(["data", "provenance", "links"]),
)
RECORDS = st.lists(
    st.builds(
        lambda key, own, shared: row(str(key), own, shared=shared),
        st.integers(1, 6),
        st.lists(STATEMENTS, max_size=3),
        st.lists(STATEMENTS, max_size=3),
    ),
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sequence=st.lists(st.tuples(RECORDS, st.booleans()), min_size=2, max_size=4))
def test_releases_built_by_changes_equal_releases_built_afresh(
    tmp_path_factory: pytest.TempPathFactory, sequence: list[tuple[list[LedgerRow], bool]]
) -> None:
    """Own and shared statements overlap between records, in forms that the store confuses."""
    releases = ReleaseFolder(tmp_path_factory.mktemp("home"), Iris(BASE))
    build(releases, "r0", {"xx-demo": ROWS, "yy-demo": ROWS}, A)
    for number, (rows, keep) in enumerate(sequence, start=1):
        other = None if keep else ROWS[number:]
        registers = {"xx-demo": rows, "yy-demo": other}
        _, loaded = build(releases, f"r{number}", registers, A if keep else B)
        assert loaded.mode == "incremental"
        found = quads(releases, f"r{number}")
        assert found == dumped(releases, f"r{number}")
        named = {graph.value for graph in releases.open_store(f"r{number}").named_graphs()}
        assert named == {quad.graph_name.value for quad in found}
    releases.verify("r0")


def test_the_base_is_never_touched(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    before = {p: p.stat().st_mtime_ns for p in releases.path("r1").rglob("*")}
    build(releases, "r2", {"xx-demo": ROWS[1:]})
    assert {p: p.stat().st_mtime_ns for p in releases.path("r1").rglob("*")} == before


def test_rollback_goes_to_the_release_before_the_live_one(releases: ReleaseFolder) -> None:
    for name in ("r1", "r2", "r3"):
        build(releases, name, {"xx-demo": ROWS})
    assert releases.rollback("r1").id == "r1"
    build(releases, "r4", {"xx-demo": ROWS})
    assert releases.rollback().id == "r1"
    assert releases.current_id() == "r1"
    with pytest.raises(UsageError, match="no release before"):
        releases.rollback()
    assert releases.publish("r3").id == "r3"
    assert releases.rollback().id == "r2"


def test_the_oldest_releases_are_removed_but_never_the_live_one(releases: ReleaseFolder) -> None:
    for name in ("r1", "r2", "r3", "r4", "r5"):
        build(releases, name, {"xx-demo": ROWS})
    releases.publish("r2")
    assert releases.prune(2) == ("r3",)  # r2 is live, r1 is what a rollback leads to
    assert [m.id for m in releases.list()] == ["r1", "r2", "r4", "r5"]
    releases.publish("r5")
    assert releases.prune(1) == ("r1", "r2")
    assert [m.id for m in releases.list()] == ["r4", "r5"]
    releases.verify("r5")
    assert quads(releases, "r5") == dumped(releases, "r5"), "hard links outlive their origin"
    releases.path("r4").joinpath("manifest.json").unlink()
    with pytest.raises(DataError):
        releases.rollback()


def test_a_rollback_to_a_removed_release_says_so(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    build(releases, "r2", {"xx-demo": ROWS})
    releases.path("r1").rename(releases.home / "elsewhere")
    with pytest.raises(UsageError, match="r1 is no longer kept"):
        releases.rollback()
    assert releases.current_id() == "r2"


def test_an_abandoned_build_leaves_nothing(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})

    def fail() -> None:
        with releases.begin("r2", releases.current()) as builder:
            builder.keep("xx-demo")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert sorted(p.name for p in releases.folder.iterdir()) == ["CURRENT", "r1"]


def test_the_next_writer_removes_what_a_crash_left(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    for name in (".building-r0", ".removing-building-r0", ".removing-r0"):
        (releases.folder / name / "store").mkdir(parents=True)
    assert [m.id for m in releases.list()] == ["r1"]
    build(releases, "r2", {"xx-demo": None})
    assert sorted(p.name for p in releases.folder.iterdir()) == ["CURRENT", "r1", "r2"]


def test_ids_are_utc_times_with_a_suffix_when_taken(releases: ReleaseFolder) -> None:
    moment = datetime.fromisoformat("2026-11-23T01:59:00.5+02:00")
    assert releases.new_id(moment) == "20261122T235900Z"
    releases.path("20261122T235900Z").mkdir(parents=True)
    assert releases.new_id(moment.astimezone(UTC)) == "20261122T235900Z-02"


@pytest.mark.parametrize("name", ["../r1", "", ".building-r1", "a/b", "r1\n", "-x", "x" * 200])
def test_an_id_never_leads_out_of_the_folder(releases: ReleaseFolder, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        releases.get(name)
    assert caught.value.code == "QCP-REL-MISSING"


def test_an_id_is_used_once(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    with pytest.raises(UsageError, match="never overwritten"):
        build(releases, "r1", {"xx-demo": ROWS})
    assert releases.verify("r1")


def test_a_base_with_other_iris_is_refused(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    other = ReleaseFolder(releases.home, Iris("https://other.example/"))
    with pytest.raises(UsageError, match="base IRI"), other.begin("r2", other.current()):
        pass


def test_a_store_of_another_engine_version_is_not_continued(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    path = releases.path("r1") / "manifest.json"
    path.write_text(path.read_text().replace(f'"{ox.__version__}"', '"0.0.1"'))
    _, loaded = build(releases, "r2", {"xx-demo": ROWS})
    assert loaded.mode == "full"


def test_keeping_needs_a_base(releases: ReleaseFolder) -> None:
    with pytest.raises(RuntimeError), releases.begin("r1", None) as builder:
        builder.keep("xx-demo")


def test_the_differences_between_two_releases(releases: ReleaseFolder) -> None:
    guild = ("<http://x/org>", NAME, '"Guild"', "data")
    first = [row("1"), row("2"), row("3", shared=[guild]), row("4"), row("5", status="withdrawn")]
    second = [
        row("1"),
        row("2", [("<http://x/2>", TITLE, '"New"', "data")]),
        row("3"),
        row("4", status="withdrawn"),
        row("5"),
        row("6"),
        row("7", status="rejected", public=False),
    ]
    build(releases, "r1", {"xx-demo": first, "yy-demo": [row("1")]})
    build(releases, "r2", {"xx-demo": second, "zz-demo": [row("2")]})

    iri = f"{BASE}id/qualification/xx/demo/"
    assert list(releases.diff("r1", "r2")) == [
        Change("xx-demo", "changed", "2", iri + "2"),
        Change("xx-demo", "changed", "3", iri + "3"),
        Change("xx-demo", "withdrawn", "4", iri + "4"),
        Change("xx-demo", "added", "5", iri + "5"),
        Change("xx-demo", "added", "6", iri + "6"),
        Change("yy-demo", "withdrawn", "1", iri + "1"),
        Change("zz-demo", "added", "2", iri + "2"),
    ]
    assert list(releases.diff("r1", "r1")) == []
    assert releases.diff_record("r1", "r2", "xx-demo", "3") == ((guild,), ())
    gone, come = releases.diff_record("r1", "r2", "xx-demo", "2")
    assert [q[2] for q in gone] == ['"Title 2"@en']
    assert [q[2] for q in come] == ['"New"']
    assert releases.diff_record("r1", "r2", "zz-demo", "2") == ((), tuple(row("2").quads))
    assert releases.diff_record("r1", "r2", "zz-demo", "none") == ((), ())


def test_rows_of_the_last_release_go_into_the_next_one_without_decoding(
    releases: ReleaseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    monkeypatch.setattr(Packed, "_decoded", None)
    with releases.ledger("r1", "xx-demo") as ledger:
        build(releases, "r2", {"xx-demo": ledger.rows()})
    assert quads(releases, "r1") == quads(releases, "r2")


def test_the_manifest_of_a_foreign_release_is_refused(releases: ReleaseFolder) -> None:
    done, _ = build(releases, "r1", {"xx-demo": ROWS})
    os.rename(releases.path("r1"), releases.path("r9"))  # noqa: PTH104
    with pytest.raises(DataError, match=f"describes the release {done.id}"):
        releases.get("r9")


def test_a_manifest_cannot_name_files_elsewhere(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    path = releases.path("r1") / "manifest.json"
    path.write_text(path.read_text().replace('"search.sqlite"', '"../../../etc/passwd"'))
    with pytest.raises(DataError, match="outside the release"):
        releases.verify("r1")


def test_finish_needs_every_register(releases: ReleaseFolder) -> None:
    with releases.begin("r1", None) as builder:
        builder.load()
        with pytest.raises(KeyError):
            builder.finish(manifest("r1", "", {"xx-demo": entry("xx-demo", "r1", 0)}))
    assert list(releases.folder.iterdir()) == []
