"""France compétences, RNCP and RS: the real sheets, read a second time on their own."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.registers import french
from tests.registers.facts import Facts

pytestmark = pytest.mark.shared
EQF = "http://data.europa.eu/snb/eqf/"
ISCEDF = "http://data.europa.eu/snb/isced-f/"
STATUS = {"Oui": "Registered", "Non": "Expired"}
DATES = {
    "DATE_DECISION": "qcp:decisionDate",
    "DATE_EFFET": "qcp:validFrom",
    "DATE_FIN_ENREGISTREMENT": "qcp:validUntil",
    "DATE_LIMITE_DELIVRANCE": "qcp:lastAwardDate",
    "DATE_DE_PUBLICATION": "dcterms:issued",
}
Sheets = dict[str, ElementTree.Element]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "registers" / "fr-rncp-xml-v41"


@pytest.fixture(scope="module")
def delivery(folder: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sheets with the apprenticeship kit and the ministry's nomenclature beside them."""
    return french.together(tmp_path_factory.mktemp("delivery"), shared, *folder.glob("*.xml"))


@pytest.fixture(scope="module")
def facts(delivery: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return Facts("fr-rncp", delivery, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def sheets(folder: Path) -> Sheets:
    return {
        sheet.findtext("NUMERO_FICHE", ""): sheet
        for path in sorted(folder.glob("*.xml"))
        for sheet in ElementTree.parse(path).getroot().iter("FICHE")
    }


def day(text: str | None) -> list[str]:
    """Return a French date as a list of one ISO date, or of none."""
    return ["-".join(reversed(text.split("/")))] if text else []


def words(text: str | None) -> str:
    """Return the letters and digits of a text: what mapping must not lose."""
    return "".join(re.findall(r"\w", text or ""))


def texts(sheet: ElementTree.Element, path: str) -> list[str]:
    return [" ".join((node.text or "").split()) for node in sheet.findall(path)]


def test_every_sheet_is_published_and_every_field_accounted_for(facts: Facts) -> None:
    assert facts.fates == {"published": 20}
    assert facts.reasons == {
        "QCP-LNK-FIELD-ASSIGNED": 11,
        "QCP-VAL-LACKS-ISCEDF": 1,
        "QCP-VAL-LACKS-EQF": 8,
        "QCP-VAL-LACKS-NQF": 8,
        "QCP-MAP-VALUE": 3,  # a page named without its address
    }
    assert facts.notes == []
    assert not facts.blank


def test_numbers_titles_levels_status_and_dates(facts: Facts, sheets: Sheets) -> None:
    assert len(sheets) == 20
    for number, sheet in sheets.items():
        iri = facts.qualification(number)
        directory, figures = re.fullmatch(r"(RNCP|RS)(\d+)", number).groups()  # type: ignore[union-attr]
        assert number in facts.of(iri, "adms:identifier", "skos:notation")
        assert facts.of(f"{iri}#id", "elm:schemeName") == [directory]
        assert facts.of(iri, "dcterms:title") == texts(sheet, "INTITULE")
        assert facts.of(iri, "elm:category") == texts(sheet, "ABREGE/LIBELLE")
        level = sheet.findtext("NOMENCLATURE_EUROPE/NIVEAU", "")
        assert bool(level) == (directory == "RNCP")
        assert facts.of(iri, "elm:EQFLevel") == ([EQF + level[-1]] if level else [])
        assert len(facts.of(iri, "elm:NQFLevel")) == bool(level)
        assert facts.of(iri, "qcp:status")[0].endswith("#" + STATUS[sheet.findtext("ACTIF", "")])
        for field, predicate in DATES.items():
            assert facts.of(iri, predicate) == day(sheet.findtext(field)), (number, field)
        home = f"https://www.francecompetences.fr/recherche/{directory.lower()}/{figures}/"
        assert facts.of(iri, "foaf:homepage", "elm:contentUrl") == [home]


def test_fields_of_education_come_from_the_ministry(
    facts: Facts, sheets: Sheets, delivery: Path
) -> None:
    fields = french.fields(delivery)
    for number in sheets:
        codes = facts.of(facts.qualification(number), "elm:ISCEDFCode")
        assert codes == sorted(ISCEDF + code for code in fields.get(number, ()))
    assert facts.count("elm:ISCEDFCode") == 8


def test_without_the_kit_the_sheets_are_published_all_the_same(
    folder: Path, tmp_path: Path
) -> None:
    facts = Facts("fr-rncp", folder, tmp_path)
    assert facts.fates == {"published": 20}
    assert facts.notes == ["QCP-MAP-OPTIONAL join:kit", "QCP-MAP-OPTIONAL join:diploma"]
    assert facts.count("elm:ISCEDFCode") == 0


def test_subjects_and_occupations(facts: Facts, sheets: Sheets) -> None:
    for number, sheet in sheets.items():
        iri = facts.qualification(number)
        subjects = texts(sheet, "CODES_NSF/NSF/CODE") + texts(sheet, "FORMACODES/FORMACODE/CODE")
        assert facts.of(iri, "elm:educationSubject", "skos:notation") == sorted(subjects)
        occupations = "elm:entitlesTo", "elm:limitNationalOccupation", "skos:notation"
        assert facts.of(iri, *occupations) == sorted(texts(sheet, "CODES_ROME/ROME/CODE"))


def test_certifiers_and_the_day_they_stopped(facts: Facts, sheets: Sheets) -> None:
    ended = 0
    for number, sheet in sheets.items():
        iri = facts.qualification(number)
        bodies = sheet.findall("CERTIFICATEURS/CERTIFICATEUR")
        assert len(facts.of(iri, "elm:awardingOpportunity")) == len(bodies)
        named = facts.of(iri, "elm:awardingOpportunity", "elm:awardingBody", "rov:legalName")
        assert set(named) == set(texts(sheet, "CERTIFICATEURS/CERTIFICATEUR/NOM_CERTIFICATEUR"))
        coded = "elm:awardingBody", "adms:identifier", "skos:notation"
        sirets = texts(sheet, "CERTIFICATEURS/CERTIFICATEUR/SIRET_CERTIFICATEUR")
        assert facts.of(iri, "elm:awardingOpportunity", *coded) == sorted(sirets)
        stopped = [
            day(body.findtext("DATE_DERNIERE_MODIFICATION_ETAT"))[0] + "T00:00:00"
            for body in bodies
            if body.findtext("ETAT_CERTIFICATEUR") == "Inactif"
        ]
        found = facts.of(iri, "elm:awardingOpportunity", "dcterms:temporal", "elm:endDate")
        assert found == sorted(stopped)
        ended += len(stopped)
    assert ended == 3


def test_succession(facts: Facts, sheets: Sheets) -> None:
    for number, sheet in sheets.items():
        for path, predicate in (
            ("NOUVELLES_CERTIFICATIONS//ID_FICHE_NOUVELLE_CERTIFICATION", "dcterms:isReplacedBy"),
            ("ANCIENNES_CERTIFICATIONS//ID_FICHE_ANCIENNE_CERTIFICATION", "dcterms:replaces"),
        ):
            others = sorted(map(facts.qualification, texts(sheet, path)))
            assert facts.of(facts.qualification(number), predicate) == others


def test_blocks_with_their_outcomes_and_assessment(facts: Facts, sheets: Sheets) -> None:
    blocks = outcomes = 0
    for number, sheet in sheets.items():
        iri = facts.qualification(number)
        codes = texts(sheet, "BLOCS_COMPETENCES/BLOC_COMPETENCES/CODE")
        parts = [facts.qualification(f"{number}/{code}") for code in codes]
        assert facts.of(iri, "elm:hasPart") == sorted(parts)
        for part, block in zip(parts, sheet.iterfind("BLOCS_COMPETENCES/*"), strict=True):
            assert facts.of(part, "dcterms:title") == texts(block, "LIBELLE")
            assert facts.of(part, "elm:isPartOf") == [iri]
            assert facts.of(part, "elm:isPartialQualification") == ["true"]
            found = facts.of(part, "elm:learningOutcome", "dcterms:title")
            listed = words(block.findtext("LISTE_COMPETENCES"))
            assert all(words(text) in listed for text in found)
            assert sum(map(len, map(words, found))) > 0.97 * len(listed)  # but for codes: all
            (how,) = facts.of(part, "elm:provenBy", "dcterms:description")
            assert words(how) == words(block.findtext("MODALITES_EVALUATION"))
            blocks, outcomes = blocks + 1, outcomes + len(found)
    assert (blocks, outcomes) == (53, 347)


def test_outcomes_of_sheets_without_blocks_and_the_whole_text(facts: Facts, sheets: Sheets) -> None:
    outcomes = 0
    for number, sheet in sheets.items():
        iri = facts.qualification(number)
        text = words(sheet.findtext("CAPACITES_ATTESTEES"))
        (whole,) = facts.of(iri, "elm:learningOutcomeSummary", "elm:noteLiteral")
        assert words(whole) == text
        found = facts.of(iri, "elm:learningOutcome", "dcterms:title")
        assert bool(found) == (sheet.find("BLOCS_COMPETENCES") is None)
        assert all(words(one) in text for one in found)
        assert not [one for one in found if re.match(r"[A-Z]?\.?\d", one) or one.endswith(";")]
        outcomes += len(found)
    assert outcomes == 79


def test_entry_routes_juries_and_legal_texts(facts: Facts, sheets: Sheets) -> None:
    for number, sheet in sheets.items():
        iri = facts.qualification(number)
        entry = facts.of(iri, "elm:entryRequirement", "elm:noteLiteral")
        told = sheet.findtext("PREREQUIS_ENTREE_FORMATION")
        assert [words(text) for text in entry] == ([words(told)] if told else [])
        notes = facts.of(iri, "elm:additionalNote", "elm:noteLiteral")
        kept = {words(note) for note in notes}
        for jury in sheet.iterfind("*/COMPOSITION"):
            assert words("Jury" + (jury.text or "")) in kept
        for law in sheet.iterfind("*/PUBLICATION_JO"):
            assert (
                words(law.findtext("TITRE", "") + law.findtext("DATE_PUBLICATION_JO", "")) in kept
            )
        (routes,) = [note for note in notes if note.startswith("Voies d'accès : ")]
        opened = [node for node in sheet.iterfind("*/ACTIF") if node.text == "Oui"]
        assert len(routes.split(", ")) == len(opened)
        assert sheet.findtext("TYPE_ENREGISTREMENT") in notes
