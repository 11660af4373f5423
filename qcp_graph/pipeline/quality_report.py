"""The quality figures of a release, for commands."""

import io
from collections.abc import Sequence

import pyoxigraph as ox

from qcp_graph import quality
from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.model.judged import ProfileState, unpack
from qcp_graph.namespaces import PREFIXES
from qcp_graph.pipeline.releases import folder, named
from qcp_graph.settings import Settings


def figures(
    settings: Settings, register: str | None = None, release_id: str | None = None
) -> list[quality.Figures]:
    """Return the figures of a release's registers, or of one.

    :raises UsageError: when the register is not in the release, or was never measured.
    """
    releases = folder(settings)
    release = named(releases, release_id)
    if register is not None and register not in release.registers:
        raise UsageError(
            "QCP-QLT-REGISTER",
            f"The release {release.id} has no register {register!r}.",
            remedy=f"Registers: {', '.join(sorted(release.registers))}.",
        )
    wanted = [register] if register is not None else sorted(release.registers)
    found = [quality.read(releases.path(release.id), name) for name in wanted]
    kept = [one for one in found if one is not None]
    if register is not None and not kept:
        raise UsageError(
            "QCP-QLT-NONE",
            f"The quality of {register} was not measured in the release {release.id}.",
            remedy=f"Build it again: qcp build {register} --full",
        )
    return kept


def turtle(settings: Settings, found: Sequence[quality.Figures]) -> str:
    """Return figures as Turtle (DQV)."""
    iris = Iris(settings.base_iri)
    lines = {f"{' '.join(t)} .\n" for one in found for t in quality.triples(one, iris)}
    graph = ox.parse("".join(sorted(lines)), ox.RdfFormat.N_TRIPLES)
    prefixes = {name: PREFIXES[name] for name in ("dcterms", "dqv", "qcp", "skos", "xsd")}
    out = io.BytesIO()
    ox.serialize((quad.triple for quad in graph), out, ox.RdfFormat.TURTLE, prefixes=prefixes)
    return out.getvalue().decode()


def judged(
    settings: Settings, register: str, key: str, release_id: str | None
) -> list[ProfileState]:
    """Return what profiles say of one record of a release.

    :raises UsageError: when the release has no such register or record.
    """
    releases = folder(settings)
    release = named(releases, release_id)
    if register not in release.registers:
        figures(settings, register, release_id)
    with releases.ledger(release.id, register) as ledger:
        row = ledger.get(key)
    if row is None:
        raise UsageError(
            "QCP-QLT-RECORD",
            f"The register {register} has no record {key!r} in the release {release.id}.",
            remedy="Give the key as `qcp release issues` and the pages show it.",
        )
    return unpack(row.judged)
