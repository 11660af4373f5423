"""RDF text with a fault in it: every statement that can be read is, every other one is named.

N-Triples and N-Quads (W3C, 2014) are lines. In Turtle and TriG a statement begins where a line
starts without a blank and the line before ended with a full stop: that is how every serialiser
writes, and a text for which it is wrong is tried again with the pieces joined.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import raw
from qcp_graph.readers.issues import SHOWN
from qcp_graph.readers.options import Options
from qcp_graph.readers.rdf_syntax import DamagedError, Faults, Triple, parsed

BATCH: Final = 256
"""How many statements are tried at once."""
JOINED: Final = 8
"""How many pieces a statement may have been cut into by mistake."""
MAX_FAULTS: Final = 1000
MAX_LINE: Final = 64 * 1024**2
LINES: Final = frozenset({"ntriples", "nquads"})
LENIENT: Final = LINES | {"turtle", "trig"}
_DIRECTIVE: Final = re.compile(rb"@?(?:prefix|base)\b", re.IGNORECASE)
_PREFIX: Final = re.compile(rb"@?prefix\s+([^\s:]*):\s*<([^>]*)>", re.IGNORECASE)
_SUBJECT: Final = re.compile(rb"\s*(?:<([^<>\s]*)>|([^\s:<\[(]*):([^\s;,\[\]()<>]*))")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the file, and the line it begins at."""

    content: bytes
    line: int

    @property
    def lines(self) -> int:
        return self.content.count(b"\n")


@dataclass
class Salvage:
    """Reads a damaged file; ``damaged`` are the subjects of what was left out."""

    file: SnapshotFile
    syntax: str
    options: Options
    faults: Faults
    issues: list[Issue] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)
    _header: list[bytes] = field(default_factory=list)
    _prefixes: dict[bytes, bytes] = field(default_factory=dict)
    _good: int = 0

    def triples(self) -> Iterator[Triple]:
        """Yield what can be read.

        :raises DataError: when the faults are without number, or nothing is readable.
        """
        blocks = self._blocks()
        carried: list[Block] = []
        while batch := [*carried, *islice(blocks, BATCH)]:
            fresh = len(batch) > len(carried)
            found, carried = self._batch(batch, last=not fresh, old=len(carried))
            self._good += len(found)
            yield from found
        if not self._good:
            raise self._hopeless("nothing in it can be read")

    def _batch(
        self, batch: Sequence[Block], *, last: bool, old: int
    ) -> tuple[list[Triple], list[Block]]:
        """Return the triples of some blocks, and those at the end that may go on in the next."""
        whole = self._try(b"".join(block.content for block in batch))
        if not isinstance(whole, DamagedError):
            return whole, []
        found: list[Triple] = []
        at = 0
        while at < len(batch):
            triples, used = self._one(batch, at)
            if triples is not None:
                found += triples
            elif not last and at >= max(old, len(batch) - JOINED):
                return found, list(batch[at:])
            else:
                used = 1
                self._lost(batch[at])
            at += used
        return found, []

    def _one(self, batch: Sequence[Block], at: int) -> tuple[list[Triple] | None, int]:
        """Return the triples of the block, joined with those behind it where that helps."""
        content = b""
        most = 1 if self.syntax in LINES else JOINED
        for used, block in enumerate(batch[at : at + most], start=1):
            content += block.content
            found = self._try(content)
            if not isinstance(found, DamagedError):
                return found, used
        return None, 1

    def _try(self, content: bytes) -> list[Triple] | DamagedError:
        try:
            return list(
                parsed(b"".join(self._header) + content, self.syntax, self.options, self.faults)
            )
        except DamagedError as error:
            return error

    def _lost(self, block: Block) -> None:
        error = self._try(block.content)
        assert isinstance(error, DamagedError)
        line = max(block.line, block.line + error.line - 1 - sum(map(_lines, self._header)))
        subject = self._subject(block.content)
        if subject:
            self.damaged.add(subject)
        self.issues.append(_left_out(self.file.name, line, str(error), subject, block.content))
        if len(self.issues) > MAX_FAULTS:
            raise self._hopeless(f"it has more than {MAX_FAULTS} faults")

    def _subject(self, content: bytes) -> str:
        match = _SUBJECT.match(content)
        if not match:
            return ""
        start = b"" if match[1] is not None else self._prefixes.get(match[2], b"")
        iri = match[1] if match[1] is not None else start + match[3].rstrip(b".")
        return iri.decode("utf-8", "replace") if start or match[1] else ""

    def _blocks(self) -> Iterator[Block]:
        held: list[bytes] = []
        begun = number = size = 0
        complete = True
        with raw.open_bytes(self.file) as stream:
            while line := stream.readline(MAX_LINE):
                number += 1
                size += len(line)
                if size > MAX_LINE:
                    raise self._hopeless("a statement is larger than 64 MB")
                text = line.strip()
                begins = complete and text and not line[:1].isspace() and text[:1] != b"#"
                if held and (begins or self.syntax in LINES):
                    yield from self._cut(Block(b"".join(held), begun))
                    held, size = [], len(line)
                if text or held:
                    begun = begun if held else number
                    held.append(line)
                if text and text[:1] != b"#":
                    complete = text.endswith(b".") or _bare_directive(text)
        if held:
            yield from self._cut(Block(b"".join([*held, b"\n"]), begun))

    def _cut(self, block: Block) -> Iterator[Block]:
        """Keep a directive for all that follows; hand on everything else."""
        content = block.content.lstrip(b"\xef\xbb\xbf") if block.line == 1 else block.content
        if self.syntax not in LINES and _DIRECTIVE.match(content):
            found = _PREFIX.match(content)
            if found:
                self._prefixes[found[1]] = found[2]
            if not isinstance(self._try(content), DamagedError):
                self._header.append(content)
                return
        yield Block(content, block.line)

    def _hopeless(self, reason: str) -> DataError:
        first = f": {self.issues[0].message}" if self.issues else "."
        return DataError(
            "QCP-SRC-RDF", f"The file cannot be read as RDF ({self.syntax}); {reason}{first}",
            where=self.issues[0].locator if self.issues else self.file.name,
            remedy="Fetch it again; if it stays so, ask the publisher to correct it. Relative "
            "IRIs need options: {base: https://…}.",
        )  # fmt: skip


def _lines(content: bytes) -> int:
    return content.count(b"\n")


def _bare_directive(text: bytes) -> bool:
    """``PREFIX`` and ``BASE`` of SPARQL end without a full stop."""
    return bool(_DIRECTIVE.match(text)) and not text.startswith(b"@")


def _left_out(file: str, line: int, reason: str, subject: str, content: bytes) -> Issue:
    return Issue(
        "QCP-SRC-RDF",
        "violation",
        f"A statement is not well formed and was left out: {reason[:300]}.",
        record=subject[:SHOWN],
        locator=str(Locator(file, f"line {line}")),
        value=content.decode("utf-8", "replace").strip()[:SHOWN],
        remedy="Ask the publisher to correct the statement; its subject is not delivered.",
    )
