r"""Regular expressions of XPath (XML Schema part 2, XPath functions §5.6) as Python patterns.

They differ in silence: ``$`` and ``.`` treat line ends otherwise, ``\i``, ``\c`` and ``\p{L}``
do not exist in Python, ``\w`` has no underscore in XPath. Three liberties that official files of
the field take are understood as Java does: ``(?i)`` inside a pattern holds to the end of its
group, a class inside a class is a union, and any punctuation may be escaped. Everything else is
refused when shapes are compiled.
"""

import re
import string
from typing import Final

from qcp_graph.validation.characters import cases, category, complement, without_spaces

MAX_LENGTH: Final = 10_000
_NAME_START: Final = (
    ":A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = _NAME_START + "\\-.0-9\xb7\u0300-\u036f\u203f-\u2040"
_SINGLE: Final = {"n": "\n", "r": "\r", "t": "\t"}
_SPACE: Final = " \\t\\n\\r"
_ESCAPABLE: Final = frozenset(string.punctuation)
_OPEN: Final = ("(", "(?:", "(?i:")
_MANY: Final = 10
_CHOICES: Final = 24
_QUANTIFIER: Final = re.compile(r"[?*+]|\{\d{1,4}(?:,\d{0,4})?\}")
_PROPERTY: Final = re.compile(r"\{(\^?[A-Za-z0-9-]{1,40})\}")
_DIGITS: Final = frozenset("0123456789")


def compile_pattern(pattern: str, flags: str = "") -> re.Pattern[str]:
    r"""Return the Python pattern that finds what the XPath pattern finds.

    >>> bool(compile_pattern(r"^\p{Lu}\d{4}$").search("É2024"))
    True

    :raises ValueError: with the reason and the position, for what is no XPath pattern.
    """
    if len(pattern) > MAX_LENGTH:
        raise ValueError(f"the pattern is longer than {MAX_LENGTH} characters")
    unknown = set(flags) - set("simxq")
    if unknown:
        raise ValueError(f"unknown flags {''.join(sorted(unknown))!r}")
    options = re.IGNORECASE if "i" in flags else re.RegexFlag(0)
    if "q" in flags:
        return re.compile(re.escape(pattern), options)
    text = Translation(pattern, flags).translate()
    try:
        return re.compile(text, options)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"{error} in {pattern[:200]!r}") from error


