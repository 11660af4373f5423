"""The usual classifier of titles, for comparison: TF-IDF and a linear SVM of scikit-learn.

Where titles have codes it sees these and their beginnings as further words.

scikit-learn is no dependency: without it there is no comparison.
"""

from collections.abc import Sequence

from qcp_graph.linking.fields.examples import Example
from qcp_graph.linking.fields.features import plain, words


def answers(known: Sequence[Example], titles: Sequence[Example]) -> list[str]:
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
    peer.fit(list(map(_with_codes, known)), [one.fields[0].ljust(4, "0") for one in known])
    return [str(code) for code in peer.predict(list(map(_with_codes, titles)))]


def _with_codes(one: Example) -> str:
    """Return a title followed by its codes, each a word per beginning.

    >>> _with_codes(Example("Soudeur", (), codes=(("nsf", "254"),)))
    'Soudeur nsfb nsfbe nsfbed'
    """
    letters = str.maketrans("0123456789", "kabcdefghi")
    words = (
        f"{scheme}{code[:end]}".translate(letters)
        for scheme, code in one.codes
        for end in range(1, len(code) + 1)
    )
    return " ".join([one.text, *words])


def _words(text: str) -> str:
    return " ".join(words(plain(text)))
