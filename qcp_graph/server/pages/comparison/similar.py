"""What is like a qualification, from the release's index."""

import pyoxigraph as ox

from qcp_graph import search
from qcp_graph.namespaces import PREFIXES
from qcp_graph.pipeline import comparing
from qcp_graph.search import Index, Similar


def of(store: ox.Store, index: Index, base: str, iri: str) -> tuple[Similar, ...]:
    """Return qualifications like one, those of other countries first, each with its reasons."""
    facts = comparing.gather(store, iri, base)
    skills = {link.skill for outcome in facts.outcomes for link in outcome.skills}

    def codes(name: str, namespace: str) -> list[str]:
        values = facts.texts(name)
        return sorted(v.removeprefix(namespace) for v in values if v.startswith(namespace))

    return search.similar(
        index,
        search.Wanted(
            iri,
            sorted(skills),
            codes("elm:ISCEDFCode", PREFIXES["iscedf"]),
            codes("elm:EQFLevel", PREFIXES["eqf"]),
            facts.side.country,
        ),
    )
