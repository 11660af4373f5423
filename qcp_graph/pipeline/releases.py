"""Releases as the commands ask for them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from qcp_graph import assets, store, validation
from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.model.release import Manifest
from qcp_graph.settings import Settings


def folder(settings: Settings) -> store.ReleaseFolder:
    """Return the releases of the home folder."""
    return store.ReleaseFolder(settings.home, Iris(settings.base_iri))


def named(releases: store.ReleaseFolder, release_id: str | None) -> Manifest:
    """Return a release by its id, by default the live one.

    :raises UsageError: when nothing was published yet.
    """
    if release_id:
        return releases.get(release_id)
    live = releases.current()
    if live is None:
        raise UsageError(
            "QCP-REL-NONE",
            "Nothing has been published yet.",
            where=str(releases.folder),
            remedy="Build a release first: qcp build --specimens",
        )
    return live


def as_dict(manifest: Manifest) -> dict[str, object]:
    """Return a manifest as JSON-like data."""
    return asdict(manifest)


def issues_of(
    releases: store.ReleaseFolder, manifest: Manifest, source_id: str | None, status: str | None
) -> Iterator[dict[str, str]]:
    """Yield every issue of a release's records, by register and key.

    :raises UsageError: when the release has no such register.
    """
    if source_id and source_id not in manifest.registers:
        raise UsageError(
            "QCP-REL-REGISTER",
            f"The release {manifest.id} has no register {source_id}.",
            remedy=f"It has: {', '.join(sorted(manifest.registers)) or 'none'}.",
        )
    for name in [source_id] if source_id else sorted(manifest.registers):
        with releases.ledger(manifest.id, name) as ledger:
            for found in ledger.issues(status):
                issue = found.issue.as_dict()
                yield {**issue, "source": name, "record": found.key, "status": found.status}


def translated(
    settings: Settings, problems: Iterable[dict[str, str]], language: str
) -> Iterator[dict[str, str]]:
    """Yield problems in a language, as far as the shapes that found them have it."""
    folders = [found / "shapes" for found in assets.roots(settings.workspace)]
    paths = [path for found in folders for path in sorted(found.glob("*.ttl"))]
    translator = validation.Translator(paths, language.partition("-")[0].lower())
    return map(translator.of, problems)


def changes(
    releases: store.ReleaseFolder, old: str | None, new: str | None
) -> Iterator[dict[str, str]]:
    """Yield the records added, changed and withdrawn between two releases.

    Without names: from the release before the live one to the live one; with one name: from that
    one to the live one.

    :raises UsageError: when there is no release to compare with.
    """
    earlier, later = compared(releases, old, new)
    for change in releases.diff(earlier.id, later.id):
        yield dict(change._asdict())


def compared(
    releases: store.ReleaseFolder, old: str | None, new: str | None
) -> tuple[Manifest, Manifest]:
    """Return two releases to compare, the earlier one first; see :func:`changes`.

    :raises UsageError: when there is no release to compare with.
    """
    later = named(releases, new)
    earlier = old or later.previous
    if not earlier:
        raise UsageError(
            "QCP-REL-FIRST",
            f"The release {later.id} is the first one; there is nothing to compare it with.",
            remedy="Name two releases: qcp release diff OLD NEW",
        )
    return releases.get(earlier), later
