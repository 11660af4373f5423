r"""Documented queries (``sparql/**.rq``) whose parameters can be given other values.

A query is plain SPARQL that runs as it stands. Its head says what it answers and what may vary::

    # title: Qualifications of a country
    # description: The first qualifications of a country …
    # parameter: country country "The country, as a code of the EU table."
    # parameter: limit integer 1..1000 "Most rows."
    …
      VALUES ?country { country:FIN }
    …
    LIMIT 100

The value in ``VALUES ?<name> { … }`` is the default; ``limit`` is the number after ``LIMIT``. A
given value is checked against its type and written as an escaped term, so no text of a client
becomes part of the query's syntax.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from qcp_graph import assets
from qcp_graph.errors import InternalError, UsageError
from qcp_graph.namespaces import PREFIXES, expand
from qcp_graph.terms import iri, is_iri, literal

_HEADER: Final = re.compile(r"#\s*(?:(title|description|parameter):\s*(.*)|(.*))\Z")
_PARAMETER: Final = re.compile(r'([a-zA-Z]\w*)\s+(\w+)(?:\s+(-?\d+)\.\.(-?\d+))?\s+"([^"]+)"\Z')
_NUMBER_IN_NAME: Final = re.compile(r"\d+-")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z")
_COUNTRY: Final = re.compile(r"[A-Z]{3}\Z")
_SOURCE: Final = re.compile(r"([a-z]{2})-([a-z0-9]+(?:-[a-z0-9]+)*)\Z")
_LONGEST: Final = 1000
TYPES: Final = frozenset({"country", "register", "iri", "integer", "text", "language", "date"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may vary: ``default`` as the query writes it; the range of an integer or None."""

    name: str
    type: str
    text: str
    default: str
    range: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A documented query; ``name`` is its file's name without the number in front."""

    name: str
    title: str
    description: str
    text: str
    parameters: tuple[Parameter, ...]

    def bind(self, values: Mapping[str, str], base_iri: str) -> str:
        """Return the query with other values for some of its parameters.

        :raises UsageError: for an unknown parameter or a value outside its type or range.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        pieces: list[tuple[int, int, str]] = []
        for name, value in values.items():
            if name not in known:
                raise _refused(name, "there is no such parameter", ", ".join(known) or "none")
            if place := _place(known[name]).search(self.text):
                pieces.append((place.start(2), place.end(2), _term(known[name], value, base_iri)))
        text = self.text
        for start, end, term in sorted(pieces, reverse=True):  # no value is looked into again
            text = text[:start] + term + text[end:]
        return text


def scan(workspace: Path | None) -> dict[str, SavedQuery]:
    """Return the documented queries by name, in the order of their files; the workspace's win.

    Queries of ``sparql/index`` belong to the program and are left out.
    """
    found: dict[str, SavedQuery] = {}
    for root in assets.roots(workspace):
        for path in sorted((root / "sparql").rglob("*.rq")):
            if "index" in path.relative_to(root / "sparql").parts:
                continue
            query = read(path)
            found.setdefault(query.name, query)
    return found


def read(path: Path) -> SavedQuery:
    """Read a documented query.

    :raises InternalError: when its head declares what its text does not have.
    """
    text = path.read_text(encoding="utf-8")
    head: dict[str, list[str]] = {"title": [], "description": [], "parameter": []}
    last = ""
    for line in text.splitlines():
        if not (match := _HEADER.match(line)):
            break
        if match[1]:
            last = match[1]
            head[last].append(match[2].strip())
        elif last:
            head[last][-1] += " " + match[3].strip()
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()
    return SavedQuery(
        _NUMBER_IN_NAME.sub("", path.stem, count=1) if path.stem[0].isdigit() else path.stem,
        " ".join(head["title"]),
        " ".join(head["description"]),
        body,
        tuple(_declared(head["parameter"], body, path)),
    )


def _declared(lines: Sequence[str], body: str, path: Path) -> Iterator[Parameter]:
    for line in lines:
        match = _PARAMETER.match(line)
        if not match or match[2] not in TYPES:
            raise _broken(path, f'a parameter reads: name type [1..9] "what it is", not: {line}')
        limits = (int(match[3]), int(match[4])) if match[3] else None
        parameter = Parameter(match[1], match[2], match[5], "", limits)
        places = _place(parameter).findall(body)
        if len(places) != 1:
            raise _broken(path, f"VALUES ?{match[1]} {{ … }} stands {len(places)} times, not once")
        yield Parameter(match[1], match[2], match[5], places[0][1].strip(), limits)


def _place(parameter: Parameter) -> re.Pattern[str]:
    if parameter.name == "limit":
        return re.compile(r"(\bLIMIT\s+)(\d+)(\b)")
    return re.compile(rf"(VALUES\s+\?{parameter.name}\s*\{{\s*)([^{{}}]*?)(\s*\}})")


def _term(parameter: Parameter, value: str, base_iri: str) -> str:
    if len(value) > _LONGEST:
        raise _refused(parameter.name, f"it has more than {_LONGEST} characters", "a shorter value")
    return _TERMS[parameter.type](parameter, value.strip(), base_iri)


def _country(parameter: Parameter, value: str, base_iri: str) -> str:
    if _COUNTRY.match(value.upper()):
        return iri(expand(f"country:{value.upper()}"))
    return _iri(parameter, value, base_iri)


def _register(parameter: Parameter, value: str, base_iri: str) -> str:
    if match := _SOURCE.match(value):
        return iri(f"{base_iri}id/register/{match[1]}/{match[2]}")
    return _iri(parameter, value, base_iri)


def _iri(parameter: Parameter, value: str, base_iri: str) -> str:
    prefix, colon, _ = value.partition(":")
    if colon and prefix in PREFIXES:
        value = expand(value)
    elif value.startswith(("/id/", "id/")):
        value = base_iri + value.removeprefix("/")
    if not is_iri(value):
        raise _refused(parameter.name, "it is no IRI", f"for example {parameter.default}")
    return iri(value)


def _integer(parameter: Parameter, value: str, _base_iri: str) -> str:
    low, high = parameter.range or (-(10**9), 10**9)
    if not re.fullmatch(r"-?\d{1,10}", value, re.ASCII) or not low <= int(value) <= high:
        raise _refused(parameter.name, "it is no whole number of the range", f"{low} to {high}")
    return str(int(value))


def _text(_parameter: Parameter, value: str, _base_iri: str) -> str:
    return literal(value.encode("utf-8", "replace").decode())


def _language(parameter: Parameter, value: str, _base_iri: str) -> str:
    if not _LANGUAGE.match(value):
        raise _refused(parameter.name, "it is no language tag", "for example en, fr or pt-BR")
    return literal(value.lower())


def _date(parameter: Parameter, value: str, _base_iri: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise _refused(parameter.name, "it is no date", "for example 2024-05-01") from error
    return literal(day.isoformat(), datatype=expand("xsd:date"))


_TERMS: Final = {
    "country": _country,
    "register": _register,
    "iri": _iri,
    "integer": _integer,
    "text": _text,
    "language": _language,
    "date": _date,
}


def _refused(name: str, reason: str, allowed: str) -> UsageError:
    return UsageError(
        "QCP-QRY-PARAMETER",
        f"The parameter {name[:100]!r} cannot be used: {reason}.",
        remedy=f"Possible: {allowed}.",
    )


def _broken(path: Path, reason: str) -> InternalError:
    return InternalError(
        "QCP-QRY-SAVED",
        f"The documented query cannot be used: {reason}.",
        where=str(path),
        remedy="Correct the lines that begin with # parameter:.",
    )
