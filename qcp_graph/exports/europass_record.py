"""One record as the Europass register reads it: its things, or why they cannot be written."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from qcp_graph.exports import europass_values as values
from qcp_graph.exports.elm_layout import Slot, layout
from qcp_graph.exports.europass import EuropassFile
from qcp_graph.exports.europass_values import Facts
from qcp_graph.exports.left_out import LeftOut
from qcp_graph.markup import element
from qcp_graph.namespaces import shorten
from qcp_graph.terms import RDF_TYPE, curie, iri_of, parts

Report = Callable[[LeftOut], None]

QUALIFICATION: Final = curie("elm:Qualification")
_ROOTS: Final = {
    curie("elm:Qualification"): "qualification",
    curie("elm:Accreditation"): "accreditation",
    curie("elm:LearningOpportunity"): "learningOpportunity",
}
_OUTCOME: Final = curie("elm:learningOutcome")
_PART: Final = curie("elm:hasPart")
_LANGUAGE: Final = curie("dcterms:language")
_UNDETERMINED: Final = "<http://publications.europa.eu/resource/authority/language/UND>"
_NAMES: Final = (curie("skos:prefLabel"), curie("skos:notation"), curie("skos:inScheme"))
# Said in another way by the form itself.
_SILENT: Final = {RDF_TYPE, curie("skos:prefLabel"), curie("rov:legalName")}
# Element → section and class. Whoever has no address can be an agent, but no organisation.
_PLACES: Final[Mapping[str, Sequence[tuple[str, str, str]]]] = {
    "agent": (("agent", "organisation", "Organisation"), ("agent", "agent", "Agent")),
    "organisation": (("agent", "organisation", "Organisation"),),
    "accreditation": (("accreditation", "accreditation", "Accreditation"),),
    "location": (("location", "location", "Location"),),
    "qualification": (("learningAchievementSpecification", "qualification", "Qualification"),),
    **{
        name: ((name, name, name[0].upper() + name[1:]),)
        for name in (
            "learningOpportunity", "learningOutcome", "learningActivitySpecification",
            "learningAssessmentSpecification", "learningEntitlementSpecification",
        )
    },
}  # fmt: skip


@dataclass(frozen=True)
class Register:
    """What the records of a register share while they are written.

    ``members``: vocabulary → the IRIs that its list has; ``shared``: facts about things that
    several records describe; ``able``: the qualifications that can be written.
    """

    file: EuropassFile
    members: Mapping[str, Set[str]]
    shared: Facts
    able: Set[str] = frozenset()


@dataclass
class RecordWriter:
    """Writes the things of one record, those that it refers to first."""

    register: Register
    facts: Facts
    report: Report
    _building: set[tuple[str, str]] = field(default_factory=set)
    _failed: set[tuple[str, str]] = field(default_factory=set)
    _ready: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    _notations: set[str] = field(default_factory=set)

    def able(self) -> set[str]:
        """Return the qualifications of the record that have what the schema requires."""
        slots = [one for one in layout("loq")["Qualification"] if one.least]
        return {
            subject
            for subject in self._of_class(QUALIFICATION)
            if all(self._values(subject, slot, tell=False) for slot in slots)
        }

    def write(self) -> int:
        """Write all things that stand for themselves; return how many."""
        count = 0
        for kind, name in _ROOTS.items():
            if name not in self._sections():
                continue
            for subject in self._of_class(kind):
                if name == "qualification" and subject not in self.register.able:
                    self._tell_missing(subject)
                    continue
                count += bool(self._refer(name, subject))
                self._commit(keep=(name, subject) not in self._failed)
        return count

    def _sections(self) -> Set[str]:
        loq = {"qualification", "accreditation", "learningOpportunity"}
        return loq if self.register.file.form == "loq" else {"accreditation"}

    def _of_class(self, kind: str) -> list[str]:
        return [one for one, said in self.facts.items() if kind in said.get(RDF_TYPE, ())]

    def _said(self, subject: str) -> Mapping[str, Sequence[str]]:
        return self.facts.get(subject) or self.register.shared.get(subject) or {}

    def _commit(self, *, keep: bool) -> None:
        if keep:
            for (name, subject), (section, content) in self._ready.items():
                self.register.file.add(section, name, iri_of(subject), content)
        else:
            self.register.file.give_back(self._notations)
        self._ready.clear()
        self._notations.clear()

    # --- things -----------------------------------------------------------------------------------

    def _refer(self, name: str, subject: str) -> str:
        """Return the element as which a thing is written, with all that it needs; else nothing."""
        for section, found, kind in _PLACES[name]:
            place = (found, subject)
            if (found, iri_of(subject)) in self.register.file or place in self._ready:
                return found
            if place in self._building:
                return found
            if place in self._failed or kind not in layout(self.register.file.form):
                continue
            self._building.add(place)
            content = self._content(kind, subject, name)
            self._building.discard(place)
            if content is not None:
                self._ready[place] = (section, content)
                return found
            self._failed.add(place)
        return ""

    def _content(self, kind: str, subject: str, section: str) -> str | None:
        """Return what stands in the element of a thing; None where it lacks something required."""
        slots = layout(self.register.file.form)[kind]
        lines: list[str] = []
        for slot in slots:
            found = self._filled(subject, slot, section)
            if len(found) < slot.least:
                self._tell(subject, slot.field, f"{kind} needs it, and it has none that fits")
                return None
            if slot.most and len(found) > slot.most:
                self._tell(subject, slot.field, f"the format takes {slot.most} only")
                found = found[: slot.most]
            lines += found
        known = {slot.property for slot in slots}
        for name in self._said(subject):
            if name not in known and name not in _SILENT:
                self._tell(subject, shorten(iri_of(name)), "the format has no place for it")
        return "".join(lines)

    def _filled(self, subject: str, slot: Slot, section: str) -> list[str]:
        found: list[str] = []
        for value in self._values(subject, slot):
            if slot.kind == "part":
                found += self._part(slot, value)
            elif slot.kind == "ref":
                target = section if slot.detail == "=" else slot.detail
                if self._allowed(target, value) and self._refer(target, value):
                    found.append(element(slot.element, idref=iri_of(value)))
                else:
                    self._tell(subject, slot.field, "what it names cannot be written")
            elif slot.kind == "concept":
                found.append(self._concept(slot.element, value))
            else:
                found.append(values.literal(slot, value))
        return found

    def _allowed(self, target: str, value: str) -> bool:
        return target != "qualification" or value in self.register.able

    def _part(self, slot: Slot, value: str) -> list[str]:
        if slot.detail == "Note":
            return self._notes(slot, value)
        notation = self._said(value).get(_NAMES[1], [""])[0]
        if slot.detail.endswith("Identifier") and notation:
            text = parts(notation)[0]
            if not self.register.file.takes(text):
                self._tell(value, slot.field, "its notation stands in the file already")
                return []
            self._notations.add(text)
        content = self._content(slot.detail, value, "")
        return [] if content is None else [f"<{slot.element}>{content}</{slot.element}>"]

    def _notes(self, slot: Slot, value: str) -> list[str]:
        """Return a note for each language: in the schema a note has one text."""
        subject, form, text = layout(self.register.file.form)["Note"]
        head = "".join(
            self._concept(one.element, term)
            for one in (subject, form)
            for term in self._values(value, one)[:1]
        )
        return [
            f"<{slot.element}>{head}{values.literal(text, term)}</{slot.element}>"
            for term in self._values(value, text)
        ]

    def _concept(self, name: str, term: str) -> str:
        said = self._said(term)
        if not said:
            return element(name, uri=iri_of(term))
        labels = [
            element("skos:prefLabel", parts(one)[0], language=parts(one)[1] or "und")
            for one in said.get(_NAMES[0], ())
        ]
        notation = [element("skos:notation", parts(one)[0]) for one in said.get(_NAMES[1], ())[:1]]
        schemes = [element("skos:inScheme", iri_of(one)) for one in said.get(_NAMES[2], ())]
        opening = element(name, uri=iri_of(term)).removesuffix("/>")
        return f"{opening}>{''.join([*labels, *notation, *schemes])}</{name}>"

    # --- values -----------------------------------------------------------------------------------

    def _values(self, subject: str, slot: Slot, *, tell: bool = True) -> list[str]:
        """Return the values that a slot can take, one text per language."""
        found: list[str] = []
        for value in self._given(subject, slot, tell=tell):
            if reason := values.unfit(slot, value, self.register.members):
                if tell:
                    self._tell(subject, slot.field, reason)
            else:
                found.append(value)
        if slot.kind == "text" and slot.element != "noteLiteral":
            first: dict[str, str] = {}
            for one in found:
                first.setdefault(parts(one)[1], one)
            return list(first.values())
        return found

    def _given(self, subject: str, slot: Slot, *, tell: bool) -> Sequence[str]:
        said = self._said(subject)
        found = said.get(slot.property, ())
        if found or QUALIFICATION not in said.get(RDF_TYPE, ()):
            return found
        if slot.property == _LANGUAGE:
            if tell:
                self._tell(subject, slot.field, "not given: written as undetermined")
            return (_UNDETERMINED,)
        if slot.property == _OUTCOME and (outcomes := self._of_parts(subject, {subject})):
            if tell:
                self._tell(subject, slot.field, "those of its parts are given to it")
            return sorted(outcomes)
        return ()

    def _of_parts(self, subject: str, seen: set[str]) -> set[str]:
        found: set[str] = set()
        for one in self._said(subject).get(_PART, ()):
            if one not in seen:
                seen.add(one)
                found |= {*self._said(one).get(_OUTCOME, ()), *self._of_parts(one, seen)}
        return found

    # --- what is left out -------------------------------------------------------------------------

    def _tell(self, subject: str, name: str, reason: str) -> None:
        self.report(LeftOut(iri_of(subject), name, reason))

    def _tell_missing(self, subject: str) -> None:
        for slot in layout("loq")["Qualification"]:
            if slot.least and not self._values(subject, slot, tell=False):
                given = bool(self._given(subject, slot, tell=False))
                what = "has no value that the format knows" if given else "is not given"
                self._tell(subject, "*", f"not written: {slot.field} {what}")
