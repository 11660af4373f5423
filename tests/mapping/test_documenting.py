"""A mapping told as a table says what its rules do."""

from pathlib import Path

import pytest

from qcp_graph import assets
from qcp_graph.iris import Iris
from qcp_graph.mapping import documenting

IRIS = Iris("https://x.example/")
TITLE = "http://purl.org/dc/terms/title"
ELM = "http://data.europa.eu/snb/model/elm/"
TEXT = """
codelists:
  states: {file: states.csv}
sources:
  all: {access: a.csv, referenceFormulation: csv, key: $(id)}
let:
  name: {value: $(Name), transform: [squeeze]}
mappings:
  qualification:
    main: true
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - p: dcterms:title
        o: {value: "$(let:name)", transform: [lower], language: en}
      - p: dcterms:description
        o: {value: $(Long), default: $(Short), language: en}
      - p: adms:identifier
        o: {mapping: number}
        when: {value: $(id), exists: true}
      - p: dcterms:publisher
        o: {value: "$(State)", lookup: states}
  number:
    subjects: qualification:$(id)#number
    predicateobjects:
      - [a, elm:Identifier]
      - [skos:notation, $(id)]
  outcome:
    foreach: {value: $(Outcomes), transform: [split_lines, unique]}
    subjects: outcome:$(^id)/$(@index)
    predicateobjects:
      - p: elm:learningOutcome
        o: {value: $(.), transform: [squeeze], language: en}
  inner:
    within: outcome
    subjects: outcome:$(^id)/$(@index)#note
    predicateobjects:
      - [elm:noteLiteral, $(.)]
"""


@pytest.fixture
def lines(tmp_path: Path) -> dict[str, documenting.Line]:
    (tmp_path / "mapping.yaml").write_text(TEXT, encoding="utf-8")
    found = documenting.describe(tmp_path, "fi-demo", IRIS)
    return {line.properties[0].rsplit("/", 1)[-1]: line for line in found}


def test_a_named_value_is_told_by_its_fields_and_functions(
    lines: dict[str, documenting.Line],
) -> None:
    assert lines["title"].fields == ("Name",)
    assert lines["title"].functions == ("squeeze", "lower")


def test_fields_of_a_default_are_told(lines: dict[str, documenting.Line]) -> None:
    assert lines["description"].fields == ("Long", "Short")
    assert not lines["description"].conditional


def test_items_are_told_by_the_field_that_holds_them(lines: dict[str, documenting.Line]) -> None:
    assert lines["learningOutcome"].fields == ("Outcomes",)
    assert lines["learningOutcome"].functions == ("split_lines", "unique", "squeeze")
    assert lines["noteLiteral"].fields == ("Outcomes",), "one that lies within sees the same item"


def test_things_of_another_mapping_and_conditions(lines: dict[str, documenting.Line]) -> None:
    assert lines["adms#identifier"].refers == "number"
    assert lines["adms#identifier"].conditional


def test_code_lists_are_functions(lines: dict[str, documenting.Line]) -> None:
    assert lines["publisher"].functions == ("code list states",)


def test_a_folder_without_rules_has_no_lines(tmp_path: Path) -> None:
    assert documenting.describe(tmp_path, "fi-demo", IRIS) == ()


@pytest.mark.parametrize(
    "folder", sorted((assets.root() / "mappings").iterdir()), ids=lambda f: f.name
)
def test_every_mapping_of_the_project_can_be_told(folder: Path) -> None:
    for line in documenting.describe(folder, folder.name, IRIS):
        assert line.properties
        assert line.line > 0
        assert not [field for field in line.fields if field == "." or field.startswith("let:")]
        assert all(len(function) < 2_000 for function in line.functions)
