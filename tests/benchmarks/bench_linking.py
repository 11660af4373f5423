"""Measures linking: ``make bench-linking RELEASE=<home> DATA=<file>``.

Prints, per language and tier, outcomes linked per core-second (texts with their parts, nothing
remembered), and beside it, in the same run, what a plain peer does in a core-second: character
TF-IDF of the whole text against every label (scikit-learn), ten nearest. The ratio is what
compares between machines; rates of a busy machine are too low. The data is any file that
``qcp evaluate linking`` reads; the home folder holds an imported version of ESCO.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from math import nan
from pathlib import Path
from typing import Any, Final

from qcp_graph.errors import QcpError
from qcp_graph.linking import esco, threads  # noqa: F401 - before numpy: one thread
from qcp_graph.linking.engine import RankEngine
from qcp_graph.linking.evaluation import datasets
from qcp_graph.linking.evaluation.running import by_language, peak
from qcp_graph.linking.semantic.encoder import Encoder, find_model

TEXTS: Final = 600
_NEAREST: Final = 10
_TOGETHER: Final = 64


def lines(home: Path, data: Path, most: int = TEXTS, version: str = "") -> Iterator[str]:
    """Yield what was measured, a line per language and tier."""
    newest = RankEngine(home, version).newest
    with esco.open_version(home, version or newest) as catalogue:
        queries, _ = datasets.read(data, catalogue)
    ours = []  # all before the first peer, whose memory is not ours
    for language, some in by_language(queries):
        texts = [query.text for query in some[:most]]
        for engine in (RankEngine(home, version), *_semantic(home, version, language)):
            if used := engine.version_for(language):
                engine.find("first", language)  # opens the index
                rate = _rate(engine, texts, language)
                ours.append((language, used, engine.encoder, texts, rate, peak()))
    yield "language tier       texts per core-s MB so far   peer  ratio"
    for language, used, encoder, texts, rate, memory in ours:
        tier, other = "semantic" if encoder else "core", _peer(home, used, language)(texts)
        yield (f"{language:9}{tier:10}{len(texts):6}{rate:11.0f}{memory:10}"
               f"{other:7.0f}{rate / other:7.2f}")  # fmt: skip


def _semantic(home: Path, version: str, language: str) -> Iterator[RankEngine]:
    """Yield the tier with vectors where there is a model, and the language is the model's."""
    if language == "en":
        try:
            yield RankEngine(home, version, Encoder(find_model(None), home / "models"))
        except QcpError as error:
            print(f"without the semantic tier: {error.message}")


def _rate(engine: RankEngine, texts: Sequence[str], language: str) -> float:
    start = time.process_time()
    for text in texts:
        engine.find(text, language)
    return len(texts) / max(time.process_time() - start, 1e-9)


def _peer(home: Path, version: str, language: str) -> Callable[[Sequence[str]], float]:
    """Return what measures character TF-IDF over the labels of a language.

    Without scikit-learn, which nothing else needs, the rate is not a number.
    """
    import numpy as np

    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError:
        return lambda texts: nan
    with esco.open_version(home, version) as catalogue:
        labels = [label.value for label in catalogue.labels("skill", language)]
    vectors: Any = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), dtype=np.float32)
    columns = vectors.fit_transform(labels).T.tocsr()

    def rate(texts: Sequence[str]) -> float:
        start = time.process_time()
        for begin in range(0, len(texts), _TOGETHER):
            near = (vectors.transform(texts[begin : begin + _TOGETHER]) @ columns).toarray()
            some = min(_NEAREST, near.shape[1])
            np.argpartition(-near, some - 1, axis=1)[:, :some]
        return len(texts) / max(time.process_time() - start, 1e-9)

    return rate


def main() -> None:
    """Print the lines."""
    parser = argparse.ArgumentParser(description="Outcomes linked per core-second.")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--esco", default="")
    parser.add_argument("--texts", type=int, default=TEXTS)
    given = parser.parse_args()
    for line in lines(given.home, given.data, given.texts, given.esco):
        print(line, flush=True)


if __name__ == "__main__":
    main()
