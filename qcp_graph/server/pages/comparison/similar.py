"""What is like a qualification, from the release's index."""

from qcp_graph import compare, search
from qcp_graph.namespaces import PREFIXES
from qcp_graph.search import Index, Similar


def of(facts: compare.Facts, index: Index) -> tuple[Similar, ...]:
    """Return qualifications like one, those of other countries first, each with its reasons."""
    skills = {link.skill for outcome in facts.outcomes for link in outcome.skills}

    def codes(name: str, namespace: str) -> list[str]:
        values = facts.texts(name)
        return sorted(v.removeprefix(namespace) for v in values if v.startswith(namespace))

    return search.similar(
        index,
        search.Wanted(
            facts.iri,
            sorted(skills),
            codes("elm:ISCEDFCode", PREFIXES["iscedf"]),
            codes("elm:EQFLevel", PREFIXES["eqf"]),
            facts.side.country,
        ),
    )
