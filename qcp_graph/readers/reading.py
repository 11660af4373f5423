"""Which reader takes which format."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import delimited, doubled, json_documents, json_lines, xml_records
from qcp_graph.readers.options import OPTIONS, Options
from qcp_graph.readers.spec import Spec

Reader = Callable[[Spec, SnapshotFile, int], Iterator[SourceRecord | Issue]]
READERS: Final[Mapping[str, Reader]] = {
    "csv": delimited.read,
    "json": json_documents.read,
    "jsonl": json_lines.read,
    "xml": xml_records.read,
    "xlsx": lambda spec, file, limit: _workbook().read(spec, file, limit),
    "sql": lambda spec, file, limit: _database().read(spec, file, limit),
    "rdf": lambda spec, file, limit: _rdf().read(spec, [file], limit),
}
_SAMPLE: Final = 100


# Workbooks, databases and RDF take as long to load as all other readers; few runs need them.
def _workbook() -> ModuleType:
    from qcp_graph.readers import workbook

    return workbook


def _database() -> ModuleType:
    from qcp_graph.readers import database

    return database


def _rdf() -> ModuleType:
    from qcp_graph.readers import rdf

    return rdf


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
    items = READERS[spec.format](spec, file, max_record_bytes)
    return doubled.watched(items, file.name, repair=repair)


def read_together(
    spec: Spec, files: Sequence[SnapshotFile], *, max_record_bytes: int
) -> Iterator[SourceRecord | Issue]:
    """Yield the records of several files: RDF as one graph, everything else file after file.

    :raises UsageError: as :func:`read`.
    :raises DataError: as :func:`read`.
    """
    if spec.format == "rdf":
        yield from _rdf().read(spec, files, max_record_bytes)
        return
    for file in files:
        yield from read(spec, file, max_record_bytes=max_record_bytes)


def fields(spec: Spec, file: SnapshotFile) -> tuple[str, ...]:
    """Return the fields of a file: its columns, or the leaves of its first hundred records.

    :raises DataError: as :func:`read`.
    """
    if spec.format == "csv":
        return delimited.fields(spec, file)
    if spec.format == "xlsx":
        return tuple(_workbook().fields(spec, file))
    if spec.format == "sql":
        return tuple(_database().fields(spec, file))
    separator = "/" if spec.format == "xml" else "."
    found: dict[str, None] = {}
    records = read(spec, file, max_record_bytes=2**31)
    for count, item in enumerate(records, start=1):
        if isinstance(item, SourceRecord):
            paths = (
                _rdf().fields(item.data) if spec.format == "rdf" else leaves(item.data, separator)
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
