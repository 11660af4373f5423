"""From a search text to the qualifications it may mean, and their order.

It is read in three ways, of which the first with any result counts: all words as typed (their
beginnings and stems); all words, each also with one typing mistake; as many of the words as any
qualification has.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from qcp_graph.search import sets, words
from qcp_graph.search.text import MAX_QUERY, MAX_WORDS, sort_key

RANKED: Final = 2_000
"""Results of a text search that are ordered by relevance; the others follow by title."""
_WHOLE: Final = 3  # letters below which a word stands for itself only, unless it is the last one
_CORRECTIONS: Final = 8  # words that a mistyped one may stand for
_COMPARED: Final = 60  # best results whose titles are compared with the text as a whole
_FEW: Final = 200  # results that are all compared: BM25 would look each word up in all records
_MANY: Final = 20_000  # results from which relevance says nothing and would cost most: by title
_RANKINGS: Final = (
    "SELECT rowid FROM head WHERE head MATCH ? ORDER BY bm25(head, 1.0, 2.0), rowid LIMIT ?",
    "SELECT rowid FROM text WHERE text MATCH ? ORDER BY bm25(text, 10.0, 20.0, 1.0), rowid LIMIT ?",
)
_HEADS: Final = "SELECT rowid FROM head WHERE head MATCH ?"
_MATCHES: Final = "SELECT rowid FROM text WHERE text MATCH ?"
Rows = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a text means: the set of results, the best of them in order.

    ``read`` is the text that was searched instead, empty where it was taken as typed; ``ignored``
    are words that no qualification has.
    """

    members: int = 0
    best: tuple[int, ...] = ()
    read: str = ""
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a search text: the beginnings that are looked for, the words that it may be."""

    typed: str
    prefixes: tuple[str, ...]
    last: bool = False
    corrected: tuple[str, ...] = ()
    shown: str = ""

    def expression(self, corrected: bool = False) -> str:
        """Return the FTS5 expression: quoted strings, in which nothing is interpreted."""
        star = "*" if self.last or len(self.typed) >= _WHOLE else ""
        parts = [f'"{prefix}"{star}' for prefix in self.prefixes]
        parts += [f'"{word}"' for word in self.corrected if corrected]
        return f"({' OR '.join(parts)})" if len(parts) > 1 else parts[0]

    def means(self, word: str) -> float:
        """Return how well a word of a title fits: 1 the same, less a form of it, 0 not at all."""
        if word == self.typed:
            return 1.0
        if word in self.corrected:
            return 0.9
        return 0.8 if any(word.startswith(prefix) for prefix in self.prefixes) else 0.0


@dataclass
class Matcher:
    """Finds what a text means in an index; ``rows`` asks the index's file."""

    rows: Rows

    def __call__(self, text: str) -> Found:
        """Return what a text means; signs alone mean nothing.

        :raises sqlite3.Error: when the index is damaged.
        """
        asked = self._words(text)
        if not asked:
            return Found()
        exact = self._exact(text)
        for corrected in (False, True):
            if corrected:
                asked = [self._corrected(word) for word in asked]
            expression = " AND ".join(word.expression(corrected) for word in asked)
            members = sets.of(row[0] for row in self.rows(_MATCHES, expression))
            if members or (exact and not corrected):
                members |= sets.of(exact)
                best = self._best(expression, members, asked, exact)
                return Found(members, best, _read(asked) if corrected else "")
        return self._most(asked)

    def _most(self, asked: Sequence[_Word]) -> Found:
        """Return the qualifications that have as many of the words as any has, at least half."""
        each = [sets.of(r[0] for r in self.rows(_MATCHES, w.expression(True))) for w in asked]
        pairs = list(zip(asked, each, strict=True))
        kept = [word for word, members in pairs if members]
        ignored = tuple(word.typed for word, members in pairs if not members)
        if not kept:
            return Found(ignored=ignored)
        least = [0] * (len(each) + 1)  # the members that have at least so many words, less one
        for members in each:
            for count in range(len(each) - 1, 0, -1):
                least[count] |= least[count - 1] & members
            least[0] |= members
        needed = (len(kept) + 1) // 2
        members = next((m for m in reversed(least[needed - 1 :]) if m), 0)
        expression = " OR ".join(word.expression(True) for word in kept)
        best = self._best(expression, members, kept, ())
        return Found(members, best, _read(kept), ignored)

    def _words(self, text: str) -> list[_Word]:
        clean = "".join(c if c.isprintable() else " " for c in text[:MAX_QUERY])
        found: list[_Word] = []
        for chunk in clean.split():
            parts = words.tokens(chunk)
            if len(parts) > 1 and any(part.isdigit() for part in parts):
                found.append(_Word(" ".join(parts), (" ".join(parts),)))
                continue
            for forms in words.stems(chunk, self._languages):
                found.append(_Word(forms[0], _widest(forms)))
        found = found[:MAX_WORDS]
        if found:
            found[-1] = replace(found[-1], last=True)
        return found

    def _corrected(self, word: _Word) -> _Word:
        """Return a word with those of titles that differ from it by one typing mistake."""
        typed = word.typed
        if not (self._spelling and typed.isalpha() and words.LEAST <= len(typed) <= words.LONGEST):
            return word
        forms = sorted(words.misspellings(typed))
        marks = ", ".join("?" * len(forms))
        sql = f"SELECT DISTINCT word FROM spelling WHERE form IN ({marks}) ORDER BY word"  # noqa: S608
        near = [w for (w,) in self.rows(sql, *forms) if words.near(w, typed)]
        others = tuple(w for w in near if w != typed)[:_CORRECTIONS]
        return replace(word, corrected=others, shown=typed if typed in near else (*others, "")[0])

    def _exact(self, text: str) -> tuple[int, ...]:
        """Return the qualifications whose code or whole title the text is."""
        if not self._spelling:
            return ()
        keys = (f"c {words.compact(text)}", f"t {sort_key(text)[:MAX_QUERY]}")
        sql = "SELECT qualification FROM exact WHERE key = ? ORDER BY 1 LIMIT ?"
        found = [row[0] for key in keys for row in self.rows(sql, key, RANKED)]
        return tuple(dict.fromkeys(found))

    def _best(
        self, expression: str, members: int, asked: Sequence[_Word], exact: Sequence[int]
    ) -> tuple[int, ...]:
        """Return the best matches: exactly that, then in title or code, then anywhere."""
        count = members.bit_count()
        if count <= _FEW:
            return tuple(dict.fromkeys((*exact, *self._few(expression, members, asked))))
        if count > _MANY:
            return tuple(exact)
        best: dict[int, None] = {}
        for sql in _RANKINGS:
            if len(best) < min(RANKED, count):
                rows = self.rows(sql, expression, RANKED)
                best.update(dict.fromkeys(row[0] for row in rows if members >> row[0] & 1))
        ranked = list(best)
        alike = self._alike(ranked[:_COMPARED], asked)
        ranked[:_COMPARED] = sorted(ranked[:_COMPARED], key=lambda one: -alike[one])
        return tuple(dict.fromkeys((*exact, *ranked)))[:RANKED]

    def _few(self, expression: str, members: int, asked: Sequence[_Word]) -> Sequence[int]:
        """Return few matches in order: the likest titles; where those say nothing, codes first."""
        ids = sets.page(members, 0, _FEW)
        alike, coded = self._alike(ids, asked), 0
        if not all(alike.values()):
            coded = sets.of(row[0] for row in self.rows(_HEADS, expression))
        return sorted(ids, key=lambda one: (-alike[one], not coded >> one & 1))

    def _alike(self, ids: Sequence[int], asked: Sequence[_Word]) -> dict[int, float]:
        """Return how much the best title of each qualification is like the text as a whole."""
        found = dict.fromkeys(ids, 0.0)
        marks = ", ".join("?" * len(ids))
        sql = f"SELECT qualification, text FROM title WHERE qualification IN ({marks})"  # noqa: S608
        for number, title in self.rows(sql, *ids):
            found[number] = max(found[number], _likeness(words.tokens(title), asked))
        return found

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        held = self.rows("SELECT value FROM meta WHERE name = 'languages'")
        return tuple(held[0][0].split()) if held else ()

    @cached_property
    def _spelling(self) -> bool:
        """Whether the index has words and keys; those of releases before did not."""
        return bool(self.rows("SELECT 1 FROM sqlite_master WHERE name = 'spelling'"))


def _widest(prefixes: Sequence[str]) -> tuple[str, ...]:
    """Return those beginnings that do not begin with another one.

    >>> _widest(["nurses", "nurs", "care"])
    ('nurs', 'care')
    """
    return tuple(
        one for one in prefixes if not any(one != p and one.startswith(p) for p in prefixes)
    )


def _likeness(title: Sequence[str], asked: Sequence[_Word]) -> float:
    """Return twice what fits, of the words of both."""
    held = set(title)
    fits = sum(max((word.means(one) for one in held), default=0.0) for word in asked)
    return 2 * fits / (len(held) + len(asked))


def _read(asked: Sequence[_Word]) -> str:
    return " ".join(word.shown or word.typed for word in asked)
