"""One damaged delivery through reader and mapping, and what must hold whatever it is."""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import pyoxigraph

from qcp_graph import readers, validation
from qcp_graph.errors import InternalError, QcpError
from qcp_graph.mapping import Plan, Tables
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import MappedRecord, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.terms import nquad
from tests.fuzz import hostile, plans, samples

SECONDS: Final = 20
LIMIT: Final = 60_000
# One record in so many is mapped by the interpreter, too.
_COMPARED: Final = 3
# Remarks that the whole file may have been read in another way than it was written.
_DOUBTS: Final = frozenset({"QCP-SRC-ENCODING-GUESSED", "QCP-SRC-DIALECT"})
_GRAPH: Final = "http://g.org/"


class HangError(Exception):
    """An input took longer than any may."""


@contextmanager
def bounded(seconds: int = SECONDS) -> Iterator[None]:
    """Break off what takes too long."""

    def stop(*_: object) -> None:
        raise HangError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@dataclass
class Outcome:
    """What became of one delivery."""

    read: int = 0
    published: dict[str, tuple[str, ...]] = field(default_factory=dict)
    quarantined: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rejected: list[str] = field(default_factory=list)
    twins: int = 0
    issues: list[Issue] = field(default_factory=list)
    error: QcpError | None = None
    lines: list[str] = field(default_factory=list)

    @property
    def mapped(self) -> dict[str, tuple[str, ...]]:
        """The statements of each record that was mapped."""
        return {**self.published, **self.quarantined}

    @property
    def keys(self) -> set[str]:
        """The keys of all records that were found."""
        return {*self.published, *self.quarantined, *self.rejected}

    @property
    def accounted(self) -> int:
        """How many records have an outcome."""
        return len(self.published) + self.twins + len(self.quarantined) + len(self.rejected)


class Bench:
    """A format with its plan, ready for one delivery after the other."""

    def __init__(self, name: str, folder: Path, shapes: validation.ShapePlan) -> None:
        self.name = name
        self.format = samples.FORMATS[name]
        written = plans.text(
            self.format.formulation, self.format.iterator, nested=self.format.nested
        )
        if self.format.formulation == "rdf":
            written = plans.rdf_text(self.format.iterator)
        self.plan, self.tables = plans.load(folder, written)
        self._path = folder / "in.dat"
        self._shapes = shapes
        self._reference = validation.ReferenceGraph.from_triples([])
        form = self.plan.inputs[0].format
        self._spec = readers.ReaderSpec(form, self.format.iterator, self.format.options)
        self.sound = self.run(self.delivery(None).content)

    def delivery(self, chance: Random | None) -> samples.Delivery:
        """Return a delivery: sound, or with hostile values."""
        return self.format.write(samples.records(nested=bool(self.format.nested)), chance)

    def run(self, content: bytes) -> Outcome:
        """Read, map and judge every record of a file."""
        self._path.write_bytes(content)
        file = SnapshotFile("in.dat", self._path, len(content), "")
        found = Outcome()
        try:
            for item in readers.read(self._spec, file, max_record_bytes=LIMIT):
                self._take(item, found)
        except InternalError as error:  # the machine's or the program's fault, never a file's
            raise AssertionError(f"{error.code}: {error}") from error
        except QcpError as error:
            found.error = error
        return found

    def _take(self, item: SourceRecord | Issue, found: Outcome) -> None:
        if isinstance(item, Issue):
            found.issues.append(item)
            if item.severity == "violation":
                found.read += 1
                found.rejected.append("")
            return
        found.read += 1
        compare = found.read % _COMPARED == 1
        mapped = _mapped(self.plan, self.tables, item, compare)
        found.issues += mapped.issues
        if mapped.rejected:
            assert not mapped.quads
            assert any(issue.severity != "warning" for issue in mapped.issues), mapped
            found.rejected.append(mapped.key)
            return
        quads = [*mapped.quads, *mapped.shared]
        lines = [nquad(quad, _GRAPH + quad[3]) for quad in quads]
        found.lines += lines
        triples = [quad[:3] for quad in quads]
        results = self._shapes.validate(triples, self._reference)
        blocked = any(result.severity == "violation" for result in results)
        if mapped.key in found.published or mapped.key in found.quarantined:
            found.twins += 1
        else:
            place = found.quarantined if blocked else found.published
            place[mapped.key] = tuple(sorted(lines))


