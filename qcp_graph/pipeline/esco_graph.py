"""ESCO in a release: each version that links name, in a graph of its own."""

from collections.abc import Iterable

from qcp_graph import store
from qcp_graph.linking import esco
from qcp_graph.linking.occupations import requirements
from qcp_graph.namespaces import expand
from qcp_graph.settings import Settings

_PLACES = ("/esco/skill/", "/esco/occupation/", "/esco/isco/", "/esco/isced-f/")


def publish(
    builder: store.ReleaseBuilder, settings: Settings, source_ids: Iterable[str]
) -> list[str]:
    """Write the graphs ``esco/<version>``; return the versions.

    A concept comes from the newest imported version that has it. Without any imported version
    there is the project's extract alone, among the vocabularies.
    """
    known = esco.versions(settings.home)[::-1] if settings.publish_esco != "none" else []
    if not known:
        return []
    wanted = _used(builder, source_ids) if settings.publish_esco == "used" else frozenset()
    occupations = _occupations(builder, source_ids) if wanted else frozenset()
    written = []
    for version in known:
        with esco.open_version(settings.home, version) as catalogue:
            if settings.publish_esco == "all":
                builder.shared_graph(f"esco/{version}", esco.triples(catalogue))
                return [version]  # the newest, whole: older ones say hardly anything else
            here = frozenset(one for one in wanted if catalogue.has(one))
            wanted -= here
            if here:
                asked = _required(catalogue, here & occupations)
                builder.shared_graph(f"esco/{version}", esco.triples(catalogue, here | asked))
                written.append(version)
    return written


def _used(builder: store.ReleaseBuilder, source_ids: Iterable[str]) -> frozenset[str]:
    names = ("sssom:object_id", "elm:relatedESCOSkill", "elm:limitOccupation")
    found = builder.objects(source_ids, [expand(name) for name in names])
    return frozenset(one for one in found if any(place in one for place in _PLACES))


def _occupations(builder: store.ReleaseBuilder, source_ids: Iterable[str]) -> frozenset[str]:
    """Return the occupations that qualifications prepare for, by accepted links or their rights."""
    names = ("qcp:relatedOccupation", "elm:limitOccupation")
    return builder.objects(source_ids, [expand(name) for name in names])


def _required(catalogue: esco.Catalogue, occupations: frozenset[str]) -> frozenset[str]:
    """Return the skills that ESCO asks of occupations: they are told of, even where not linked."""
    asked = requirements(catalogue, occupations) if occupations else {}
    return frozenset(skill for one in asked.values() for skill in one.essential | one.optional)
