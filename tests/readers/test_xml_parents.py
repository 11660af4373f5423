"""XML: records know the elements around them, as far as these were read before them."""

from tests.readers.conftest import Make, Run

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<out lang="fi">
  <issued>2026-01-01</issued>
  <group code="A">
    <name xml:lang="en">Group A</name><site>a</site><site>b</site>
    <contact><town>Oulu</town><zip>90</zip></contact>
    <rec id="1"><t>one</t></rec>
    <note>later</note>
    <rec id="2"><t>two</t></rec>
  </group>
  <group code="B"><rec id="3"/></group>
</out>
"""
ABOVE = {"@lang": "fi", "issued": "2026-01-01"}
GROUP = {
    "@code": "A",
    "name": {"@xml:lang": "en", "#text": "Group A"},
    "site": ["a", "b"],
    "contact": {"town": "Oulu", "zip": "90"},
    "^": ABOVE,
}


def test_records_know_the_elements_around_them(make: Make, run: Run) -> None:
    for iterator in ("/out/group/rec", "//rec"):
        found = run(make(DOCUMENT, "r.xml"), "xml", iterator, parents=True)
        assert found.issues == []
        assert found.data == [
            {"@id": "1", "t": "one", "^": GROUP},
            {"@id": "2", "t": "two", "^": GROUP | {"note": "later"}},
            {"@id": "3", "^": {"@code": "B", "^": ABOVE}},
        ]


def test_without_the_option_nothing_is_added(make: Make, run: Run) -> None:
    found = run(make(DOCUMENT, "r.xml"), "xml", "/out/group/rec")
    assert found.data[2] == {"@id": "3"}


def test_large_elements_are_no_facts_about_records(make: Make, run: Run) -> None:
    large = "x" * 5000
    text = f"<a><b>{large}</b><c><d>{large}</d><e>1</e></c><f y='{large}' z='1'/><r/><r/></a>"
    found = run(make(text, "r.xml"), "xml", "/a/r", parents=True)
    assert found.data == [{"#text": "", "^": {"c": {"e": "1"}}}] * 2
    assert found.issues == []


def test_elements_without_number_are_cut_and_told_once(make: Make, run: Run) -> None:
    text = f"<a><first>1</first>{'<b/>' * 3000}<r/>{'<b/>' * 3000}<r/></a>"
    found = run(make(text, "r.xml"), "xml", "/a/r", parents=True)
    assert found.codes == ["QCP-SRC-PARENT"]
    assert [len(record["^"]["b"]) for record in found.data] == [1000, 1000]


def test_a_record_that_is_too_large_costs_only_itself(make: Make, run: Run) -> None:
    text = f"<a n='1'><r>{'<x>1</x>' * 900}</r>{' ' * 70_000}<r>ok</r></a>"
    found = run(make(text, "r.xml"), "xml", "/a/r", limit=2000, parents=True)
    assert found.codes == ["QCP-SRC-RECORD-SIZE"]
    assert found.data == [{"#text": "ok", "^": {"@n": "1"}}]
