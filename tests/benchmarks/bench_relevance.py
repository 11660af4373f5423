"""Measures how well search finds: ``python -m tests.benchmarks.bench_relevance --home DIR``.

For titles drawn from each language of a release: is the record among the first three results for
its title, for its title without diacritics, with one typing mistake; in first place for its code?
A record of exactly the same title or code counts as found: nobody could tell them apart by it.
"""

import argparse
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from qcp_graph import search
from qcp_graph.pipeline.releases import folder
from qcp_graph.search import extract
from qcp_graph.search.text import fold, sort_key
from qcp_graph.settings import Settings

FIRST: Final = 3
LEAST: Final = 5  # letters of a word that gets a typing mistake
_LETTERS: Final = "aeinrstlo"


class Record(NamedTuple):
    """A qualification: its title in a language, and a code of its register."""

    iri: str
    title: str
    code: str


class Share(NamedTuple):
    """How many of how many were found; the slowest but one in twenty of the searches, in ms."""

    found: int
    asked: int
    p95: float


def drawn(
    store: ox.Store, codes: Mapping[str, frozenset[str]], size: int, seed: int = 7
) -> Mapping[str, list[Record]]:
    """Return up to ``size`` records of each language of the titles of a release."""
    records = {row[0] for row in extract.rows(store, "qualifications")}  # not their units
    titles = defaultdict(list)
    for iri, language, title in sorted(set(extract.tagged(store, "titles"))):
        if iri in codes and iri in records:
            titles[language].append(Record(iri, title, min(codes[iri])))
    chance = random.Random(seed)
    return {
        language: chance.sample(found, min(size, len(found)))
        for language, found in sorted(titles.items())
    }


def codes_of(store: ox.Store) -> Mapping[str, frozenset[str]]:
    """Return the codes of each qualification."""
    codes: dict[str, frozenset[str]] = {}
    for iri, code in extract.rows(store, "codes"):
        codes[iri] = codes.get(iri, frozenset()) | {code}
    return codes


def mistyped(title: str, chance: random.Random) -> str:
    """Return a title with one letter of one long word left out, doubled, changed or swapped."""
    words = [match for match in re.finditer(r"[^\W\d_]+", title) if len(match[0]) >= LEAST]
    if not words:
        return title
    word = chance.choice(words)
    at = chance.randrange(1, len(word[0]) - 1)
    old = word[0]
    new = chance.choice((
        old[:at] + old[at + 1 :],
        old[:at] + chance.choice(_LETTERS) + old[at:],
        old[:at] + chance.choice(_LETTERS) + old[at + 1 :],
        old[:at] + old[at + 1] + old[at] + old[at + 2 :],
    ))  # fmt: skip
    return title[: word.start()] + new + title[word.end() :]


@dataclass
class Run:
    """Asks an index; ``codes`` of every qualification, ``misses`` as lines."""

    index: search.Index
    codes: Mapping[str, frozenset[str]]
    misses: list[str] = field(default_factory=list)

    def each_way(self, records: Sequence[Record]) -> Iterator[tuple[str, Share]]:
        """Ask for each record by title, plain title, mistyped title and code."""
        chance = random.Random(len(records))
        titles = [one.title for one in records]
        yield "title", self.share(records, titles)
        yield "without accents", self.share(records, [fold(title) for title in titles])
        yield "one typo", self.share(records, [mistyped(title, chance) for title in titles])
        yield "code, first", self.share(records, [one.code for one in records], 1)

    def share(self, records: Sequence[Record], texts: Sequence[str], first: int = FIRST) -> Share:
        """Ask for each record by its text."""
        found, taken = 0, []
        for text, record in zip(texts, records, strict=True):
            start = time.perf_counter()
            hits = self.index.search(text, size=first).hits
            taken.append((time.perf_counter() - start) * 1000)
            if any(self._is(hit, record, text) for hit in hits):
                found += 1
            else:
                self.misses.append(f"{text!r} -> {[hit.title for hit in hits]}")
        taken.sort()
        return Share(found, len(taken), taken[int(len(taken) * 0.95)] if taken else 0.0)

    def _is(self, hit: search.Hit, record: Record, text: str) -> bool:
        if text == record.code:
            return text in self.codes.get(hit.iri, ())
        same = sort_key(record.title)
        return hit.iri == record.iri or same in map(sort_key, hit.titles.values())


def lines(home: Path, size: int, shown: int, path: Path | None = None) -> Iterator[str]:
    """Yield the table, then some of what was not found; ``path``: another index than the live."""
    releases = folder(Settings(home=home))
    live = releases.current()
    if live is None:
        raise SystemExit(f"There is no release in {home}: build one with qcp build.")
    store = releases.open_store(live.id)
    codes = codes_of(store)
    samples = drawn(store, codes, size)
    with closing(search.Index(path or releases.path(live.id) / "search.sqlite")) as index:
        run = Run(index, codes)
        yield "language   way               found            p95 ms"
        for language, records in samples.items():
            for way, share in run.each_way(records):
                percent = 100 * share.found / max(share.asked, 1)
                yield (
                    f"{language:10} {way:16} {share.found:4} of {share.asked:<4}"
                    f" {percent:5.1f} % {share.p95:7.1f}"
                )
    for miss in run.misses[:shown]:
        yield f"  missed by {miss}"


def main() -> None:
    """Print the shares per language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="home folder with a release")
    parser.add_argument("--index", type=Path, help="another index of the same release")
    parser.add_argument("--titles", type=int, default=100, help="titles per language")
    parser.add_argument("--misses", type=int, default=20, help="how many misses are shown")
    chosen = parser.parse_args()
    for line in lines(chosen.home, chosen.titles, chosen.misses, chosen.index):
        print(line)


if __name__ == "__main__":
    main()
