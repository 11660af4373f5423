"""A small published release and an application over it, with stand-ins for the pages."""

import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import uvicorn
from fastapi import APIRouter, FastAPI, Request
from fastapi.templating import Jinja2Templates
from starlette.responses import HTMLResponse, Response

from qcp_graph import logs
from qcp_graph.namespaces import PREFIXES
from qcp_graph.server.app import create_app
from qcp_graph.server.run import listening
from qcp_graph.server.seam import Document, Dump, Live, Problem
from qcp_graph.settings import Settings

BASE = "https://example.org/"
QUALIFICATION = "/id/qualification/xx/demo/Q1"
WITHDRAWN = "/id/qualification/xx/demo/Q9"

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
DATA = f"""
<{BASE}graph/xx/demo/data> {{
  <{BASE}id/qualification/xx/demo/Q1> a elm:Qualification ;
    dcterms:title "Baker"@en, "Boulanger"@fr ;
    elm:volumeOfLearning "PT120H"^^xsd:duration ;
    elm:isPartialQualification false ;
    adms:identifier <{BASE}id/qualification/xx/demo/Q1#id-demo> ;
    elm:learningOutcome <{BASE}id/outcome/xx/demo/Q1/1> ;
    elm:awardingOpportunity <{BASE}id/qualification/xx/demo/Q1#award-1> .
  <{BASE}id/qualification/xx/demo/Q1#id-demo> a elm:Identifier ; skos:notation "Q1" .
  <{BASE}id/qualification/xx/demo/Q1#award-1> a elm:AwardingOpportunity ;
    elm:awardingBody <{BASE}id/organisation/xx/demo/guild> ;
    dcterms:temporal <{BASE}id/qualification/xx/demo/Q1#award-1-period> .
  <{BASE}id/qualification/xx/demo/Q1#award-1-period> a dcterms:PeriodOfTime ;
    elm:startDate "2020-02-29"^^xsd:date .
  <{BASE}id/outcome/xx/demo/Q1/1> a elm:LearningOutcome ;
    dcterms:title "Bake \\"bread\\"\\nand rolls"@en .
  <{BASE}id/organisation/xx/demo/guild> a elm:Organisation ; rov:legalName "Guild of bakers"@en .
  <{BASE}id/organisation/xx/demo/crème.ttl> a elm:Organisation ; rov:legalName "Crème"@fr .
}}
<{BASE}graph/xx/demo/provenance> {{
  <{BASE}id/qualification/xx/demo/Q1> qcp:status qcp:Registered ; qcp:lacks elm:ISCEDFCode .
  <{BASE}id/qualification/xx/demo/Q9> a qcp:WithdrawnRecord ; dcterms:title "Old baker"@en ;
    dcterms:isReplacedBy <{BASE}id/qualification/xx/demo/Q1> .
}}
<{BASE}graph/catalogue> {{
  <{BASE}id/register/xx/demo> a qcp:Register ;
    dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> .
}}
<{BASE}graph/vocabulary> {{
  <{BASE}id/level/xx-nqf/5> a qcp:Level ; skos:prefLabel "Fifth"@en .
  <{BASE}id/level/xx-nqf/5#referencing-eqf> a qcp:LevelReferencing ; qcp:level qdr:c_1 ;
    qcp:referencedTo eqf:5 .
}}
"""


class PlainPages:
    """Pages without design, which show what they were given."""

    def templates(self, settings: Settings) -> Jinja2Templates:
        return Jinja2Templates(directory="unused")

    def router(self, live: Live, templates: Jinja2Templates) -> APIRouter:
        routes = APIRouter()

        @routes.get("/")
        def home() -> HTMLResponse:
            return HTMLResponse("<h1>home</h1>")

        @routes.get("/broken")
        def broken() -> HTMLResponse:
            raise ZeroDivisionError("secret inside")

        @routes.get("/number")
        def number(n: int) -> HTMLResponse:
            return HTMLResponse(str(n))

        return routes

    def render_entity(self, request: Request, live: Live, iri: str, document: Document) -> Response:
        return HTMLResponse(f"<h1>{iri}</h1><p>{len(document.quads)} statements")

    def render_problem(self, request: Request, live: Live, problem: Problem) -> Response:
        return HTMLResponse(f"<h1>{problem.title}</h1><p>{problem.code}")

    def render_query_form(self, request: Request, live: Live) -> Response:
        return HTMLResponse("<form>")

    def render_dumps(self, request: Request, live: Live, dumps: Sequence[Dump]) -> Response:
        return HTMLResponse(" ".join(dump.name for dump in dumps))


def publish(home: Path, release_id: str, data: str = DATA) -> None:
    """Write a release as ``qcp build`` does and make it the live one."""
    folder = home / "releases" / release_id
    (folder / "dumps").mkdir(parents=True)
    store = ox.Store(str(folder / "store"))
    store.bulk_load((HEAD + data).encode(), ox.RdfFormat.TRIG)
    store.flush()
    del store
    content = bytes(range(256)) * 8
    (folder / "dumps" / "xx-demo.nq.gz").write_bytes(content)
    manifest = {
        "id": release_id,
        "registers": {"xx-demo": {"files": {"dumps/xx-demo.nq.gz": sha256(content).hexdigest()}}},
        "files": {},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    pointer = home / "releases" / "CURRENT.new"
    pointer.write_text(release_id + "\n")
    pointer.replace(home / "releases" / "CURRENT")


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    logs.configure()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    publish(folder, "r1")
    return folder


CONTEXT = {
    "@context": {
        "id": "@id",
        "type": "@type",
        **PREFIXES,
        "title": {"@id": "dcterms:title", "@container": "@language"},
        "volumeOfLearning": {"@id": "elm:volumeOfLearning", "@type": "xsd:duration"},
        "learningOutcome": {"@id": "elm:learningOutcome", "@type": "@id", "@container": "@set"},
    }
}


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "ontology").mkdir()
    (folder / "ontology" / "context.jsonld").write_text(json.dumps(CONTEXT))
    return folder


@pytest.fixture(scope="session")
def settings(home: Path, workspace: Path) -> Settings:
    return Settings(
        base_iri=BASE,
        workspace=workspace,
        home=home,
        query_timeout=2.0,
        query_memory=1024**3,
        query_max_bytes=100_000,
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> FastAPI:
    return create_app(settings, PlainPages())


@contextmanager
def served(app: FastAPI) -> Iterator[httpx.Client]:
    """Serve an application on a free port, as ``qcp serve`` does, and yield a client for it."""
    with listening(Settings(port=0)) as listener:
        yield from _served(app, listener)


def _served(app: FastAPI, listener: socket.socket) -> Iterator[httpx.Client]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[httpx.Client]:
    with served(app) as opened:
        yield opened
