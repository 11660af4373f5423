"""``source.yaml``: read safely, checked completely, every mistake named with its place."""

import difflib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Final, Literal

import pyoxigraph
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from qcp_graph import assets
from qcp_graph.errors import UsageError
from qcp_graph.model.source import Gate, Licence, Linking, Owner, Source, Thresholds
from qcp_graph.namespaces import expand
from qcp_graph.sources.yaml_files import read_yaml
from qcp_graph.terms import is_iri

_ID: Final = r"^[a-z]{2}-[a-z0-9]+(-[a-z0-9]+)*$"
_DATABASE: Final = r"database:[a-z][a-z0-9_]{0,39}"
_LANGUAGE: Final = r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$"


def _web(value: str) -> str:
    if not value.startswith(("http://", "https://")) or not is_iri(value):
        raise ValueError("it is not a web address (https://…)")
    return value


def _place(value: str) -> str:
    if "://" in value:
        return _web(value)
    if value.startswith("database:"):
        if not re.fullmatch(_DATABASE, value):
            raise ValueError("a database is named database:<name>, in small letters")
        return value
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts or "\\" in value:
        raise ValueError("a path must lie inside the project or workspace, without '..'")
    return value


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
_Web = Annotated[str, AfterValidator(_web)]
_Language = Annotated[str, StringConstraints(pattern=_LANGUAGE)]
_Texts = dict[_Language, _Text]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Owner(_Strict):
    name: _Text
    homepage: _Web = ""
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")] = ""


class _Licence(_Strict):
    label: _Text
    iri: _Web = ""


class _Linking(_Strict):
    tier: Literal["labels", "core", "semantic", "none"] = "core"
    esco: Annotated[str, StringConstraints(pattern=r"^(\d{1,4}\.\d{1,4}(\.\d{1,4})?)?$")] = ""
    languages: list[_Language] = []
    accept: Annotated[float, Field(ge=0, le=1)] = 0.85
    suggest: Annotated[float, Field(ge=0, le=1)] = 0.3
    most: Annotated[int, Field(ge=1, le=10)] = 5
    four_eyes: bool = False


_Share = Annotated[float, Field(ge=0, le=1)]


_Profile = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=60)]


class _Thresholds(_Strict):
    withheld: _Share = 1.0
    lost: _Share = 1.0


