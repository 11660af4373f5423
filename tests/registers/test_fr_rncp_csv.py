"""France, CSV export: the real tables joined; kit and nomenclature joined at their full size."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.registers import french
from tests.registers.facts import Facts

pytestmark = pytest.mark.shared
EQF = "http://data.europa.eu/snb/eqf/"
ISCEDF = "http://data.europa.eu/snb/isced-f/"
STANDARD = "export_fiches_CSV_Standard_2024_02_22.csv"
DATES = {
    "Date_Decision": "qcp:decisionDate",
    "Date_Effet": "qcp:validFrom",
    "Date_Fin_Enregistrement": "qcp:validUntil",
}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = (shared / "registers" / "fr-francecompetences-csv" / "sample").glob("*.csv")
    return french.together(tmp_path_factory.mktemp("export"), shared, *files)


@pytest.fixture(scope="module")
def facts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return Facts("fr-rncp-csv", folder, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def sheets(folder: Path) -> Rows:
    return french.table(folder / STANDARD)


def joined(folder: Path, part: str) -> dict[str, Rows]:
    """Return the rows of one table of the export by number of the sheet."""
    (path,) = folder.glob(f"*_{part}*.csv")
    found: dict[str, Rows] = defaultdict(list)
    for row in french.table(path):
        found[row["Numero_Fiche"]].append({k: v.strip() for k, v in row.items()})
    return found


def day(text: str) -> list[str]:
    return ["-".join(reversed(text.split("/")))] if text else []


def test_every_sheet_is_published_and_every_column_accounted_for(facts: Facts) -> None:
    assert facts.fates == {"published": 9}
    assert facts.reasons == {
        "QCP-VAL-LACKS-ISCEDF": 1,
        "QCP-LNK-FIELD-ASSIGNED": 8,  # none of the nine stands in the kit
        "QCP-VAL-LACKS-OUTCOMES": 9,
        "QCP-VAL-LACKS-AWARDING-BODY": 4,
        "QCP-VAL-LACKS-EQF": 3,
        "QCP-VAL-LACKS-NQF": 3,
    }
    assert facts.notes == ["QCP-MAP-JOIN join:kit", "QCP-MAP-JOIN join:diploma"]
    assert not facts.blank


def test_titles_levels_status_dates_and_counterparts(facts: Facts, sheets: Rows) -> None:
    assert len(sheets) == 9
    for sheet in sheets:
        number = sheet["Numero_Fiche"]
        iri = facts.qualification(number)
        title = sheet["Intitule"].removesuffix("(Fiche incomplète)").strip()
        assert facts.of(iri, "dcterms:title") == [title]
        assert facts.of(iri, "adms:identifier", "skos:notation") == [number]
        level = sheet["Nomenclature_Europe_Niveau"].removeprefix("NIV")
        assert facts.of(iri, "elm:EQFLevel") == ([EQF + level] if level.isdigit() else [])
        assert len(facts.of(iri, "elm:NQFLevel")) == level.isdigit()
        status = {"ACTIVE": "Registered", "INACTIVE": "Expired"}[sheet["Actif"]]
        assert facts.of(iri, "qcp:status")[0].endswith(f"#{status}")
        for field, predicate in DATES.items():
            assert facts.of(iri, predicate) == day(sheet[field]), (number, field)
        other = f"{facts.base}id/qualification/fr/rncp/{number}"
        assert facts.of(iri, "dcterms:isFormatOf") == [other]
        kind = [sheet["Abrege_Intitule"]] if sheet["Abrege_Intitule"] else []
        assert facts.of(iri, "elm:category") == kind


def test_tables_that_are_joined(facts: Facts, folder: Path, sheets: Rows) -> None:
    tables = {
        name: joined(folder, name)
        for name in ("Blocs", "Certificateurs", "Rome", "Nsf", "Formacode", "VoixdAcc", "Ancienne")
    }
    for sheet in sheets:
        number = sheet["Numero_Fiche"]
        iri = facts.qualification(number)
        rows = {name: table.get(number, []) for name, table in tables.items()}
        parts = [f"{number}/{row['Bloc_Competences_Code']}" for row in rows["Blocs"]]
        assert facts.of(iri, "elm:hasPart") == sorted(map(facts.qualification, parts))
        named = [row["Bloc_Competences_Libelle"] for row in rows["Blocs"]]
        assert facts.of(iri, "elm:hasPart", "dcterms:title") == sorted(named)
        body = "elm:awardingOpportunity", "elm:awardingBody"
        names = [row["Nom_Certificateur"] for row in rows["Certificateurs"]]
        assert facts.of(iri, *body, "rov:legalName") == sorted(names)
        sirets = sorted(row["Siret_Certificateur"] for row in rows["Certificateurs"])
        assert all(siret.isdigit() for siret in sirets)
        assert facts.of(iri, *body, "adms:identifier", "skos:notation") == sirets
        subjects = [row["Nsf_Code"] for row in rows["Nsf"]]
        subjects += [row["Formacode_Code"] for row in rows["Formacode"]]
        assert facts.of(iri, "elm:educationSubject", "skos:notation") == sorted(subjects)
        occupations = "elm:entitlesTo", "elm:limitNationalOccupation"
        codes = sorted(row["Codes_Rome_Code"] for row in rows["Rome"])
        assert facts.of(iri, *occupations, "skos:notation") == codes
        notes = " ".join(facts.of(iri, "elm:additionalNote", "elm:noteLiteral"))
        assert all(row["Si_Jury"] in notes for row in rows["VoixdAcc"])
        for column, predicate in (
            ("Ancienne_Certification", "dcterms:replaces"),
            ("Nouvelle_Certification", "dcterms:isReplacedBy"),
        ):
            others = sorted(facts.qualification(r[column]) for r in rows["Ancienne"] if r[column])
            assert facts.of(iri, predicate) == others
    labels = facts.of(f"{facts.base}id/framework/rome/H1102", "skos:prefLabel")
    assert labels == ["Management et ingénierie d'affaires"]
    assert facts.of(f"{facts.base}id/framework/nsf/221w", "skos:prefLabel") == [
        "Commercialisation de produits alimentaires"
    ]


@pytest.fixture(scope="module")
def large(shared: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Every sheet number of the real kit as a row of the export's main table."""
    place = tmp_path_factory.mktemp("large")
    files = [path for path in folder.glob("export*.csv") if path.name != STANDARD]
    french.together(place, shared, *files)
    sheets = {row["FicheRNCP"]: row for row in french.kit(folder) if row["FicheRNCP"] != "NR"}
    columns = list(french.table(folder / STANDARD)[0])
    with (place / STANDARD).open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, columns, delimiter=";", restval="")
        out.writeheader()
        for number, row in sheets.items():
            out.writerow(
                {
                    "Numero_Fiche": number,
                    "Intitule": row["Intitulé certification (RNCP)"] or number,
                    "Nomenclature_Europe_Niveau": row["Niveau fiche RNCP"].replace(
                        "Niveau ", "NIV"
                    ),
                    "Actif": row["Fiche ACTIVE/INACTIVE"],
                }
            )
    return Facts("fr-rncp-csv", place, tmp_path_factory.mktemp("home"))


def test_fields_of_education_come_through_two_joins(
    shared: Path, folder: Path, large: Facts
) -> None:
    expected = french.fields(folder)
    numbers = {row["FicheRNCP"] for row in french.kit(folder)} - {"NR"}
    assert large.fates == {"published": len(numbers)}
    found = {
        number: {iri.removeprefix(ISCEDF) for iri in codes}
        for number in numbers
        if (codes := large.of(large.qualification(number), "elm:ISCEDFCode"))
    }
    assert found == {number: codes for number, codes in expected.items() if number in numbers}
    assert (len(numbers), len(found)) == (4426, 2605)
    assert Counter(map(len, found.values())) == {
        1: 2450, 2: 106, 3: 29, 4: 10, 5: 5, 6: 1, 7: 3, 9: 1,
    }  # fmt: skip
    benchmark = table_of(shared / "benchmarks" / "iscedf" / "train.csv")
    common = [row for row in benchmark if row["rncp"] in found]
    assert len(common) > 2000
    same = sum(found[row["rncp"]] == set(row["iscedf_detailed_codes"].split("|")) for row in common)
    assert same / len(common) > 0.95


def table_of(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
