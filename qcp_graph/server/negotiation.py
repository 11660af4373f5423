"""Content negotiation: one table of formats, one parser (RFC 9110 §12.5.1).

A client asks by ``?format=``, by suffix or by ``Accept``, in this order of strength.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A form of an answer: ``suffix`` names it in addresses, the first media type is sent.

    The further media types are other names by which clients ask for the same form.
    """

    name: str
    suffix: str
    media_types: tuple[str, ...]

    @property
    def media_type(self) -> str:
        """The media type that is sent."""
        return self.media_types[0]

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header; text formats name their encoding."""
        charset = "; charset=utf-8" if self.media_type.startswith("text/") else ""
        return self.media_type + charset


HTML: Final = Format("html", "html", ("text/html", "application/xhtml+xml"))
TURTLE: Final = Format("turtle", "ttl", ("text/turtle", "application/x-turtle"))
JSON_LD: Final = Format("jsonld", "jsonld", ("application/ld+json", "application/json"))
N_TRIPLES: Final = Format("ntriples", "nt", ("application/n-triples",))
RDF_XML: Final = Format("rdfxml", "rdf", ("application/rdf+xml", "application/xml", "text/xml"))
N_QUADS: Final = Format("nquads", "nq", ("application/n-quads",))
TRIG: Final = Format("trig", "trig", ("application/trig", "application/x-trig"))
CSV: Final = Format("csv", "csv", ("text/csv",))
JSON: Final = Format("json", "json", ("application/json",))
PROBLEM: Final = Format("problem", "json", ("application/problem+json", "application/json"))
RESULTS_JSON: Final = Format(
    "json", "srj", ("application/sparql-results+json", "application/json", "text/json")
)
RESULTS_XML: Final = Format(
    "xml", "srx", ("application/sparql-results+xml", "application/xml", "text/xml")
)
RESULTS_CSV: Final = CSV
RESULTS_TSV: Final = Format("tsv", "tsv", ("text/tab-separated-values",))

GRAPHS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, N_QUADS, TRIG)
RESULTS: Final = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)
ENTITY: Final = (TURTLE, HTML, JSON_LD, N_TRIPLES, RDF_XML, N_QUADS, TRIG)
NAMED: Final = (*ENTITY, CSV)
"""Every form that a suffix may name; CSV is one of things that are tables."""
ERRORS: Final = (PROBLEM, HTML)

# What SPARQLWrapper and rdflib write into ``format=``.
_OTHER_NAMES: Final = {"rdf+xml": "rdf", "json-ld": "jsonld", "n3": "ttl", "xml": "rdf"}
_BY_NAME: Final = 3  # closeness of a range that names the media type
_MAX_RANGES: Final = 50  # more media ranges than any client sends; the rest is not read
_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE: Final = re.compile(rf"({_NAME})/({_NAME})\Z")
_QUALITY: Final = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")
_PARAMETER_CHARSET: Final = {"utf-8", "utf8"}


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header, with its quality between 0 and 1."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    quality: float

    def specificity(self, media_type: str) -> int:
        """Return how closely this range matches a media type: 0 not at all, 4 with parameters.

        >>> MediaRange("text", "*", frozenset(), 1.0).specificity("text/turtle")
        2
        """
        kind, _, subtype = media_type.partition("/")
        if self.type == "*" and self.subtype == "*":
            return 1
        if self.type != kind:
            return 0
        if self.subtype == "*":
            return 2
        if self.subtype != subtype:
            return 0
        # A parameter that we do not send (profile, version) makes another representation,
        # except the encoding that all our text has.
        other = {p for p in self.parameters if p[0] != "charset" or p[1] not in _PARAMETER_CHARSET}
        return 0 if other else 3 + bool(self.parameters)


def parse_accept(header: str) -> list[MediaRange]:
    """Read an Accept header; elements that break the grammar are left out, as RFC 9110 allows.

    >>> [(r.type, r.subtype, r.quality) for r in parse_accept("text/html, */*;q=0.1, nonsense")]
    [('text', 'html', 1.0), ('*', '*', 0.1)]
    """
    ranges = []
    for element in header.split(",", _MAX_RANGES)[:_MAX_RANGES]:
        name, *raw = (part.strip() for part in element.split(";"))
        match = _RANGE.match(name.lower())
        if not match or (match[1] == "*" and match[2] != "*"):
            continue
        quality, parameters = 1.0, set()
        for part in raw:
            key, _, value = part.partition("=")
            key, value = key.strip().lower(), value.strip().strip('"').lower()
            if key == "q":
                if not _QUALITY.match(value):
                    break
                quality = float(value)
            elif key:
                parameters.add((key, value))
        else:
            ranges.append(MediaRange(match[1], match[2], frozenset(parameters), quality))
    return ranges


@lru_cache(maxsize=1024)  # clients send few different headers
def choose(accept: str | None, offers: tuple[Format, ...]) -> Format | None:
    """Return the offered format that the client likes best, None when it accepts none.

    Among equal qualities the format that was named more closely wins (``text/html, */*`` is a
    browser), then the order of the offers. No header, or one without any readable element, accepts
    everything.

    >>> choose("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ENTITY).name
    'html'
    >>> choose("*/*", ENTITY).name
    'turtle'
    """
    ranges = parse_accept(accept or "")
    if not ranges:
        return offers[0] if offers else None
    best: tuple[float, int, int] = (0.0, 0, 0)
    chosen: Format | None = None
    for place, offer in enumerate(offers):
        for media_type in offer.media_types:
            quality, closeness = _judge(ranges, media_type)
            if media_type != offer.media_type and closeness < _BY_NAME:
                continue  # wildcards mean what is sent, not its other names
            rank = (quality, closeness, -place)
            if quality > 0 and (chosen is None or rank > best):
                best, chosen = rank, offer
    return chosen


def _judge(ranges: Iterable[MediaRange], media_type: str) -> tuple[float, int]:
    """Return quality and closeness that the most specific matching range gives a media type."""
    found = (0.0, 0)
    for media_range in ranges:
        closeness = media_range.specificity(media_type)
        if closeness > found[1]:
            found = (media_range.quality, closeness)
    return found


def named(name: str, offers: Sequence[Format]) -> Format | None:
    """Return the offered format with this name, suffix or media type, as ``?format=`` gives it.

    >>> named("ttl", ENTITY) is named("text/turtle", ENTITY) is TURTLE
    True
    """
    wanted = name.strip().lower().replace(" ", "+")  # an unescaped '+' arrives as a blank
    for known in (wanted, _OTHER_NAMES.get(wanted, wanted)):
        for offer in offers:
            if known in (offer.name, offer.suffix) or known in offer.media_types:
                return offer
    return None


def split_suffix(path: str, offers: Sequence[Format]) -> tuple[str, Format | None]:
    """Split ``…/RNCP1.ttl`` into the path and the format of its suffix.

    >>> split_suffix("/id/qualification/fr/rncp/RNCP1.ttl", ENTITY)[0]
    '/id/qualification/fr/rncp/RNCP1'
    """
    stem, dot, suffix = path.rpartition(".")
    if dot and stem and not stem.endswith("/"):
        for offer in offers:
            if suffix == offer.suffix:
                return stem, offer
    return path, None
