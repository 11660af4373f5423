"""Code lists as files: CSV of our own, and SSSOM TSV (https://mapping-commons.github.io/sssom/).

In SSSOM a word of the register is ``subject_label`` (else the local part of ``subject_id``), what
it stands for is ``object_id`` (else ``object_label``); ``sssom:NoTermFound`` stands for nothing.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from qcp_graph.mapping import nodes
from qcp_graph.mapping.nodes import Place, Scalar, Table
from qcp_graph.mapping.problems import fault, unknown
from qcp_graph.mapping.spec import CodeListSpec

COLUMNS: Final = ("source", "target", "match", "author", "date", "reason", "confidence")
MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
MAX_BYTES: Final = 64 * 1024**2
_NOTHING: Final = frozenset({"sssom:NoTermFound", "https://w3id.org/sssom/NoTermFound"})
_NUMBER: Final = re.compile(r"(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?)\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a word, what it stands for (empty for nothing), and who says so, when and why."""

    place: Place
    source: str
    target: str
    match: str = ""
    author: str = ""
    date: str = ""
    reason: str = ""
    confidence: str = ""


def read(spec: CodeListSpec, folder: Path) -> Iterator[Entry]:
    """Yield the rows of a code list in the folder of its mapping.

    :raises UsageError: for a file outside the folder, not UTF-8, too large, or a bad row.
    """
    text = _text(spec, folder)
    found = _sssom(spec, text) if spec.file.lower().endswith(".tsv") else _csv(spec, text)
    for entry in found:
        _check(entry)
        yield entry


def _text(spec: CodeListSpec, folder: Path) -> str:
    path = (folder / spec.file).resolve()
    if not path.is_relative_to(folder.resolve()):
        message = "A code list lies in the folder of its mapping."
        raise fault("QCP-MAP-CODELIST", message, spec.place)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise fault("QCP-MAP-CODELIST", f"{spec.file} is larger than {MAX_BYTES} bytes.", path)
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"The code list {spec.file!r} cannot be read: {error.strerror}."
        raise fault("QCP-MAP-CODELIST", message, spec.place) from error
    except UnicodeDecodeError as error:
        message = f"The code list {spec.file!r} is not UTF-8."
        raise fault("QCP-MAP-CODELIST", message, spec.place, "Save it as UTF-8.") from error


def _check(entry: Entry) -> None:
    """Refuse what no reviewer could mean: they must be able to trust who, when and how sure."""
    match = entry.match.removeprefix("skos:")
    if match and match not in MATCHES:
        raise unknown("QCP-MAP-CODELIST", "match", entry.match, MATCHES, entry.place)
    if entry.date and not _is_day(entry.date):
        message = f"{entry.date[:40]!r} is no day."
        raise fault("QCP-MAP-CODELIST", message, entry.place, "Write it as 2026-11-23.")
    if entry.confidence and not _NUMBER.match(entry.confidence):
        message = f"{entry.confidence[:40]!r} is no confidence."
        raise fault("QCP-MAP-CODELIST", message, entry.place, "Write a number from 0 to 1.")
    if not entry.source:
        raise fault("QCP-MAP-CODELIST", "The row has no source.", entry.place)
    if not entry.target and not entry.reason:
        message = f"{entry.source!r} has no target."
        remedy = "Write the target, or in the column reason why it stands for nothing."
        raise fault("QCP-MAP-CODELIST", message, entry.place, remedy)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _rows(
    spec: CodeListSpec, text: str, delimiter: str, skipped: int = 0
) -> Iterator[tuple[Place, Mapping[str, str]]]:
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, restkey="", restval=None
    )
    try:
        names = list(reader.fieldnames or ())
        if len(set(names)) != len(names):
            message = "A column is there twice."
            raise fault("QCP-MAP-CODELIST", message, Place(spec.file, skipped + 1))
        for row in reader:
            place = Place(spec.file, reader.line_num + skipped)
            if "" in row or None in row.values():
                message = "The row has more or fewer cells than the header."
                raise fault("QCP-MAP-CODELIST", message, place)
            yield place, {name: " ".join(cell.split()) for name, cell in row.items()}
    except csv.Error as error:
        place = Place(spec.file, reader.line_num + skipped)
        raise fault("QCP-MAP-CODELIST", f"Not a readable CSV row: {error}.", place) from error


def _header(text: str, delimiter: str) -> Sequence[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def _csv(spec: CodeListSpec, text: str) -> Iterator[Entry]:
    place = Place(spec.file, 1)
    found = _header(text, ",")
    for name in found:
        if name not in COLUMNS:
            raise unknown("QCP-MAP-CODELIST", "column", name, COLUMNS, place)
    if not {"source", "target"} <= set(found):
        message = "A code list needs the columns source and target, each once."
        raise fault("QCP-MAP-CODELIST", message, place)
    for where, row in _rows(spec, text, ","):
        yield Entry(where, **row)


def _sssom(spec: CodeListSpec, text: str) -> Iterator[Entry]:
    lines = text.splitlines(keepends=True)
    head = 0
    while head < len(lines) and lines[head].startswith("#"):
        head += 1
    prefixes = _curie_map(spec, lines[:head])
    body = "".join(lines[head:])
    names = set(_header(body, "\t"))
    if not names & {"subject_label", "subject_id"} or not names & {"object_id", "object_label"}:
        message = "An SSSOM file needs subject_label (or subject_id) and object_id."
        remedy = "Its rows begin after the lines with #; the first one names the columns."
        raise fault("QCP-MAP-CODELIST", message, Place(spec.file, head + 1), remedy)
    for place, row in _rows(spec, body, "\t", head):
        if row.get("predicate_modifier", "").casefold() == "not":
            continue  # says what the word does not stand for
        yield _mapping(place, row, prefixes)


def _mapping(place: Place, row: Mapping[str, str], prefixes: Mapping[str, str]) -> Entry:
    get = row.get
    word = get("subject_label", "") or get("subject_id", "").partition(":")[2]
    target = get("object_id", "") or get("object_label", "")
    prefix, colon, local = target.partition(":")
    if colon and prefix in prefixes:
        target = prefixes[prefix] + local
    nothing = get("object_id", "") in _NOTHING
    return Entry(
        place,
        word,
        "" if nothing else target,
        get("predicate_id", "").removeprefix("skos:") if not nothing else "",
        get("author_id", "") or get("author_label", ""),
        get("mapping_date", ""),
        get("comment", "") or get("mapping_justification", ""),
        get("confidence", ""),
    )


def _curie_map(spec: CodeListSpec, lines: Sequence[str]) -> dict[str, str]:
    """Return the prefixes of the lines with #, which together are YAML."""
    text = "".join(re.sub(r"^#[ ]?", "", line) for line in lines)
    if not text.strip():
        return {}
    root = nodes.parse(text, spec.file)
    found = root.entries.get("curie_map")
    if not isinstance(found, Table):
        return {}
    return {key: value.text for key, value in found.entries.items() if isinstance(value, Scalar)}
