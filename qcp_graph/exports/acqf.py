"""A qualification in the exchange form of the African platform (ACQF QCP), as its import reads it.

The form is closed: what has no place in it is reported. Crosswalk: docs/exports.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from qcp_graph.exports.europass_values import Facts
from qcp_graph.exports.left_out import LeftOut
from qcp_graph.exports.reading import Labels, Made, Object, Reading, first, tidy
from qcp_graph.terms import iri_of

PROFILE: Final = "https://data.acqf-qcp.africa/model/exchange-model"
_NO_PLACE: Final = "the exchange model has no place for it"
_ACQF: Final = "/acqf-levels/"


@dataclass(frozen=True, slots=True)
class Codes:
    """Our IRIs → theirs: of levels and of credit systems."""

    levels: Mapping[str, str]
    credits: Mapping[str, str]


def acqf(iri: str, facts: Facts, labels: Labels, codes: Codes) -> Made:
    """Return ``{"organisations": […], "qualifications": [one]}`` and what it had to leave out.

    An empty object stands for a qualification that lacks what the platform requires: a title, an
    outcome, an awarding opportunity, a publisher and a supplementary document.
    """
    term = f"<{iri}>"
    writer = _Writer(Reading(facts, labels), codes, {}, [])
    if not writer.read.is_a(term, "elm:Qualification"):
        return {}, ()
    found = writer.qualification(term)
    for name, field in _REQUIRED.items():
        if not found.get(name):
            reason = f"not written: {field} is not given"
            return {}, (*writer.left_out, LeftOut(iri, "*", reason))
    left_out = (*writer.left_out, *writer.read.left_out([term], _NO_PLACE))
    bodies = [writer.bodies[one] for one in sorted(writer.bodies)]
    return {"organisations": bodies, "qualifications": [found]}, left_out


_REQUIRED: Final = {
    "title": "dcterms:title",
    "learningOutcome": "elm:learningOutcome",
    "awardingOpportunity": "elm:awardingOpportunity",
    "publisher": "dcterms:publisher (with a country)",
    "supplementaryDocument": "elm:supplementaryDocument",
}


@dataclass
class _Writer:
    read: Reading
    codes: Codes
    bodies: dict[str, Object]
    left_out: list[LeftOut]

    def qualification(self, term: str) -> Object:
        read = self.read
        countries = read.things(term, "qcp:country")
        home = _end(countries[0]) if countries else ""
        levels = [*read.things(term, "elm:NQFLevel"), *read.things(term, "elm:educationLevel")]
        known = [self._coded(term, "elm:NQFLevel", one, self.codes.levels) for one in levels]
        publishers = [self._body(one, home) for one in read.things(term, "dcterms:publisher")]
        parts = {
            "id": iri_of(term),
            "title": _one(read.languages(term, "dcterms:title")),
            "identifier": self._identifier(term),
            "ISCEDFCode": [_end(one) for one in read.things(term, "elm:ISCEDFCode")],
            "educationLevelAcqf": [_end(f"<{x}>") for x in known if _ACQF in x],
            "educationLevelNqf": [x for x in known if x and _ACQF not in x],
            "learningOutcome": [self._outcome(one)
                                for one in read.things(term, "elm:learningOutcome")],
            "awardingOpportunity": [self._award(one)
                                    for one in read.things(term, "elm:awardingOpportunity")],
            "publisher": next((one for one in publishers if one), ""),
            "supplementaryDocument": self._further(term),
            "homepage": self._documents(term, "foaf:homepage"),
            "creditPoint": list(self._credits(term)),
            "accreditation": list(self._accreditations(term)),
        }  # fmt: skip
        return {name: value for name, value in parts.items() if value}

    def _identifier(self, term: str) -> Object:
        every = self.read.things(term, "adms:identifier")
        for other in every[1:]:
            self.left_out.append(LeftOut(iri_of(other), "adms:identifier", "the form takes one"))
        return self._numbered(every[0]) if every else {}

    def _numbered(self, term: str) -> Object:
        return tidy({
            "notation": self.read.text(term, "skos:notation"),
            "schemeName": self.read.text(term, "elm:schemeName"),
        })  # fmt: skip

    def _outcome(self, term: str) -> Object:
        skills = [iri_of(one) for one in self.read.things(term, "elm:relatedESCOSkill")]
        title = {"title": _one(self.read.name(term))}
        return title | ({"relatedSkill": skills} if skills else {})

    def _award(self, term: str) -> Object:
        bodies = [self._body(one) for one in self.read.things(term, "elm:awardingBody")]
        found = [one for one in bodies if one]
        return {"awardingBody": found} if found else {}

    def _further(self, term: str) -> list[Object]:
        """Return the documents; where the source names none, the qualification's own page."""
        found = self._documents(term, "elm:supplementaryDocument")
        if not found and (found := self._documents(term, "foaf:homepage")):
            reason = "not given: the homepage stands for it"
            self.left_out.append(LeftOut(iri_of(term), "elm:supplementaryDocument", reason))
        return found

    def _documents(self, term: str, name: str) -> list[Object]:
        every = [self.read.text(one, "elm:contentUrl") for one in self.read.things(term, name)]
        return [{"contentUrl": [one]} for one in every if one.startswith(("http://", "https://"))]

    def _credits(self, term: str) -> Iterator[Object]:
        for one in self.read.things(term, "elm:creditPoint"):
            systems = self.read.things(one, "elm:framework")
            system = systems[0] if systems else "<>"
            code = self._coded(one, "elm:framework", system, self.codes.credits)
            point = self.read.text(one, "elm:point")
            if code and _is_number(point):
                yield {"framework": code, "point": point}

    def _accreditations(self, term: str) -> Iterator[Object]:
        for one in self.read.things(term, "elm:accreditation"):
            bodies = [self._body(b) for b in self.read.things(one, "elm:organisation")]
            agents = [self._body(b) for b in self.read.things(one, "elm:accreditingAgent")]
            kinds = [_end(k) for k in self.read.things(one, "dcterms:type")]
            titles = _one(self.read.languages(one, "dcterms:title"))
            if not (kinds and titles and any(bodies) and any(agents)):
                reason = "it needs a type, a title, a body and an agent with a country"
                self.left_out.append(LeftOut(iri_of(one), "elm:accreditation", reason))
                continue
            end = self.read.text(one, "elm:expiryDate")
            yield {
                "accreditationType": kinds[0],
                "title": titles,
                "organisation": [b for b in bodies if b],
                "accreditingAgent": next(b for b in agents if b),
            } | ({"expiryDate": end} if "T" in end else {})

    def _body(self, term: str, country: str = "") -> str:
        """Note an organisation and return its id, or nothing where its country is not known."""
        places = [
            _end(code)
            for place in self.read.things(term, "elm:location")
            for address in self.read.things(place, "elm:address")
            for code in self.read.things(address, "elm:countryCode")
        ] or ([country] if country else [])
        names = _one(self.read.languages(term, "skos:prefLabel", "rov:legalName"))
        if not places or not names:
            reason = "the form needs its name and its country"
            self.left_out.append(LeftOut(iri_of(term), "elm:location", reason))
            return ""
        found: Object = {"id": iri_of(term), "prefLabel": names}
        found["location"] = {"spatialCode": places[0]}
        self.bodies[iri_of(term)] = found
        return iri_of(term)

    def _coded(self, owner: str, name: str, term: str, codes: Mapping[str, str]) -> str:
        found = codes.get(iri_of(term), "")
        if not found:
            reason = f"the platform's list has no {first(self.read.name(term)) or iri_of(term)}"
            self.left_out.append(LeftOut(iri_of(owner), name, reason))
        return found


def _one(texts: Mapping[str, list[str]]) -> Object:
    """Return one text per language, as the form wants it."""
    return {language or "und": some[0] for language, some in texts.items()}


def _end(term: str) -> str:
    return iri_of(term).rpartition("/")[2]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit() and text.isascii()
