"""ESCO's public web API as the files of a release: one language of one version, page by page."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from qcp_graph.errors import DataError
from qcp_graph.transfer import addresses
from qcp_graph.transfer.limits import Limits
from qcp_graph.transfer.remote import Validators, download

API: Final = "https://ec.europa.eu/esco/api"
_SCHEME: Final = "http://data.europa.eu/esco/concept-scheme/"
_PAGE: Final = 100
_MOST_PAGES: Final = 2000
_KINDS: Final = {"skills": ("skill", "skills"), "occupations": ("occupation", "occupations")}
_COLUMNS: Final = ("conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel",
                   "altLabels", "hiddenLabels", "status", "code", "description")  # fmt: skip
_BROADER: Final = {"skills": "broaderRelationsSkillPillar", "occupations":
                   "broaderRelationsOccPillar"}  # fmt: skip


def fetch_files(
    version: str, language: str, folder: Path, limits: Limits, base: str = API,
    advance: Callable[[int], object] = lambda n: None,
) -> list[Path]:  # fmt: skip
    """Ask the API for skills and occupations and write them as the files of a release.

    ``advance`` is told how many concepts came. The files lie in ``folder`` when this returns.

    :raises DataError: when the service fails, or answers something else than pages of concepts.
    """
    written = []
    for name, (resource, scheme) in _KINDS.items():
        query = {
            "isInScheme": _SCHEME + scheme,
            "language": language,
            "selectedVersion": f"v{version}",
            "offset": 0,
            "limit": _PAGE,
        }
        first = f"{base}/resource/{resource}?{urlencode(query)}"
        path = folder / f"{name}_{language}.csv"
        above = folder / f"{_BROADER[name]}.csv"
        with (
            path.open("w", encoding="utf-8", newline="") as concepts,
            above.open("w", encoding="utf-8", newline="") as broader,
        ):
            rows, links = csv.writer(concepts), csv.writer(broader)
            rows.writerow(_COLUMNS)
            links.writerow(("conceptUri", "broaderUri"))
            for concept in _concepts(first, folder / "page.json", limits):
                row = _row(concept, language)
                rows.writerow([row.get(column, "") for column in _COLUMNS])
                links.writerows((row["conceptUri"], uri) for uri in _above(concept))
                advance(1)
        written += [path, above]
    return written


def _concepts(first: str, page: Path, limits: Limits) -> Iterator[Mapping[str, Any]]:
    """Yield the concepts of all pages; the next page must lie on the same server."""
    url, seen = first, {first}
    for _ in range(_MOST_PAGES):
        download(url, page, limits, Validators(), None, accept="application/json")
        try:
            content = json.loads(page.read_bytes())
            found = content.get("_embedded", {})
            following = content.get("_links", {}).get("next", {}).get("href", "")
            yield from (one for one in found.values() if isinstance(one.get("uri"), str))
        except (ValueError, AttributeError, RecursionError) as error:
            raise _strange(url, str(error)) from error
        finally:
            page.unlink(missing_ok=True)
        if not following:
            return
        url = addresses.join(url, following)
        if addresses.split(url)[:2] != addresses.split(first)[:2]:
            raise _strange(first, f"the next page lies elsewhere: {url[:200]}")
        if url in seen:
            raise _strange(first, "the pages go round in a circle")
        seen.add(url)
    raise _strange(first, f"there are more than {_MOST_PAGES} pages")


def _row(concept: Mapping[str, Any], language: str) -> dict[str, str]:
    return {
        "conceptType": str(concept.get("className", "")),
        "conceptUri": concept["uri"],
        "skillType": _last(concept, "hasSkillType"),
        "reuseLevel": _last(concept, "hasReuseLevel"),
        "preferredLabel": "".join(_texts(concept, "preferredLabel", language)[:1]),
        "altLabels": "\n".join(_texts(concept, "alternativeLabel", language)),
        "hiddenLabels": "\n".join(_texts(concept, "hiddenLabel", language)),
        "status": str(concept.get("status", "released")),
        "code": str(concept.get("code", "")),
        "description": "".join(_texts(concept, "description", language)[:1]),
    }


def _texts(concept: Mapping[str, Any], name: str, language: str) -> list[str]:
    """Return texts of a language: the API has them alone, in lists, or with their media type."""
    by_language = concept.get(name)
    found = by_language.get(language) if isinstance(by_language, Mapping) else None
    every = found if isinstance(found, list) else [found]
    plain = [one.get("literal") if isinstance(one, Mapping) else one for one in every]
    return [one for one in plain if isinstance(one, str)]


def _links(concept: Mapping[str, Any], name: str) -> list[str]:
    links = concept.get("_links")
    found = links.get(name) if isinstance(links, Mapping) else None
    every = found if isinstance(found, list) else [found]
    return [one["uri"] for one in every if isinstance(one, Mapping) and "uri" in one]


def _last(concept: Mapping[str, Any], name: str) -> str:
    return "".join(_links(concept, name)[:1]).rpartition("/")[2]


def _above(concept: Mapping[str, Any]) -> list[str]:
    names = ("broaderConcept", "broaderSkill", "broaderHierarchyConcept", "broaderIscoGroup",
             "broaderOccupation")  # fmt: skip
    return list(dict.fromkeys(uri for name in names for uri in _links(concept, name)))


def _strange(url: str, why: str) -> DataError:
    return DataError(
        "QCP-LNK-ESCO-API", f"ESCO's web service gave no pages of concepts: {why}.",
        where=addresses.without_secrets(url),
        remedy="Try later, or download the archives from the ESCO portal and import them.",
    )  # fmt: skip
