"""The ministry's nomenclature at its full size: codes, titles, levels, fields, days, sheets."""

from collections import defaultdict
from pathlib import Path

import pytest

from tests.registers import french
from tests.registers.facts import Facts

pytestmark = pytest.mark.shared
EQF = "http://data.europa.eu/snb/eqf/"
ISCEDF = "http://data.europa.eu/snb/isced-f/"


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return french.together(tmp_path_factory.mktemp("diplomas"), shared)


@pytest.fixture(scope="module")
def facts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return Facts("fr-diplomes", folder, tmp_path_factory.mktemp("home"))


def day(text: str) -> list[str]:
    return ["-".join(reversed(text.split("/")))] if text else []


def test_counts_and_every_column_accounted_for(facts: Facts) -> None:
    assert facts.fates == {"published": 6928, "rejected": 26}
    assert facts.reasons == {
        "QCP-VAL-LACKS-AWARDING-BODY": 6928,
        "QCP-VAL-LACKS-OUTCOMES": 6928,
        "QCP-VAL-LACKS-ISCEDF": 235,
        "QCP-LNK-FIELD-ASSIGNED": 1925,
        "QCP-MAP-SCOPE": 26,
    }
    assert [note for note in facts.notes if not note.startswith("QCP-MAP-UNUSEDCODE")] == []
    assert not facts.blank


def test_every_diploma_as_the_table_has_it(facts: Facts, folder: Path) -> None:
    sheets: dict[str, set[str]] = defaultdict(set)
    for row in french.kit(folder):
        if row["FicheRNCP"].startswith("RNCP"):
            sheets[row["Code Diplôme"]].add(row["FicheRNCP"])
    fields = related = 0
    for row in french.table(folder / french.NOMENCLATURE):
        if row["NATURE_FORMATION_DIPLOME"] not in {"1", "2"}:
            continue
        code = row["FORMATION_DIPLOME"]
        iri = facts.qualification(code)
        assert facts.of(iri, "dcterms:title") == [" ".join(row["LIBELLE_LONG_200"].split())]
        numbers = sorted({code, *sheets[code]})
        assert facts.of(iri, "adms:identifier", "skos:notation") == numbers
        level = int(row["NIVEAU_QUALIFICATION_RNCP"])
        assert facts.of(iri, "elm:EQFLevel") == [f"{EQF}{level}"]
        assert len(facts.of(iri, "elm:NQFLevel")) == 1
        field = row["CITE_DOMAINE_DETAILLE"]
        assert facts.of(iri, "elm:ISCEDFCode") == ([ISCEDF + field] if field else [])
        assert facts.of(iri, "qcp:validFrom") == day(row["DATE_OUVERTURE"])
        assert facts.of(iri, "qcp:validUntil") == day(row["DATE_FERMETURE"])
        others = [f"{facts.base}id/qualification/fr/rncp/{number}" for number in sheets[code]]
        assert facts.of(iri, "dcterms:relation") == sorted(others)
        fields, related = fields + bool(field), related + len(others)
    assert (fields, related) == (4768, 5283)
