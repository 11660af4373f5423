"""A sheet says the same as a mapping file; what is wrong is told with sheet, row and column."""

from pathlib import Path

import pytest

from qcp_graph.mapping import nodes
from qcp_graph.mapping.sheet import dump, steps, targets
from tests.mapping.sheet.support import (
    KEY,
    TITLE,
    composed,
    grids,
    plan,
    prepare_named,
    told,
    triples,
)
from tests.mapping.support import short

CODES = [["source", "target", "reason"], ["Alive", "qcp:Registered", ""], ["Gone", "", "unclear"]]


def test_a_small_sheet(tmp_path: Path) -> None:
    found = grids(
        KEY,
        ("name", "title", "squeeze"),
        ("state", "status", "", "state"),
        ("url", "homepage"),
        ("from", "valid from", "date_dmy"),
        Codes_state=CODES,
    )
    data = {"id": "1", "name": " A  b", "state": "alive", "url": "www.a.org", "from": "1/2/2020"}
    assert triples(tmp_path, found, data) == [
        "qualification:1 rdf:type elm:Qualification",
        'qualification:1 dcterms:title "A b"@en',
        "qualification:1 qcp:status qcp:Registered [provenance]",
        'qualification:1 qcp:validFrom "2020-02-01"^^xsd:date [provenance]',
        "qualification:1 foaf:homepage qualification:1#home-1",
        "qualification:1#home-1 rdf:type elm:WebResource",
        'qualification:1#home-1 elm:contentUrl "https://www.a.org/"^^xsd:anyURI',
    ]


def test_awarding_bodies_outcomes_and_notes(tmp_path: Path) -> None:
    found = grids(
        KEY, TITLE,
        ("body", "awarding body"),
        ("no", "awarding body: identifier", "", "", "", "SIRET"),
        ("lo", "learning outcome", 'split(";")'),
        ("n", "note", "html_text", "", "fr", "money"),
        ("cr", "credit points", "", "", "", "ects"),
    )  # fmt: skip
    data = {"id": "1", "name": "A", "body": "ACME", "no": "7", "lo": "a; b", "n": "<p>x</p>",
            "cr": "3"}  # fmt: skip
    lines = triples(tmp_path, found, data)
    assert "qualification:1#award-1 elm:awardingBody organisation:7" in lines
    assert 'organisation:7 rov:legalName "ACME"@en' in lines
    assert 'organisation:7#id-1 elm:schemeName "SIRET"' in lines
    assert sum(" elm:learningOutcome " in line for line in lines) == 2
    assert 'qualification:1#note-money elm:noteLiteral "x"@fr' in lines
    assert 'qualification:1#credit-ects elm:point "3"' in lines


def test_sites_of_a_body_are_nodes_of_their_own_and_no_address_is_none(tmp_path: Path) -> None:
    found = grids(KEY, TITLE, ("body", "awarding body"), ("site", "awarding body: homepage"))
    loaded = plan(tmp_path, found)

    def pages(site: str) -> list[str]:
        record = prepare_named(loaded, {"id": "1", "name": "A", "body": "B", "site": site})
        return [line for line in short(record, shared=True) if "elm:contentUrl" in line]

    (one,), (other,) = pages("www.b.org"), pages("https://b.org/x")
    nodes_of = {line.split()[0] for line in (one, other)}
    assert len(nodes_of) == 2
    assert all(node.startswith("organisation:b#home-") for node in nodes_of)
    # A node without an address would keep the record back (QCP-VAL-NO-ADDRESS).
    record = prepare_named(loaded, {"id": "1", "name": "A", "body": "B", "site": "see our flyer"})
    assert not [line for line in short(record, shared=True) if "#home" in line]
    assert [issue.code for issue in record.issues] == ["QCP-MAP-VALUE"]


