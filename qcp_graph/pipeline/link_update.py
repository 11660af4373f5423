"""The texts of the live release, linked again where a new version of ESCO touches them."""

from collections.abc import Iterator
from pathlib import Path

from qcp_graph import sources, store
from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.linking import esco
from qcp_graph.linking.cache import Cache
from qcp_graph.linking.engine import RankEngine
from qcp_graph.linking.esco import delta
from qcp_graph.linking.semantic.encoder import Encoder, find_model
from qcp_graph.linking.update import Report, Updater
from qcp_graph.pipeline.outcomes import outcome_texts
from qcp_graph.pipeline.progress import Progress
from qcp_graph.settings import Settings


def texts(settings: Settings, source_ids: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the distinct texts of outcomes of the live release, with their main language.

    :raises UsageError: when there is no release.
    """
    releases = store.ReleaseFolder(settings.home, Iris(settings.base_iri))
    live = releases.current()
    if live is None:
        raise UsageError(
            "QCP-LNK-UPDATE", "There is no release whose links could be brought up to date.",
            where=str(settings.home), remedy="Build one first: qcp build.",
        )  # fmt: skip
    seen: set[bytes] = set()
    for source_id in source_ids or tuple(sorted(live.registers)):
        if source_id not in live.registers:
            sources.get(source_id, settings.workspace)
            continue
        with releases.ledger(live.id, source_id) as ledger:
            for row in ledger.rows():
                if not row.public:
                    continue
                for _, text, tag in outcome_texts(list(row.quads)):
                    language = tag.partition("-")[0].casefold()
                    key = Cache.key(text, language)
                    if key not in seen:
                        seen.add(key)
                        yield text, language


def update(
    settings: Settings, source_ids: tuple[str, ...], old: str, new: str, tier: str,
    progress: Progress, *, keep: bool = True,
) -> Report:  # fmt: skip
    """Bring the links of the live release from one version of ESCO to another.

    Without names it goes to the newest version, from the one before it. The next build finds
    the result; with ``keep`` false nothing is kept.

    :raises UsageError: when a version is not imported, or there is none to come from.
    """
    home = settings.home
    known = esco.versions(home)
    new = esco.check(new) if new else (known[-1] if known else "")
    older = [one for one in known if esco.number(one) < esco.number(new)] if new else []
    old = esco.check(old) if old else (older[-1] if older else "")
    if not old or esco.number(old) >= esco.number(new):
        raise UsageError(
            "QCP-LNK-UPDATE", "There is no older version of ESCO to come from.",
            where=str(home / esco.FOLDER), remedy="Name both: --from 1.1.0 --to 1.1.1.",
        )  # fmt: skip
    encoder = _encoder(settings, home) if tier == "semantic" else None
    before = RankEngine(home, encoder=encoder, limit=old)
    after = RankEngine(home, encoder=encoder, limit=new)
    with esco.open_version(home, old) as first, esco.open_version(home, new) as second:
        found = delta(first, second)
    updater = Updater(
        before, after, Cache(home, before.fingerprint), Cache(home, after.fingerprint), found,
        keep=keep,
    )  # fmt: skip
    with progress.step(f"Linking again: ESCO {old} to {new}", unit="texts") as step:
        return updater.run(texts(settings, source_ids), step.update)


def _encoder(settings: Settings, home: Path) -> Encoder:
    return Encoder(find_model(settings.model), home / "models")
