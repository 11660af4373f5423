"""From a delivery to a sheet for its mapping: sniff, read, count the fields, propose targets."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from qcp_graph import fetch, readers, vocabulary
from qcp_graph.errors import DataError, QcpError, UsageError
from qcp_graph.mapping.sheet.kinds import Profile
from qcp_graph.mapping.sheet.leaves import leaves
from qcp_graph.mapping.sheet.template import Hints, Template, propose
from qcp_graph.mapping.spec import form_of
from qcp_graph.model.record import SourceRecord
from qcp_graph.model.snapshot import Snapshot, SnapshotFile
from qcp_graph.namespaces import PREFIXES
from qcp_graph.pipeline.progress import Progress
from qcp_graph.pipeline.snapshots import limits
from qcp_graph.settings import Settings
from qcp_graph.terms import curie, iri_of, parts

_DATA: Final = frozenset(
    {".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xml", ".xlsx", ".ttl", ".nt", ".nq", ".rdf",
     ".jsonld", ".db", ".sqlite"}
)  # fmt: skip
MAX_RECORDS: Final = 100_000
_COUNTRIES: Final = "http://publications.europa.eu/resource/authority/country"
# target of a sheet → concept scheme whose labels are words of code lists
_SCHEMES: Final[Mapping[str, str]] = {
    "language": "http://publications.europa.eu/resource/authority/language",
    "awarding body: country": _COUNTRIES,
    "kind of qualification": "http://data.europa.eu/snb/learning-opportunity/25831c2",
    "mode": "http://data.europa.eu/snb/learning-assessment/25831c2",
    "learning setting": "http://data.europa.eu/snb/learning-setting/25831c2",
    "target group": "http://data.europa.eu/snb/target-group/25831c2",
    "assessment: kind": "http://data.europa.eu/snb/assessment/25831c2",
    "field of education (ISCED-F)": "http://data.europa.eu/snb/isced-f/25831c2",
}
_LABELS: Final = frozenset(
    curie(name) for name in ("skos:prefLabel", "skos:altLabel", "skos:notation",
                             "dcterms:identifier")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A proposed sheet, and what a person should know of the files it was made from."""

    template: Template
    file: str
    others: tuple[str, ...]
    stopped: bool
    remarks: tuple[str, ...]


def make(
    settings: Settings,
    given: str,
    progress: Progress,
    *,
    pattern: str = "",
    source_id: str = "",
    languages: str = "",
) -> Made:
    """Return a sheet for a file, a folder, an archive, an address, or a register's snapshot.

    ``pattern`` chooses among several files; without it the largest that can be read is taken.

    :raises DataError: when no file can be read.
    """
    with tempfile.TemporaryDirectory(prefix="qcp-") as scratch:
        snapshot = _snapshot(settings, given, Path(scratch), progress)
        file, report = _file(snapshot, pattern)
        profile, stopped, remarks = _profile(settings, file, report, progress)
    known = vocabulary.load(settings.base_iri, settings.workspace)
    countries = {code.lower(): iri for code, iri in known.concepts.get(_COUNTRIES, {}).items()}
    register = {
        "id": source_id, "languages": languages, "file": Path(file.name).name,
        "country": countries.get(source_id[:2], "").rpartition("/")[2],
        "minimum": "" if stopped else str(profile.records * 9 // 10),
        "format": report.format, "iterator": report.iterator, "delimiter": report.delimiter,
        "encoding": report.encoding if report.format == "csv" else "",
    }  # fmt: skip
    template = propose(profile, register, _hints(known))
    others = tuple(other.name for other in snapshot.files if other.name != file.name)
    return Made(template, file.name, others, stopped, remarks)


def _snapshot(settings: Settings, given: str, scratch: Path, progress: Progress) -> Snapshot:
    latest = None
    if not Path(given).exists() and "/" not in given:
        latest = fetch.latest(settings.home / "snapshots", given)
    if latest is not None:
        return latest
    with progress.step(f"Reading {Path(given).name}", unit="B") as step:
        now = datetime.now(UTC)
        found = fetch.fetch(
            "template", given, scratch, limits(settings), now=now, progress=step.update
        )
    return found.snapshot


def _file(snapshot: Snapshot, pattern: str) -> tuple[SnapshotFile, readers.ReaderReport]:
    """Return the largest file that a reader knows."""
    files = [
        file
        for file in snapshot.files
        if not pattern or fnmatch(file.name, pattern) or fnmatch(Path(file.name).name, pattern)
    ]
    if not files:
        names = ", ".join(file.name for file in snapshot.files[:8])
        raise UsageError(
            "QCP-SRC-NOFILE", f"No file matches {pattern!r}.", remedy=f"There are: {names}."
        )
    first: QcpError | None = None
    for file in sorted(files, key=_rank):
        try:
            return file, readers.sniff(file)
        except QcpError as error:
            first = first or error
    assert first is not None
    raise first


def _rank(file: SnapshotFile) -> tuple[bool, int, str]:
    """Order files: those that are named like data, then the largest."""
    return Path(file.name).suffix.lower() not in _DATA, -file.size, file.name


def _profile(
    settings: Settings, file: SnapshotFile, report: readers.ReaderReport, progress: Progress
) -> tuple[Profile, bool, tuple[str, ...]]:
    profile = Profile()
    form = form_of(report.format)
    remarks: dict[str, None] = {}
    with progress.step(f"Counting the fields of {file.name}") as step:
        for item in readers.read(report.spec(), file, max_record_bytes=settings.record_max_bytes):
            if not isinstance(item, SourceRecord):
                if len(remarks) < 20:
                    remarks[f"{item.message} ({item.locator or file.name})"] = None
                continue
            if profile.records >= MAX_RECORDS:
                return profile, True, tuple(remarks)
            profile.take(leaves(item.data, form))
            step.update(1)
    if not profile.records:
        raise DataError(
            "QCP-SRC-EMPTY", "The file holds no record.", where=file.name,
            remedy="Name another file with --file.",
        )  # fmt: skip
    return profile, False, tuple(remarks)


def _hints(known: vocabulary.Vocabulary) -> Hints:
    """Return the levels of all frameworks, and the labels of the concepts that lists may name."""
    levels = {name: tuple(table) for name, table in known.levels.items()}
    return Hints(levels, _concepts(known.triples))


def _concepts(triples: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    wanted = {iri: target for target, iri in _SCHEMES.items()}
    labels: dict[str, list[str]] = defaultdict(list)
    members: dict[str, list[str]] = defaultdict(list)
    scheme = curie("skos:inScheme")
    for subject, predicate, value in triples:
        if predicate in _LABELS:
            labels[subject].append(parts(value)[0].casefold())
        elif predicate == scheme and iri_of(value) in wanted:
            members[wanted[iri_of(value)]].append(subject)
    return {
        target: {label: _short(iri_of(one)) for one in found for label in labels[one]}
        for target, found in members.items()
    }


def _short(iri: str) -> str:
    for prefix, start in _shortest():
        local = iri.removeprefix(start)
        if local != iri and local and "/" not in local:
            return f"{prefix}:{local}"
    return iri


def _shortest() -> Iterator[tuple[str, str]]:
    yield from ((name, PREFIXES[name]) for name in ("lang", "country", "iscedf", "eqf", "qcp"))
