"""Files of the release: dumps, manifest; and what says how the server is."""

import base64
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, JSONResponse, Response

from qcp_graph.server import conditional, export_files, negotiation, releases
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.live import Live, Release
from qcp_graph.server.negotiation import HTML, JSON
from qcp_graph.server.seam import Dump, OpenRelease, Pages, Problem, release_of

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_TYPES: Final = {".gz": "application/gzip", ".zst": "application/zstd"}


def router(live: Live, pages: Pages) -> APIRouter:
    """Return the routes of ``/dumps/``, ``/manifest.json`` and ``/health``."""
    routes, home = APIRouter(), live.settings.home

    @routes.get("/dumps/", include_in_schema=False)
    @routes.head("/dumps/", include_in_schema=False)
    def listing(request: Request) -> Response:
        release = release_of(request)
        found = dumps(release)
        accept = request.headers.get("accept")
        if negotiation.choose(accept, (JSON, HTML)) is HTML:
            return pages.render_dumps(request, live, found)
        listing = _listing(release.id, found) | {"releases": list(releases.kept(home))}
        return JSONResponse(listing, headers={"Vary": "Accept"})

    @routes.get("/dumps/{name}", include_in_schema=False)
    @routes.head("/dumps/{name}", include_in_schema=False)
    def dump(request: Request, name: str) -> Response:
        release = release_of(request)
        return _file(request, dumps(release), name, release.published)

    @routes.get("/dumps/{release_id}/", include_in_schema=False)
    @routes.head("/dumps/{release_id}/", include_in_schema=False)
    def kept(release_id: str) -> Response:
        return JSONResponse(_listing(release_id, _of(_kept(home, release_id))))

    @routes.get("/dumps/{release_id}/{name}", include_in_schema=False)
    @routes.head("/dumps/{release_id}/{name}", include_in_schema=False)
    def kept_dump(request: Request, release_id: str, name: str) -> Response:
        place = _kept(home, release_id)
        return _file(request, _of(place), name, place.published)

    @routes.get("/exports/", include_in_schema=False)
    @routes.head("/exports/", include_in_schema=False)
    def exported(request: Request) -> Response:
        return JSONResponse(_exports_listing(release_of(request)))

    @routes.get("/exports/{register}/{name}", include_in_schema=False)
    @routes.head("/exports/{register}/{name}", include_in_schema=False)
    def export(request: Request, register: str, name: str) -> Response:
        return export_files.answer(request, register, name)

    @routes.get("/manifest.json", tags=["release"])
    def manifest(request: Request) -> dict[str, object]:
        """Counts, checksums and versions of the live release."""
        return dict(release_of(request).manifest)

    @routes.get("/health", tags=["release"])
    def health(request: Request) -> Response:
        """Whether the server can answer, and from which release."""
        release: Release | None = request.state.release
        if release is None:
            return JSONResponse({"status": "empty", "release": None}, status_code=503)
        return JSONResponse({"status": "ok", "release": release.id})

    return routes


def dumps(release: OpenRelease) -> list[Dump]:
    """Return the dumps of a release, sorted by name."""
    return _listed(release.folder / "dumps", release.manifest)


def _of(place: releases.Place) -> list[Dump]:
    return _listed(place.folder / "dumps", releases.manifest(place))


def _listed(folder: Path, manifest: Mapping[str, object]) -> list[Dump]:
    sums = _checksums(manifest)
    return [
        Dump(path.name, path, path.stat().st_size, sums.get(path.name, ""))
        for path in sorted(folder.glob("*"))
        if path.is_file() and not path.is_symlink() and _NAME.match(path.name)
    ]


def _kept(home: Path, release_id: str) -> releases.Place:
    # Only names that the folder itself lists are opened, so no name leads out of it.
    found = releases.kept(home).get(release_id)
    if found is None:
        raise _missing(
            "This release is not kept, or never was.",
            "See /dumps/ for those that are; files of older ones are no longer here.",
        )
    return found


def _listing(release_id: str, found: list[Dump]) -> dict[str, object]:
    files = [{"name": d.name, "href": d.name, "bytes": d.size, "sha256": d.sha256} for d in found]
    return {"release": release_id, "dumps": files}


def _exports_listing(release: OpenRelease) -> dict[str, object]:
    files = [
        {"name": one.name, "href": f"{one.register}/{one.name}", "bytes": one.path.stat().st_size}
        for one in export_files.every(release)
    ]
    return {"release": release.id, "exports": files}


def _missing(message: str, remedy: str) -> ProblemError:
    return ProblemError(Problem(404, "QCP-WEB-NOTFOUND", message, remedy=remedy))


def _file(request: Request, listed: list[Dump], name: str, published: datetime) -> Response:
    # Only names that the folder itself lists are opened, so no name leads out of it.
    found = next((one for one in listed if one.name == name), None)
    if found is None:
        raise _missing("There is no such dump.", "See the list at /dumps/.")
    headers = {"Cache-Control": "public, max-age=60, must-revalidate"}
    if found.sha256:
        digest = base64.b64encode(bytes.fromhex(found.sha256)).decode()
        headers |= {"ETag": f'"{found.sha256[:32]}"', "Repr-Digest": f"sha-256=:{digest}:"}
    if found.sha256 and conditional.unchanged(request, headers["ETag"], published):
        return Response(status_code=304, headers=headers)
    return FileResponse(
        found.path,
        headers=headers,
        media_type=_TYPES.get(Path(name).suffix, "application/octet-stream"),
        filename=name,
    )


def _checksums(manifest: Mapping[str, object]) -> dict[str, str]:
    """Return sha256 by file name: the manifest's own files and those of each register."""
    found: dict[str, str] = {}
    registers = manifest.get("registers")
    entries = list(registers.values()) if isinstance(registers, dict) else []
    for entry in [manifest, *entries]:
        files = entry.get("files") if isinstance(entry, dict) else None
        for name, digest in files.items() if isinstance(files, dict) else ():
            if isinstance(digest, str) and re.fullmatch(r"[0-9a-f]{64}", digest):
                found[str(name).rpartition("/")[2]] = digest
    return found
