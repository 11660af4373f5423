"""What one register of a build needs: its description, its plan, its snapshot, its fingerprint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qcp_graph import fetch, linking, mapping, sources
from qcp_graph.errors import UsageError
from qcp_graph.model.snapshot import Snapshot
from qcp_graph.model.source import Source
from qcp_graph.pipeline import judging, snapshots
from qcp_graph.pipeline.context import Context, digest
from qcp_graph.pipeline.progress import Progress
from qcp_graph.settings import Settings


@dataclass(frozen=True, slots=True)
class Order:
    """What a build is asked for.

    ``inputs`` maps a source id to a file or address that replaces its own; ``renew`` asks remote
    addresses for news; ``full`` works on every record again; ``remove`` takes registers out;
    ``accept`` lets registers go live although they miss their minimum or thresholds; with ``hold``
    the release waits for approval.
    """

    source_ids: tuple[str, ...] = ()
    specimens: bool = False
    inputs: Mapping[str, str] | None = None
    renew: bool = False
    full: bool = False
    remove: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    hold: bool = False


@dataclass(frozen=True)
class RegisterJob:
    """One register, ready to be worked on.

    ``rules`` is the fingerprint of everything but the snapshot: mapping, shapes, vocabularies.
    """

    source: Source
    plan: mapping.Plan
    snapshot: Snapshot
    rules: str

    @property
    def fingerprint(self) -> str:
        """Equal fingerprints mean an equal result: the register needs no work."""
        return f"{self.rules}:{self.snapshot.sha256}"


def chosen(settings: Settings, order: Order) -> list[Source]:
    """Return the sources an order names; without names, every source with a snapshot.

    :raises UsageError: when nothing is named and nothing was fetched yet.
    """
    known = sources.scan(settings.workspace)
    if order.source_ids or (order.remove and not order.specimens):
        wanted = [source_id for source_id in order.source_ids if source_id not in order.remove]
        return [sources.get(source_id, settings.workspace) for source_id in wanted]
    if order.specimens:
        return [source for source in known.values() if source.specimen]
    folder = settings.home / "snapshots"
    found = [source for source in known.values() if fetch.latest(folder, source.id)]
    if not found:
        raise UsageError(
            "QCP-REL-NOTHING",
            "No register was named, and none was fetched yet.",
            remedy="Name registers (qcp source list shows them), or: qcp build --specimens",
        )
    return found


def prepare(
    context: Context, found: Sequence[Source], order: Order, progress: Progress
) -> list[RegisterJob]:
    """Load the mapping and obtain the snapshot of every source."""
    jobs = []
    for source in found:
        plan = plan_of(context, source)
        given = (order.inputs or {}).get(source.id)
        result = snapshots.obtain(
            context.settings, source, progress, given=given, renew=order.renew
        )
        jobs.append(RegisterJob(source, plan, result.snapshot, rules_of(context, plan, source)))
    return jobs


def plan_of(context: Context, source: Source) -> mapping.Plan:
    """Return the compiled mapping of a source."""
    return mapping.load(
        source.folder, source, context.iris, context.vocabulary.levels,
        own_functions=context.settings.own_functions,
    )  # fmt: skip


def linker_of(context: Context, source: Source) -> linking.Linker:
    """Return what links the outcomes of a source, from what this machine has."""
    settings = context.settings
    given = linking.Given(settings.home, context.esco, settings.workspace, settings.model)
    return linking.open_linker(given, source.linking, source.languages)


def rules_of(context: Context, plan: mapping.Plan, source: Source) -> str:
    """Return the fingerprint of everything that decides what becomes of a record."""
    links = linker_of(context, source).fingerprint
    names = judging.asked(source, context.quality)
    profiles = judging.fingerprint(context.settings.workspace, source, names)
    return digest((context.fingerprint, plan.fingerprint, links, profiles))
