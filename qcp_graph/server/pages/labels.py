"""Words of the interface for codes of the graph; ``N_`` marks them for the translators."""

from typing import Final


def N_(message: str) -> str:  # noqa: N802 - the name that translation tools look for
    """Return a message as it is: it is translated where it is shown."""
    return message


STATUS: Final = {
    "Registered": N_("Registered"),
    "Expired": N_("Expired"),
    "Archived": N_("Archived"),
    "Draft": N_("Draft"),
    "Withdrawn": N_("Withdrawn"),
}
LINK_STATUS: Final = {
    "Accepted": N_("accepted"),
    "Suggested": N_("suggested, not reviewed"),
    "Rejected": N_("rejected"),
}
MATCH: Final = {
    "Referenced": N_("officially referenced"),
    "BlanketStatement": N_("official blanket statement"),
    "Comparison": N_("technical comparison, not referencing"),
}
PROBLEM: Final = {
    400: N_("This address cannot be understood."),
    404: N_("There is nothing under this address."),
    406: N_("This is not offered in the form that was asked for."),
    413: N_("The request is too long."),
    414: N_("The request is too long."),
    500: N_("The server made a mistake."),
    503: N_("Nothing can be shown at the moment."),
}
FACET: Final = {
    "country": N_("Country"),
    "register": N_("Register"),
    "eqf": N_("EQF level"),
    "field": N_("Field of education"),
    "status": N_("Status"),
    "type": N_("Type"),
    "partial": N_("Full or partial"),
    "has": N_("What the record gives"),
    "lacks": N_("What the record lacks"),
    "micro": N_("Micro-credential"),
    "credits": N_("Credits"),
    "language": N_("Language"),
    "mode": N_("Mode of learning"),
    "group": N_("Group of skills"),
    "quality": N_("Quality assured by"),
    "year": N_("Record of the year"),
    "isced": N_("Detailed field"),
    "level": N_("Framework level"),
    "framework": N_("Framework"),
    "body": N_("Awarding body"),
    "skill": N_("ESCO skill"),
    "occupation": N_("Occupation"),
}
PARTIAL: Final = {"true": N_("Partial qualification"), "false": N_("Full qualification")}
HAS: Final = {
    "outcomes": N_("Learning outcomes"),
    "eqf": N_("EQF level"),
    "level": N_("National level"),
    "field": N_("Field of education"),
    "links": N_("Links to ESCO skills"),
    "body": N_("Awarding body"),
    "credits": N_("Credits"),
    "quality": N_("Quality assurance"),
}
MICRO: Final = {"true": N_("Micro-credential")}
SORT: Final = {
    "relevance": N_("Relevance"),
    "title": N_("Title"),
    "country": N_("Country"),
    "eqf": N_("EQF level"),
    "newest": N_("Newest year first"),
}
LACKS: Final = {
    "elm:EQFLevel": N_("EQF level"),
    "elm:NQFLevel": N_("National level"),
    "elm:ISCEDFCode": N_("Field of education"),
    "elm:learningOutcome": N_("Learning outcomes"),
    "elm:awardingOpportunity": N_("Awarding body"),
    "elm:awardingBody": N_("Awarding body"),
    "dcterms:language": N_("Language"),
    "dcterms:title": N_("Title"),
    "dcterms:publisher": N_("Publisher"),
}
FREQUENCY: Final = {
    "UPDATE_CONT": N_("continuously"),
    "CONT": N_("continuously"),
    "DAILY": N_("daily"),
    "WEEKLY": N_("weekly"),
    "MONTHLY": N_("monthly"),
    "QUARTERLY": N_("quarterly"),
    "ANNUAL_2": N_("twice a year"),
    "ANNUAL_3": N_("three times a year"),
    "ANNUAL": N_("yearly"),
    "IRREG": N_("irregularly"),
    "UNKNOWN": N_("unknown"),
    "NEVER": N_("never again"),
}
STATE: Final = {
    "pass": N_("met"),
    "fail": N_("not met"),
    "warning": N_("met, with remarks"),
    "unknown": N_("cannot be decided"),
}
PROPERTIES: Final = {
    "dcterms:title": N_("Title"),
    "dcterms:description": N_("Description"),
    "elm:NQFLevel": N_("Framework level"),
    "elm:EQFLevel": N_("EQF level"),
    "elm:learningOutcome": N_("Learning outcomes"),
    "elm:awardingOpportunity": N_("Awarding body"),
    "elm:ISCEDFCode": N_("Field of education"),
    "elm:volumeOfLearning": N_("Volume of learning"),
    "elm:creditPoint": N_("Credit points"),
    "elm:entryRequirement": N_("Entry requirements"),
    "elm:provenBy": N_("Assessment"),
    "elm:entitlesTo": N_("Rights it gives"),
    "dcterms:language": N_("Language"),
    "elm:mode": N_("Mode of learning"),
    "foaf:homepage": N_("Website"),
    "dcterms:modified": N_("Date of change"),
}
