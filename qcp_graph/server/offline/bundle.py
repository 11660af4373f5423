"""Writing the bundle of a country: which pages there are, and in which order they are made.

Qualifications come first: what their pages name (organisations, levels, skills, …) is what the
bundle holds of other things, so a skill never brings the whole of ESCO with it.
"""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qcp_graph import assets
from qcp_graph.errors import UsageError
from qcp_graph.pipeline.progress import Progress
from qcp_graph.search import Index
from qcp_graph.server import releases
from qcp_graph.server.live import Release
from qcp_graph.server.offline import links, names, target
from qcp_graph.server.offline.lists import Lists
from qcp_graph.server.offline.places import Place, find
from qcp_graph.server.offline.render import Renderer
from qcp_graph.server.offline.scope import QUALIFICATION, START, Scope
from qcp_graph.server.offline.words import Words
from qcp_graph.server.pages.qualification import QualificationPage
from qcp_graph.settings import Settings
from qcp_graph.store import remote

_NAMED: Final = frozenset({"register", "organisation", "framework", "level", "skill", "concept"})
_LATER: Final = ("register", "framework", "level", "organisation", "skill", "concept", "about")
_OPENS: Final = {
    "start": _NAMED,
    QUALIFICATION: _NAMED,
    "framework": frozenset({"level"}),
    "register": frozenset({"about"}),
}
"""What pages of a kind may bring into the bundle."""
_DIRECTORIES: Final = (
    ("organisations", "organisation", "body"),
    ("skills", "skill", "skill"),
)
"""Directory, the kind of thing it lists, the field of the index that counts them."""
_READ: Final = 100
_STATIC: Final = (
    ("built/base.css", "assets/base.css"),
    ("site.css", "assets/site.css"),
    ("icon.svg", "assets/icon.svg"),
    ("offline/search.js", "assets/search.js"),
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is exported, and where to; ``output`` None writes nothing, ``release`` None: live."""

    country: str
    output: Path | None
    register: str | None = None
    language: str = "en"
    release: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bundle holds; ``size`` in bytes before compression."""

    country: str
    name: str
    release: str
    language: str
    qualifications: int
    pages: int
    files: int
    size: int


@dataclass(frozen=True, slots=True)
class About:
    """What every page tells of its bundle."""

    country: str
    release: str
    created: str
    title: str


class _Counted:
    """A target that counts what it is given."""

    def __init__(self, inner: target.Target) -> None:
        self._inner = inner
        self.files = self.size = 0

    def add(self, name: str, content: bytes) -> None:
        """Pass a file on."""
        self.files += 1
        self.size += len(content)
        self._inner.add(name, content)


def run(settings: Settings, order: Order, progress: Progress) -> Outcome:
    """Write the bundle of a country.

    :raises UsageError: when there is no such release, country, register or language, or when
        something else is in its place.
    """
    place = _release(settings, order.release)
    with closing(Release(place, remote.of(settings))) as release:
        found = find(Index(release.folder / "search.sqlite"), order.country, order.register)
        renderer = Renderer(settings, release, found.filters, order.language)
        _language(renderer, order.language)
        with target.opened(order.output) as output:
            return _Bundle(renderer, found, order, _Counted(output), progress).write()


class _Bundle:
    def __init__(
        self, renderer: Renderer, place: Place, order: Order, output: _Counted, progress: Progress
    ) -> None:
        self._renderer, self._place, self._order = renderer, place, order
        self._output, self._progress = output, progress
        index, base = renderer.index, renderer.settings.base_iri
        skills = frozenset(v.value for v in index.values("skill") if v.count)
        self._scope = Scope(base, place.code, frozenset(_iris(index)), place.registers, skills)
        self._lists = Lists(renderer)
        self._pages = 0
        self._about = About(
            place.name(renderer.site().locale), renderer.release.id,
            str(renderer.release.manifest.get("created", ""))[:10], renderer.settings.title,
        )  # fmt: skip
        renderer.environment.globals["bundle"] = self._about

    def write(self) -> Outcome:
        """Write every file; the mark comes last."""
        total, searched = self._renderer.index.total, Words(self._output)
        with self._progress.step("Writing pages", total=total, unit="pages") as step:
            self._page(START, self._renderer.country(self._place.code), "start")
            for iri in _iris(self._renderer.index):
                self._qualification(iri, searched)
                step.update(1)
            self._others(step.update)
            self._directories()
            for _, key, _file in self._scope.take("list"):
                for number, text in self._lists.pages(self._scope.lists[key]):
                    self._page(names.file_of("list", key, number), text, "list")
                    step.update(1)
        searched.finish()
        self._static()
        return self._finish()

    def _qualification(self, iri: str, searched: Words) -> None:
        page, text = self._renderer.qualification(iri)
        file = names.file_of(QUALIFICATION, iri)
        self._page(file, text, QUALIFICATION)
        language = page.title.language if page.title.language != self._order.language else ""
        searched.add(
            (page.title.text, language, file, _line(page)),
            [held.text for held in (page.title, *page.titles, *page.other_names)],
            [held.notation for held in page.codes],
        )

    def _others(self, advance: Callable[[float], object]) -> None:
        for kind, iri, file in self._scope.take(*_LATER):
            self._page(file, self._renderer.thing(kind, iri), kind)
            advance(1)

    def _directories(self) -> None:
        self._page("lists.html", self._lists.ways(), "lists")
        for kind, thing, field in _DIRECTORIES:
            iris = self._scope.of_kind(thing)
            for number, text in self._lists.directory(kind, field, iris):
                self._page(self._scope.directory(kind, number), text, kind)

    def _page(self, name: str, text: str, kind: str) -> None:
        self._scope.opening = _OPENS.get(kind, frozenset())
        self._output.add(name, links.rewrite(text, name, self._scope.resolve).encode())
        self._pages += 1

    def _static(self) -> None:
        roots = list(assets.roots(self._renderer.settings.workspace))
        for source, name in _STATIC:
            for path in (root / "web" / "static" / source for root in roots):
                if path.is_file():
                    self._output.add(name, path.read_bytes())
                    break

    def _finish(self) -> Outcome:
        place, order = self._place, self._order
        told = {
            "format": target.FORMAT, "country": place.code, "registers": sorted(place.names),
            "release": self._about.release, "created": self._about.created,
            "language": order.language, "base_iri": self._scope.base,
            "qualifications": self._renderer.index.total, "pages": self._pages,
            "files": self._output.files + 1,
        }  # fmt: skip
        text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        self._output.add(target.MARK, text.encode())
        return Outcome(
            place.code, self._about.country, self._about.release, order.language,
            self._renderer.index.total, self._pages, self._output.files, self._output.size,
        )  # fmt: skip


def _line(page: QualificationPage) -> str:
    """Return what a result of the search says beside the title."""
    levels = [level.level.name.text for level in page.levels]
    told = [*(code.notation for code in page.codes[:1]), *(e.name.text for e in page.eqf), *levels]
    bodies = [award.body.name.text for award in page.awards[:1]]
    return " · ".join(dict.fromkeys(part for part in (*told, *bodies) if part))


def _iris(index: Index) -> list[str]:
    """Return the qualifications in the order of their titles."""
    found, page = [], 1
    while hits := index.search(page=page, size=_READ, sort="title").hits:
        found += [hit.iri for hit in hits]
        page += 1
    return found


def _release(settings: Settings, name: str | None) -> releases.Place:
    place = releases.kept(settings.home).get(name) if name else releases.current(settings.home)
    if place is None:
        raise UsageError(
            "QCP-OFF-RELEASE",
            f"There is no release {name[:60]}." if name else "Nothing has been published yet.",
            where=str(settings.home),
            remedy="qcp release list shows what there is; qcp build makes one.",
        )
    return place


def _language(renderer: Renderer, tag: str) -> None:
    known = renderer.site().languages.by_tag
    if tag not in known:
        raise UsageError(
            "QCP-OFF-LANGUAGE",
            f"There is no interface in the language {tag[:20]!r}.",
            remedy=f"Its languages: {', '.join(sorted(known))}.",
        )
