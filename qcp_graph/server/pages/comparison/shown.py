"""What is shown of a comparison: plain values for the page, the command and the exports."""

from dataclasses import dataclass

from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.names import Reference


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of a cell; ``note`` explains it, ``source`` says who, when and where."""

    label: str
    value: Reference
    note: str
    source: "Source"


@dataclass(frozen=True, slots=True)
class Source:
    """Who says a statement, of which kind; ``href`` leads to where it can be read."""

    text: str
    href: str
    kind: str


@dataclass(frozen=True, slots=True)
class ViewCell:
    """A cell; ``absent`` is the sentence for nothing, ``more`` the number of lines left out.

    ``told`` says below the lines what follows from them, or why they cannot be compared.
    """

    state: str
    lines: tuple[Line, ...]
    absent: str
    conflict: str
    more: int
    sources: tuple[Source, ...]
    told: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict in words with its reason; ``column`` counts from 1."""

    verdict: str
    name: str
    reason: str
    column: int


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A row with its name and its dimension's."""

    dimension: str
    key: str
    group: str
    name: str
    cells: tuple[ViewCell, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class ViewMatch:
    """A skill that is asked for with what meets it; ``path`` leads from one to the other."""

    skill: Reference | None
    grade: str
    name: str
    met_by: Reference | None
    path: tuple[Reference, ...]
    outcomes: tuple[Text, ...]
    met_outcomes: tuple[Text, ...]
    transversal: bool


@dataclass(frozen=True, slots=True)
class ViewGroup:
    """A group of ESCO (None: outside the hierarchy) with how many of its skills have each grade."""

    group: Reference | None
    counts: tuple[tuple[str, str, int], ...]
    total: int
    covered: int


@dataclass(frozen=True, slots=True)
class ViewReview:
    """What a person decided about the link of an outcome; ``letter`` names the qualification."""

    letter: str
    outcome: Text
    skill: Reference
    accepted: bool
    reviewer: str
    day: str
    comment: str
    href: str


@dataclass(frozen=True, slots=True)
class ViewRule:
    """A rule of a stack; ``letter`` names the piece that it is about."""

    name: str
    letter: str
    outcome: str
    word: str
    values: str


@dataclass(frozen=True, slots=True)
class ViewCoverage:
    """A coverage with its denominators; counts go by grade, transversal skills apart."""

    required: int
    offered: int
    total: int
    counts: tuple[tuple[str, str, int], ...]
    transversal_total: int
    transversal: tuple[tuple[str, str, int], ...]
    matches: tuple[ViewMatch, ...]
    outcomes: int
    linked: int
    versions: str
    firm: bool
    groups: tuple[ViewGroup, ...]

    @property
    def open(self) -> tuple[ViewMatch, ...]:
        """What is asked for and not covered."""
        return tuple(m for m in self.matches if m.grade in {"sibling", "none"})


@dataclass(frozen=True, slots=True)
class Summary:
    """The answer in short, of two qualifications: positions of the coverages, rows of levels.

    ``verdicts`` counts the lines by verdict, in words; ``ladder`` has the EQF levels of each one.
    """

    has: ViewCoverage
    lacks: ViewCoverage
    levels: tuple[ViewRow, ...]
    verdicts: tuple[tuple[str, int], ...]
    computed: int
    decided: int
    ladder: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class ViewSide:
    """A qualification at the head of a column."""

    letter: str
    reference: Reference
    country: str
    codes: tuple[str, ...]
    register: Reference | None
    owner: Reference | None
    licence: Reference | None
    record: Reference | None
    seen: str
    specimen: bool


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is shown of a comparison."""

    sides: tuple[ViewSide, ...]
    purpose: str
    on: str
    rows: tuple[ViewRow, ...]
    coverage: tuple[ViewCoverage, ...]
    reviews: tuple[ViewReview, ...]
    summary: Summary | None