def test_levels_follow_from_the_framework(tmp_path: Path) -> None:
    words = [["source", "target", "reason"], ["five", "5", ""], ["six", "6", ""], ["x", "", "?"]]
    found = grids(KEY, TITLE, ("lev", "level", "", "lev", "", "fr-cncp"), Codes_lev=words)
    lines = triples(tmp_path, found, {"id": "1", "name": "A", "lev": "Five"})
    assert "qualification:1 elm:NQFLevel qdr:c_5" in lines
    assert "qualification:1 elm:EQFLevel eqf:5" in lines
    lines = triples(tmp_path, found, {"id": "1", "name": "A", "lev": "six"})
    assert [line for line in lines if "evel" in line] == [
        "qualification:1 elm:NQFLevel qdr:c_6",
        'qualification:1 qcp:sourceLevel "six" [provenance]',
    ]


def test_elements_of_nested_sources_stay_together(tmp_path: Path) -> None:
    found = grids(
        ("id", "record key"), ("names.en", "title"),
        ("units.name.en", "unit"), ("units.code", "unit: identifier"),
        register={"Format": "jsonl", "File": "a.jsonl", "Delimiter": ""},
    )  # fmt: skip
    units = [{"code": "U1", "name": {"en": "One"}}, {"code": "U2", "name": {"en": "Two"}}]
    lines = triples(tmp_path, found, {"id": "1", "names": {"en": "A"}, "units": units})
    assert 'qualification:1/u1 dcterms:title "One"@en' in lines
    assert 'qualification:1/u2#id-1 skos:notation "U2"' in lines
    assert 'qualification:1/u1 elm:isPartialQualification "true"^^xsd:boolean' in lines


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda t: t.name)
def test_every_target_gives_a_mapping_that_loads(tmp_path: Path, target: targets.Target) -> None:
    detail = {"level": "fr-cncp", "credit points": "ects", "record filter": "a; b"}
    codes = {"level": [["source", "target"], ["a", "5"]]}.get(
        target.name, [["source", "target"], ["a", "qcp:A"]]
    )
    listed = "words" if target.kind in {"concept", "level"} else ""
    head = [("name", target.name.partition(":")[0])] if ":" in target.name else []
    rows = [("f", target.name, "", listed, "", detail.get(target.name, ""))]
    if target.kind == "key":
        rows = []
    if target.name != "title":
        rows = [TITLE, *rows]
    plan(tmp_path, grids(KEY, *head, *rows, Codes_words=codes))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("name", "tittle"), "row 4, column 'Target': There is no such target."),
        (("a", "valid from", "date_dym"), "column 'Transformation': The transformation cannot"),
        (("a", "note", 'split(";"'), "column 'Transformation': The transformation cannot"),
        (("a", "status", "", "none"), "column 'Code list': There is no such code list."),
        (("a", "status"), "column 'Code list': The target 'status' takes concepts"),
        (("a", "level"), "column 'Detail': Which framework are the levels of?"),
        (("a", "level", "", "", "", "fr-xx"), "column 'Detail': Unknown framework."),
        (("a", "credit points"), "column 'Detail': Which credit system"),
        (("a", "record filter"), "column 'Detail': Records with which words"),
        (("a", "record key"), "column 'Target': Several fields are the record key."),
        (("", "note"), "column 'Source field': The row says a target, but no field."),
        (("$(a", "note"), "column 'Source field': Not a field"),
        (("a", "note", "", "", "", "", "why"), "The field is both mapped and ignored."),
        (("a", "awarding body: country"), "column 'Target': This says more of something"),
    ],
)
def test_mistakes_are_told_with_their_place(row: tuple[str, ...], says: str) -> None:
    _, issues = composed(grids(KEY, TITLE, row, Codes_state=CODES))
    found = told(issues)
    assert any(says in line for line in found), found
    assert all("row" in issue.locator and issue.remedy for issue in issues)


def test_the_register_must_be_described() -> None:
    _, issues = composed({"Mapping": grids(KEY, TITLE)["Mapping"]})
    assert sum("is not filled in" in line for line in told(issues)) == 9
    _, issues = composed(grids(KEY, TITLE, register={"Ownr": "x"}))
    assert [i.remedy[:21] for i in issues if "no such setting" in i.message] == [
        "Did you mean 'Owner'?"
    ]


