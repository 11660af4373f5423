"""ePerusteet: the real documents, read a second time on their own."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qcp_graph.pipeline import preview
from qcp_graph.settings import Settings
from qcp_graph.terms import curie, literal, parts

pytestmark = pytest.mark.shared
FACTS = "registers/fi-eperusteet"
IRI = "<http://localhost:8000/id/qualification/fi/eperusteet/{}>"
NEWER = (
    "ammattitaitovaatimukset2019.kohde",
    "ammattitaitovaatimukset2019.*koodi.*",
    "osaAlueet.*setOsaamistavoitteet.koodi*",
    "osaAlueet.*setOsaamistavoitteet.pakollinen",
    "osaAlueet.*setOsaamistavoitteet.tavoitteet.id",
    "osaAlueet.*setOsaamistavoitteet.tavoitteet.kohde",
    "osaAlueet.*setOsaamistavoitteet.tavoitteet.kohdealueet.kuvaus",
    "osaAlueet.*setOsaamistavoitteet.tavoitteet*koodi.*",
)
IN_SCOPE = {"koulutustyyppi_1", "koulutustyyppi_11", "koulutustyyppi_12"}


@pytest.fixture(scope="module")
def documents(shared: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((shared / FACTS).glob("rakenne-*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["koulutustyyppi"] in IN_SCOPE and document["id"] > 0:
            found.setdefault(str(document["id"]), document)
    return found


@pytest.fixture(scope="module")
def result(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> preview.Preview:
    home = tmp_path_factory.mktemp("home")
    return preview.run(Settings(home=home), "fi-eperusteet", str(shared / FACTS))


@pytest.fixture(scope="module")
def said(result: preview.Preview) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for row in result.rows:
        for s, p, o, _ in (*row.quads, *row.shared):
            found.setdefault((s, p), set()).add(o)
    return found


def test_every_document_is_accounted_for(
    result: preview.Preview, documents: dict[str, dict[str, Any]]
) -> None:
    counts = result.report.counts
    assert (counts.read, counts.published, counts.rejected) == (32, 11, 21)
    assert {row.key for row in result.rows if row.status == "published"} == set(documents)
    reasons = {(r.code, r.count) for r in result.report.reasons}
    assert reasons == {
        ("QCP-MAP-SCOPE", 20),
        ("QCP-MAP-DUPLICATE", 1),
        ("QCP-VAL-LACKS-AWARDING-BODY", 11),
        ("QCP-VAL-LACKS-ISCEDF", 11),
        ("QCP-VAL-LACKS-EQF", 2),
        ("QCP-VAL-LACKS-IDENTIFIER", 8),
    }
    notes = [note for note in result.report.notes if note.code != "QCP-MAP-UNUSEDCODE"]
    # What the agency's newer documents hold and these do not.
    assert {(note.code, note.field) for note in notes} == {
        ("QCP-MAP-UNUSED", "^^nimi.en"),
        ("QCP-MAP-UNUSED", "vaatimus.fi"),
        ("QCP-MAP-UNUSED", "koodi.arvo"),
        ("QCP-MAP-UNUSED", "vaatimukset"),
        ("QCP-MAP-UNUSED", "^kuvaus"),
        ("QCP-MAP-UNUSED", "pakollisetOsaamistavoitteet"),
        ("QCP-MAP-UNUSED", "valinnaisetOsaamistavoitteet"),
        ("QCP-MAP-UNUSED", "kvLiite.kansainvalisetSopimukset.fi"),
        *(("QCP-MAP-IGNORED", f"tutkinnonOsat.{field}") for field in NEWER),
    }


def test_titles_in_three_languages_and_days_of_helsinki(
    documents: dict[str, dict[str, Any]], said: dict[tuple[str, str], set[str]]
) -> None:
    for key, document in documents.items():
        thing = IRI.format(key)
        titles = {
            literal(" ".join(text.split()), language=language)
            for language, text in document["nimi"].items()
            if language in {"fi", "sv", "en"} and text
        }
        assert said[thing, curie("dcterms:title")] == titles
        for field, name in (
            ("voimassaoloAlkaa", "qcp:validFrom"),
            ("voimassaoloLoppuu", "qcp:validUntil"),
            ("siirtymaPaattyy", "qcp:lastAwardDate"),
            ("paatospvm", "qcp:decisionDate"),
        ):
            stamp = document.get(field)
            days = {parts(o)[0] for o in said.get((thing, curie(name)), ())}
            expected = set()
            if stamp is not None:
                moment = datetime.fromtimestamp(stamp / 1000, ZoneInfo("Europe/Helsinki"))
                expected = {moment.date().isoformat()}
            assert days == expected, (key, field)


def test_levels_are_those_of_the_code_set(
    shared: Path, documents: dict[str, dict[str, Any]], said: dict[tuple[str, str], set[str]]
) -> None:
    with (shared / FACTS / "DERIVED_koulutus_eqf.csv").open(encoding="utf-8") as file:
        eqf = {row["koulutuskoodi"]: row["eqf"] for row in csv.DictReader(file) if row["eqf"]}
    for key, document in documents.items():
        codes = [
            one["koulutuskoodiArvo"]
            for one in document["koulutukset"]
            if "testaamista" not in one["nimi"]["fi"]
        ]
        levels = {f"<http://data.europa.eu/snb/eqf/{eqf[c]}>" for c in codes if c in eqf}
        assert said.get((IRI.format(key), curie("elm:EQFLevel")), set()) == levels


def test_units_with_their_codes_points_and_outcomes(
    documents: dict[str, dict[str, Any]], said: dict[tuple[str, str], set[str]]
) -> None:
    for key, document in documents.items():
        listed: dict[str, set[float]] = {}
        for way in document["suoritustavat"]:
            if way.get("laajuusYksikko") == "OSAAMISPISTE":
                for place in way["tutkinnonOsaViitteet"] or ():
                    if place.get("laajuus") is not None:
                        listed.setdefault(str(place["_tutkinnonOsa"]), set()).add(place["laajuus"])
        units = {f"{IRI.format(key)[:-1]}/{u['id']}>": u for u in document["tutkinnonOsat"]}
        assert said[IRI.format(key), curie("elm:hasPart")] == set(units)
        for iri, unit in units.items():
            assert said[iri, curie("elm:isPartOf")] == {IRI.format(key)}
            if unit.get("koodiArvo"):
                code = said[f"{iri[:-1]}#id-code>", curie("skos:notation")]
                assert code == {literal(unit["koodiArvo"])}
            nodes = said.get((iri, curie("elm:creditPoint")), set())
            points = {float(parts(p)[0]) for n in nodes for p in said[n, curie("elm:point")]}
            assert points >= {float(v) for v in listed.get(str(unit["id"]), ())}
            text = (unit.get("ammattitaitovaatimukset") or {}).get("fi") or ""
            outcomes = said.get((iri, curie("elm:learningOutcome")), set())
            assert bool(outcomes) == ("<li>" in text), iri


def test_codes_added_for_tests_are_left_out(
    documents: dict[str, dict[str, Any]], said: dict[tuple[str, str], set[str]]
) -> None:
    added = 0
    for key, document in documents.items():
        for one in document["koulutukset"]:
            code = IRI.format(f"{key}#id-code-{one['koulutuskoodiArvo']}")
            tried = "testaamista" in one["nimi"]["fi"]
            assert ((code, curie("skos:notation")) in said) != tried
            added += tried
    assert added == 2


def test_subareas_and_goals_of_common_units(
    documents: dict[str, dict[str, Any]], said: dict[tuple[str, str], set[str]]
) -> None:
    areas = goals = outcomes = 0
    for key, document in documents.items():
        for unit in document["tutkinnonOsat"]:
            whole = f"{IRI.format(key)[:-1]}/{unit['id']}>"
            parts_ = {f"{whole[:-1]}/{area['id']}>": area for area in unit.get("osaAlueet") or ()}
            assert said.get((whole, curie("elm:hasPart")), set()) == set(parts_)
            for iri, area in parts_.items():
                areas += 1
                assert (
                    literal(area["nimi"]["fi"].strip(), language="fi")
                    in said[iri, curie("dcterms:title")]
                )
                for goal in area["osaamistavoitteet"]:
                    text = (goal.get("tavoitteet") or {}).get("fi")
                    part = f"{iri[:-1]}/{goal['id']}>"
                    assert (part in said[iri, curie("elm:hasPart")]) == bool(text)
                    if not text:
                        continue
                    goals += 1
                    found = said.get((part, curie("elm:learningOutcome")), set())
                    assert len(found) <= text.count("<li>")
                    assert bool(found) == ("<li>" in text)
                    outcomes += len(found)
                    kind = "Pakollinen" if goal["pakollinen"] else "Valinnainen"
                    assert literal(kind, language="fi") in said[part, curie("elm:category")]
    assert (areas, goals, outcomes) == (130, 310, 1444)


def test_the_certificate_supplement(
    documents: dict[str, dict[str, Any]], said: dict[tuple[str, str], set[str]]
) -> None:
    ((key, supplement),) = ((k, d["kvLiite"]) for k, d in documents.items() if d.get("kvLiite"))
    for field, place, name in (
        ("suorittaneenOsaaminen", "note-outcomes", "elm:noteLiteral"),
        ("pohjakoulutusvaatimukset", "note-entry", "elm:noteLiteral"),
        ("tutkintotodistuksenAntaja", "note-awarder", "elm:noteLiteral"),
        ("tutkinnostaPaattavaViranomainen", "note-authority", "elm:noteLiteral"),
        ("saadosPerusta", "note-law", "elm:noteLiteral"),
        ("tutkintotodistuksenSaaminen", "assessment", "dcterms:description"),
        ("jatkoopintoKelpoisuus", "entitlement-study", "dcterms:description"),
        ("tyotehtavatJoissaVoiToimia", "entitlement-work", "dcterms:description"),
    ):
        texts = {parts(o) for o in said[IRI.format(f"{key}#{place}"), curie(name)]}
        assert {language for _, language, *_ in texts} == {"fi", "sv", "en"}
        for text, language, *_ in texts:
            letters = re.sub("<[^>]*>|&[a-z]+;", "", supplement[field][language])
            assert re.sub(r"[^\w]", "", text) == re.sub(r"[^\w]", "", letters)


def groups(
    node: dict[str, Any], above: tuple[dict[str, Any], ...] = ()
) -> Iterator[tuple[str, str]]:
    """Yield place and group of each unit in a tree of rules, with the competence area around."""
    for inner in node.get("osat") or ():
        place = inner.get("_tutkinnonOsaViite")
        if place and above:
            name = above[-1]["nimi"]["fi"]
            if len(above) > 1 and above[-2].get("rooli") == "osaamisala":
                name = f"{above[-2]['nimi']['fi']}: {name}"
            yield place, " ".join(name.split())
        yield from groups(inner, (*above, inner))


def test_units_say_in_which_groups_they_stand(
    documents: dict[str, dict[str, Any]], said: dict[tuple[str, str], set[str]]
) -> None:
    count = compulsory = 0
    for key, document in documents.items():
        expected: dict[str, set[str]] = {}
        for way in document["suoritustavat"]:
            units = {str(p["id"]): p["_tutkinnonOsa"] for p in way["tutkinnonOsaViitteet"] or ()}
            for place, name in groups(way["rakenne"] or {}):
                if place in units:
                    expected.setdefault(units[place], set()).add(name)
        for unit, names in expected.items():
            found = {
                text
                for text, language, *_ in map(
                    parts, said[f"{IRI.format(key)[:-1]}/{unit}>", curie("elm:category")]
                )
                if language == "fi"
            }
            assert {" ".join(text.split()) for text in found} == names
            count += len(found)
            compulsory += any("Pakoll" in text for text in found)
    assert (count, compulsory) == (653, 62)