def _mapped(plan: Plan, tables: Tables, record: SourceRecord, compare: bool) -> MappedRecord:
    prepared = plan.prepare(record, "s", tables)
    if isinstance(prepared, MappedRecord):
        return prepared
    found = plan.map(prepared, "s")
    if compare:  # three ways to run a mapping, one outcome
        other = plan.interpret(prepared, "s")
        assert sorted(found.quads) == sorted(other.quads), record.locator
        assert sorted(found.shared) == sorted(other.shared), record.locator
        assert set(found.issues) == set(other.issues), record.locator
        graphs = {role: _GRAPH + role for role in ("data", "provenance")}
        lines = set(plan.write(record, "s", graphs, tables).lines)
        quads = (*found.quads, *found.shared)
        assert lines == {nquad(quad, graphs[quad[3]]) + "\n" for quad in quads}, record.locator
    return found


def check(found: Outcome) -> None:
    """Assert what must hold for every delivery."""
    if found.error is not None:
        assert found.error.code.startswith("QCP-"), found.error
        assert found.error.remedy, found.error
        f"{found.error.where} {found.error} {found.error.remedy}".encode()
    crashes = [issue for issue in found.issues if issue.code == "QCP-MAP-CRASH"]
    assert not crashes, crashes[0]
    assert found.read == found.accounted
    text = "\n".join(found.lines).encode("utf-8")
    parsed = sum(1 for _ in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS))
    assert parsed == len(found.lines)
    for issue in found.issues:
        assert issue.code.startswith("QCP-"), issue
        assert issue.message, issue
        assert issue.locator, issue
        assert issue.remedy, issue
        "".join(issue.as_dict().values()).encode("utf-8")  # can be written to a report


def told(found: Outcome) -> bool:
    """Tell whether anything was said about a loss."""
    return found.error is not None or any(
        issue.severity == "violation" or issue.code == "QCP-SRC-NO-RECORDS"
        for issue in found.issues
    )


def values(bench: Bench, chance: Random) -> Outcome:
    """Run a delivery with hostile values in some records: all others are as if nothing were."""
    made = bench.delivery(chance)
    found = bench.run(made.content)
    check(found)
    own = {samples.key(n) for n in range(samples.COUNT) if n not in made.touched}
    doubt = {issue.code for issue in found.issues} & _DOUBTS
    if found.error is None and not made.whole and not doubt:
        for key in own:
            assert key in found.keys, (key, "is missing")
            if not found.twins:
                assert found.mapped[key] == bench.sound.mapped[key], (key, "differs")
    elif own - found.keys:
        assert told(found) or doubt, "records are missing and nobody says so"
    return found


def damage(bench: Bench, chance: Random) -> Outcome:
    """Run a delivery with damaged bytes: what lies before them is read, losses are told."""
    sound = bench.delivery(None)
    if bench.format.damage is not None and chance.random() < 0.7:
        content, low, high = bench.format.damage(sound.content, chance), 0, len(sound.content)
    else:
        content, low, high = hostile.damaged(sound.content, chance)
    if not content:
        content = b"\n"
    found = bench.run(content)
    check(found)
    outside = {
        samples.key(n)
        for n, (start, end) in enumerate(sound.spans)
        if end <= low - 4 or start >= high + 4
    }
    if bench.name == "sql":  # where the bytes of a row lie nobody can tell, but none may go
        assert found.read >= samples.COUNT or told(found), "rows are missing in silence"
    if outside - found.keys:
        assert told(found), f"silently missing: {sorted(outside - found.keys)}"
    return found


def campaign(bench: Bench, rounds: int, seed: int = 0) -> Counter[str]:
    """Run many deliveries; return what became of them, by count.

    :raises AssertionError: naming the seed of the delivery that breaks a promise.
    """
    tally = Counter[str]()
    for number in range(rounds):
        chance = Random(f"{bench.name} {seed} {number}")
        way = values if number % 2 else damage
        try:
            with bounded():
                found = way(bench, chance)
        except Exception as error:
            raise AssertionError(
                f"{bench.name}, seed {seed}, input {number} ({way.__name__}): "
                f"{type(error).__name__}: {str(error)[:2000]}"
            ) from error
        tally["inputs"] += 1
        tally["files refused"] += found.error is not None
        tally["records"] += found.read
        tally["published"] += len(found.published) + found.twins
        tally["quarantined"] += len(found.quarantined)
        tally["rejected"] += len(found.rejected)
        tally["issues"] += len(found.issues)
        tally["quads"] += len(found.lines)
    for issue in bench.plan.audit():
        "".join(issue.as_dict().values()).encode("utf-8")
    return tally
