"""N-Triples and N-Quads files in pieces, cut between subjects: any size in little memory."""

import gzip
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import pyoxigraph

from qcp_graph.errors import DataError
from qcp_graph.namespaces import expand
from qcp_graph.terms import Triple, term_of

Piece = tuple[int, int | bytes]
"""Where a piece begins and how long it is, in bytes; of a compressed file the first line's number
and the lines themselves."""
Outline = tuple[Sequence[str], Sequence[Triple]]
"""The subjects of a piece, each once, and some of its triples."""
PIECE: Final = 256 * 1024  # what a core keeps near; four times as much takes a tenth longer
MAX_SUBJECT: Final = 64 * 1024**2
"""Most bytes in a row about one subject."""
# Possessive, so that nothing is tried twice: half the time of the same expression without.
_IRI: Final = r'<[A-Za-z][A-Za-z0-9+.-]*+:[^\x00-\x20<>"{}|^`\\]*+>'
_BLANK: Final = r"_:[A-Za-z0-9]++"
_TEXT: Final = r'"[^"\\\n\r]*+(?:\\[\\"nr][^"\\\n\r]*+)*+"'
_KIND: Final = rf"(?:@[a-z]{{1,8}}(?:-[a-z0-9]{{1,8}})*|\^\^(?!<{expand('xsd:string')}>){_IRI})?"
# What terms.py would write itself is read by this alone; every other line goes to the parser.
_LINE: Final = re.compile(
    rf"^({_IRI}|{_BLANK}) ({_IRI}) ({_IRI}|{_BLANK}|{_TEXT}{_KIND})(?: (?:{_IRI}|{_BLANK}))? \.$",
    re.MULTILINE,
)
_RUN: Final = re.compile(rb"^(\S+)[ \t].*\n(?:\1[ \t].*\n)*", re.MULTILINE)
_WINDOW: Final = 64 * 1024
_SPACE: Final = re.compile(rb"\s")


@dataclass(frozen=True)
class LineFile:
    """A file of N-Triples or N-Quads (graph names are not looked at), compressed or not.

    Of a plain file ``pieces`` yields places, so that each process reads its own; of a compressed
    one the lines.
    """

    path: Path
    piece: int = PIECE

    def pieces(self) -> Iterator[Piece]:
        """Yield the file in pieces; lines in a row about one subject stay together.

        :raises DataError: for an unreadable file, or endless lines about one subject.
        """
        try:
            if self.path.suffix == ".gz":
                with gzip.open(self.path) as stream:
                    yield from self._cut(stream)
            else:
                with self.path.open("rb") as file:
                    yield from self._places(file)
        except (OSError, EOFError) as error:
            raise self._error("QCP-VAL-SYNTAX", f"The file cannot be read: {error}") from error

    def triples(self, piece: Piece) -> list[Triple]:
        """Return the triples of a piece.

        :raises DataError: for lines that are no N-Quads.
        """
        return self._parsed(piece, self._lines(piece))

    def _parsed(self, piece: Piece, data: bytes) -> list[Triple]:
        try:
            text = data.decode()
            found: list[Triple] = _LINE.findall(text)
            if len(found) == text.count("\n"):
                return found
            quads = pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_QUADS)
            return [(term_of(q.subject), term_of(q.predicate), term_of(q.object)) for q in quads]
        except (SyntaxError, ValueError, MemoryError) as error:
            line = self._line(piece) + (getattr(error, "lineno", None) or 1) - 1
            message = f"The file is not well-formed near line {line}: {_reason(error)}"
            raise self._error("QCP-VAL-SYNTAX", message) from error

    def outline(self, piece: Piece, predicates: Collection[str]) -> Outline:
        """Return the subjects of a piece, and its triples with some predicates and no literal.

        Lines are only split, not checked; what looks unusual is left to the parser.
        """
        data = self._lines(piece)
        found = None if _escaped(data) else _split(data, predicates)
        return outline(self._parsed(piece, data), predicates) if found is None else found

    def about(self, piece: Piece, wanted: Callable[[str], bool]) -> list[Triple]:
        """Return the triples of some subjects of a piece."""
        data = self._lines(piece)
        if _escaped(data):
            return [triple for triple in self._parsed(piece, data) if wanted(triple[0])]
        verdicts: dict[bytes, bool] = {}
        kept: list[bytes] = []
        for run in _RUN.finditer(data):
            subject = run[1]
            verdict = verdicts.get(subject)
            if verdict is None:
                verdict = verdicts[subject] = wanted(subject.decode(errors="replace"))
            if verdict:
                kept.append(run[0])
        return self._parsed(piece, b"".join(kept))

    def _lines(self, piece: Piece) -> bytes:
        """Return the lines of a piece, each with its end."""
        start, lines = piece
        if isinstance(lines, int):
            with self.path.open("rb") as file:
                file.seek(start)
                lines = file.read(lines)
        return lines if lines.endswith(b"\n") or not lines else lines + b"\n"

    def _line(self, piece: Piece) -> int:
        """Return the number of a piece's first line."""
        start, lines = piece
        if not isinstance(lines, int):
            return start
        number = 1
        with self.path.open("rb") as file:
            while start > 0 and (block := file.read(min(start, self.piece))):
                number += block.count(b"\n")
                start -= len(block)
        return number

    def _places(self, file: BinaryIO) -> Iterator[Piece]:
        """Find where to cut by looking at the end of each piece only."""
        size, start = self.path.stat().st_size, 0
        while start < size:
            length = self.piece
            while start + length < size:
                window = min(_WINDOW, length)
                file.seek(start + length - window)
                cut = _boundary(file.read(window), whole=window == length)
                if cut:
                    length += cut - window
                    break
                length *= 2
                self._bound(length)
            yield start, min(length, size - start)
            start += length

    def _cut(self, stream: "gzip.GzipFile") -> Iterator[Piece]:
        rest, line = b"", 1
        while block := stream.read(self.piece):
            rest += block
            at = _boundary(rest)
            if at:
                piece, rest = rest[:at], rest[at:]
                yield line, piece
                line += piece.count(b"\n")
            else:
                self._bound(len(rest))
        if rest:
            yield line, rest

    def _bound(self, length: int) -> None:
        if length > MAX_SUBJECT:
            size = MAX_SUBJECT // 1024**2
            message = f"More than {size} MiB in a row are about one subject."
            raise self._error("QCP-VAL-SIZE", message)

    def _error(self, code: str, message: str) -> DataError:
        return DataError(
            code, message, where=str(self.path), remedy="Correct the file at the place named."
        )


