"""Profiles: the same thing in the words of another standard (W3C, Content Negotiation by Profile).

A client asks by ``?profile=`` with a token or an IRI, else by ``Accept-Profile``; without either it
gets ELM 3.1. Answers name their profile in ``Content-Profile`` and ``Link: rel="profile"``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from qcp_graph import elm_model, exports
from qcp_graph.namespaces import ELM_31, ELM_33
from qcp_graph.pipeline import exporting_acqf
from qcp_graph.server import documents
from qcp_graph.server.documents import Tree
from qcp_graph.server.negotiation import ENTITY, GRAPHS, JSON_LD, Format
from qcp_graph.server.seam import Document

_LOQ: Final = "http://data.europa.eu/snb/model/ap/loq-constraints/"
_LOQ_33: Final = "http://data.europa.eu/snb/model/application-profile/loq-constraints/"
_DCAT_AP: Final = "http://data.europa.eu/r5r/"
_ACQF_CONTEXT: Final = "https://data.acqf-qcp.africa/model/contexts/import.json"
_MOST: Final = 20  # profiles that a header may name
_BRIEF: Final = 40  # outcomes in the JSON-LD of a page
_ELEMENT: Final = re.compile(r"\s*<([^<>\s]{1,500})>\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*\Z")
Make = Callable[[ox.Store, Document], exports.Made]


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile: how it is named, in which formats it is offered, of which kinds of things.

    ``kinds`` empty means all. ``make`` gives the JSON-LD of a profile that is no graph of ours;
    ``rename`` the term that stands for one of ours.
    """

    token: str
    iri: str
    forms: Sequence[Format]
    kinds: frozenset[str] = frozenset()
    make: Make | None = None
    rename: Callable[[str], str] | None = None


def _elm_33(iri: str) -> str:
    return _new_names().get(iri) or (
        ELM_33 + iri.removeprefix(ELM_31) if iri.startswith(ELM_31) else iri
    )


def _new_names() -> Mapping[str, str]:
    return {old: new for new, old in elm_model.renamed().items() if old}


def _schema_org(store: ox.Store, document: Document) -> exports.Made:
    tree = Tree(store, document)
    return exports.schema_org(document.iri, tree.facts, tree.labels)


def _ctdl(store: ox.Store, document: Document) -> exports.Made:
    tree = Tree(store, document)
    return exports.ctdl(document.iri, tree.facts, tree.labels)


def _acqf(store: ox.Store, document: Document) -> exports.Made:
    tree = Tree(store, document)
    codes = exporting_acqf.codes(document.iri.partition("/id/")[0] + "/")
    found, left_out = exports.acqf(document.iri, tree.facts, tree.labels, codes)
    return ({"@context": _ACQF_CONTEXT, **found} if found else {}), left_out


_WHOLE: Final = frozenset({"qualification", "organisation"})
_TERMS: Final = frozenset({"outcome", "level", "framework", "opportunity", "register"})
_DATASETS: Final = frozenset({"register", "release"})
SCHEMA_ORG: Final = Profile(
    "schema.org", exports.SCHEMA_ORG, (JSON_LD,), _WHOLE | _TERMS, make=_schema_org
)
ELM: Final = Profile("elm-3.1", _LOQ, ENTITY)
EVERY: Final = (
    ELM,
    Profile("elm-3.3", _LOQ_33, GRAPHS, rename=_elm_33),
    SCHEMA_ORG,
    Profile("ctdl", exports.CTDL, (JSON_LD,), _WHOLE, make=_ctdl),
    Profile("acqf", exports.ACQF, (JSON_LD,), frozenset({"qualification"}), make=_acqf),
    Profile("dcat", _DCAT_AP, GRAPHS, _DATASETS),
)


def of_kind(iri: str, base: str) -> list[Profile]:
    """Return the profiles in which a thing is offered; the first one is the default."""
    kind = iri.removeprefix(f"{base}id/").partition("/")[0]
    return [one for one in EVERY if not one.kinds or kind in one.kinds]


def choose(parameter: str | None, header: str | None, offered: Sequence[Profile]) -> Profile | None:
    """Return the profile asked for, None when none of those asked for is offered.

    >>> choose("ctdl", None, EVERY).token, choose(None, None, EVERY).token
    ('ctdl', 'elm-3.1')
    >>> choose(None, "<https://schema.org/>;q=0.9, <urn:x>", EVERY).token
    'schema.org'
    """
    if parameter is not None:
        wanted = parameter.strip()
        return next((one for one in offered if wanted in (one.token, one.iri)), None)
    asked = _asked(header or "")
    if not asked:
        return offered[0]
    ranked = [(quality, -place, one) for place, one in enumerate(offered)
              if (quality := asked.get(one.iri, 0.0)) > 0]  # fmt: skip
    return max(ranked, key=lambda item: item[:2])[2] if ranked else None


def _asked(header: str) -> dict[str, float]:
    """Read an Accept-Profile header; elements that break its grammar are left out."""
    found: dict[str, float] = {}
    for element in header[:10_000].split(",")[:_MOST]:
        if match := _ELEMENT.match(element):
            found.setdefault(match[1], float(match[2]) if match[2] else 1.0)
    return found


def renamed(document: Document, rename: Callable[[str], str]) -> Document:
    """Return a document with other names for terms; which graph says a thing stays as it is."""
    return documents.mapped(document, lambda node: ox.NamedNode(rename(node.value)))


def as_json(store: ox.Store, document: Document, profile: Profile) -> exports.Made:
    """Return the JSON-LD of a profile that is made, not a graph of ours; an empty one with why."""
    assert profile.make is not None
    return profile.make(store, document)


def brief(store: ox.Store, document: Document) -> exports.Object:
    """Return the schema.org JSON-LD for a page: outcomes by name alone, and not all of many."""
    tree = Tree(store, document, follow=False)
    found = exports.schema_org(document.iri, tree.facts, tree.labels)[0]
    if isinstance(many := found.get("competencyRequired"), list):
        found["competencyRequired"] = many[:_BRIEF]
    return found
