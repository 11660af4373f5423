"""OAI-PMH over HTTP: ``/oai`` by GET and by POST, with the same arguments."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from qcp_graph import exports, store, vocabulary
from qcp_graph.feeds import Entry, IndexReader, history
from qcp_graph.feeds.oai import FORMATS, MetadataFormat, Record, Repository, Told
from qcp_graph.iris import Iris
from qcp_graph.namespaces import expand
from qcp_graph.pipeline.exporting import members
from qcp_graph.server.discovery import CACHE
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.feeds import opened
from qcp_graph.server.live import Live
from qcp_graph.server.seam import OpenRelease, Problem, release_of
from qcp_graph.server.shell import MAX_BODY, body_too_large

MOST_ARGUMENTS: Final = 20
_FORM: Final = "application/x-www-form-urlencoded"
_XML: Final = "text/xml; charset=utf-8"
_NO_CONTACT: Final = "not-configured@contact.invalid"
_LOQ: Final = "http://data.europa.eu/snb/model/ap/loq-constraints/"
_LOQ_SCHEMA: Final = "https://github.com/european-commission-empl/European-Learning-Model"
_TITLE: Final = ox.NamedNode(expand("dcterms:title"))
_RIGHTS: Final = (ox.NamedNode(expand("dcterms:license")), ox.NamedNode(expand("dcterms:rights")))
Pairs = list[tuple[str, str]]


def router(live: Live) -> APIRouter:
    """Return the routes of ``/oai``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/oai")
    def by_get(request: Request) -> Response:
        return _answer(request, live, _pairs(request.url.query))

    @routes.post("/oai")
    async def by_post(request: Request) -> Response:
        pairs = await _posted(request)
        return await run_in_threadpool(_answer, request, live, pairs)

    return routes


def _answer(request: Request, live: Live, pairs: Pairs) -> Response:
    release = release_of(request)
    repository = release.resource("oai", lambda found: _opened(live, found))
    now = history.stamp(datetime.now(UTC))
    content = repository.repository.answer(pairs, now)
    # A list that goes on is the same for everyone until the next release; its date is a moment
    # at which the release was live, which is all that a harvester builds on.
    resumed = request.method == "GET" and any(name == "resumptionToken" for name, _ in pairs)
    headers = {"Content-Type": _XML, "Cache-Control": CACHE if resumed else "no-cache"}
    return Response(content, headers=headers)


def _pairs(query: str) -> Pairs:
    try:
        return parse_qsl(
            query,
            keep_blank_values=True,
            max_num_fields=MOST_ARGUMENTS,
            encoding="utf-8",
            errors="strict",
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise ProblemError(
            Problem(
                400,
                "QCP-WEB-PARAMETER",
                "The arguments cannot be read.",
                f"At most {MOST_ARGUMENTS} arguments, in UTF-8.",
            )
        ) from error


async def _posted(request: Request) -> Pairs:
    if request.headers.get("content-type", _FORM).partition(";")[0].strip().lower() != _FORM:
        raise ProblemError(
            Problem(
                415, "QCP-WEB-REQUEST", "OAI-PMH takes a form.", remedy=f"Content-Type: {_FORM}."
            )
        )
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise ProblemError(body_too_large())
        parts.append(chunk)
    try:
        return _pairs(b"".join(parts).decode("ascii"))
    except UnicodeDecodeError as error:
        raise ProblemError(
            Problem(400, "QCP-WEB-PARAMETER", "A form is written in ASCII letters.")
        ) from error


class _Opened:
    """A repository over an open release, closed with it."""

    def __init__(self, repository: Repository, files: Sequence[IndexReader]) -> None:
        self.repository = repository
        self._files = files

    def close(self) -> None:
        """Close the indexes."""
        for file in self._files:
            file.close()


def _opened(live: Live, release: OpenRelease) -> _Opened:
    feed, settings = opened(live, release), live.settings
    # The last batch went live with this release, whenever that was.
    settled = feed.history.settled(release.id, release.published)
    indexes = {
        path.stem: IndexReader(path) for path in sorted((release.folder / "feed").glob("*.sqlite"))
    }
    registers = Iris(settings.base_iri)
    told = Told(
        settings.title,
        feed.places.oai,
        settings.contact or _NO_CONTACT,
        {name: _title(release, registers.register(name)) or name for name in indexes},
    )
    rights = {name: _rights(release, registers.register(name)) for name in indexes}
    stamps = [batch.published for batch in settled.batches]

    def read(register: str, entry: Entry, stamp: str) -> Record:
        row = _ledger(release, register).get(entry.key)
        quads = (*row.quads, *row.shared) if row is not None else ()
        return Record(entry.iri, register, stamp, entry.deleted, quads, rights[register])

    formats = {**FORMATS, "loq": _loq(live)}
    return _Opened(Repository(told, stamps, indexes, read, formats), list(indexes.values()))


def _loq(live: Live) -> MetadataFormat:
    settings = live.settings
    lists = members(vocabulary.load(settings.base_iri, settings.workspace).triples)
    return MetadataFormat("loq", _LOQ_SCHEMA, _LOQ, lambda record: exports.loq(record.quads, lists))


def _ledger(release: OpenRelease, register: str) -> store.LedgerReader:
    path = release.folder / "registers" / f"{register}.sqlite"
    return release.resource(f"ledger {register}", lambda _: store.LedgerReader(path))


def _title(release: OpenRelease, register: str) -> str:
    found = {
        quad.object.language or "": quad.object.value
        for quad in release.store.quads_for_pattern(ox.NamedNode(register), _TITLE, None)
        if isinstance(quad.object, ox.Literal)
    }
    return found.get("en") or next(iter(found.values()), "")


def _rights(release: OpenRelease, register: str) -> str:
    for predicate in _RIGHTS:
        for quad in release.store.quads_for_pattern(ox.NamedNode(register), predicate, None):
            if isinstance(quad.object, ox.NamedNode | ox.Literal):
                return quad.object.value
    return ""
