"""The state of an installation, as findings with remedies."""

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

from qcp_graph import __version__, assets, mapping, sources
from qcp_graph.errors import QcpError
from qcp_graph.model.freshness import is_stale
from qcp_graph.model.release import Manifest
from qcp_graph.pipeline import context, feed_step, releases
from qcp_graph.settings import Settings
from qcp_graph.store import remote

_DEFAULT_BASE = Settings.model_fields["base_iri"].default


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: Literal["ok", "note", "problem"]
    subject: str
    finding: str
    remedy: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the finding as strings."""
        return asdict(self)


def examine(settings: Settings, now: datetime | None = None) -> Iterator[Finding]:
    """Yield findings about program, folders, settings, mappings, live release and freshness."""
    moment = now or datetime.now(UTC)
    python = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("ok", "program", f"qcp-graph {__version__}, Python {python}")
    yield Finding("ok", "folders", str(assets.root()))
    if settings.base_iri == _DEFAULT_BASE:
        yield Finding(
            "note",
            "base_iri",
            f"still the default {settings.base_iri}",
            "Choose your own before the first publication: it becomes part of every identifier.",
        )
    yield from _definitions(settings)
    yield from _release(settings, moment)


def _definitions(settings: Settings) -> Iterator[Finding]:
    try:
        shared = context.load(settings)
    except QcpError as error:
        yield Finding("problem", "vocabularies and shapes", error.message, error.remedy)
        return
    yield Finding("ok", "vocabularies and shapes", f"{len(shared.vocabulary_triples)} statements")
    good = 0
    for source in sources.scan(settings.workspace).values():
        try:
            mapping.load(
                source.folder, source, shared.iris, shared.vocabulary.levels,
                own_functions=shared.settings.own_functions,
            )  # fmt: skip
            good += 1
        except QcpError as error:
            yield Finding("problem", source.id, str(error), error.remedy)
    yield Finding("ok", "mappings", f"{good} registers are described and mapped")


def _release(settings: Settings, now: datetime) -> Iterator[Finding]:
    kept = releases.folder(settings)
    try:
        live = kept.current()
        if live is None:
            yield Finding("note", "release", "nothing is published yet", "qcp build --specimens")
            return
        kept.verify(live.id)
    except QcpError as error:
        yield Finding("problem", "release", str(error), error.remedy)
        return
    yield Finding("ok", "release", f"{live.id} is live and its checksums are right")
    yield from _published_elsewhere(settings, live)
    if live.base_iri != settings.base_iri:
        yield Finding(
            "problem",
            "base_iri",
            f"the live release uses {live.base_iri}, the settings say {settings.base_iri}",
            "Restore the setting, or build everything again: qcp build --full",
        )
    yield from _freshness(settings, live, now)


def _published_elsewhere(settings: Settings, live: Manifest) -> Iterator[Finding]:
    """Look at what belongs to a release and lies outside its folder: feeds, a store of others."""
    try:
        pages = feed_step.verify(settings.home, releases.folder(settings).path(live.id))
        yield Finding("ok", "feeds", f"the pages of {pages} changes of registers are right")
        target = remote.of(settings)
    except QcpError as error:
        yield Finding("problem", "feeds", str(error), error.remedy)
        return
    if target is not None and not target.has(live.id):
        remedy = f"qcp release publish {live.id}"
        yield Finding("problem", "store", f"{live.id} is not in the SPARQL store", remedy)


def _freshness(settings: Settings, live: Manifest, now: datetime) -> Iterator[Finding]:
    known = sources.scan(settings.workspace)
    for source_id, entry in sorted(live.registers.items()):
        source = known.get(source_id)
        if source is None:
            yield Finding(
                "problem",
                source_id,
                "is in the release but no longer described",
                f"Restore mappings/{source_id}, or: qcp build --remove {source_id}",
            )
            continue
        seen = datetime.fromisoformat(entry.retrieved)
        if not source.specimen and is_stale(source.frequency, seen.date(), now.date()):
            yield Finding(
                "problem",
                source_id,
                f"was fetched {(now - seen).days} days ago; it changes {source.frequency.lower()}",
                f"qcp fetch {source_id} && qcp build {source_id}",
            )
