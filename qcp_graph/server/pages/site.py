"""What every page knows: the language, the addresses, the release; and how a page is rendered."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

from babel import Locale
from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from qcp_graph import __version__, assets
from qcp_graph.errors import InternalError
from qcp_graph.search import Index
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.pages import i18n, labels
from qcp_graph.server.pages.i18n import Language, Languages
from qcp_graph.server.pages.names import Names
from qcp_graph.server.seam import Live, OpenRelease, Problem, templates_of
from qcp_graph.settings import Settings

CACHE: Final = "public, max-age=60"
_NO_STYLE: Final = "0"
MOST_PARAMETERS: Final = 100


@dataclass(frozen=True, slots=True)
class Site:
    """The surroundings of a page.

    ``asked`` is the language that the address names (links keep it), empty when the browser chose;
    ``release`` is None on an error page before the first release; ``today`` is the day by which
    a page tells what is out of date. A page that is ``copied`` is read on any later day.
    """

    language: Language
    languages: Languages
    asked: str
    root: str
    path: str
    query: tuple[tuple[str, str], ...]
    base: str
    style: str
    release: OpenRelease | None
    version: str = __version__
    workspace: Path | None = None
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    copied: bool = False

    @property
    def locale(self) -> Locale:
        """The locale of numbers, dates and names of countries."""
        return self.language.locale

    @property
    def release_id(self) -> str:
        """The id of the release, empty without one."""
        return self.release.id if self.release else ""

    def url(self, path: str, **query: object) -> str:
        """Return the address of a page of this site, in the language the reader asked for."""
        return self._address(path, [(k, str(v)) for k, v in query.items() if v not in ("", None)])

    def url_of(self, path: str, pairs: list[tuple[str, str]]) -> str:
        """Return the address of a page with repeated parameters."""
        return self._address(path, pairs)

    def _address(self, path: str, pairs: list[tuple[str, str]]) -> str:
        pairs = pairs + ([("lang", self.asked)] if self.asked else [])
        return self.root + path + ("?" + urlencode(pairs) if pairs else "")

    def in_language(self, tag: str) -> str:
        """Return the address of this page in another language."""
        pairs = [(name, value) for name, value in self.query if name != "lang"]
        return f"{self.root}{self.path}?{urlencode([*pairs, ('lang', tag)])}"

    def names(self) -> Names:
        """Return the finder of names for this page; it needs a release."""
        assert self.release is not None
        query = f"?lang={self.asked}" if self.asked else ""
        tag = self.language.tag
        return Names(self.release.store, self.base, self.root, tag, self.locale, query)

    def index(self) -> Index:
        """Return the search index of the release."""
        assert self.release is not None
        return self.release.resource("search", _open_index)


def _open_index(release: OpenRelease) -> Index:
    path = release.folder / "search.sqlite"
    if not path.is_file():
        raise InternalError(
            "QCP-WEB-INDEX",
            "The search index of the live release is missing.",
            where=str(path),
            remedy="Build the release again (qcp build), or roll back (qcp release rollback).",
        )
    return Index(path)


def of(request: Request, live: Live, *, any_address: bool = False) -> Site:
    """Return the surroundings of a request; ``any_address``: also of one that cannot be read.

    :raises ProblemError: when the address has too many parameters.
    """
    environment = templates_of(request).env
    languages = environment.globals["languages"]
    assert isinstance(languages, Languages)
    day: date | None = getattr(request.app.state, "today", None)
    asked = request.query_params.get("lang", "")
    root = request.scope.get("root_path", "")
    path = request.url.path
    return Site(
        language=languages.choose(asked, request.headers.get("accept-language")),
        languages=languages,
        asked=asked if asked in languages.by_tag else "",
        root=root,
        path=path.removeprefix(root) if root else path,
        query=_pairs(request.url.query, any_address),
        base=live.settings.base_iri,
        style=str(environment.globals["style"]),
        release=getattr(request.state, "release", None),
        workspace=live.settings.workspace,
        # A copy of a release tells everything by the day of that release.
        today=day or datetime.now(UTC).date(),
        copied=day is not None,
    )


def _pairs(query: str, any_address: bool) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(parse_qsl(query, max_num_fields=MOST_PARAMETERS))
    except ValueError as error:
        if any_address:
            return ()
        raise ProblemError(
            Problem(
                400,
                "QCP-WEB-PARAMETER",
                "The address has too many parameters.",
                f"At most {MOST_PARAMETERS} are read.",
                remedy="Choose fewer filters.",
            )
        ) from error


def render(request: Request, site: Site, template: str, page: object) -> Response:
    """Return a page; ``page`` is the dataclass that goes with the template (``docs/pages.md``)."""
    text = (
        templates_of(request)
        .env.get_template(template)
        .render(
            site=site,
            page=page,
            _=site.language.gettext,
            ngettext=site.language.ngettext,
            structured=getattr(request.state, "structured", ""),
        )
    )
    return HTMLResponse(
        text,
        headers={
            "Content-Language": site.language.tag,
            "Vary": "Accept-Language",
            "Cache-Control": CACHE,
        },
    )


def templates(settings: Settings) -> Jinja2Templates:
    """Return the template environment: templates of the workspace win over the project's."""
    roots = list(assets.roots(settings.workspace))
    environment = Environment(
        loader=FileSystemLoader([str(root / "web" / "templates") for root in roots]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["languages"] = i18n.load(settings.workspace)
    environment.globals["offline"] = False
    environment.globals["reachable"] = True
    environment.globals["style"] = _hash(roots, "site.css") or _NO_STYLE
    environment.globals["base_style"] = _hash(roots, "built/base.css")
    environment.globals["script"] = _hash(roots, "built/workbench.js")
    environment.globals["words"] = {
        "status": labels.STATUS,
        "problem": labels.PROBLEM,
        "link": labels.LINK_STATUS,
        "match": labels.MATCH,
        "frequency": labels.FREQUENCY,
        "state": labels.STATE,
    }
    return Jinja2Templates(env=environment)


def _hash(roots: list[Path], name: str) -> str:
    """Return the hash in the address of a static file: a changed file has a new address."""
    for root in roots:
        path = root / "web" / "static" / name
        if path.is_file():
            return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return ""


def shown(values: Mapping[str, str], key: str, language: Language) -> Markup:
    """Return the word of the interface for a code; an unknown code is shown as it is."""
    return language.gettext(values[key]) if key in values else Markup.escape(key)
