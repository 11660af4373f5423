"""Finding skills by equal labels alone, in the extract of ESCO that comes with the project."""

from dataclasses import dataclass

from qcp_graph.linking.found import Found
from qcp_graph.linking.index import EscoIndex
from qcp_graph.linking.matching import link


@dataclass(frozen=True)
class LabelEngine:
    """Serves where no version of ESCO was imported, and the specimens."""

    index: EscoIndex

    @property
    def fingerprint(self) -> str:
        """A hash over the labels."""
        return self.index.fingerprint

    def find(self, text: str, language: str) -> list[Found]:
        """Return the skills whose labels equal the text or a clause of it."""
        found = [
            Found(one.object, one.match, one.method, one.score, one.probability, one.label,
                  one.start, one.end, one.version)
            for one in link(self.index, [("", text, language)])
        ]  # fmt: skip
        return sorted(found, key=lambda one: (-one.probability, one.skill))
