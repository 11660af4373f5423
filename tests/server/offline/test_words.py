"""The pieces of the search: complete, in the order of JavaScript, found from their first words."""

import json
import re
from collections.abc import Iterator

import pytest

from qcp_graph.server.offline.words import Words, fold, words

TAKEN = re.compile(r'qcpOffline\.take\("(\w+)",(\d+),(.*)\);\n\Z', re.DOTALL)


class Kept:
    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, name: str, content: bytes) -> None:
        assert name not in self.files
        self.files[name] = content

    def of(self, kind: str) -> Iterator[tuple[int, object]]:
        for name, content in self.files.items():
            match = TAKEN.match(content.decode())
            assert match, name
            if match[1] == kind:
                yield int(match[2]), json.loads(match[3])


def built(count: int) -> Kept:
    kept = Kept()
    index = Words(kept)
    for n in range(count):
        title = f"Diplôme {n} {'x' * (n % 7)}"
        index.add((title, "fr", f"q/{n}.html", ""), [title], [f"603/{n:05}/1"])
    assert index.finish() == len(kept.files)
    return kept


def places(kept: Kept, word: str) -> list[int]:
    steps = [held[word] for _, held in kept.of("words") if isinstance(held, dict) and word in held]
    assert len(steps) <= 1
    found, place = [], 0
    for step in steps[0].split() if steps else []:
        place += int(step, 36)
        found.append(place)
    return found


def test_each_word_leads_to_its_qualifications() -> None:
    kept = built(5000)
    assert places(kept, "diplome") == list(range(5000))
    assert places(kept, "4321") == [4321]
    assert places(kept, "xx") == list(range(2, 5000, 7))
    assert places(kept, "=603999991") == []
    assert places(kept, "=603043211") == [4321]


def test_documents_are_in_order_and_whole() -> None:
    kept = built(250)
    found = dict(kept.of("documents"))
    assert [len(found[n]) for n in range(3)] == [100, 100, 50]  # type: ignore[arg-type]
    assert found[2][49] == ["Diplôme 249 xxxx", "fr", "q/249.html", ""]  # type: ignore[index]


def test_pieces_are_small_and_their_first_words_ascend() -> None:
    kept = built(5000)
    meta = next(value for _, value in kept.of("meta"))
    assert isinstance(meta, dict)
    assert meta["count"] == len(meta["lengths"]) == 5000
    pieces = [held for _, held in sorted(kept.of("words"), key=lambda pair: pair[0])]
    assert [next(iter(held)) for held in pieces] == meta["firsts"]  # type: ignore[call-overload]
    assert len(pieces) > 3
    assert max(len(content) for content in kept.files.values()) < 50_000
    every = [word for held in pieces for word in held]  # type: ignore[attr-defined]
    assert every == sorted(every, key=lambda word: word.encode("utf-16-be"))


@pytest.mark.parametrize("count", [0, 1, 100])
def test_few_or_none(count: int) -> None:
    kept = built(count)
    assert sum(len(held) for _, held in kept.of("documents")) == count  # type: ignore[arg-type]


def test_a_very_long_text_is_bounded() -> None:
    kept = Kept()
    index = Words(kept)
    index.add(("t", "", "f", ""), [" ".join(map(str, range(100_000))), "y" * 9999], ["1" * 9999])
    index.finish()
    assert max(map(len, kept.files.values())) < 50_000


def test_folding_is_the_same_again() -> None:
    for text in ("Pâtissière ŒUVRE", "مُؤهِّلات", "İß", "ﬁn ½"):
        assert fold(fold(text)) == fold(text)
        assert words(fold(text)) == words(text)
