r"""References (``$(A/B)``) and templates, in one form for tables, JSON and XML.

A reference is a tuple of names; lists on the way are always flattened, so a single and a repeated
XML child read alike. ``^`` climbs to the enclosing iteration, ``.`` is the item itself, ``@index``
its number from 1, ``@file`` the name of the record's file, ``let:name`` a computed value,
``join:table/column`` a column of a side table.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from qcp_graph.mapping import paths_rdf

Form: TypeAlias = Literal["table", "json", "xml", "rdf"]
Kind: TypeAlias = Literal["path", "item", "index", "file", "let", "join"]
SEPARATORS: Final[Mapping[Form, str]] = {"table": "", "json": ".", "xml": "/", "rdf": "/"}
_JSON_STEP: Final = re.compile(r"((?:\\.|[^.\[\]\\])+)((?:\[(?:\*|\d{1,9})\])*)\Z")
_INDEX: Final = re.compile(r"\[(\*|\d+)\]")


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a value comes from.

    ``steps`` are names (or, in JSON, numbers of list items from 0); ``up`` how many iterations to
    climb first; ``name`` the let or join; ``text`` what the mapping says, for messages.
    """

    kind: Kind
    steps: tuple[str | int, ...]
    text: str
    up: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """Texts and references, alternating as written; an empty template gives one empty text."""

    parts: tuple[str | Reference, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references, in order."""
        return tuple(part for part in self.parts if isinstance(part, Reference))

    @property
    def constant(self) -> str | None:
        """The text of a template without references."""
        return None if self.references else "".join(str(part) for part in self.parts)

    @property
    def single(self) -> Reference | None:
        """The reference, when the template is nothing else."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Reference) else None


def template(
    text: str, form: Form, joins: Mapping[str, Form], outer: Form | None = None
) -> Template:
    r"""Parse a template; ``outer`` is the form of what ``^`` climbs to, where it differs.

    >>> [p if isinstance(p, str) else p.steps for p in template("a:$(B/C)/\\$(x)", "xml", {}).parts]
    ['a:', ('B', 'C'), '/$(x)']

    :raises ValueError: for an unclosed or malformed reference.
    """
    parts: list[str | Reference] = []
    plain = ""
    place = 0
    while place < len(text):
        if text.startswith("\\$(", place):
            plain += "$("
            place += 3
        elif text.startswith("$(", place):
            end = _closing(text, place + 2)
            if plain:
                parts.append(plain)
            plain = ""
            inner = text[place + 2 : end]
            climbs = inner.startswith("^") and outer
            parts.append(reference(inner, outer if climbs and outer else form, joins))
            place = end + 1
        else:
            plain += text[place]
            place += 1
    return Template((*parts, plain) if plain else tuple(parts))


def _closing(text: str, start: int) -> int:
    depth = 0
    place = start
    while place < len(text):
        character = text[place]
        if character == "\\":
            place += 1
        elif character == "(":
            depth += 1
        elif character == ")":
            if not depth:
                return place
            depth -= 1
        place += 1
    raise ValueError(f"the reference in {text[:80]!r} is not closed with ')'")


def reference(text: str, form: Form, joins: Mapping[str, Form]) -> Reference:
    """Parse what stands between ``$(`` and ``)``.

    >>> reference("^^A/@id", "xml", {}).up, reference("^^A/@id", "xml", {}).steps
    (2, ('A', '@id'))
    >>> reference("nimi.fi", "table", {}).steps, reference("nimi[*].fi", "json", {}).steps
    (('nimi.fi',), ('nimi', 'fi'))

    :raises ValueError: saying what is wrong with it.
    """
    rest = text.lstrip("^")
    up = len(text) - len(rest)
    if rest == ".":
        return Reference("item", (), text, up)
    if rest == "@index":
        return Reference("index", (), text, up)
    if rest == "@file":
        return Reference("file", (), text, up)
    if rest.startswith("let:"):
        return Reference("let", (), text, up, rest[4:])
    if rest.startswith("join:"):
        name, _, column = rest[5:].partition("/")
        if name not in joins:
            raise ValueError(f"there is no join {name!r}; declared are: {', '.join(joins) or '-'}")
        return Reference("join", steps(column, joins[name]), text, up, name)
    return Reference("path", steps(rest, form), text, up)


def steps(text: str, form: Form) -> tuple[str | int, ...]:
    r"""Split a path of a form into its names.

    >>> steps("a[*].b[0]", "json"), steps("A/B/@id", "xml"), steps("Level (1/2)", "table")
    (('a', 'b', 0), ('A', 'B', '@id'), ('Level (1/2)',))
    """
    if not text.strip():
        raise ValueError("the reference is empty")
    if form == "table":
        return (_unescaped(text),)
    if form == "rdf":
        return paths_rdf.steps(text)
    if form == "xml":
        names = text.removeprefix("./").split("/")
        if not all(name.strip() for name in names):
            raise ValueError(f"{text!r} is not a path such as A/B/@attribute")
        return tuple(_unescaped(name) for name in names)
    return _json_steps(text.removeprefix("$.") if text.startswith("$.") else text)


def _json_steps(text: str) -> tuple[str | int, ...]:
    found: list[str | int] = []
    for piece in re.split(r"(?<!\\)\.", text):
        match = _JSON_STEP.match(piece)
        if not match:
            raise ValueError(f"{text!r} is not a path such as a.b or a[*].b")
        found.append(_unescaped(match.group(1)))
        found.extend(int(n) for n in _INDEX.findall(match.group(2)) if n != "*")
    return tuple(found)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text


def written(names: tuple[str, ...], form: Form) -> str:
    """Return a path as the mapping writes it: ``("A", "B")`` is ``A/B`` in XML."""
    return paths_rdf.written(names) if form == "rdf" else SEPARATORS[form].join(names)
