"""The server's pages without a server: one release, one language, one country."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import ChoiceLoader, FileSystemLoader

from qcp_graph import assets
from qcp_graph.errors import InternalError
from qcp_graph.search import Index
from qcp_graph.server import pages
from qcp_graph.server.describe import describe
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.live import Release
from qcp_graph.server.offline.scope import reachable
from qcp_graph.server.pages import concepts, countries, entity, qualification, quality, rules, site
from qcp_graph.server.pages.graph import Facts
from qcp_graph.server.pages.qualification import QualificationPage
from qcp_graph.server.pages.site import Site
from qcp_graph.server.seam import Document
from qcp_graph.settings import Settings

_TEMPLATES: Final = ("web", "templates", "offline")


@dataclass(frozen=True, slots=True)
class Live:
    """What stands for the live release: pages ask it for the settings only."""

    settings: Settings


class Renderer:
    """Renders pages of an open release as ``qcp serve`` would, with the frame of a bundle.

    ``within`` narrows all figures and lists to some qualifications.
    """

    def __init__(
        self, settings: Settings, release: Release, within: Mapping[str, list[str]], language: str
    ) -> None:
        # No path of a proxy, and links without a language: there is one only.
        self.settings = settings.model_copy(update={"root_path": ""})
        self.release = release
        self.index: Index = release.resource("search", lambda one: _index(one.folder, within))
        templates = pages.templates(self.settings)
        roots = [str(root.joinpath(*_TEMPLATES)) for root in assets.roots(settings.workspace)]
        loader = templates.env.loader
        assert loader is not None
        templates.env.loader = ChoiceLoader([FileSystemLoader(roots), loader])
        templates.env.globals["offline"] = True
        templates.env.globals["reachable"] = reachable(settings.base_iri)
        self.environment = templates.env
        self._language = language
        created = str(release.manifest.get("created", ""))[:10]
        state = SimpleNamespace(templates=templates, today=date.fromisoformat(created))
        self._app = SimpleNamespace(state=state)

    def site(self, path: str = "/", query: Mapping[str, str] | None = None) -> Site:
        """Return the surroundings of a page."""
        return site.of(self._request(path, query or {}), Live(self.settings))

    def template(self, name: str, page: object) -> str:
        """Return a page of the bundle's own."""
        request = self._request("/", {})
        return _text(site.render(request, site.of(request, Live(self.settings)), name, page))

    def country(self, code: str) -> str:
        """Return the first page."""
        request = self._request(f"/country/{code}", {})
        return _text(countries.render(request, site.of(request, Live(self.settings)), code))

    def qualification(self, iri: str) -> tuple[QualificationPage, str]:
        """Return what the page of a qualification says, and the page, with all its outcomes."""
        request, here = self._at(iri)
        document = self._document(iri)
        page = qualification.page(here, Facts.of(document), everything=True)
        return page, _text(site.render(request, here, "qualification.html", page))

    def thing(self, kind: str, iri: str) -> str:
        """Return the page of another thing; what cannot be shown says so."""
        try:
            return self._thing(kind, iri)
        except ProblemError as error:
            request, _ = self._at(iri)
            return _text(pages.render_problem(request, Live(self.settings), error.problem))

    def _thing(self, kind: str, iri: str) -> str:
        if kind in {"skill", "concept"}:
            request = self._request("/resource", {"iri": iri})
            here = site.of(request, Live(self.settings))
            shown = concepts.skill if kind == "skill" else concepts.resource
            return _text(shown(request, here))
        if kind == "about":
            request = self._request(iri, {})
            here = site.of(request, Live(self.settings))
            register = iri.split("/")[2]
            if iri.startswith("/quality/"):
                return _text(quality.one(request, here, self.settings.workspace, register))
            return _text(rules.render(request, here, register))
        request, here = self._at(iri)
        return _text(entity.render(request, here, self._document(iri)))

    def _document(self, iri: str) -> Document:
        found = describe(self.release.store, iri, self.settings.base_iri)
        if found is None:
            raise InternalError(
                "QCP-OFF-LOST",
                "The index of the release names something that its graph does not describe.",
                where=iri,
                remedy="Build the release again: qcp build --full",
            )
        return found

    def _at(self, iri: str) -> tuple[Request, Site]:
        request = self._request("/" + iri.removeprefix(self.settings.base_iri), {})
        return request, site.of(request, Live(self.settings))

    def _request(self, path: str, query: Mapping[str, str]) -> Request:
        return Request({
            "type": "http", "method": "GET", "scheme": "https", "root_path": "",
            "server": ("localhost", 443), "path": path, "raw_path": path.encode(),
            "query_string": urlencode(query).encode(), "app": self._app,
            "headers": [(b"accept-language", self._language.encode())],
            "state": {"release": self.release},
        })  # fmt: skip


def _index(folder: Path, within: Mapping[str, list[str]]) -> Index:
    return Index(folder / "search.sqlite", within)


def _text(response: object) -> str:
    body = getattr(response, "body", b"")
    assert isinstance(body, bytes)
    return body.decode()
