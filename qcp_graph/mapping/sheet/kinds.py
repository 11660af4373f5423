"""Guesses about a field from its values: dates and their order, numbers, addresses, languages."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

_DAY_FIRST: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{4}(?:[ T].*)?\Z", re.ASCII)
_ISO: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[T ].*)?\Z", re.ASCII)
_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z", re.ASCII)
_EPOCH: Final = re.compile(r"\d{12,13}\Z", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,6})?\Z", re.ASCII)
_URL: Final = re.compile(r"(?i)(?:https?://\S{4,}|www\.\S{4,})\Z")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}\Z", re.IGNORECASE)
_HTML: Final = re.compile(r"<(?:p|br|li|ul|ol|div|b|strong|span|h\d)\b[^<>]*>", re.IGNORECASE)
_LANGUAGES: Final = frozenset(
    re.findall(
        r"\w+",
        "bg cs da de el en es et fi fr ga hr hu is it lt lv mt nl no nb nn pl pt ro ru sk "
        "sl sq sr sv sw tr uk zu eng fra fre deu ger fin swe spa ita por nld dut swa afr "
        "zul",
    )
)
_TRUTH: Final = frozenset(
    re.findall(
        r"\w+",
        "true false yes no oui non ja nein si sim não sí y n j 0 1 kyllä ei joo tak nie",
    )
)
# The first kind that nearly every value fits is the field's kind; the rest are mistakes to find.
_TESTS: Final[Mapping[str, Callable[[str], object]]] = {
    "web address": _URL.match,
    "e-mail address": _MAIL.match,
    "date year-month-day": _ISO.match,
    "date day/month/year": _DAY_FIRST.match,
    "milliseconds since 1970": _EPOCH.match,
    "year": _YEAR.match,
    "yes or no": lambda text: text.casefold() in _TRUTH,
    "number": _NUMBER.match,
    "language": lambda text: text.casefold() in _LANGUAGES,
}
MAX_CODES: Final = 150
MAX_DISTINCT: Final = 5_000
MAX_VALUE: Final = 500
MAX_EXAMPLES: Final = 3
_NEARLY: Final = 0.97


@dataclass
class FieldProfile:
    """What the values of one field were like; its memory is bounded whatever the source holds."""

    name: str
    filled: int = 0
    values: int = 0
    longest: int = 0
    several: bool = False
    examples: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    overflow: bool = False
    html: bool = False
    spaces: bool = False
    lines: bool = False

    def take(self, texts: list[str]) -> None:
        """Count the values that one record has in the field."""
        self.filled += 1
        self.several = self.several or len(texts) > 1
        for text in texts:
            self._value(text)

    def _value(self, text: str) -> None:
        self.values += 1
        self.longest = max(self.longest, len(text))
        self.html = self.html or bool(_HTML.search(text[:MAX_VALUE]))
        self.spaces = self.spaces or text != " ".join(text[:MAX_VALUE].split()) + text[MAX_VALUE:]
        self.lines = self.lines or "\n" in text.strip()
        short = " ".join(text[:MAX_VALUE].split())
        if len(self.examples) < MAX_EXAMPLES and short not in self.examples:
            self.examples.append(short)
        if short in self.counts or len(self.counts) < MAX_DISTINCT:
            self.counts[short] += 1
        else:
            self.overflow = True

    @property
    def distinct(self) -> int:
        """How many different values were counted; at least, where ``overflow``."""
        return len(self.counts)

    @property
    def unique(self) -> bool:
        """Whether no two records share a value, as far as that was counted."""
        return self.distinct + (1 if self.overflow else 0) >= self.values or (
            self.overflow and self.distinct == MAX_DISTINCT and max(self.counts.values()) == 1
        )

    @property
    def code(self) -> bool:
        """Whether the field holds few different short words: a code list."""
        return (
            not self.overflow
            and 0 < self.distinct <= MAX_CODES
            and self.longest <= 120
            and self.distinct * 3 <= self.values
        )

    @cached_property
    def kind(self) -> str:
        """The likeliest kind, in words; to be asked when all values were counted."""
        if not self.values:
            return "empty"
        fits = self._fitting()
        if self.distinct == 1 and not self.overflow and self.values > 1:
            return f"{fits or 'text'}, always the same"
        if fits in {"", "number", "yes or no"} and self.code:
            return f"{fits or 'word'} of a list"
        if fits:
            return fits
        if self.html:
            return "text with HTML"
        return "long text" if self.longest > 300 else "text"

    def _fitting(self) -> str:
        """Return the first kind that nearly all values fit; the text of one counts once."""
        for kind, test in _TESTS.items():
            fitting = [text for text in self.counts if test(text)]
            if len(fitting) < _NEARLY * self.distinct:
                continue
            if kind == "date day/month/year" and _month_first(fitting):
                return "date month/day/year"
            if (kind == "yes or no" and self.distinct > 2) or (
                kind == "language" and self.distinct > 30
            ):
                continue
            return kind
        return ""


def _month_first(dates: list[str]) -> bool:
    pairs = [match.groups() for text in dates if (match := _DAY_FIRST.match(text))]
    return max(int(first) for first, _ in pairs) <= 12 < max(int(second) for _, second in pairs)


@dataclass
class Profile:
    """The fields of a source in the order of their first appearance."""

    records: int = 0
    fields: dict[str, FieldProfile] = field(default_factory=dict)
    left_out: int = 0

    def take(self, values: Mapping[str, list[str]], most: int = 2_000) -> None:
        """Count one record, given as field → values; fields beyond ``most`` are only counted."""
        self.records += 1
        for name, texts in values.items():
            known = self.fields.get(name)
            if known is None:
                if len(self.fields) >= most:
                    self.left_out += 1
                    continue
                known = self.fields[name] = FieldProfile(name)
            if texts:
                known.take(texts)
