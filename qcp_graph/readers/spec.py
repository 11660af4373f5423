"""What a reader is told, and what it found: the logical source of a mapping (RML §5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from qcp_graph.readers.options import OPTIONS

FORMATS: Final = tuple(OPTIONS)


class Spec(Protocol):
    """Anything that says how a file is read: a mapping's input or a :class:`ReaderSpec`."""

    @property
    def format(self) -> str:
        """One of :data:`FORMATS`."""

    @property
    def iterator(self) -> str:
        """Which part of the file is a record (XPath or JSONPath); unused for tables."""

    @property
    def options(self) -> Mapping[str, object]:
        """Options of the format, named in :data:`~qcp_graph.readers.options.OPTIONS`."""


@dataclass(frozen=True, slots=True)
class ReaderSpec:
    """How a file is read: its format, what a record is, and the format's options."""

    format: str
    iterator: str = ""
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found out: the option it stands for, what speaks for it, and whether a
    person should look; ``remedy`` says how to state it."""

    option: str
    value: str
    evidence: str
    sure: bool = True
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """What :func:`~qcp_graph.readers.sniff` found in a file.

    ``fields`` are column names, or paths of leaves as a mapping writes them (``A/B``, ``a.b``);
    ``guessed`` tells that the encoding could not be proved; ``findings`` what else was found out
    and why.
    """

    format: str
    encoding: str = ""
    delimiter: str = ""
    fields: tuple[str, ...] = ()
    iterator: str = ""
    guessed: bool = False
    findings: tuple[Finding, ...] = ()

    def spec(self) -> ReaderSpec:
        """Return the specification that reads the file as it was recognised."""
        found = {"encoding": self.encoding, "delimiter": self.delimiter}
        wanted = OPTIONS[self.format]
        options = {name: value for name, value in found.items() if value and name in wanted}
        return ReaderSpec(self.format, self.iterator, options)
