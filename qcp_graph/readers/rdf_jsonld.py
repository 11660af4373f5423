"""JSON-LD with contexts that lie elsewhere: taken from the delivery, never from the network."""

import json
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from qcp_graph import assets
from qcp_graph.errors import DataError
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import raw
from qcp_graph.readers.options import Options

MAX_BYTES: Final = 512 * 1024**2
"""JSON-LD is read as a whole: its context may stand anywhere."""
_NESTED: Final = 10
_OWN: Final = "context.jsonld"


def localised(file: SnapshotFile, options: Options) -> bytes:
    """Return a JSON-LD document in which every context is written out (JSON-LD 1.1 §3.1).

    A context ``https://…/import.json`` is looked for under the name that the option ``contexts``
    gives it, else as ``import.json``, among the files of the same delivery.

    :raises DataError: for a context that is not there, and for a document that is no JSON.
    """
    with raw.open_bytes(file) as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise DataError(
            "QCP-SRC-JSONLD-SIZE", f"The JSON-LD file is larger than {MAX_BYTES // 1024**2} MB.",
            where=file.name, remedy="Ask for N-Quads or Turtle, which are read piece by piece.",
        )  # fmt: skip
    if b'"@context"' not in content and b'"@import"' not in content:
        return content
    contexts = _Contexts(file, options.names("contexts"))
    document = _decoded(content, file.name)
    return json.dumps(contexts.inlined(document, 0), ensure_ascii=False).encode()


def _decoded(content: bytes, name: str) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = f" line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise DataError(
            "QCP-SRC-RDF", f"The file is not well-formed JSON-LD: {str(error)[:300]}.",
            where=f"{name}{line}",
            remedy="Fetch it again; if it stays so, ask the publisher to correct it.",
        ) from error  # fmt: skip


class _Contexts:
    """The contexts that a delivery may name."""

    def __init__(self, file: SnapshotFile, names: dict[str, str]) -> None:
        self._file = file
        self._names = names
        self._depth = len(PurePosixPath(file.name).parts) - 1
        self._read: dict[str, object] = {}

    def inlined(self, value: object, level: int) -> object:
        """Return a JSON value with the contexts inside it written out."""
        if isinstance(value, dict):
            return {
                key: self._context(item, level) if key == "@context" else self.inlined(item, level)
                for key, item in self._imported(value, level).items()
            }
        return [self.inlined(item, level) for item in value] if isinstance(value, list) else value

    def _imported(self, value: dict[str, object], level: int) -> dict[str, object]:
        """Merge what a context imports (JSON-LD 1.1 §4.1.10): its own entries win."""
        name = value.get("@import")
        if not isinstance(name, str):
            return value
        found = self._context(name, level)
        rest = {key: item for key, item in value.items() if key != "@import"}
        return {**found, **rest} if isinstance(found, dict) else rest

    def _context(self, value: object, level: int) -> object:
        if isinstance(value, list):
            return [self._context(item, level) for item in value]
        if not isinstance(value, str):
            return self.inlined(value, level)
        if level >= _NESTED:
            raise self._missing(value, f"contexts nest deeper than {_NESTED} files")
        if value not in self._read:
            document = _decoded(self._bytes(value), value)
            inner = document.get("@context", {}) if isinstance(document, dict) else document
            self._read[value] = self._context(inner, level + 1)
        return self._read[value]

    def _bytes(self, iri: str) -> bytes:
        name = self._names.get(iri) or PurePosixPath(urlsplit(iri).path).name
        own = assets.root() / "ontology" / _OWN
        path = own if iri.endswith("/" + _OWN) and not self._path(name) else self._path(name)
        if path is None:
            raise self._missing(iri, f"the delivery has no file {name!r}")
        content = path.read_bytes()
        if len(content) > MAX_BYTES // 64:
            raise self._missing(iri, f"{name!r} is too large for a context")
        return content

    def _path(self, name: str) -> Path | None:
        """Return a file of the delivery by its name in it, or by its last part."""
        relative = PurePosixPath(name)
        if not name or relative.is_absolute() or ".." in relative.parts:
            return None
        root = self._file.path.parents[self._depth]
        for candidate in (root / relative, self._file.path.parent / relative.name):
            if candidate.is_file() and not candidate.is_symlink():
                return candidate
        return None

    def _missing(self, iri: str, reason: str) -> DataError:
        return DataError(
            "QCP-SRC-CONTEXT",
            f"The JSON-LD context {iri[:200]!r} is not at hand: {reason}. It is never fetched.",
            where=self._file.name,
            remedy="Put the context's file beside the data, or name it in mapping.yaml: options: "
            "{contexts: {the IRI: file name}}.",
        )
