"""Registers that are ELM already: the Commission's XML samples, and a country dump of Europass."""

import re
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qcp_graph.namespaces import expand
from qcp_graph.pipeline import preview
from qcp_graph.settings import Settings
from tests.registers.facts import Facts

NS = "{http://data.europa.eu/snb/model/ap/loq-constraints/}"
FRAMEWORK = "qdr/c_01169e3f"  # stands among the levels, and is none
FILES = ("loq.xml", "loq_withLearningAchievementSpecification.xml")


@pytest.fixture(params=FILES)
def sample(request: pytest.FixtureRequest, shared: Path) -> Path:
    return shared / "reference" / "elm" / "samples" / str(request.param)


@pytest.mark.shared
def test_random_values_are_held_back_for_what_they_are(sample: Path, tmp_path: Path) -> None:
    """The samples are filled with random texts: credits are no numbers, no status is known."""
    facts = Facts("eu-elm-xml", sample, tmp_path)
    offers = 2 if sample.name == "loq.xml" else 0
    assert facts.fates == {"published": 2 + offers, "quarantined": 2}
    assert facts.reasons == {"QCP-MAP-CODE": 4 + offers, "QCP-VAL-CREDIT-FORM": 4}
    assert facts.notes == []  # nothing unmapped, nothing out of reach


@pytest.mark.shared
def test_accreditations_of_their_own(shared: Path, tmp_path: Path) -> None:
    facts = Facts("eu-elm-xml", shared / "reference/elm/samples/ams.xml", tmp_path)
    assert facts.fates == {"published": 2}
    assert facts.notes == []
    for row in facts.preview.rows:
        assert facts.of(row.iri, "rdf:type") == [expand("elm:Accreditation")]
        assert row.iri.startswith(f"{facts.base}id/accreditation/eu/elm-xml/ACCRED-0")
        assert len(facts.of(row.iri, "dcterms:title")) == 2


@pytest.mark.shared
def test_everything_the_schema_allows_comes_through(sample: Path, tmp_path: Path) -> None:
    """With numbers for credits, each text of each record is found again, under its language."""
    text = re.sub(r"<point>[^<]*</point>", "<point>7</point>", sample.read_text("utf-8"))
    path = tmp_path / "sample.xml"
    path.write_text(text, encoding="utf-8")
    facts = Facts("eu-elm-xml", path, tmp_path / "home")
    number = 6 if sample.name == "loq.xml" else 4
    assert facts.fates == {"published": number}
    said = Counter(
        term for row in facts.preview.rows for _, _, term, _ in (*row.quads, *row.shared)
    )
    root = ElementTree.fromstring(text)
    groups = ("learningAchievementSpecification", "learningOpportunity", "accreditation")
    records = [record for name in groups for record in root.iterfind(f"{NS}{name}References/*")]
    assert len(records) == number
    checked = 0
    for record in records:
        for element in record.iter():
            if language := element.get("language"):
                assert said[f'"{element.text}"@{language}'], (element.tag, element.text)
                checked += 1
            elif (iri := element.get("uri")) and not iri.endswith(FRAMEWORK):
                assert said[f"<{iri}>"], (element.tag, iri)
                checked += 1
            elif element.tag.endswith(("volumeOfLearning", "maximumDuration")):
                assert said[f'"{element.text}"^^<{expand("xsd:duration")}>'], element.text
                checked += 1
    assert checked > 300
    assert not any("mailto:" in term or "@" in term.partition('"')[0] for term in said)


def test_a_country_dump_is_a_zip_of_turtle_files(tmp_path: Path, repository: Path) -> None:
    """An invented dump: what one file says of a body belongs to the record of another."""
    given = repository / "tests" / "golden" / "be-qdr" / "input"
    dump = tmp_path / "bel-ttl_1.zip"
    with zipfile.ZipFile(dump, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(given.iterdir()):
            archive.write(path, f"ttl/{path.name}")
    packed = preview.run(Settings(home=tmp_path / "a"), "be-qdr", str(dump))
    plain = preview.run(Settings(home=tmp_path / "b"), "be-qdr", str(given))

    def data(found: preview.Preview) -> list[str]:
        return sorted(line for line in set(found.nquads()) if "/data> ." in line)

    assert data(packed) == data(plain)
    assert len(data(packed)) > 40
    facts = Facts("be-qdr", dump, tmp_path / "c")
    baker = facts.qualification("00000000-0000-4000-8000-000000000001")
    body = ("elm:awardingOpportunity", "elm:awardingBody")
    assert facts.of(baker, *body, "rov:legalName") == ["Guilde des exemples"]
    address = ("elm:location", "elm:address", "elm:countryCode")
    assert facts.of(baker, *body, *address) == [expand("country:BEL")]
    assert facts.of(baker, "elm:volumeOfLearning") == ["P2Y"]
    other = facts.qualification("00000000-0000-4000-8000-000000000002")
    assert facts.of(other, "qcp:status") == [expand("qcp:Archived")]
    assert facts.of(other, "elm:volumeOfLearning") == ["P35Y"]  # as the source says


@pytest.mark.parametrize("form", ["jsonld", "rdf", "nt", "trig"])
def test_the_same_register_in_another_syntax(form: str, tmp_path: Path, repository: Path) -> None:
    import pyoxigraph as ox

    given = repository / "tests" / "golden" / "be-qdr" / "input"
    syntax = ox.RdfFormat.from_extension(form)
    assert syntax is not None
    for path in given.iterdir():
        quads = list(ox.parse(path=path, format=ox.RdfFormat.TURTLE))
        ox.serialize(quads, output=tmp_path / f"{path.stem}.{form}", format=syntax)
    found = preview.run(Settings(home=tmp_path / "a"), "be-qdr", str(tmp_path))
    expected = (repository / "tests/golden/be-qdr/expected.nq").read_text("utf-8").splitlines()
    data = {line for line in expected if "/data> ." in line}
    assert {line for line in found.nquads() if "/data> ." in line} == data
