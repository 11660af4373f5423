"""A mapped register as facts to compare with its source: who says what of whom."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph

from qcp_graph.namespaces import expand
from qcp_graph.pipeline import preview
from qcp_graph.settings import Settings

COMPUTED = expand("elm:ISCEDFCode")


class Facts:
    """Every quad of a preview, parsed; values by subject and prefixed predicate.

    Fields of education that were computed (in the graph of links) are not the register's word.
    """

    def __init__(self, source_id: str, given: Path, home: Path) -> None:
        self.preview = preview.run(Settings(home=home), source_id, str(given))
        self.base = self.preview.iris.base
        self._register = source_id.replace("-", "/", 1)
        self._values: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.quads = self.blank = 0
        lines = "\n".join(dict.fromkeys(self.preview.nquads()))
        for quad in pyoxigraph.parse(lines.encode(), pyoxigraph.RdfFormat.N_QUADS):
            self.quads += 1
            if quad.predicate.value == COMPUTED and str(quad.graph_name).endswith("/links>"):
                continue
            if isinstance(quad.subject, pyoxigraph.NamedNode) and not isinstance(
                quad.object, pyoxigraph.BlankNode | pyoxigraph.Triple
            ):
                self._values[quad.subject.value, quad.predicate.value].append(quad.object.value)
            else:
                self.blank += 1

    @property
    def fates(self) -> Mapping[str, int]:
        """How many records met which fate."""
        return Counter(row.status for row in self.preview.rows)

    @property
    def reasons(self) -> Mapping[str, int]:
        """How often each issue code was met."""
        return Counter(issue.code for row in self.preview.rows for issue in row.issues)

    @property
    def notes(self) -> list[str]:
        """What the strict audit and the readers have to say of the whole delivery."""
        return [f"{note.code} {note.field}" for note in self.preview.report.notes]

    def qualification(self, local_id: str) -> str:
        """Return the IRI of a qualification."""
        return f"{self.base}id/qualification/{self._register}/{local_id}"

    def of(self, subject: str, *path: str) -> list[str]:
        """Return the values at the end of a path of prefixed predicates, sorted."""
        found = [subject]
        for predicate in path:
            found = [v for node in found for v in self._values.get((node, expand(predicate)), ())]
        return sorted(found)

    def count(self, predicate: str) -> int:
        """Return how many statements use a predicate."""
        wanted = expand(predicate)
        return sum(len(v) for (_, p), v in self._values.items() if p == wanted)
