"""Files for others under ``/exports/<register>/``: they lie compressed, clients get what they can.

``loq.xml`` is sent as it lies to whoever takes gzip, unpacked to others; ``loq.xml.gz`` is the file
itself, whose size and checksum the catalogue tells.
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from fastapi import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from qcp_graph.pipeline.dcat_exports import KINDS, PACKED, WHOLE
from qcp_graph.server import conditional
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.seam import OpenRelease, Problem, release_of

_REGISTER: Final = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_PIECE: Final = 1 << 16
_GZIP: Final = re.compile(r"(?:^|,)\s*(?:gzip|x-gzip|\*)\s*(?:;\s*q\s*=\s*([\d.]+)\s*)?(?=,|$)")
CACHE: Final = "public, max-age=60, must-revalidate"


class Export(NamedTuple):
    """A file of a release for others."""

    register: str
    name: str
    path: Path


def every(release: OpenRelease) -> list[Export]:
    """Return the files of all registers of a release, sorted."""
    return [
        Export(folder.name, name, folder / name)
        for folder in sorted((release.folder / "exports").glob("*"))
        for name in KINDS
        if (folder / name).is_file()
    ]


def answer(request: Request, register: str, name: str) -> Response:
    """Return a file; only names that a release has by itself are opened."""
    release = release_of(request)
    lying = name if name in KINDS else f"{name}.gz"
    path = release.folder / "exports" / register / lying
    if not _REGISTER.match(register) or lying not in KINDS or not path.is_file():
        raise ProblemError(
            Problem(
                404,
                "QCP-WEB-NOTFOUND",
                "There is no such export.",
                remedy="See the list at /exports/ and the catalogue.",
            )
        )
    tag = conditional.entity_tag(_sum(release, register, lying) or release.id, register, name)
    headers = {
        "Cache-Control": CACHE,
        "ETag": tag,
        "Last-Modified": conditional.http_date(release.published),
        "Vary": "Accept-Encoding",
    }
    if conditional.unchanged(request, tag, release.published):
        return Response(status_code=304, headers=headers)
    if packed := PACKED.get(path.suffix if lying == name else ""):
        return FileResponse(path, headers=headers, media_type=packed, filename=name)
    kind = KINDS[lying].media_type
    charset = "" if lying == name else "; charset=utf-8"
    headers["Content-Type"] = kind + charset
    if lying == name:
        return FileResponse(path, headers=headers, media_type=kind, filename=f"{register}-{name}")
    # Files joined from several (RFC 1952 §2.2) are more than some clients expect of an encoding.
    if register != WHOLE and _takes_gzip(request.headers.get("accept-encoding", "")):
        return FileResponse(path, headers=headers | {"Content-Encoding": "gzip"})
    if request.method == "HEAD":
        return Response(headers=headers)
    return StreamingResponse(_unpacked(path), headers=headers)


def _unpacked(path: Path) -> Iterator[bytes]:
    with gzip.open(path, "rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _takes_gzip(header: str) -> bool:
    """Tell whether a client takes gzip (RFC 9110 §12.5.3).

    >>> _takes_gzip("br, gzip;q=0.5"), _takes_gzip("gzip;q=0"), _takes_gzip("identity")
    (True, False, False)
    """
    match = _GZIP.search(header.lower())
    try:
        return match is not None and float(match[1] or 1) > 0
    except ValueError:
        return False


def _sum(release: OpenRelease, register: str, name: str) -> str:
    files = release.manifest.get("files")
    found = files.get(f"exports/{register}/{name}") if isinstance(files, dict) else None
    return found if isinstance(found, str) else ""