class Translation:
    """One pass over a pattern; ``at`` is the position of the next character.

    ``linear`` writes it for an engine without look-ahead (Rust's), which has lines end otherwise.
    Afterwards ``by_lines`` says that starts or ends of lines are asked for, ``repeats`` is the
    number of parts that repeat many times, and ``dangerous`` tells that one lies in another, or
    that so many parts are optional that all ways through them cannot be tried.
    """

    def __init__(self, pattern: str, flags: str, *, linear: bool = False) -> None:
        self.pattern = without_spaces(pattern) if "x" in flags else pattern
        self.linear = linear
        self.repeats = 0
        self.dangerous = False
        self._choices = 0
        # Whether each open group holds something optional, repeated or alternative; and the
        # group that was closed last, if nothing follows it yet.
        self._loose: list[bool] = [False]
        self._closed = False
        self.at = 0
        self.multiline = "m" in flags
        self.by_lines = False
        self.dot_all = "s" in flags
        self._any_case = "i" in flags
        # Whether each open group is one that \\1 … can name; and how many were closed so far.
        self._named: list[bool] = []
        self._groups = 0
        self.out: list[str] = []
        # Open groups: how many "(?i:" of ours stand open in the present alternative of each.
        self.inline: list[int] = [0]

    def translate(self) -> str:
        while self.at < len(self.pattern):
            self._atom(self._next())
        self.out.append(")" * self.inline.pop())
        if self.inline:
            raise self._error("a parenthesis is not closed")
        return "".join(self.out)

    def _next(self) -> str:
        if self.at >= len(self.pattern):
            raise self._error("the pattern ends too early")
        self.at += 1
        return self.pattern[self.at - 1]

    def _error(self, reason: str) -> ValueError:
        return ValueError(f"{reason} at character {self.at} of {self.pattern[:200]!r}")

    def _atom(self, c: str) -> None:
        if c not in ")?*+{":
            self._closed = False
        if c in "([|)":
            self._structure(c)
        elif c == "\\":
            self.out.append(self._escape())
        elif c in "^$":
            self._anchor(c)
        elif c == ".":
            self.out.append("[\\s\\S]" if self.dot_all else r"[^\n\r]")
        elif c in "?*+{":
            self._quantifier()
        elif c in "]}":
            raise self._error(f"{c!r} must be written \\{c}")
        else:
            self.out.append(re.escape(c))

    def _anchor(self, c: str) -> None:
        """Translate the start or end of the text, or of lines (XPath functions §5.6.2, ``m``).

        Behind a line end that is the last character, no line begins and none ends.
        """
        self.by_lines = self.by_lines or self.multiline
        if self.multiline and self.linear:
            self.out.append(c)
        elif self.multiline:
            self.out.append(r"(?:\A|(?<=\n)(?!\Z))" if c == "^" else r"(?:(?=\n)|(?<!\n)\Z)")
        else:
            self.out.append(c if c == "^" else r"\z" if self.linear else r"\Z")

    def _structure(self, c: str) -> None:
        if c == "(":
            self._group()
        elif c == "[":
            self.out.append(self._exactly(self._class()))
        elif c == "|":
            count = self.inline[-1]
            self._loosen()
            self.out.append(")" * count + "|" + "(?i:" * count)
        else:
            if len(self.inline) == 1:
                raise self._error("a parenthesis is closed that was not opened")
            self._groups += self._named.pop()
            self._closed = self._loose.pop()
            self._loose[-1] = self._loose[-1] or self._closed
            self.out.append(")" * self.inline.pop() + ")")

    def _group(self) -> None:
        if self.pattern.startswith("?i)", self.at):
            self.at += 3
            self.inline[-1] += 1
            self.out.append("(?i:")
            return
        if self.pattern.startswith("?", self.at):
            if not self.pattern.startswith("?:", self.at):
                raise self._error("only (?:…) and (?i) are known")
            self.at += 2
            self.out.append("(?:")
            self._named.append(False)
        else:
            self.out.append("(")
            self._named.append(True)
        self.inline.append(0)
        self._loose.append(False)

    def _quantifier(self) -> None:
        found = _QUANTIFIER.match(self.pattern, self.at - 1)
        if found is None or not self.out or self.out[-1][-1:] in ("", "|") or self.out[-1] in _OPEN:
            raise self._error("a quantifier without something to repeat")
        self.at = found.end()
        self._weigh(found.group())
        self.out.append(found.group())
        if self.pattern.startswith("?", self.at):
            self.at += 1
            self.out.append("?")
        if _QUANTIFIER.match(self.pattern, self.at):
            raise self._error("a quantifier follows a quantifier")

    def _loosen(self) -> None:
        """Note a choice: an alternative or an optional part."""
        self._loose[-1] = True
        self._choices += 1
        self.dangerous = self.dangerous or self._choices > _CHOICES

    def _weigh(self, quantifier: str) -> None:
        """Note what a quantifier repeats, and how often."""
        most = quantifier.strip("{}").rpartition(",")[2]
        many = quantifier in "*+" or not most.isdigit() or int(most) >= _MANY
        if quantifier == "?" or not many:
            self._loosen()
            return
        self.repeats += 1
        self._loose[-1] = True
        self.dangerous = self.dangerous or self._closed

    def _escape(self) -> str:
        c = self._next()
        if c in "123456789":
            return f"(?:\\{self._group_number(c)})"
        if c in _SINGLE or c in _ESCAPABLE:
            return re.escape(_SINGLE.get(c, c))
        negated, content = self._class_escape(c)
        return self._exactly(f"[^{content}]" if negated else f"[{content}]")

    def _group_number(self, digits: str) -> str:
        """Return the longest number that names a closed group (XPath functions §5.6.1)."""
        while (more := self.pattern[self.at : self.at + 1]) in _DIGITS:
            if int(digits + more) > self._groups:
                break
            self.at += 1
            digits += more
        if int(digits) > self._groups:
            raise self._error(f"\\{digits} names no group that was closed before")
        return digits

    def _exactly(self, characters: str) -> str:
        """Return a set in which both cases stand already, or whose case always matters."""
        return f"(?-i:{characters})" if self._ignores_case else characters

    @property
    def _ignores_case(self) -> bool:
        return self._any_case or any(self.inline)

    def _class_escape(self, c: str) -> tuple[bool, str]:
        """Return the set that an escape such as ``\\d`` or ``\\P{L}`` stands for."""
        negated, kind = c.isupper(), c.lower()
        if kind == "p":
            found = _PROPERTY.match(self.pattern, self.at)
            if found is None:
                raise self._error("\\p needs a category in braces")
            self.at = found.end()
            try:
                return negated, category(found.group(1))
            except KeyError:
                raise self._error(f"unknown category {found.group(1)!r}") from None
        sets = {"d": "\\d", "s": _SPACE, "i": _NAME_START, "c": _NAME}
        if kind == "w":  # everything but punctuation, separators and others
            return not negated, category("P") + category("Z") + category("C")
        if kind not in sets:
            raise self._error(f"unknown escape \\{c}")
        return negated, sets[kind]

    def _class(self) -> str:
        """Translate a character class, whose opening bracket was read."""
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        content, without = self._class_content()
        if not content:
            raise self._error("an empty character class")
        text = f"[^{content}]" if negated else f"[{content}]"
        if without:
            text = f"[{text}--{without}]" if self.linear else f"(?:(?!{without}){text})"
        return text

    def _class_content(self) -> tuple[str, str]:
        items: list[str] = []
        while (c := self._next()) != "]":
            if c == "[":
                if self.pattern.startswith("^", self.at):
                    raise self._error("a negated class inside a class")
                items.append(self._class_content()[0])
            elif c == "-" and self.pattern.startswith("[", self.at):
                self.at += 1
                without = self._class()
                if self._next() != "]":
                    raise self._error("a subtraction must end its class")
                return "".join(items), without
            else:
                items.append(self._class_item(c))
        return "".join(items), ""

    def _class_item(self, c: str) -> str:
        first = self._class_character(c)
        following = self.pattern[self.at : self.at + 2]
        if len(first) != 1 or following[:1] != "-" or following[1:] in ("]", "["):
            return first if len(first) != 1 else self._both_cases(first, first)
        self.at += 1
        last = self._class_character(self._next())
        if len(last) != 1 or last < first:
            raise self._error("a range that is none")
        return self._both_cases(first, last)

    def _both_cases(self, first: str, last: str) -> str:
        """Return a range, with its characters in the other case where case does not matter."""
        text = re.escape(first) if first == last else f"{re.escape(first)}-{re.escape(last)}"
        return text + cases(first, last) if self._ignores_case else text

    def _class_character(self, c: str) -> str:
        """Return one character, or the text of a whole set."""
        if c != "\\":
            return c
        c = self._next()
        if c in _SINGLE or c in _ESCAPABLE:
            return _SINGLE.get(c, c)
        negated, content = self._class_escape(c)
        return complement(content) if negated else content
