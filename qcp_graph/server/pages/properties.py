"""Properties in the words of the interface, where it has some."""

from typing import Final

from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.i18n import Language
from qcp_graph.server.pages.labels import N_, PROPERTIES
from qcp_graph.server.pages.names import Names, shorten

WORDS: Final = {
    **PROPERTIES,
    "adms:identifier": N_("Identifier"),
    "dcterms:isReplacedBy": N_("Replaced by"),
    "dcterms:issued": N_("Published"),
    "dcterms:publisher": N_("Publisher"),
    "dcterms:relation": N_("Related to"),
    "dcterms:replaces": N_("Replaces"),
    "dcterms:subject": N_("Subject"),
    "dcterms:temporal": N_("Period"),
    "dcterms:type": N_("Type"),
    "elm:ISCEDFCode": N_("Field of education"),
    "elm:accreditation": N_("Quality assurance"),
    "elm:accreditingAgent": N_("Accrediting agents"),
    "elm:additionalNote": N_("Note"),
    "elm:awardingBody": N_("Awarding body"),
    "elm:category": N_("Category"),
    "elm:contentUrl": N_("Web address"),
    "elm:countryCode": N_("Country"),
    "elm:educationSubject": N_("Subject"),
    "elm:endDate": N_("End"),
    "elm:entitlementStatus": N_("Legal status"),
    "elm:expiryDate": N_("Valid until"),
    "elm:framework": N_("System"),
    "elm:hasPart": N_("Consists of"),
    "elm:isPartOf": N_("Part of"),
    "elm:isPartialQualification": N_("Partial qualification"),
    "elm:learningAchievementSpecification": N_("Qualification"),
    "elm:learningOutcomeSummary": N_("Summary of the learning outcomes"),
    "elm:learningSetting": N_("Setting"),
    "elm:limitNationalOccupation": N_("Occupation"),
    "elm:limitOccupation": N_("Occupation"),
    "elm:location": N_("Place"),
    "elm:maximumDuration": N_("Duration"),
    "elm:noteLiteral": N_("Text"),
    "elm:organisation": N_("Organisation"),
    "elm:point": N_("Points"),
    "elm:providedBy": N_("Provider"),
    "elm:relatedESCOSkill": N_("ESCO skill"),
    "elm:schemeName": N_("List of codes"),
    "elm:startDate": N_("Beginning"),
    "elm:supplementaryDocument": N_("Documents"),
    "elm:targetGroup": N_("Target group"),
    "qcp:country": N_("Country"),
    "qcp:decisionDate": N_("Decision"),
    "qcp:lacks": N_("Not provided by the source"),
    "qcp:lastAwardDate": N_("Last award"),
    "qcp:lastEnrolmentDate": N_("Last enrolment"),
    "qcp:register": N_("Register"),
    "qcp:sourceLevel": N_("Level as the source writes it"),
    "qcp:status": N_("Status"),
    "qcp:validFrom": N_("Valid from"),
    "qcp:validUntil": N_("Valid until"),
    "prov:wasDerivedFrom": N_("Source record"),
    "rov:legalName": N_("Name"),
    "skos:altLabel": N_("Other name"),
    "skos:notation": N_("Code"),
    "skos:prefLabel": N_("Name"),
    "skos:scopeNote": N_("Note"),
}
"""Prefixed name of a property → its word; translated where it is shown."""


def word(names: Names, language: Language, iri: str) -> Text:
    """Return the word for a property: ours, else its label in the graph, else its prefixed name."""
    if (message := WORDS.get(shorten(iri))) is not None:
        return Text(language.gettext(message).unescape(), language.tag)
    return names.of(iri)
