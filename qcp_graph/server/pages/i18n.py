"""The languages of the interface: gettext catalogues read as they are, numbers, dates, plurals.

A language is one folder, ``web/translations/<tag>/LC_MESSAGES/messages.po``, found by scanning;
English is the language of the source texts.
"""

import gettext
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from qcp_graph import assets

SOURCE: Final = "en"
_RANGE: Final = re.compile(
    r"([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*(?:\s*;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\Z"
)
_DATE: Final = re.compile(r"(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def _one(number: int) -> int:
    return int(number != 1)


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the interface."""

    tag: str
    locale: Locale
    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plural: Callable[[int], int] = _one

    @property
    def name(self) -> str:
        """The language's own name, for the switch between languages."""
        return str(self.locale.get_language_name() or self.tag).capitalize()

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return str(self.locale.text_direction)

    def gettext(self, message: str, /, **values: object) -> Markup:
        """Return a message in this language; values are escaped and put into its placeholders."""
        return _fill(self.messages.get(message, (message,))[0], values)

    def ngettext(self, one: str, many: str, number: int, /, **values: object) -> Markup:
        """Return the form of a message that a number asks for; ``%(num)s`` is that number."""
        forms = self.messages.get(one, (one, many))
        form = forms[min(self.plural(number), len(forms) - 1)]
        return _fill(form, {"num": self.number(number)} | values)

    def number(self, number: float) -> str:
        """Return a number as this language writes it."""
        return str(format_decimal(number, locale=self.locale))

    def percent(self, part: int, whole: int) -> str:
        """Return a share; nothing of nothing is empty."""
        return str(format_percent(part / whole, locale=self.locale)) if whole else ""

    def date(self, lexical: str) -> str:
        """Return an xsd:date, xsd:dateTime, xsd:gYearMonth or xsd:gYear as people write it.

        What is no date stays as it is.
        """
        if not (found := _DATE.match(lexical)):
            return lexical
        year, month, day = found.groups()
        try:
            if not month:
                return year
            whole = date(int(year), int(month), int(day or 1))
        except ValueError:
            return lexical
        if not day:
            return str(format_skeleton("yMMMM", whole, locale=self.locale))
        return str(format_date(whole, format="long", locale=self.locale))


def _fill(text: str, values: Mapping[str, object]) -> Markup:
    if not values:
        return escape(text)
    return Markup(escape(text)) % {name: escape(value) for name, value in values.items()}  # noqa: S704 - escaped


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages of the interface, English first."""

    by_tag: Mapping[str, Language]

    def choose(self, asked: str | None, accepted: str | None) -> Language:
        """Return the language of a request: ``?lang=`` wins over ``Accept-Language``."""
        if asked and asked in self.by_tag:
            return self.by_tag[asked]
        for tag in preferences(accepted or ""):
            if tag in self.by_tag:
                return self.by_tag[tag]
        return self.by_tag[SOURCE]


def preferences(header: str) -> list[str]:
    """Return the primary languages of an Accept-Language header, the most wanted first.

    >>> preferences("de-AT;q=0.5, fr, *;q=0.1")
    ['fr', 'de']
    """
    found: list[tuple[float, str]] = []
    for part in header[:1000].split(",")[:20]:
        if (match := _RANGE.match(part.strip())) and (quality := float(match[2] or 1)) > 0:
            found.append((-quality, match[1].lower()))
    return [tag for _, tag in sorted(found, key=lambda pair: pair[0])]


def load(workspace: Path | None) -> Languages:
    """Read all catalogues; those of the workspace win."""
    found = {SOURCE: Language(SOURCE, Locale.parse("en_GB"))}
    for path in _catalogues(assets.roots(workspace)):
        tag = path.parent.parent.name
        if tag not in found:
            found[tag] = _read(path, tag)
    return Languages(found)


def _catalogues(roots: Iterable[Path]) -> list[Path]:
    pattern = "web/translations/*/LC_MESSAGES/messages.po"
    return [path for root in roots for path in sorted(root.glob(pattern))]


def _read(path: Path, tag: str) -> Language:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=tag)
    messages: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        key = message.id[0] if isinstance(message.id, list | tuple) else message.id
        forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if key and all(forms):
            messages[str(key)] = tuple(str(form) for form in forms)
    return Language(tag, Locale.parse(tag), messages, gettext.c2py(catalogue.plural_expr))
