"""What stands around the records of an XML file: attributes, and small elements before them.

One pass knows of the elements around a record what was said before it begins. So a record gets, as
its member ``^``, the attributes of the element that it stands in and those of its siblings that
come first and are small; as the member ``^`` of that, the same of the element around, and so on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue
from qcp_graph.readers.xml_fields import COST, Fields, Names

PARENT: Final = "^"
SMALL: Final = 4096
"""Characters of an element that is kept; larger ones are no facts about the records."""
MAX_MEMBERS: Final = 1_000


@dataclass(slots=True)
class _Open:
    """An open element outside of records; ``kept`` until it is too large or holds a record."""

    name: str
    fields: Fields
    size: int
    kept: bool = True
    texts: list[str] = field(default_factory=list)

    def value(self) -> JsonValue:
        """Return the element as a field of the one around it."""
        text = "".join(self.texts)
        if not self.fields:
            return text
        return {**self.fields, "#text": text.strip()} if text.strip() else self.fields

    def take(self, name: str, value: JsonValue, size: int) -> bool:
        """Keep a child; return False when the element has too many."""
        if len(self.fields) >= MAX_MEMBERS or (
            isinstance(known := self.fields.get(name), list) and len(known) >= MAX_MEMBERS
        ):
            return False
        self.size += size
        if name not in self.fields:
            self.fields[name] = value
        else:  # a new list: records before have the old one
            present = self.fields[name]
            self.fields[name] = [*(present if isinstance(present, list) else [present]), value]
        return True


class Around:
    """Hears the events outside of records."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._open: list[_Open] = []
        self._above: Fields | None = None
        self._cut = self._told = False

    def start(self, raw: str, attributes: Sequence[str]) -> None:
        """An element begins that is no record."""
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        size = sum(map(len, attributes)) + COST
        own: Fields = {"@" + self._names[key]: v for key, v in pairs if len(v) <= SMALL}
        self._open.append(_Open(self._names[raw], own, size))
        self._above = None

    def text(self, text: str) -> None:
        """Text outside of records; that of the elements they stand in is no fact about them."""
        if self._open and (inner := self._open[-1]).kept:
            inner.size += len(text)
            if inner.size > SMALL:
                inner.kept = False
                inner.texts.clear()
            else:
                inner.texts.append(text)

    def end(self) -> None:
        """An element ends that is no record."""
        inner = self._open.pop()
        self._above = None
        if self._open and inner.kept and inner.size <= SMALL:
            outer = self._open[-1]
            if not outer.take(inner.name, inner.value(), inner.size + COST):
                self._cut = True

    def told(self, file: str) -> Issue | None:
        """Return, once, that not everything around records is known to them."""
        if not self._cut or self._told:
            return None
        self._told = True
        return Issue(
            "QCP-SRC-PARENT",
            "warning",
            f"An element around records holds more than {MAX_MEMBERS:,} small elements before "
            "them, so that later ones are not known to them.",
            locator=file,
            remedy="Name the element that is needed nearer to the record, or join the file.",
        )

    def above(self) -> Fields | None:
        """Return what a record that begins now knows of the elements around it."""
        if self._above is None:
            for one in self._open:
                one.kept = False  # it holds records, so it is no fact about them
                one.texts.clear()
                known: Fields = dict(one.fields)
                if self._above is not None:
                    known[PARENT] = self._above
                self._above = known
        return self._above
