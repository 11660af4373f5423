"""What a bundle holds: from the addresses of the site to its files, and what is still to write."""

import re
from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from qcp_graph.networks import is_public
from qcp_graph.search import FIELDS
from qcp_graph.server.offline import names
from qcp_graph.server.paths import asked_path

START: Final = "index.html"
QUALIFICATION: Final = "qualification"
_THINGS: Final = frozenset({"organisation", "framework", "level", "register"})
_NAMED: Final = {"/skill": "skill", "/resource": "concept"}
_MOST_FILTERS: Final = 3
_STATIC: Final = {
    "/static/site.css": "assets/site.css",
    "/static/built/base.css": "assets/base.css",
    "/static/icon.svg": "assets/icon.svg",
    "/static/offline/search.js": "assets/search.js",
}
_INDEXES: Final = frozenset({"lists", "organisations", "skills"})
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}\Z")


@dataclass(frozen=True, slots=True)
class Filter:
    """A list of qualifications: its filters in a fixed order; none: all of them."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """What names the list."""
        return "&".join(f"{name}={value}" for name, value in self.pairs) or "all"


@dataclass(slots=True)
class Scope:
    """The addresses that have a page in the bundle.

    ``skills`` are those that an accepted link leads to: only they have a page here.
    ``opening`` names the kinds of things that a link may still add; ``online`` is the address of
    the site, where it can be reached from elsewhere.
    """

    base: str
    country: str
    qualifications: Collection[str]
    registers: Collection[str]
    skills: Collection[str]
    opening: frozenset[str] = frozenset()
    waiting: dict[str, OrderedDict[str, None]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    lists: dict[str, Filter] = field(default_factory=dict)

    @property
    def online(self) -> str:
        """Where the site is on the network, with a slash; nothing when it is on this machine."""
        return self.base if reachable(self.base) else ""

    def resolve(self, address: str) -> str:
        """Return the file of an address, else its address on the network, else nothing."""
        if address.startswith(self.base):
            address = "/" + address.removeprefix(self.base)
        elif not address.startswith("/") or address.startswith("//"):
            return address if urlsplit(address).scheme in {"http", "https", "mailto"} else ""
        parts = urlsplit(address)
        found = self._file(parts.path, parts.query)
        if found:
            return found + ("#" + parts.fragment if parts.fragment else "")
        return self.online + address[1:] if self.online and parts.path != "/compare" else ""

    def add(self, kind: str, iri: str) -> str:
        """Return the file of a thing that the bundle is to hold."""
        if iri not in self.known:
            self.known[iri] = names.file_of(kind, iri)
            self.waiting.setdefault(kind, OrderedDict())[iri] = None
        return self.known[iri]

    def take(self, *kinds: str) -> Iterator[tuple[str, str, str]]:
        """Yield what waits to be written (kind, IRI, file), also what comes meanwhile."""
        while any(self.waiting.get(kind) for kind in kinds):
            for kind in kinds:
                while held := self.waiting.get(kind):
                    iri = held.popitem(last=False)[0]
                    yield kind, iri, self.known[iri]

    def of_kind(self, kind: str) -> list[str]:
        """Return the things of a kind that the bundle holds."""
        return [iri for iri, file in self.known.items() if file.startswith(kind + "/")]

    @staticmethod
    def directory(name: str, number: int = 1) -> str:
        """Return the file of a page of one of the bundle's own directories."""
        return f"{name}-{number}.html" if number > 1 else f"{name}.html"

    def _file(self, path: str, query: str) -> str:
        if path in _STATIC:
            return _STATIC[path]
        if path in {"/", f"/country/{self.country}"}:
            return START
        if path.startswith("/offline/"):
            name = path.removeprefix("/offline/")
            return self.directory(name, _page(query)) if name in _INDEXES else ""
        if path == "/qualifications":
            return self._list(query)
        if path in _NAMED:
            iri = dict(parse_qsl(query)).get("iri", "")
            return self._thing(_NAMED[path], iri)
        if path.startswith("/id/"):
            return self._own(path)
        if path.startswith(("/registers/", "/quality/")):
            return self._about(path)
        return ""

    def _own(self, path: str) -> str:
        kind = path.split("/", 3)[2]
        iri = self.base + _readable(path)[1:]
        if kind == QUALIFICATION:
            return names.file_of(kind, iri) if iri in self.qualifications else ""
        if kind == "register" and iri not in self.registers:
            return ""
        return self._thing(kind, iri) if kind in _THINGS else ""

    def _thing(self, kind: str, iri: str) -> str:
        if iri in self.known:
            return self.known[iri]
        if not iri or kind not in self.opening or (kind == "skill" and iri not in self.skills):
            return ""
        return self.add(kind, iri)

    def _about(self, path: str) -> str:
        return self._thing("about", path)

    def _list(self, query: str) -> str:
        asked = parse_qsl(query)
        pairs = {pair for pair in asked if pair[0] in FIELDS and pair != ("country", self.country)}
        if len(pairs) > _MOST_FILTERS or len({name for name, _ in pairs}) < len(pairs):
            return ""
        wanted = Filter(tuple(sorted(pairs)))
        self.lists.setdefault(wanted.key, wanted)
        self.add("list", wanted.key)
        return names.file_of("list", wanted.key, _page(query))


def reachable(base: str) -> bool:
    """Tell whether others can reach a site by its address.

    >>> reachable("https://qualifications.example/"), reachable("http://localhost:8000/")
    (True, False)
    """
    host = urlsplit(base).hostname or ""
    try:
        return is_public(host)
    except ValueError:  # a name
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))


def _page(query: str) -> int:
    page = dict(parse_qsl(query)).get("page", "")
    return int(page) if _NUMBER.match(page) else 1


def _readable(path: str) -> str:
    """Return a path as IRIs spell it: letters of other scripts unescaped, separators kept."""
    return asked_path({"raw_path": path.encode(), "path": path})
