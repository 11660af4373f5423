"""Which reader takes which format."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import doubled
from qcp_graph.readers.options import OPTIONS, Options
from qcp_graph.readers.spec import Spec

# A run reads one format or two, and a reader takes as long to load as hundreds of records to read.
MODULES: Final[Mapping[str, str]] = {
    "csv": "delimited",
    "json": "json_documents",
    "jsonl": "json_lines",
    "xml": "xml_records",
    "xlsx": "workbook",
    "sql": "database",
    "rdf": "rdf",
}
_SAMPLE: Final = 100


def _reader(form: str) -> ModuleType:
    return import_module(f"qcp_graph.readers.{MODULES[form]}")


def read(
    spec: Spec, file: SnapshotFile, *, max_record_bytes: int
) -> Iterator[SourceRecord | Issue]:
    """Yield the records of a file with their places, in the file's order and in constant memory.

    An issue of severity ``violation`` stands for one record that could not be delivered: count it
    as read and rejected. A ``warning`` is a remark. What makes the rest of the file unreadable is
    raised, after all records before that place: the caller decides what those are worth.

    :raises UsageError: for an unknown format, option or iterator, before anything is read.
    :raises DataError: for a file that is empty, truncated, hostile or not of the format.
    """
    options = Options(spec)
    repair = "repair" in OPTIONS[spec.format] and options.choice("repair") == "double-encoded"
    items = _records(spec, [file], max_record_bytes)
    return doubled.watched(items, file.name, repair=repair)


def _records(
    spec: Spec, files: Sequence[SnapshotFile], limit: int
) -> Iterator[SourceRecord | Issue]:
    read_them = _reader(spec.format).read
    found: Iterator[SourceRecord | Issue] = read_them(
        spec, files if spec.format == "rdf" else files[0], limit
    )
    return found


def read_together(
    spec: Spec, files: Sequence[SnapshotFile], *, max_record_bytes: int
) -> Iterator[SourceRecord | Issue]:
    """Yield the records of several files: RDF as one graph, everything else file after file.

    :raises UsageError: as :func:`read`.
    :raises DataError: as :func:`read`.
    """
    if spec.format == "rdf":
        yield from _records(spec, files, max_record_bytes)
        return
    for file in files:
        yield from read(spec, file, max_record_bytes=max_record_bytes)


def fields(spec: Spec, file: SnapshotFile) -> tuple[str, ...]:
    """Return the fields of a file: its columns, or the leaves of its first hundred records.

    :raises DataError: as :func:`read`.
    """
    if spec.format in {"csv", "xlsx", "sql"}:
        return tuple(_reader(spec.format).fields(spec, file))
    separator = "/" if spec.format == "xml" else "."
    found: dict[str, None] = {}
    records = read(spec, file, max_record_bytes=2**31)
    for count, item in enumerate(records, start=1):
        if isinstance(item, SourceRecord):
            paths = (
                _reader("rdf").fields(item.data)
                if spec.format == "rdf"
                else leaves(item.data, separator)
            )
            found |= dict.fromkeys(paths)
        if count == _SAMPLE:
            break
    return tuple(found)


def leaves(data: Mapping[str, JsonValue], separator: str, prefix: str = "") -> Iterator[str]:
    """Yield the paths of all values, as a mapping refers to them.

    >>> list(leaves({"a": [{"b": 1}, {"c": ["x", "y"]}], "d": {"#text": "t"}}, "/"))
    ['a/b', 'a/c', 'd']
    """
    for key, value in data.items():
        path = prefix.removesuffix(separator) if key == "#text" else prefix + key
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                yield from leaves(item, separator, path + separator)
            else:
                yield path
                if not isinstance(value, list):
                    continue
                break
