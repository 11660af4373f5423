"""Writing a register of a release in the form of another system, with what had to be left out."""

import csv
import gzip
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal, cast, get_args

from qcp_graph import exports, store, vocabulary
from qcp_graph.errors import UsageError
from qcp_graph.exports import Labels, LeftOut
from qcp_graph.pipeline import exporting_acqf, exporting_records, releases
from qcp_graph.pipeline.export_outcome import Advance, Outcome
from qcp_graph.pipeline.progress import Progress
from qcp_graph.settings import Settings
from qcp_graph.store.faults import guard
from qcp_graph.terms import Quad, Triple, curie, iri_of

Members = Mapping[str, Set[str]]
"""Vocabulary, as the layout names it → its IRIs."""
Form = Literal["loq", "ams"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
_IN_SCHEME: Final = curie("skos:inScheme")
_SNB: Final = "http://data.europa.eu/snb/"
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"


@dataclass(frozen=True, slots=True)
class Order:
    """What is exported, and where to; ``target`` None writes nothing, ``release`` None: live."""

    form: str
    register: str
    release: str | None = None
    target: Path | None = None
    report: Path | None = None


def run(settings: Settings, order: Order, progress: Progress) -> Outcome:
    """Export a register of a release; a file is written whole or not at all.

    :raises UsageError: when there is no such release or register.
    """
    every = releases.folder(settings)
    release = releases.named(every, order.release).id
    ledgers = {one.stem: one for one in (every.path(release) / "registers").glob("*.sqlite")}
    path = ledgers.get(order.register)
    if path is None:
        known = ", ".join(sorted(ledgers))
        raise UsageError(
            "QCP-EXP-REGISTER",
            f"Release {release} has no register {order.register[:80]!r}.",
            remedy=f"Its registers: {known or 'none'}.",
        )
    outcome = Outcome(order.form, order.register, release)
    with progress.step(f"Exporting {order.register}") as step:
        triples = vocabulary.load(settings.base_iri, settings.workspace).triples

        def write(stream: BinaryIO) -> None:
            if outcome.form in FORMS:
                europass(members(triples), outcome, path, stream, step.update)
                return
            names, known = exporting_acqf.labels(triples), exporting_acqf.codes(settings.base_iri)
            if outcome.form in exporting_records.FORMS:
                _by_record(names, outcome, path, stream, step.update)
                return
            found = exporting_acqf.documents(path, names, known, outcome, step.update)
            rdf = outcome.form == "acqf-rdf"
            (exporting_acqf.write_rdf if rdf else exporting_acqf.write_json)(found, stream)

        if order.target is None:
            write(_Nowhere())
        else:
            _whole(order.target, write)
    if order.report is not None:
        _report(order.report, outcome)
    return outcome


def _by_record(
    names: Labels, outcome: Outcome, path: Path, target: BinaryIO, advance: Advance
) -> None:
    dump = path.parent.parent / "dumps" / f"{path.stem}.nq.gz"
    source = exporting_records.Source(path, dump, names)

    def report(one: LeftOut) -> None:
        outcome.left_out[one] = None

    write = exporting_records.FORMS[outcome.form].write
    outcome.records, outcome.written = write(source, target, report, advance)


class _Nowhere(io.BytesIO):
    """Takes what a dry run would have written."""

    def write(self, data: object, /) -> int:
        """Drop data."""
        return len(data)  # type: ignore[arg-type]


def europass(
    known: Members, outcome: Outcome, path: Path, target: BinaryIO, advance: Advance
) -> None:
    """Write LOQ or AMS XML; memory holds IRIs, not records."""
    form: Form = "ams" if outcome.form == "ams" else "loq"
    with tempfile.TemporaryDirectory(prefix="qcp-export-") as folder:
        file = exports.EuropassFile(form, Path(folder))
        try:
            _fill(known, file, path, outcome, advance)
            for piece in file.finish():
                target.write(piece)
        finally:
            file.close()


def _fill(
    known: Members, file: exports.EuropassFile, path: Path, outcome: Outcome, advance: Advance
) -> None:
    shared, able = _first_look(known, file, path)
    register = exports.Register(file, known, shared, able)

    def report(one: LeftOut) -> None:
        outcome.left_out[one] = None

    for own in _records(path):
        writer = exports.RecordWriter(register, exports.facts(own), report)
        outcome.records += 1
        outcome.written += writer.write()
        advance(1)


def _first_look(
    known: Members, file: exports.EuropassFile, path: Path
) -> tuple[exports.Facts, frozenset[str]]:
    """Return what records share, and the qualifications that the form can take."""
    quads: dict[Quad, None] = {}
    with store.LedgerReader(path) as reader:
        for row in reader.public():
            quads.update(dict.fromkeys(store.unpack(row.shared)))
    shared = exports.facts(quads)
    if file.form == "ams":
        return shared, frozenset()
    register = exports.Register(file, known, shared)
    able: set[str] = set()
    for own in _records(path):
        able |= exports.RecordWriter(register, exports.facts(own), lambda _one: None).able()
    return shared, frozenset(able)


def _records(path: Path) -> Iterator[list[Quad]]:
    with store.LedgerReader(path) as reader:
        for row in reader.public():
            if row.status != "withdrawn":
                yield list(store.unpack(row.quads))


def members(triples: Iterable[Triple]) -> Members:
    """Return the vocabularies, by the names that the layout gives them."""
    found: dict[str, set[str]] = {}
    for subject, name, value in triples:
        if name == _IN_SCHEME and iri_of(value).startswith((_SNB, _AUTHORITY)):
            scheme = iri_of(value).removeprefix(_SNB).removeprefix(_AUTHORITY).partition("/")[0]
            found.setdefault(scheme, set()).add(iri_of(subject))
    return {scheme: frozenset(members) for scheme, members in found.items()}


def _whole(target: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file whole or not at all; compressed where its name ends in ``.gz``."""
    part = target.with_name(f".{target.name}.part")
    with guard(target):
        try:
            with part.open("wb") as stream:
                if target.suffix == ".gz":
                    with gzip.GzipFile("", "wb", 6, stream, mtime=0) as packed:
                        write(cast(BinaryIO, packed))
                else:
                    write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(target)
        finally:
            with suppress(FileNotFoundError):
                part.unlink()


def _report(target: Path, outcome: Outcome) -> None:
    """Write what was left out as a table."""
    with guard(target), target.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, dialect="excel-tab", lineterminator="\n")
        table.writerow(("record", "field", "reason"))
        table.writerows((one.record, one.field, one.reason) for one in outcome.left_out)
