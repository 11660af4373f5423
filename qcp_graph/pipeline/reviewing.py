"""The review of links: suggestions of the live release out, decisions of people in."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from qcp_graph import store, vocabulary
from qcp_graph.errors import DataError, UsageError
from qcp_graph.iris import Iris
from qcp_graph.linking import decisions, esco, review
from qcp_graph.linking.decisions import Decision, Decisions
from qcp_graph.linking.esco import Catalogue
from qcp_graph.linking.fields.assign import IRI as ISCEDF
from qcp_graph.pipeline.links import LinkRow, of_row
from qcp_graph.settings import Settings
from qcp_graph.terms import curie, iri_of, parts

_PREFERRED: Final = curie("skos:prefLabel")
_TASKS: Final = {"/esco/skill/": "skill", "/esco/occupation/": "occupation"}


@dataclass(frozen=True)
class Imported:
    """What an import changed: decisions taken over, rows left open, links in dispute."""

    path: Path
    taken: int
    open: int
    all: int
    conflicts: Sequence[Sequence[Decision]]


def suggestions(
    settings: Settings, source_ids: Sequence[str], status: str = "Suggested"
) -> Iterator[dict[str, str]]:
    """Yield the suggestions of the live release, one per text and concept, the surest first.

    :raises UsageError: when there is no release.
    """
    releases = store.ReleaseFolder(settings.home, Iris(settings.base_iri))
    live = releases.current()
    if live is None:
        raise UsageError(
            "QCP-LNK-UPDATE", "There is no release whose links could be reviewed.",
            where=str(settings.home), remedy="Build one first: qcp build.",
        )  # fmt: skip
    found: dict[tuple[str, str], tuple[LinkRow, int]] = {}
    for source_id in sorted(live.registers):
        if source_ids and source_id not in source_ids:
            continue
        with releases.ledger(live.id, source_id) as ledger:
            for row in ledger.rows():
                for link in of_row(row) if row.public else ():
                    if link.get("status") != status:
                        continue
                    place = (link.get("key"), link.get("object"))
                    first, count = found.get(place, (link, 0))
                    found[place] = first, count + 1
    ordered = sorted(
        found.items(), key=lambda one: (-float(one[1][0].get("confidence") or 0), one[0])
    )
    with ExitStack() as stack:
        name = _names(settings, stack)
        for (key, object_), (link, count) in ordered:
            yield _row(link, key, object_, count, name)


def _names(settings: Settings, stack: ExitStack) -> Callable[[str, str], str]:
    known = [
        stack.enter_context(esco.open_version(settings.home, version))
        for version in esco.versions(settings.home)[::-1]
    ]

    @cache
    def fields() -> dict[str, dict[str, str]]:
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for subject, predicate, value in vocabulary.load(settings.base_iri).triples:
            if predicate == _PREFERRED and iri_of(subject).startswith(ISCEDF):
                text, language = parts(value)[:2]
                found[iri_of(subject)][language] = text
        return found

    def name(uri: str, language: str) -> str:
        if uri.startswith(ISCEDF):
            names = fields().get(uri, {})
            return names.get(language) or names.get("en", "")
        return next((said for one in known if (said := one.preferred(uri, language))), "")

    return name


def _row(
    link: LinkRow, key: str, object_: str, count: int, name: Callable[[str, str], str]
) -> dict[str, str]:
    language = link.language.partition("-")[0]
    start, end = link.get("start"), link.get("end")
    return {
        "task": next((task for part, task in _TASKS.items() if part in object_), "field"),
        "key": key,
        "language": link.language,
        "text": link.text,
        "part": link.text[int(start) : int(end)] if end else "",
        "qualification": link.context,
        "record": link.record,
        "texts": str(count),
        "object": object_,
        "label": name(object_, language) or link.get("label"),
        "matched": link.get("label"),
        "match": link.get("predicate"),
        "probability": link.get("confidence"),
        "method": link.get("method"),
        "version": link.get("version"),
        "reviewer": link.get("reviewer"),
        "date": link.get("date"),
        "reason": "" if link.get("reviewer") else link.get("comment"),
        "comment": link.get("comment") if link.get("reviewer") else "",
    }


def take_in(
    settings: Settings, path: Path, reviewer: str, today: str, *, dry_run: bool = False
) -> Imported:
    """Read a reviewed file into the decisions of the workspace; a bad row keeps all of it out.

    :raises UsageError: when there is no workspace to keep decisions in.
    :raises DataError: naming every row that cannot be used.
    """
    if settings.workspace is None:
        raise UsageError(
            "QCP-LNK-REVIEW", "There is no workspace to keep decisions in.",
            remedy="Name a folder: --workspace PATH (or QCP_WORKSPACE).",
        )  # fmt: skip
    with ExitStack() as stack:
        known = [stack.enter_context(esco.open_version(settings.home, version))
                 for version in esco.versions(settings.home)]  # fmt: skip
        exists = _exists(known) if known else None
        found = review.read(path, reviewer=reviewer, today=today, known=exists)
    if found.problems:
        raise DataError(
            "QCP-LNK-REVIEW-ROW", "; ".join(found.problems) + ".", where=str(path),
            remedy="Nothing was imported. Correct these rows and import the file again.",
        )  # fmt: skip
    before = decisions.read(settings.workspace)
    after = Decisions([*before.all(), *found.decisions])
    target = decisions.path_of(settings.workspace)
    if not dry_run:
        target = decisions.write(settings.workspace, after)
    return Imported(target, len(found.decisions), found.open, len(after), after.conflicts())


def _exists(known: Sequence[Catalogue]) -> Callable[[str], bool]:
    return lambda uri: any(one.has(uri) for one in known)
