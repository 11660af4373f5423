"""What is heard inside a record of an XML file, made into nested fields.

Three functions with common variables instead of a class: they are called a hundred times per
record, and a variable of a closure costs half of what an attribute does.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

from qcp_graph.model.record import JsonValue

MAX_DEPTH: Final = 100
COST: Final = 16
"""What a name or value counts beside its characters: many small ones fill memory, too."""

Fields: TypeAlias = dict[str, JsonValue]
Open: TypeAlias = tuple[str, Fields | None, str]
"""An open element: its name, its fields so far, its text so far."""


class Names(dict[str, str]):
    """The names of a mapping by those of the parser, which hold the namespace's IRI."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        super().__init__()
        self._prefixes = prefixes

    def __missing__(self, raw: str) -> str:
        iri, _, local = raw.rpartition(" ")
        prefix = self._prefixes.get(iri, "") if iri else ""
        name = self[raw] = f"{prefix}:{local}" if prefix else local
        return name


class Inside(NamedTuple):
    """The handlers inside a record; ``begin`` starts one.

    ``waiting`` gives its size with the text that is still to come to an end, ``open`` the number
    of open elements.
    """

    begin: Callable[[str, Sequence[str]], None]
    start: Callable[[str, Sequence[str]], None]
    end: Callable[[str], None]
    text: Callable[[str], None]
    waiting: Callable[[], int]
    open: Callable[[], int]


def inside(  # noqa: C901 - three functions with common variables, see above
    names: Names, limit: int, done: Callable[[Fields], None], lose: Callable[[bool, int], None]
) -> Inside:
    """Return the handlers; ``done`` takes a record's fields.

    ``lose`` hears that the record breaks a limit: whether that of size (else of depth), and how
    many of its elements are open.
    """
    name, before, size = "", "", 0
    fields: Fields | None = None
    around: list[Open] = []
    texts: list[str] = []
    push, pop, clear = around.append, around.pop, texts.clear

    def begin(raw: str, attributes: Sequence[str]) -> None:
        nonlocal name, fields, before, size
        clear()
        around.clear()
        name, before = names[raw], ""
        size = COST + len(name)
        fields = attributed(attributes) if attributes else None
        if size > limit:
            lose(True, 1)

    def attributed(attributes: Sequence[str]) -> Fields:
        nonlocal size
        size += sum(map(len, attributes)) + COST * len(attributes)
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        return {"@" + names[key]: value for key, value in pairs}

    def start(raw: str, attributes: Sequence[str]) -> None:
        nonlocal name, fields, before
        if texts:
            before += "".join(texts)
            clear()
        push((name, fields, before))
        name, before = names[raw], ""
        fields = attributed(attributes) if attributes else None
        if len(around) >= MAX_DEPTH:
            lose(False, len(around) + 1)

    def end(_raw: str) -> None:
        nonlocal name, fields, before, size
        text = before
        if texts:
            text = text + "".join(texts) if text or len(texts) > 1 else texts[0]
            clear()
        size += COST + len(text)
        if size > limit:
            lose(True, len(around))
            return
        value: JsonValue = text
        if fields is not None:
            if text and not text.isspace():
                fields["#text"] = text.strip()
            value = fields
        if not around:
            done(fields or {"#text": text})
            return
        inner = name
        name, outer, before = pop()
        if outer is None:
            fields = {inner: value}
            return
        fields = outer
        if inner not in outer:
            outer[inner] = value
            return
        present = outer[inner]
        if type(present) is list:
            present.append(value)
        else:
            outer[inner] = [present, value]

    def waiting() -> int:
        return size + sum(map(len, texts))

    return Inside(begin, start, end, texts.append, waiting, lambda: len(around) + 1)