def test_fields_that_nobody_decided_on_are_listed_once() -> None:
    more = [(f"Fund{n}",) for n in range(12)]
    _, issues = composed(grids(KEY, TITLE, ("x",), *more))
    assert [i.severity for i in issues] == ["warning"]
    assert issues[0].message.startswith("13 fields are neither mapped nor ignored: x, Fund0")
    ignored = ("Fund*", "", "", "", "", "", "money")
    files, issues = composed(grids(KEY, TITLE, ("x",), *more, ignored))
    assert [i.message for i in issues] == ["The field 'x' is neither mapped nor ignored."]
    assert "Fund*: money" in files["mapping.yaml"].replace('"', "")


def test_code_lists_need_targets_that_are_what_they_must_be() -> None:
    bad = [["source", "target"], ["a", "Registered"], ["b", ""]]
    found = grids(KEY, TITLE, ("s", "status", "", "st"), Codes_st=bad)
    assert told(composed(found)[1]) == [
        "sheet 'Codes st', row 2, column 'target': The target is no concept.",
        "sheet 'Codes st', row 3, column 'target': The word 'b' has no target yet.",
    ]
    found = grids(
        KEY, TITLE, ("lev", "level", "", "st", "", "fr-cncp"),
        Codes_st=[["source", "target"], ["a", "9"]],
    )  # fmt: skip
    assert told(composed(found)[1]) == [
        "sheet 'Codes st', row 2, column 'target': fr-cncp has no such level."
    ]


def test_names_of_columns_are_checked() -> None:
    found = grids(KEY, TITLE)
    found["Mapping"] = [["Source field", "Targt"], ["a", "title"]]
    issue = composed(found)[1][0]
    assert (issue.locator, issue.remedy[:22]) == (
        "sheet 'Mapping', row 1, column 'Targt'",
        "Did you mean 'Target'?",
    )


@pytest.mark.parametrize(
    "cell",
    ["trim", 'split(";"); unique', 'drop(["n/a", "-"])', 'replace("^0+", by="")',
     'extract("^(\\\\d+) \\"x\\"")', "pad(4, fill=0)"],
)  # fmt: skip
def test_transformations_are_written_as_they_are_read(cell: str) -> None:
    calls = steps.parse(cell)
    steps.check(calls)
    assert steps.parse(steps.write(calls)) == calls


@pytest.mark.parametrize(
    "cell", ["split(", "a b", '"x"', "split(=)", 'replace("a" "b")', "x;;(", "[]"]
)
def test_transformations_that_cannot_be_read(cell: str) -> None:
    with pytest.raises(ValueError, match=r"^[a-z]"):
        steps.check(steps.parse(cell))


@pytest.mark.parametrize(
    "text",
    ["No", "a: b", "- x", "", " x", "x ", "#a", "a #b", "{a}", "[a", "@x", "1", "1.5", "2024-01-01",
     "a\nb", "\x00", "\ufeffx", "é'\"", "null", "a, b", "*", "&a", "!x", "%", "`", "a:", "\u2028"],
)  # fmt: skip
def test_written_yaml_reads_back_as_it_was(text: str) -> None:
    written = dump.dump({"k": {"a": [text, {"b": text}], text or "x": text}})
    found = nodes.canonical(nodes.parse(written, "x"))
    assert found == {"k": {"a": [text, {"b": text}], text or "x": text}}


def test_code_lists_of_like_names_have_files_of_their_own() -> None:
    found = grids(
        KEY, TITLE, ("s", "status", "", "a b"), ("t", "mode", "", "a-b"),
        **{"Codes a b": CODES, "Codes a-b": CODES},
    )  # fmt: skip
    files, issues = composed(found)
    assert told(issues) == []
    assert {"a-b.csv", "a-b-2.csv"} <= files.keys()


def test_a_code_list_that_a_faulty_row_names_is_not_called_unused() -> None:
    found = grids(KEY, TITLE, ("lev", "level", "", "lev"), Codes_lev=[["source", "target"]])
    _, issues = composed(found)
    assert [issue.message for issue in issues if "lev" in str(issue.locator).lower()] == []
    assert any("Which framework" in issue.message for issue in issues)
