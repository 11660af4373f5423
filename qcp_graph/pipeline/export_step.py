"""The files of a release for others: Europass, tables and Turtle of every register.

They are made with the release, so that they can be served as they lie. A register that did not
change keeps its files (hard links), unless the vocabularies or the writers changed.
"""

import csv
import gzip
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Protocol, cast

from qcp_graph import store
from qcp_graph.exports import Labels, LeftOut
from qcp_graph.pipeline import exporting, exporting_acqf, exporting_records, zstd_step
from qcp_graph.pipeline.context import Context
from qcp_graph.pipeline.export_outcome import Outcome
from qcp_graph.store import files
from qcp_graph.store.faults import guard

FOLDER: Final = "exports"
"""Name of the folder of these files in a release; a folder per register."""
_STAMP: Final = "made-by"
_VERSION: Final = "4"  # of the writers: another one makes all files anew
_LEVEL: Final = 6
_FILES: Final = {
    "qualifications.csv.gz": "csv",
    "qualifications.xlsx": "xlsx",
    "data.ttl.gz": "turtle",
    "schema-org.jsonld.gz": "schema.org",
    "ctdl.jsonld.gz": "ctdl",
}
"""File → the form of it that is written record by record."""


class Report(Protocol):
    """Takes lines of a table."""

    def writerows(self, rows: Iterable[Iterable[str]], /) -> None:
        """Write lines."""


class _Made(NamedTuple):
    """What the files of all registers are made with."""

    members: exporting.Members
    labels: Labels


def write(shared: Context, builder: store.ReleaseBuilder) -> None:
    """Write the exports of a release in the making, whose ledgers and dumps are complete."""
    if not shared.settings.exports:
        return
    base, target = builder.base_folder, builder.folder / FOLDER
    stamp = f"{_VERSION} {shared.fingerprint}\n"
    made = _Made(
        exporting.members(shared.vocabulary_triples),
        exporting_acqf.labels(shared.vocabulary_triples),
    )
    with guard(target):
        target.mkdir()
        for ledger in sorted((builder.folder / "registers").glob("*.sqlite")):
            folder = target / ledger.stem
            folder.mkdir()
            old = base / FOLDER / ledger.stem if base else None
            if old and base and _same(base / "registers" / ledger.name, ledger, old, stamp):
                for path in sorted(old.iterdir()):
                    files.link(path, folder / path.name)
                continue
            _register(made, builder, ledger, folder)
            zstd_step.pack(folder / "data.ttl.gz")
            (folder / _STAMP).write_text(stamp, encoding="utf-8")
    zstd_step.dumps(shared, builder)


def _same(old_ledger: Path, ledger: Path, old: Path, stamp: str) -> bool:
    made = old / _STAMP
    return (
        old_ledger.exists()
        and old_ledger.samefile(ledger)
        and made.is_file()
        and made.read_text(encoding="utf-8") == stamp
    )


def _register(made: _Made, builder: store.ReleaseBuilder, ledger: Path, folder: Path) -> None:
    with (
        (folder / "left-out.tsv.gz").open("wb") as raw,
        gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        report = csv.writer(text, dialect="excel-tab", lineterminator="\n")
        report.writerow(("form", "record", "field", "reason"))
        _europass(made, builder, ledger, folder, report)
        _acqf(made, builder, ledger, folder, report)
        dump = builder.folder / "dumps" / f"{ledger.stem}.nq.gz"
        source = exporting_records.Source(ledger, dump, made.labels)
        for name, form in _FILES.items():
            _by_record(source, form, folder / name, report)


def _europass(
    made: _Made, builder: store.ReleaseBuilder, ledger: Path, folder: Path, report: Report
) -> None:
    for form in exporting.FORMS:
        outcome = Outcome(form, ledger.stem, builder.id)

        def fill(stream: BinaryIO, outcome: Outcome = outcome) -> None:
            exporting.europass(made.members, outcome, ledger, stream, lambda _n: None)

        _packed(folder / f"{form}.xml.gz", fill)
        report.writerows((form, x.record, x.field, x.reason) for x in outcome.left_out)


def _by_record(source: exporting_records.Source, form: str, path: Path, report: Report) -> None:
    def told(one: LeftOut) -> None:
        report.writerows([(form, one.record, one.field, one.reason)])

    def fill(stream: BinaryIO) -> None:
        exporting_records.FORMS[form].write(source, stream, told, lambda _n: None)

    if path.suffix == ".gz":
        _packed(path, fill)
        return
    with path.open("wb") as stream:
        fill(stream)


def _acqf(
    made: _Made, builder: store.ReleaseBuilder, ledger: Path, folder: Path, report: Report
) -> None:
    """Write what the African platform can take; registers without any such record get no file."""
    outcome = Outcome("acqf", ledger.stem, builder.id)
    codes = exporting_acqf.codes(builder.iris.base)
    found = exporting_acqf.documents(ledger, made.labels, codes, outcome, lambda _n: None)
    path = folder / "acqf.json.gz"
    _packed(path, lambda stream: exporting_acqf.write_json(found, stream))
    if not outcome.written:
        path.unlink()
        return
    report.writerows(("acqf", x.record, x.field, x.reason) for x in outcome.left_out)
    again = exporting_acqf.documents(
        ledger, made.labels, codes, Outcome("acqf", "", ""), lambda _n: None
    )
    _packed(folder / "acqf.nt.gz", lambda stream: exporting_acqf.write_rdf(again, stream))


def _packed(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a compressed file; equal content gives equal bytes."""
    with path.open("wb") as stream, gzip.GzipFile("", "wb", _LEVEL, stream, mtime=0) as packed:
        write(cast(BinaryIO, packed))
