"""The requests of OAI-PMH: six verbs with their arguments, all checked before anything is read."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlsplit

from qcp_graph.errors import QcpError

Code = Literal[
    "badArgument",
    "badResumptionToken",
    "badVerb",
    "cannotDisseminateFormat",
    "idDoesNotExist",
    "noRecordsMatch",
    "noMetadataFormats",
    "noSetHierarchy",
]
# Verb: required and optional arguments; a list takes a token instead of all of them.
_VERBS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListSets": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}
LISTS: Final = frozenset({"ListIdentifiers", "ListRecords"})
_TAKES_TOKEN: Final = LISTS | {"ListSets"}
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?\Z", re.ASCII)
_PART: Final = r"[A-Za-z0-9\-_.!~*'()]"
_NAME: Final = re.compile(rf"{_PART}{{1,200}}\Z")
_FORMS: Final = {
    "metadataPrefix": _NAME,
    "set": re.compile(rf"(?=.{{1,200}}\Z){_PART}+(?::{_PART}+)*\Z"),
}
_LETTER: Final = (
    r"(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=\u00a0-\uffff\U00010000-\U000effff]|%[0-9A-Fa-f]{2})"
)
_URI: Final = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:{_LETTER}+(?:#{_LETTER}*)?\Z")
_MOST: Final = 2**31


class OaiError(Exception):
    """What a client asked wrongly; ends as an error element, not as an HTTP error."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Position:
    """Where a list goes on: after the record with this batch and key in a register.

    ``cursor`` counts the records before it, ``size`` those of the whole list.
    """

    register: str
    batch: int
    key: str
    cursor: int
    size: int


@dataclass(frozen=True, slots=True)
class Request:
    """A valid request; ``given`` are its arguments as the client wrote them."""

    verb: str
    given: Mapping[str, str]
    identifier: str = ""
    prefix: str = ""
    set: str = ""
    start: str = ""
    until: str = ""
    position: Position | None = None

    def token(self, position: Position) -> str:
        """Return the resumption token that goes on after a position: all it needs is in it.

        >>> first = parse([("verb", "ListRecords"), ("metadataPrefix", "oai_dc")])
        >>> token = first.token(Position("xx-demo", 1, "Q7", 100, 250))
        >>> parse([("verb", "ListRecords"), ("resumptionToken", token)]).position.key
        'Q7'
        """
        parts = [self.verb, self.prefix, self.set, self.start, self.until]
        text = json.dumps([*parts, *asdict(position).values()], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def parse(pairs: Iterable[tuple[str, str]]) -> Request:
    """Return the request that arguments make.

    :raises OaiError: as the protocol prescribes.
    """
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            code: Code = "badVerb" if name == "verb" else "badArgument"
            raise OaiError(code, f"The argument {name[:40]!r} is given twice.")
        given[name] = value
    verb = given.get("verb", "")
    if verb not in _VERBS:
        raise OaiError("badVerb", f"The verb is missing or unknown; known: {', '.join(_VERBS)}.")
    arguments = {name: value for name, value in given.items() if name != "verb"}
    if "resumptionToken" in arguments and verb in _TAKES_TOKEN:
        if len(arguments) > 1:
            raise OaiError("badArgument", "A resumptionToken goes without other arguments.")
        return replace(_resumed(verb, arguments["resumptionToken"]), given=given)
    _check_names(verb, arguments)
    return _request(verb, given)


def _check_names(verb: str, arguments: Mapping[str, str]) -> None:
    required, optional = _VERBS[verb]
    if missing := sorted(required - set(arguments)):
        raise OaiError("badArgument", f"{verb} needs {', '.join(missing)}.")
    if unknown := sorted(set(arguments) - required - optional):
        raise OaiError("badArgument", f"{verb} takes no {unknown[0][:40]!r}.")


def _request(verb: str, given: Mapping[str, str]) -> Request:
    start, until = given.get("from", ""), given.get("until", "")
    for name, value in (("from", start), ("until", until)):
        if name in given and not _is_moment(value):
            raise OaiError(
                "badArgument", f"{name} is no moment: 2026-11-23 or 2026-11-23T09:15:00Z."
            )
    if start and until and len(start) != len(until):
        raise OaiError("badArgument", "from and until have different granularities.")
    if start and until and start > until:
        raise OaiError("badArgument", "from is later than until.")
    for name, form in _FORMS.items():
        if name in given and not form.match(given[name]):
            raise OaiError("badArgument", f"{name} holds letters that it cannot have.")
    if "identifier" in given and not _is_uri(given["identifier"]):
        raise OaiError("badArgument", "identifier is no URI.")
    return Request(
        verb,
        given,
        given.get("identifier", ""),
        given.get("metadataPrefix", ""),
        given.get("set", ""),
        start,
        until,
    )


def _is_uri(text: str) -> bool:
    """Tell whether a text can be an identifier: a URI or IRI with its scheme (§2.4).

    >>> _is_uri("oai:x.org:7"), _is_uri("Q7"), _is_uri("http://["), _is_uri("http://x/%zz")
    (True, False, False, False)
    """
    try:
        _ = urlsplit(text).port  # a host or port that is none
    except ValueError:
        return False
    return bool(_URI.match(text))


def _is_moment(text: str) -> bool:
    if not _MOMENT.match(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _resumed(verb: str, token: str) -> Request:
    """Read a token; one that nobody was given is refused, for its values are checked like those of
    a first request.
    """
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        parts = json.loads(text.decode())
        of_verb, prefix, set_, start, until, register, batch, key, cursor, size = parts
        texts = (of_verb, prefix, set_, start, until, register, key)
        if not all(isinstance(part, str) for part in texts) or of_verb != verb:
            raise ValueError("another verb, or no text")
        numbers = (batch, cursor, size)
        if not all(type(n) is int and 0 <= n < _MOST for n in numbers):
            raise ValueError("no number")
        key.encode()
        names = {"metadataPrefix": prefix, "set": set_, "from": start, "until": until}
        request = _request(verb, {name: value for name, value in names.items() if value})
        if not prefix or not _NAME.match(register):
            raise ValueError("a part is missing")
    except (ValueError, TypeError, RecursionError, binascii.Error, OaiError, QcpError) as error:
        raise OaiError("badResumptionToken", "The resumptionToken is none of ours.") from error
    return replace(request, position=Position(register, batch, key, cursor, size))
