"""France compétences, RNCP and RS: the real sheets, read a second time on their own."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from qcp_graph.pipeline import preview
from qcp_graph.settings import Settings
from qcp_graph.terms import curie, parts

pytestmark = pytest.mark.shared
FACTS = "registers/fr-rncp-xml-v41"
IRI = "<http://localhost:8000/id/qualification/fr/rncp/{}>"


@pytest.fixture(scope="module")
def sheets(shared: Path) -> dict[str, ElementTree.Element]:
    found = {}
    for path in sorted((shared / FACTS).glob("*.xml")):
        for sheet in ElementTree.parse(path).getroot().iter("FICHE"):
            found[sheet.findtext("NUMERO_FICHE", "")] = sheet
    return found


@pytest.fixture(scope="module")
def result(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> preview.Preview:
    home = tmp_path_factory.mktemp("home")
    return preview.run(Settings(home=home), "fr-rncp", str(shared / FACTS))


@pytest.fixture(scope="module")
def said(result: preview.Preview) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for row in result.rows:
        for s, p, o, _ in (*row.quads, *row.shared):
            found.setdefault((s, p), set()).add(o)
    return found


def _day(text: str) -> str:
    day, month, year = text.split("/")
    return f"{year}-{month}-{day}"


def test_every_sheet_is_published(result: preview.Preview) -> None:
    counts = result.report.counts
    assert (counts.read, counts.published, counts.quarantined, counts.rejected) == (20, 20, 0, 0)
    codes = {(r.code, r.count) for r in result.report.reasons}
    assert codes == {
        ("QCP-VAL-LACKS-ISCEDF", 20),
        ("QCP-VAL-LACKS-EQF", 8),
        ("QCP-VAL-LACKS-NQF", 8),
        ("QCP-MAP-VALUE", 3),
    }
    assert [note.field for note in result.report.notes] == []


def test_numbers_titles_levels_and_dates_are_found_again(
    sheets: dict[str, ElementTree.Element], said: dict[tuple[str, str], set[str]]
) -> None:
    for number, sheet in sheets.items():
        thing = IRI.format(number)
        titles = {parts(o)[0] for o in said[thing, curie("dcterms:title")]}
        assert titles == {" ".join(sheet.findtext("INTITULE", "").split())}
        assert said[f"{thing[:-1]}#id>", curie("skos:notation")] == {f'"{number}"'}
        level = sheet.findtext("NOMENCLATURE_EUROPE/NIVEAU")
        eqf = said.get((thing, curie("elm:EQFLevel")), set())
        assert eqf == ({f"<http://data.europa.eu/snb/eqf/{level[-1]}>"} if level else set())
        assert len(said.get((thing, curie("elm:NQFLevel")), ())) == len(eqf)
        for field, name in (
            ("DATE_FIN_ENREGISTREMENT", "qcp:validUntil"),
            ("DATE_EFFET", "qcp:validFrom"),
            ("DATE_DECISION", "qcp:decisionDate"),
            ("DATE_LIMITE_DELIVRANCE", "qcp:lastAwardDate"),
        ):
            value = sheet.findtext(field)
            dates = {parts(o)[0] for o in said.get((thing, curie(name)), ())}
            assert dates == ({_day(value)} if value else set()), (number, field)
        state = {"Oui": "qcp:Registered", "Non": "qcp:Expired"}[sheet.findtext("ACTIF", "")]
        assert said[thing, curie("qcp:status")] == {curie(state)}


def test_bodies_blocks_and_succession_are_found_again(
    sheets: dict[str, ElementTree.Element], said: dict[tuple[str, str], set[str]]
) -> None:
    names = {
        parts(o)[0]
        for (_, p), values in said.items()
        if p == curie("rov:legalName")
        for o in values
    }
    for number, sheet in sheets.items():
        thing = IRI.format(number)
        bodies = sheet.findall("CERTIFICATEURS/CERTIFICATEUR")
        assert len(said[thing, curie("elm:awardingOpportunity")]) == len(bodies)
        for body in bodies:
            assert " ".join(body.findtext("NOM_CERTIFICATEUR", "").split()) in names
        codes = {
            b.findtext("CODE", "") for b in sheet.findall("BLOCS_COMPETENCES/BLOC_COMPETENCES")
        }
        blocks = {f"{thing[:-1]}/{code}>" for code in codes}
        assert said.get((thing, curie("elm:hasPart")), set()) == blocks
        for block in blocks:
            assert said[block, curie("elm:learningOutcome")]
        if not blocks:
            assert said[thing, curie("elm:learningOutcome")]
        for path, name in (
            ("NOUVELLES_CERTIFICATIONS//ID_FICHE_NOUVELLE_CERTIFICATION", "dcterms:isReplacedBy"),
            ("ANCIENNES_CERTIFICATIONS//ID_FICHE_ANCIENNE_CERTIFICATION", "dcterms:replaces"),
        ):
            others = {IRI.format(node.text) for node in sheet.findall(path)}
            assert said.get((thing, curie(name)), set()) == others