def _escaped(data: bytes) -> bool:
    """Tell whether an IRI may be written with an escape, which only the parser reads."""
    return b"\\u" in data or b"\\U" in data


def _reason(error: Exception) -> str:
    """Return what a parser says, without the line, which it counts from the piece's beginning."""
    return re.sub(r"^.*?line \d+ (?:between )?", "", str(error))


def _boundary(data: bytes, *, whole: bool = True) -> int:
    """Return where to cut: no subject should lie on both sides; 0 where there is but one.

    Where lines about different subjects take turns, as within a record, the cut is before the last
    such group of the last 64 KiB, which may not be whole yet; elsewhere at the last change of
    subjects. ``whole``: the data begins with the beginning of a line.
    """
    start = max(0, len(data) - _WINDOW)
    if start or not whole:
        start = data.find(b"\n", start) + 1
        if not start:
            return 0
    runs = list(_RUN.finditer(data, start))
    first: dict[bytes, int] = {}
    for number, run in enumerate(runs):
        first.setdefault(run[1], number)
    lowest = end = len(runs)
    for number in range(len(runs) - 1, 0, -1):
        lowest = min(lowest, first[runs[number][1]])
        if lowest == number and end - number > 1:
            return runs[number].start()
        if lowest == number:
            end = number
    return runs[-1].start() if len(runs) > 1 else 0


def _split(data: bytes, predicates: Collection[str]) -> Outline | None:
    """Outline lines as this program writes them, quickly; None for others."""
    wanted = {predicate.encode(): predicate for predicate in predicates}
    names = _Decoded()
    picked: list[Triple] = []
    subjects: set[bytes] = set()
    usual: set[bytes] = set()
    lines = data.split(b"\n")
    lines.pop()
    for line in lines:
        pieces = line.split(b" ", 2)
        if len(pieces) < 3:
            return None
        subject, predicate, value = pieces
        subjects.add(subject)
        if predicate in usual:
            continue
        name = wanted.get(predicate)
        if name is not None:
            if value[:1] not in (b'"', b""):
                picked.append((names[subject], name, names[value.partition(b" ")[0]]))
        elif predicate[:1] != b"<" or predicate[-1:] != b">":
            return None
        else:
            usual.add(predicate)
    if not all(s[:1] in (b"<", b"_") and not _SPACE.search(s) for s in subjects):
        return None
    return [names[subject] for subject in subjects], picked


class _Decoded(dict[bytes, str]):
    """Bytes as text, each decoded once."""

    def __missing__(self, data: bytes) -> str:
        text = self[data] = data.decode(errors="replace")
        return text


def outline(triples: Sequence[Triple], predicates: Collection[str]) -> Outline:
    """Return the subjects, and the triples with some predicates whose value is no literal."""
    subjects = dict.fromkeys(triple[0] for triple in triples)
    return list(subjects), [t for t in triples if t[1] in predicates and t[2][0] != '"']


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

    def outline(self, piece: list[Triple], predicates: Collection[str]) -> Outline:
        """Return the subjects, and the triples with some predicates and no literal."""
        return outline(piece, predicates)

    def about(self, piece: list[Triple], wanted: Callable[[str], bool]) -> list[Triple]:
        """Return the triples of some subjects."""
        subjects = {subject for subject in {triple[0] for triple in piece} if wanted(subject)}
        return [triple for triple in piece if triple[0] in subjects]
