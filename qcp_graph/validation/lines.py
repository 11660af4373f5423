"""N-Triples and N-Quads files in pieces, cut between subjects: any size in little memory."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import pyoxigraph

from qcp_graph.errors import DataError
from qcp_graph.namespaces import expand
from qcp_graph.terms import Triple, term_of

Piece = tuple[int, bytes]
"""Number of the first line, and lines."""
PIECE: Final = 1024**2
MAX_SUBJECT: Final = 64 * 1024**2
"""Most bytes in a row about one subject."""
_IRI: Final = r'<[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*>'
_BLANK: Final = r"_:[A-Za-z0-9]+"
_TEXT: Final = r'"[^"\\\n\r]*(?:\\[\\"nr][^"\\\n\r]*)*"'
_KIND: Final = rf"(?:@[a-z]{{1,8}}(?:-[a-z0-9]{{1,8}})*|\^\^(?!<{expand('xsd:string')}>){_IRI})?"
# What terms.py would write itself is read by this alone; every other line goes to the parser.
_LINE: Final = re.compile(
    rf"^({_IRI}|{_BLANK}) ({_IRI}) ({_IRI}|{_BLANK}|{_TEXT}{_KIND})(?: (?:{_IRI}|{_BLANK}))? \.$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class LineFile:
    """A file of N-Triples or N-Quads (graph names are not looked at), compressed or not.

    ``pieces`` yields bytes, which travel cheaply between processes, with the number of their first
    line; ``triples`` reads one.
    """

    path: Path
    piece: int = PIECE

    def pieces(self) -> Iterator[Piece]:
        """Yield the file in pieces; lines in a row about one subject stay together.

        :raises DataError: for an unreadable file, or endless lines about one subject.
        """
        try:
            with self._open() as stream:
                yield from self._cut(stream)
        except (OSError, EOFError) as error:
            raise self._error("QCP-VAL-SYNTAX", f"The file cannot be read: {error}") from error

    def triples(self, piece: Piece) -> list[Triple]:
        """Return the triples of a piece.

        :raises DataError: for lines that are no N-Quads.
        """
        first, data = piece
        try:
            text = data.decode()
            found: list[Triple] = _LINE.findall(text)
            if len(found) == text.count("\n"):
                return found
            quads = pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_QUADS)
            return [(term_of(q.subject), term_of(q.predicate), term_of(q.object)) for q in quads]
        except (SyntaxError, ValueError) as error:
            line = first + (getattr(error, "lineno", None) or 1) - 1
            message = f"The file is not well-formed near line {line}: {_reason(error)}"
            raise self._error("QCP-VAL-SYNTAX", message) from error

    def _open(self) -> "IO[bytes] | gzip.GzipFile":
        return gzip.open(self.path) if self.path.suffix == ".gz" else self.path.open("rb")

    def _cut(self, stream: "IO[bytes] | gzip.GzipFile") -> Iterator[Piece]:
        rest, line = b"", 1
        while block := stream.read(self.piece):
            rest += block
            at = _boundary(rest)
            if at:
                piece, rest = rest[:at], rest[at:]
                yield line, piece
                line += piece.count(b"\n")
            elif len(rest) > MAX_SUBJECT:
                size = MAX_SUBJECT // 1024**2
                message = f"More than {size} MiB in a row are about one subject."
                raise self._error("QCP-VAL-SIZE", message)
        if rest:
            yield line, rest if rest.endswith(b"\n") else rest + b"\n"

    def _error(self, code: str, message: str) -> DataError:
        return DataError(
            code, message, where=str(self.path), remedy="Correct the file at the place named."
        )


def _reason(error: Exception) -> str:
    """Return what a parser says, without the line, which it counts from the piece's beginning."""
    return re.sub(r"^.*?line \d+ (?:between )?", "", str(error))


def _boundary(data: bytes) -> int:
    """Return where the lines about the last subject begin; 0 when there is no other subject."""
    end = data.rfind(b"\n") + 1
    if not end:
        return 0
    start = data.rfind(b"\n", 0, end - 1) + 1
    subject = data[start:end].partition(b" ")[0] + b" "
    while start:
        before = data.rfind(b"\n", 0, start - 1) + 1
        if not data.startswith(subject, before):
            return start
        start = before
    return 0


@dataclass(frozen=True)
class TripleRecords:
    """Records that are in memory already, one piece each."""

    records: list[list[Triple]]

    def pieces(self) -> Iterator[list[Triple]]:
        """Yield the records."""
        return iter(self.records)

    def triples(self, piece: list[Triple]) -> list[Triple]:
        """Return the record as it is."""
        return piece
