"""The concepts that can be linked to and their labels in one language, numbered."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np

from qcp_graph.linking.esco.catalogue import Catalogue
from qcp_graph.linking.rank.arrays import Floats, Ints, Owners

_REUSE: Final = {"transversal": 3, "cross-sector": 2, "sector-specific": 1}


@dataclass(frozen=True)
class Concepts:
    """The skills of a version, sorted by IRI, with what is known of each before any text is read.

    ``demand`` is the logarithm of how many occupations ask for a skill, ``reuse`` its reuse level
    (0 one occupation … 3 transversal), ``knowledge`` 1 for knowledge, ``names`` the logarithm of
    how many labels it has.
    """

    uris: Sequence[str]
    demand: Floats
    reuse: Floats
    knowledge: Floats
    names: Floats

    @classmethod
    def of(cls, catalogue: Catalogue, language: str) -> "Concepts":
        """Read the skills of a version that are not obsolete."""
        skills = [one for one in catalogue.concepts("skill") if one.status != "obsolete"]
        number = {skill.uri: place for place, skill in enumerate(skills)}
        demand = np.zeros(len(skills), np.float32)
        wanted = chain(catalogue.relations("essential"), catalogue.relations("optional"))
        for _occupation, skill in wanted:
            if skill in number:
                demand[number[skill]] += 1
        names = np.zeros(len(skills), np.float32)
        for label in catalogue.labels("skill", language):
            if label.uri in number:
                names[number[label.uri]] += 1
        return cls(
            [skill.uri for skill in skills],
            np.log1p(demand),
            np.array([_REUSE.get(skill.reuse_level, 0) for skill in skills], np.float32),
            np.array(["knowledge" in skill.skill_type for skill in skills], np.float32),
            np.log1p(names),
        )


@dataclass(frozen=True)
class Labels:
    """Labels of the concepts, those of a concept together, the preferred one first."""

    texts: Sequence[str]
    owners: Ints
    by_concept: Owners

    @classmethod
    def of(cls, catalogue: Catalogue, concepts: Concepts, languages: Sequence[str]) -> "Labels":
        """Read the labels in some languages; a label that several of them share counts once."""
        number = {uri: place for place, uri in enumerate(concepts.uris)}
        found: list[list[str]] = [[] for _ in concepts.uris]
        for language in languages:
            for label in catalogue.labels("skill", language):
                place = number.get(label.uri)
                if place is not None:
                    found[place].append(label.value)
        kept = [list({text.casefold(): text for text in reversed(texts)}.values())[::-1]
                for texts in found]  # fmt: skip
        owners = np.repeat(np.arange(len(kept), dtype=np.int32), [len(texts) for texts in kept])
        texts = [text for texts in kept for text in texts]
        return cls(texts, owners, Owners.of(owners, len(concepts.uris)))
