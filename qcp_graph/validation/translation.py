"""Problems that were kept in English, in the other languages of the shapes that found them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from qcp_graph.terms import curie, parts
from qcp_graph.validation.issues import compact
from qcp_graph.validation.result import Texts, text
from qcp_graph.validation.shapes_graph import ShapesGraph

_WORDS: Final = {"message": curie("sh:message"), "remedy": curie("qcp:remedy")}


class Translator:
    """Knows messages and remedies of shapes files in one language.

    :raises UsageError: for a file that cannot be read.
    """

    def __init__(self, paths: Sequence[Path], language: str) -> None:
        self._known: dict[tuple[str, str, str], str] = {}
        for path in paths:
            graph = ShapesGraph.read([path])
            for node in graph.subjects:
                for field, predicate in _WORDS.items():
                    said: Texts = tuple(
                        sorted((parts(v)[1], parts(v)[0]) for v in graph.values(node, predicate))
                    )
                    if said:
                        key = compact(node), field, text(said, "en")
                        self._known[key] = text(said, language)

    def of(self, problem: Mapping[str, str]) -> dict[str, str]:
        """Return a problem in the language; what no shape here has said stays as it is."""
        rule = problem.get("rule", "")
        words = {
            field: self._known.get((rule, field, problem.get(field, "")), problem.get(field, ""))
            for field in _WORDS
        }
        return {**problem, **words}
