"""Releases in a store elsewhere, where the settings name one (docs/remote-store.md)."""

from pathlib import Path

from qcp_graph import store
from qcp_graph.errors import UsageError
from qcp_graph.model.release import Manifest
from qcp_graph.settings import Settings
from qcp_graph.store import remote


def upload(settings: Settings, release_id: str, folder: Path) -> None:
    """Write the graphs of a release whose folder is complete but for its manifest.

    :raises DataError: when the store does not take them; the release must not go live then.
    """
    target = remote.of(settings)
    if target is not None and not target.has(release_id):
        target.upload(release_id, sorted((folder / "dumps").glob("*.nq.gz")))


def tidy(settings: Settings, releases: store.ReleaseFolder) -> None:
    """Remove the graphs of releases that are no longer kept, and what failed builds left."""
    target = remote.of(settings)
    if target is not None:
        target.sweep(manifest.id for manifest in releases.list())


def publish(
    settings: Settings, releases: store.ReleaseFolder, release_id: str, by: str = ""
) -> Manifest:
    """Make a kept release the live one, with its graphs in the store; ``by`` approves it."""
    with releases.lock():
        upload(settings, releases.get(release_id).id, releases.path(release_id))
        return releases.publish(release_id, by)


def rollback(settings: Settings, releases: store.ReleaseFolder) -> Manifest:
    """Go back to the release before the live one.

    :raises UsageError: when nothing was live before, or it is no longer kept.
    """
    with releases.lock():
        live = releases.current()
        if live is not None and live.previous:
            try:
                before = releases.get(live.previous)
            except UsageError:
                return releases.rollback()  # says what is wrong
            upload(settings, before.id, releases.path(before.id))
        return releases.rollback()