class _Description(_Strict):
    id: Annotated[str, StringConstraints(pattern=_ID, max_length=60)]
    title: Annotated[_Texts, Field(min_length=1)]
    country: str
    owner: _Owner
    licence: _Licence
    frequency: str
    description: _Texts = {}
    languages: list[_Language] = []
    address: Annotated[str, AfterValidator(_place)] = ""
    homepage: _Web = ""
    minimum: Annotated[int, Field(ge=0)] = 1
    specimen: bool = False
    note: str = ""
    linking: _Linking = _Linking()
    thresholds: _Thresholds = _Thresholds()
    profiles: dict[_Profile, Gate] = {}
    mapping: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")] | None = None


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the keys and their forms; codes of tables are not in it."""
    found = _Description.model_json_schema()
    return {**found, "title": "Description of a register (docs/mapping.md)", "description": ""}


def load(path: Path) -> Source:
    """Return the register that a ``source.yaml`` describes.

    :raises UsageError: naming the file, the key and what is expected.
    """
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise _wrong(path, "the file", "it must be a table of keys and values")
    try:
        found = _Description.model_validate(content)
    except ValidationError as error:
        raise _explain(path, error) from error
    _check_codes(path, found)
    return Source(
        id=found.id,
        title=found.title,
        country=found.country,
        owner=Owner(found.owner.name, found.owner.homepage, found.owner.email),
        licence=Licence(found.licence.label, found.licence.iri),
        frequency=found.frequency,
        folder=path.parent,
        address=found.address,
        homepage=found.homepage,
        description=found.description,
        languages=tuple(found.languages),
        minimum=found.minimum,
        specimen=found.specimen,
        note=found.note,
        rules=_rules(path, found.mapping) if found.mapping else None,
        linking=_linking(found.linking),
        thresholds=Thresholds(found.thresholds.withheld, found.thresholds.lost),
        profiles=dict(found.profiles),
    )


def _linking(found: _Linking) -> Linking:
    values = found.model_dump()
    return Linking(**{**values, "languages": tuple(values["languages"])})


def _rules(path: Path, name: str) -> Path:
    """Return the folder of a mapping that several registers share: beside theirs, or ours."""
    beside, ours = path.parent.parent / name, assets.root() / "mappings" / name
    for folder in (beside, ours):
        if (folder / "mapping.yaml").is_file():
            return folder
    reason = f"there is no mapping.yaml in a folder {name!r} beside this one or in the program"
    raise _wrong(path, "mapping", reason)


def _check_codes(path: Path, found: _Description) -> None:
    if found.id != path.parent.name:
        raise _wrong(path, "id", f"it is {found.id!r}, but the folder is {path.parent.name!r}")
    frequencies = _notations("frequencies")
    if found.frequency not in frequencies:
        hint = _nearest(found.frequency.upper(), frequencies)
        raise _wrong(path, "frequency", f"{found.frequency!r} is no code of the EU table", hint)
    countries = _notations("countries")
    alpha_2 = countries.get(found.country)
    if alpha_2 is None:
        hint = _nearest(found.country.upper(), countries)
        raise _wrong(path, "country", f"{found.country!r} is no code of the EU table", hint)
    if alpha_2 and alpha_2.lower() != found.id[:2]:
        reason = f"it must begin with {alpha_2.lower()!r}, the two letters of {found.country}"
        raise _wrong(path, "id", reason)


@cache
def _notations(vocabulary: str) -> dict[str, str]:
    """Return the codes of a concept scheme, each with its identifier (ISO alpha-2) or ""."""
    file = assets.root() / "ontology" / "vocabularies" / f"{vocabulary}.ttl"
    notation, identifier = expand("skos:notation"), expand("dcterms:identifier")
    codes: dict[str, str] = {}
    identifiers: dict[str, str] = {}
    for triple in pyoxigraph.parse(path=file, base_iri="http://localhost/"):
        if isinstance(triple.object, pyoxigraph.Literal):
            if triple.predicate.value == notation:
                codes[str(triple.subject)] = triple.object.value
            elif triple.predicate.value == identifier:
                identifiers[str(triple.subject)] = triple.object.value
    return {code: identifiers.get(subject, "") for subject, code in codes.items()}


def _explain(path: Path, error: ValidationError) -> UsageError:
    # A mistyped key also makes the right one missing: tell the first.
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    place = [str(part) for part in first["loc"] if part != "[key]"]
    key = ".".join(place)
    if first["type"] == "extra_forbidden":
        inner: dict[str, type[_Strict]] = {
            "owner": _Owner, "licence": _Licence, "linking": _Linking,
            "thresholds": _Thresholds,
        }  # fmt: skip
        model = inner.get(place[0], _Description) if len(place) > 1 else _Description
        near = _nearest(place[-1], model.model_fields)
        return _wrong(path, key, "there is no such key", near)
    if first["type"] == "missing":
        return _wrong(path, key, "the key is missing")
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "string_type" and isinstance(first["input"], bool):
        reason = "YAML reads no, yes, on and off as truth values; write the text in quotes"
    return _wrong(path, key, reason[:1].lower() + reason[1:])


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"Did you mean {near[0]!r}? " if near else ""


def _wrong(path: Path, key: str, reason: str, hint: str = "") -> UsageError:
    return UsageError(
        "QCP-SRC-DESCRIPTION",
        f"The description of the register is wrong at {key!r}: {reason}.",
        where=str(path),
        remedy=f"{hint}docs/mapping.md lists the keys of source.yaml.",
    )
