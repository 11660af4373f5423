"""A micro-credential told by the elements that the European standard asks of it.

Annex I of the Council Recommendation of 16 June 2022 (2022/C 243/02): what a register can say of
them; learner, grade and date of issue stand in the credential of a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from qcp_graph.server.pages.awards import Accreditation, Award, Note, Titled
from qcp_graph.server.pages.graph import Facts, Text
from qcp_graph.server.pages.labels import N_
from qcp_graph.server.pages.levels import LevelFact
from qcp_graph.server.pages.names import Names, Reference, local_name
from qcp_graph.server.pages.outcomes import Outcomes

TYPE: Final = "http://data.europa.eu/snb/learning-opportunity/74a4a268e8"
"""ELM's type for short learning programmes, which registers give to micro-credentials."""
_ASSESSMENT: Final = "assessment"
_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the standard: ``label`` is a message; without values it is not provided."""

    label: str
    required: bool
    texts: tuple[Text, ...] = ()
    things: tuple[Reference, ...] = ()

    @property
    def given(self) -> bool:
        """Tell whether the source provides it."""
        return bool(self.texts or self.things)


class Told(Protocol):
    """What the page of a qualification knows already."""

    @property
    def title(self) -> Text: ...
    @property
    def awards(self) -> tuple[Award, ...]: ...
    @property
    def country(self) -> str: ...
    @property
    def outcomes(self) -> Outcomes: ...
    @property
    def volume(self) -> tuple[str, ...]: ...
    @property
    def eqf(self) -> tuple[Reference, ...]: ...
    @property
    def levels(self) -> tuple[LevelFact, ...]: ...
    @property
    def assessments(self) -> tuple[Titled, ...]: ...
    @property
    def modes(self) -> tuple[Reference, ...]: ...
    @property
    def accreditations(self) -> tuple[Accreditation, ...]: ...
    @property
    def entry(self) -> tuple[Text, ...]: ...
    @property
    def notes(self) -> tuple[Note, ...]: ...
    @property
    def wholes(self) -> tuple[Reference, ...]: ...
    @property
    def parts(self) -> tuple[Reference, ...]: ...


def elements(
    facts: Facts, names: Names, page: Told, points: Sequence[str], outcomes: str
) -> tuple[Element, ...]:
    """Return the elements of a micro-credential, nothing for another qualification.

    ``points`` are its credits and ``outcomes`` how many outcomes there are, in words.
    """
    if TYPE not in facts.iris("dcterms:type"):
        return ()
    reached = [Text(outcomes)] if page.outcomes.total else list(page.outcomes.summary[:1])
    assured = [a.title for a in page.accreditations if a.title.text]
    agents = [agent for a in page.accreditations for agent in a.agents]
    return (
        Element(N_("Title"), True, _texts([page.title])),
        Element(N_("Country of the issuer"), True, _texts([Text(page.country)])),
        Element(N_("Awarding body"), True, (), _things([a.body for a in page.awards])),
        Element(N_("Learning outcomes"), True, _texts(reached)),
        Element(N_("Workload"), True, _texts([Text(v) for v in (*page.volume, *points)])),
        Element(N_("Level"), True, (), _things([*(one.level for one in page.levels), *page.eqf])),
        Element(N_("Type of assessment"), True, _texts([a.title for a in page.assessments])),
        Element(N_("Form of participation"), True, (), _things(page.modes)),
        Element(N_("Quality assurance"), True, _texts(assured), _things(agents)),
        Element(N_("Prerequisites"), False, _texts(page.entry)),
        Element(N_("Supervision and identity check"), False, *_supervision(facts, names, page)),
        Element(N_("Stacks into"), False, (), _things(page.wholes)),
        *([Element(N_("Consists of"), False, (), _things(page.parts))] if page.parts else []),
    )


def _supervision(
    facts: Facts, names: Names, page: Told
) -> tuple[tuple[Text, ...], tuple[Reference, ...]]:
    """Return how learners are identified and supervised: ELM's property, or a note about it."""
    checked = [
        i for node in facts.iris("elm:provenBy") for i in facts.iris("elm:idVerification", node)
    ]
    noted = [
        text
        for note in page.notes
        if note.subject is not None and local_name(note.subject.iri) == _ASSESSMENT
        for text in note.texts
    ]
    return _texts(noted), _things([names.reference(iri) for iri in checked])


def _texts(found: Sequence[Text]) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(text for text in found if text.text))[:_MOST]


def _things(found: Sequence[Reference]) -> tuple[Reference, ...]:
    return tuple(dict.fromkeys(found))[:_MOST]
