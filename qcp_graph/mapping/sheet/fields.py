"""Fields as a sheet names them, and the references a mapping file makes of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qcp_graph.mapping.paths import SEPARATORS, Form, Reference, template
from qcp_graph.mapping.sheet.book import Row

_SPECIAL: Final = ("^", "let:", "join:", "@index")


@dataclass(frozen=True, slots=True)
class Source:
    """What a cell Source field names: a template, or a text in quotation marks."""

    template: str
    constant: bool = False


def source(row: Row, form: Form) -> Source:
    r"""Return the template of a row: ``Title`` is ``$(Title)``, ``"a"`` the text a.

    :raises ValueError: when it is no path of the source's format.
    """
    written = row.field
    if len(written) >= 2 and written[0] == written[-1] == '"':
        return Source(written[1:-1].replace("$(", "\\$("), constant=True)
    text = written if "$(" in written else f"$({escaped(written, form)})"
    template(text, form, {})
    return Source(text)


def escaped(name: str, form: Form) -> str:
    r"""Write a field's name so that a reference reads it as it is.

    >>> escaped("Level (EQF)", "table"), escaped("a)", "table"), escaped("^x", "table")
    ('Level (EQF)', 'a\\)', '\\^x')
    """
    if form != "table":
        return name
    text = name.replace("\\", "\\\\")
    if not _balanced(text):
        text = text.replace("(", "\\(").replace(")", "\\)")
    return f"\\{text}" if text.startswith(_SPECIAL) or text == "." else text


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


def climbed(text: str, levels: int = 1) -> str:
    """Return a template as it is written inside an iteration.

    >>> climbed("$(A)-$(^B)-$(let:c)")
    '$(^A)-$(^^B)-$(let:c)'
    """
    marks = "^" * levels
    return re.sub(r"(?<!\\)\$\((?!let:|join:)", lambda _: f"$({marks}", text)


def shared_path(texts: Sequence[str], form: Form) -> str:
    """Return the path that all references lie below; empty when there is none.

    >>> shared_path(["$(A/B/C)", "$(A/B/D)"], "xml"), shared_path(["$(A)", "$(B)"], "xml")
    ('A/B', '')
    """
    separator = SEPARATORS[form]
    if not separator:
        return ""
    paths: list[list[str]] = []
    for text in texts:
        for reference in template(text, form, {}).references:
            if reference.kind != "path" or reference.up:
                return ""
            paths.append(_parts(reference, separator)[:-1])
    common: list[str] = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) != 1:
            break
        common.append(parts[0])
    return separator.join(common)


def _parts(reference: Reference, separator: str) -> list[str]:
    text = reference.text.removeprefix("$.")
    return re.split(rf"(?<!\\){re.escape(separator)}", text)


def below(text: str, path: str, form: Form) -> str:
    """Return a template as it is written inside an iteration over ``path``.

    >>> below("$(A/B/C): $(A/B/D)", "A/B", "xml")
    '$(C): $(D)'
    """
    return text.replace(f"$({path}{SEPARATORS[form]}", "$(")


def slug(text: str, known: Mapping[str, object] | Sequence[str] = (), longest: int = 40) -> str:
    """Return a short name of letters, digits and hyphens that is not yet known.

    >>> slug("Level (EQF)"), slug("a b", ["a-b"])
    ('level-eqf', 'a-b-2')
    """
    words = re.findall(r"[a-z0-9]+", text.casefold())
    name = "-".join(words)[:longest].rstrip("-") or "x"
    number = 1
    found = name
    while found in known:
        number += 1
        found = f"{name}-{number}"
    return found
