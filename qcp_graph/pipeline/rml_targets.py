"""Where the quads of an RML mapping go: streamed as lines, finished in the form that is asked for.

A target exists when the run is over, whole, or not at all.
"""

import codecs
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol, TextIO

import pyoxigraph as ox

from qcp_graph.errors import InternalError, UsageError
from qcp_graph.pipeline.rml_files import packed

FORMS: Final[Mapping[str, ox.RdfFormat]] = {
    "nq": ox.RdfFormat.N_QUADS, "nt": ox.RdfFormat.N_TRIPLES, "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML,
    "n3": ox.RdfFormat.N3,
}  # fmt: skip
_LINES: Final = frozenset({"nq", "nt"})
_GRAPHS: Final = frozenset({"nq", "trig", "jsonld"})
_ENDINGS: Final = {".gz": "gzip", ".zip": "zip"}


class Sink(Protocol):
    """Takes the quads of a run."""

    count: int
    takes_graphs: bool

    def write_all(self, lines: Sequence[str]) -> None:
        """Take many lines; only where ``takes_graphs``."""

    def write(self, line: str, graph: str) -> None:
        """Take a line of N-Quads."""

    def finish(self) -> None:
        """Make the target appear."""

    def discard(self) -> None:
        """Leave nothing behind."""


class Standard:
    """Standard output, in N-Quads."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self.count = 0
        self.takes_graphs = True

    def write_all(self, lines: Sequence[str]) -> None:
        """Print lines."""
        self._stream.writelines(lines)
        self.count += len(lines)

    def write(self, line: str, graph: str) -> None:
        """Print a line."""
        self._stream.write(line)
        self.count += 1

    def finish(self) -> None:
        """Print what waits."""
        self._stream.flush()

    def discard(self) -> None:
        """Nothing to take back: what was printed is printed."""


class File:
    """A file of any serialization, encoding and compression of RML-IO."""

    def __init__(self, path: Path, form: str, encoding: str = "utf-8", packing: str = "") -> None:
        self._path = path
        self._form = form
        self._encoding = encoding
        self._packing = packing
        self.count = 0
        self.takes_graphs = form in _GRAPHS
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            first = _beside(path)
            self._stream = first.open("x", encoding="utf-8", newline="\n")
        except OSError as error:
            raise _failed(path, error) from error
        self._parts = [first]

    @classmethod
    def named(cls, path: Path) -> "File":
        """Return the sink of a path that a person gave; its endings tell the form.

        :raises UsageError: QCP-RML-TARGET for an ending that is none.
        """
        packing = _ENDINGS.get(path.suffix.lower(), "")
        ending = (path.with_suffix("") if packing else path).suffix.lower().removeprefix(".")
        if ending not in FORMS:
            raise UsageError(
                "QCP-RML-TARGET", f"The ending of {path.name!r} names no form of RDF.",
                remedy=f"Known are: {', '.join('.' + form for form in FORMS)}, each also with .gz.",
            )  # fmt: skip
        return cls(path, ending, packing=packing)

    def write_all(self, lines: Sequence[str]) -> None:
        """Keep lines, whatever their graphs."""
        self._stream.writelines(lines)
        self.count += len(lines)

    def write(self, line: str, graph: str) -> None:
        """Keep a line.

        :raises UsageError: when the form has no named graphs.
        """
        if graph and not self.takes_graphs:
            raise UsageError(
                "QCP-RML-TARGET", f"The form {self._form!r} cannot hold the named graph {graph}.",
                where=str(self._path), remedy="Write N-Quads (.nq), TriG (.trig) or JSON-LD.",
            )  # fmt: skip
        self._stream.write(line)
        self.count += 1

    def finish(self) -> None:
        """Write the target and remove what it was made of.

        :raises InternalError: when the disk is full or cannot be written.
        """
        try:
            self._stream.close()
            if self._form not in _LINES:
                self._step(self._serialize)
            if self._encoding not in {"", "utf-8"}:
                self._step(self._encode)
            if self._packing:
                self._step(self._pack)
            self._parts[-1].replace(self._path)
        except OSError as error:
            raise _failed(self._path, error) from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove everything unfinished."""
        self._stream.close()
        for part in self._parts:
            part.unlink(missing_ok=True)

    def _step(self, make: "Step") -> None:
        self._parts.append(_beside(self._path))
        make(self._parts[-2], self._parts[-1])

    def _serialize(self, old: Path, new: Path) -> None:
        quads = ox.parse(path=str(old), format=ox.RdfFormat.N_QUADS, lenient=True)
        form = FORMS[self._form]
        graphs = self._form in _GRAPHS
        found = quads if graphs else (quad.triple for quad in quads)
        ox.serialize(found, str(new), format=form)

    def _encode(self, old: Path, new: Path) -> None:
        with (
            old.open(encoding="utf-8", newline="") as text,
            codecs.open(str(new), "w", self._encoding) as out,
        ):
            for line in text:
                out.write(line)

    def _pack(self, old: Path, new: Path) -> None:
        packed(old, self._packing, new, self._path.name)


class Step(Protocol):
    """Makes one file of another."""

    def __call__(self, old: Path, new: Path, /) -> None:
        """Read the old, write the new."""


def _beside(path: Path) -> Path:
    """Return an unused name in a folder: not that of a temporary file, which only we could read."""
    return path.with_name(f".{path.name}-{secrets.token_hex(8)}")


def _failed(path: Path, error: OSError) -> InternalError:
    return InternalError(
        "QCP-RML-TARGET", f"The target cannot be written: {error.strerror}.", where=str(path),
        remedy="Check the folder, its permissions and the space on the disk.",
    )  # fmt: skip
