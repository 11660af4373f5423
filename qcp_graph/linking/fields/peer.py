"""The usual classifier of titles, for comparison: TF-IDF and a linear SVM of scikit-learn.

scikit-learn is no dependency: without it there is no comparison.
"""

from collections.abc import Sequence

from qcp_graph.linking.fields.examples import Example
from qcp_graph.linking.fields.features import plain, words


def answers(known: Sequence[Example], titles: Sequence[str]) -> list[str]:
    """Return the detailed fields the peer gives to titles; nothing where it is not installed."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline, make_union
        from sklearn.svm import LinearSVC
    except ImportError:
        return []
    characters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, preprocessor=plain
    )
    whole = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, preprocessor=_words)
    peer = make_pipeline(make_union(characters, whole), LinearSVC(C=1))
    peer.fit([one.text for one in known], [one.fields[0].ljust(4, "0") for one in known])
    return [str(code) for code in peer.predict(list(titles))]


def _words(text: str) -> str:
    return " ".join(words(plain(text)))
