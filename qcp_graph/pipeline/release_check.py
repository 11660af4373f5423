"""A release checked as a whole: what only shows when all records lie together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from qcp_graph import store, validation
from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.release import Manifest
from qcp_graph.pipeline import context
from qcp_graph.pipeline.rdf_file import patch_file
from qcp_graph.pipeline.releases import folder, named
from qcp_graph.settings import Settings
from qcp_graph.terms import iri

WHOLE: Final = ("release",)
"""What a release is checked by where nothing else is said."""


@dataclass
class ReleaseCheck:
    """The check of a release's store, all of it or what changed since another one.

    ``release_id`` is the live one if empty. With ``since`` only records that are new, changed or
    gone since that release are judged, and what points at them. After the results, ``silent`` and
    ``unread`` tell what was not tested, as for a file (:mod:`rdf_file`).
    """

    settings: Settings
    release_id: str = ""
    profiles: Sequence[str] = WHOLE
    patches: Sequence[str] = ()
    timeout: float = 30
    since: str = ""
    language: str = "en"
    silent: Sequence[Issue] = ()
    unread: Sequence[Issue] = ()

    def results(self) -> Iterator[validation.Result]:
        """Yield the results, focus node by focus node.

        :raises UsageError: for shapes or a release that there is not.
        :raises DataError: when nothing was judged, or a query could not be answered.
        """
        releases = folder(self.settings)
        manifest = named(releases, self.release_id or None)
        shapes = context.shape_paths(self.settings.workspace, self.profiles)
        patches = [patch_file(self.settings.workspace, name) for name in self.patches]
        plan = validation.compile_shapes(shapes, patches, sparql=True)
        nodes = set(self._touched(releases, manifest)) if self.since else None
        graphs = [
            releases.iris.graph(source_id, role)
            for source_id in manifest.registers
            for role in store.ROLES
        ]
        path = str(releases.path(manifest.id) / "store")
        found = validation.judge_store(
            plan, path, graphs=graphs, nodes=nodes, timeout=self.timeout
        )  # fmt: skip
        # Shape by shape they come; a reader wants all problems of one record together.
        yield from sorted(found, key=lambda result: result.key)
        self.silent = tuple(validation.untested(plan, self.language))
        self.unread = tuple(validation.unread(plan, self.language))
        if nodes is None and not any(plan.focus_counts.values()):
            raise DataError(
                "QCP-VAL-NO-FOCUS",
                "No shape found anything to judge in the release: that is no sign of conformity.",
                where=manifest.id,
                remedy="Check the namespace (ELM 3.1 and 3.3 differ) and the choice of shapes.",
            )

    def _touched(self, releases: store.ReleaseFolder, manifest: Manifest) -> Iterator[str]:
        """Yield the nodes that describe records which are new, changed or gone."""
        for change in releases.diff(releases.get(self.since).id, manifest.id):
            yield iri(change.iri)
            came = releases.diff_record(self.since, manifest.id, change.register, change.key)
            yield from (quad[0] for quads in came for quad in quads)
