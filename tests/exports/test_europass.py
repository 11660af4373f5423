"""Europass files: what is written, what is left out, and that the official schema takes it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from lxml import etree

from qcp_graph import exports
from qcp_graph.exports import LeftOut
from qcp_graph.exports.elm_layout import Form
from qcp_graph.terms import curie, literal

B = "https://example.org/id/"
Q, OUT, ORG = f"<{B}qualification/1>", f"<{B}outcome/1>", f"<{B}organisation/1>"
EU = "http://data.europa.eu/snb/"
MEMBERS: Mapping[str, frozenset[str]] = {
    "eqf": frozenset({f"{EU}eqf/4"}),
    "qdr": frozenset({f"{EU}qdr/c_8d4d0b3c"}),
    "isced-f": frozenset({f"{EU}isced-f/0716"}),
    "language": frozenset({
        "http://publications.europa.eu/resource/authority/language/UND",
        "http://publications.europa.eu/resource/authority/language/FIN",
    }),
    "country": frozenset({"http://publications.europa.eu/resource/authority/country/FIN"}),
    "skill-type": frozenset({f"{EU}skill-type/skill"}),
    "education-credit": frozenset({f"{EU}education-credit/6fcec5c5af"}),
    "accreditation": frozenset({f"{EU}accreditation/003293d2ce"}),
}  # fmt: skip
Said = tuple[str, str, str]


def said(*statements: Said, role: str = "data") -> list[tuple[str, str, str, str]]:
    names = ((s, curie("rdf:type") if p == "a" else curie(p), o, role) for s, p, o in statements)
    return list(names)


def whole(qualification: str = Q, outcome: str = OUT) -> list[Said]:
    """Return a qualification with all that Europass asks for."""
    return [
        (qualification, "a", curie("elm:Qualification")),
        (qualification, "dcterms:title", literal("Car & lorry mechanic", language="en")),
        (qualification, "dcterms:title", literal("Ajoneuvoasentaja", language="fi")),
        (qualification, "elm:EQFLevel", f"<{EU}eqf/4>"),
        (qualification, "elm:NQFLevel", f"<{EU}qdr/c_8d4d0b3c>"),
        (qualification, "elm:ISCEDFCode", f"<{EU}isced-f/0716>"),
        (qualification, "elm:learningOutcome", outcome),
        (outcome, "a", curie("elm:LearningOutcome")),
        (outcome, "dcterms:title", literal("repairs brakes <b>", language="en")),
        (outcome, "dcterms:type", f"<{EU}skill-type/skill>"),
        (outcome, "elm:relatedESCOSkill", "<http://data.europa.eu/esco/skill/x>"),
    ]


def organisation() -> list[Said]:
    return [
        (ORG, "a", curie("elm:Organisation")),
        (ORG, "rov:legalName", literal("Board", language="en")),
        (ORG, "skos:prefLabel", literal("Board", language="en")),
        (ORG, "elm:location", f"{ORG[:-1]}#location>"),
        (f"{ORG[:-1]}#location>", "elm:address", f"{ORG[:-1]}#address>"),
        (
            f"{ORG[:-1]}#address>",
            "elm:countryCode",
            "<http://publications.europa.eu/resource/authority/country/FIN>",
        ),
    ]


def award(body: str = ORG) -> list[Said]:
    node = f"{Q[:-1]}#award>"
    return [
        (Q, "elm:awardingOpportunity", node),
        (node, "elm:awardingBody", body),
        (node, "elm:learningAchievementSpecification", Q),
        (node, "dcterms:temporal", f"{Q[:-1]}#period>"),
        (f"{Q[:-1]}#period>", "elm:startDate", literal("2024-08-01", datatype=_xsd("date"))),
    ]


def _xsd(name: str) -> str:
    return f"http://www.w3.org/2001/XMLSchema#{name}"


def written(
    folder: Path,
    *records: Iterable[Said],
    shared: Iterable[Said] = (),
    form: Form = "loq",
) -> tuple[etree._Element, list[LeftOut], bytes]:
    """Return the file of some records, and what was left out."""
    folder.mkdir(exist_ok=True)
    file, found = exports.EuropassFile(form, folder), list[LeftOut]()
    facts = [exports.facts(said(*record)) for record in records]
    register = exports.Register(file, MEMBERS, exports.facts(said(*shared)))
    able: set[str] = set()
    if form == "loq":
        for one in facts:
            able |= exports.RecordWriter(register, one, found.append).able()
    register = exports.Register(file, MEMBERS, register.shared, able)
    for one in facts:
        exports.RecordWriter(register, one, found.append).write()
    data = b"".join(file.finish())
    return etree.fromstring(data), found, data


def names(root: etree._Element, path: str) -> list[str]:
    return [etree.QName(one).localname for one in root.findall(path)]


def text(root: etree._Element, path: str) -> list[str | None]:
    return [one.text for one in root.findall(path)]


def test_a_whole_qualification_with_all_it_refers_to(tmp_path: Path) -> None:
    root, found, _ = written(tmp_path, [*whole(), *award()], shared=organisation())
    assert names(root, "*") == [
        "learningAchievementSpecificationReferences",
        "learningOutcomeReferences",
        "agentReferences",
        "locationReferences",
    ]
    assert text(root, ".//{*}qualification/{*}title") == [
        "Ajoneuvoasentaja",
        "Car & lorry mechanic",
    ]
    assert text(root, ".//{*}learningOutcome/{*}title") == ["repairs brakes <b>"]
    assert text(root, ".//{*}startDate") == ["2024-08-01T00:00:00"]
    assert text(root, ".//{*}legalName") == ["Board"]
    assert [(one.field, one.reason) for one in found] == [
        ("dcterms:language", "not given: written as undetermined")
    ]


@pytest.mark.parametrize("field", ["elm:EQFLevel", "elm:ISCEDFCode", "elm:learningOutcome"])
def test_what_lacks_something_required_is_not_written(tmp_path: Path, field: str) -> None:
    record = [one for one in whole() if one[1] != field]
    root, found, _ = written(tmp_path, [*record, *award()], shared=organisation())
    assert names(root, ".//{*}qualification") == []
    assert names(root, ".//{*}learningOutcome") == []
    assert LeftOut(Q[1:-1], "*", f"not written: {field} is not given") in found


def test_a_level_that_europass_does_not_know_is_told(tmp_path: Path) -> None:
    record = [
        (s, p, f"<{B}level/xx/4>" if p == "elm:NQFLevel" else o) for s, p, o in whole()
    ]  # fmt: skip
    _, found, _ = written(tmp_path, record)
    assert found[-1].reason == "not written: elm:NQFLevel has no value that the format knows"


def test_outcomes_of_parts_count_for_the_whole(tmp_path: Path) -> None:
    part = f"<{B}qualification/1/a>"
    record = [one for one in whole() if one[1] != "elm:learningOutcome"]
    record += [
        (Q, "elm:hasPart", part),
        (part, "a", curie("elm:Qualification")),
        (part, "elm:hasPart", Q),  # a circle
        (part, "elm:learningOutcome", OUT),
    ]
    root, found, _ = written(tmp_path, record)
    assert len(names(root, ".//{*}qualification/{*}learningOutcome")) == 1
    assert names(root, ".//{*}hasPart") == []
    assert {one.record for one in found if one.field == "*"} == {part[1:-1]}


def test_an_organisation_without_address_is_an_agent(tmp_path: Path) -> None:
    root, _, _ = written(tmp_path, [*whole(), *award()], shared=organisation()[:3])
    assert names(root, ".//{*}agentReferences/*") == ["agent"]
    assert len(names(root, ".//{*}awardingBody")) == 1


def test_a_body_that_nobody_describes_takes_the_award_with_it(tmp_path: Path) -> None:
    root, found, _ = written(tmp_path, [*whole(), *award()])
    assert names(root, ".//{*}awardingOpportunity") == []
    assert len(names(root, ".//{*}qualification")) == 1
    assert any(one.field == "elm:awardingBody" for one in found)


def test_a_notation_stands_once_in_a_file(tmp_path: Path) -> None:
    def numbered(qualification: str, outcome: str) -> list[Said]:
        node = f"{qualification[:-1]}#id>"
        return [
            *whole(qualification, outcome),
            (qualification, "adms:identifier", node),
            (node, "skos:notation", literal("AB-1")),
        ]

    second = (f"<{B}qualification/2>", f"<{B}outcome/2>")
    root, found, _ = written(tmp_path, numbered(Q, OUT), numbered(*second))
    assert text(root, ".//{*}notation") == ["AB-1"]
    assert "its notation stands in the file already" in {one.reason for one in found}


def test_a_note_in_two_languages_is_two_notes(tmp_path: Path) -> None:
    note = f"{Q[:-1]}#note>"
    more = [
        (Q, "elm:additionalNote", note),
        (Q, "elm:entryRequirement", note),
        (note, "elm:noteLiteral", literal("one", language="en")),
        (note, "elm:noteLiteral", literal("yksi", language="fi")),
    ]
    root, found, _ = written(tmp_path, [*whole(), *more])
    assert text(root, ".//{*}additionalNote/{*}noteLiteral") == ["one", "yksi"]
    assert text(root, ".//{*}entryRequirement/{*}noteLiteral") == ["one"]
    assert any(one.field == "elm:entryRequirement" for one in found)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (literal("35 years"), "no duration of XML Schema"),
        (literal("P"), "no duration of XML Schema"),
        (literal(""), "no duration of XML Schema"),
    ],
)
def test_values_that_no_schema_takes_are_told(tmp_path: Path, value: str, reason: str) -> None:
    root, found, _ = written(tmp_path, [*whole(), (Q, "elm:volumeOfLearning", value)])
    assert names(root, ".//{*}volumeOfLearning") == []
    assert LeftOut(Q[1:-1], "elm:volumeOfLearning", reason) in found


def test_hostile_texts_and_iris_stay_inside_their_element(tmp_path: Path) -> None:
    nasty = "]]></title><x a=\"'&\x00"
    iri = f'<{B}qualification/1"&amp>'
    record = [(iri if s == Q else s, p, o) for s, p, o in whole()]
    record.append((iri, "dcterms:description", literal(nasty, language="en")))
    root, _, _ = written(tmp_path, record)
    assert root.find(".//{*}x") is None
    assert root.find(".//{*}qualification").get("id") == iri[1:-1]  # type: ignore[union-attr]


def accreditation() -> list[Said]:
    node = f"<{B}accreditation/1>"
    return [
        (node, "a", curie("elm:Accreditation")),
        (node, "dcterms:title", literal("Review", language="en")),
        (node, "dcterms:type", f"<{EU}accreditation/003293d2ce>"),
        (node, "elm:organisation", ORG),
        (node, "elm:accreditingAgent", ORG),
        (node, "dcterms:valid", literal("2024-01-01", datatype=_xsd("date"))),
    ]


def test_accreditations_have_a_form_of_their_own(tmp_path: Path) -> None:
    root, found, _ = written(tmp_path, accreditation(), shared=organisation(), form="ams")
    assert etree.QName(root).localname == "Accreditations"
    assert len(names(root, ".//{*}accreditation")) == 1
    assert found == []


def test_a_record_of_its_own() -> None:
    quads = said(*whole(), *award(), *organisation())
    root = etree.fromstring(exports.loq(quads, MEMBERS))
    assert len(root.findall(".//{*}qualification")) == 1
    assert text(root, ".//{*}legalName") == ["Board"]
    poor = exports.loq([one for one in quads if one[1] != curie("elm:EQFLevel")], MEMBERS)
    assert poor.startswith("<!-- not written: elm:EQFLevel is not given -->")
    assert len(etree.fromstring(poor)) == 0


@pytest.mark.shared
def test_the_official_schemas_take_both(shared: Path, tmp_path: Path) -> None:
    folder = shared / "reference" / "elm" / "xsd"
    record = [
        *whole(), *award(),
        (Q, "elm:volumeOfLearning", literal("PT700H", datatype=_xsd("duration"))),
        (Q, "elm:educationSubject", f"<{B}field/7>"),
        (Q, "elm:creditPoint", f"{Q[:-1]}#credit>"),
        (f"{Q[:-1]}#credit>", "elm:framework", f"<{EU}education-credit/6fcec5c5af>"),
        (f"{Q[:-1]}#credit>", "elm:point", literal("60")),
        (Q, "elm:isPartialQualification", literal("false", datatype=_xsd("boolean"))),
    ]  # fmt: skip
    concept = [
        (f"<{B}field/7>", "skos:prefLabel", literal("Cars", language="en")),
        (f"<{B}field/7>", "skos:notation", literal("7")),
    ]
    files: dict[Form, bytes] = {
        "loq": written(tmp_path / "loq", record, shared=[*organisation(), *concept])[2],
        "ams": written(tmp_path / "ams", accreditation(), shared=organisation(), form="ams")[2],
    }
    for form, data in files.items():
        schema = etree.XMLSchema(etree.parse(folder / form / f"{form}.xsd"))
        document = etree.fromstring(data)
        # Our invented national level is no member of the official list; all else must fit.
        schema.validate(document)
        problems = {one.message for one in schema.error_log if "qdr/c_8d4d0b3c" not in one.message}
        assert problems == set(), form
