"""XPath iterators: conditions, positions, any element, paths that begin anywhere; namespaces."""

import pytest

from tests.readers.conftest import Make, Run

TEXT = """<X>
 <G kind="a"><R n="1" s="on"><st>open</st></R><R n="2"><st>shut</st></R></G>
 <G kind="b"><R n="3" s="on"><st>open</st><st>late</st></R><Q n="4"/></G>
 <G kind="a"><R n="5" s="it's"><st x="1">open</st></R><H><R n="6" s="on"/></H></G>
</X>"""


@pytest.mark.parametrize(
    ("iterator", "numbers"),
    [
        ("/X/G/R", "1235"),
        ("/X/G[@kind='a']/R", "125"),
        ("/X/G[@kind!='a']/R", "3"),
        ("/X/G[2]/R", "3"),
        ("/X/G[position()=3]/R", "5"),
        ("/X/G[@kind='a'][2]/R", "5"),
        ("/X/G/R[1]", "135"),
        ("/X/G/R[2]", "2"),
        ("/X/G/R[@s]", "135"),
        ("/X/G/R[@s='on'][1]", "13"),
        ('/X/G/R[@s="it\'s"]', "5"),
        ("/X/G/R[st='open']", "135"),
        ("/X/G/R[st='late'][@s='on']", "3"),
        ("/X/G/R[st!='open']", "23"),
        ("/X/G/R[st]", "1235"),
        ("/X/G/*", "12345"),
        ("/X/*[2]/*", "34"),
        ("/*/G[3]/R", "5"),
        ("//R", "12356"),
        ("//G/R", "1235"),
        ("//H/R", "6"),
        ("//R[@s='on']", "136"),
        ("//G[@kind='b']/R", "3"),
    ],
)
def test_what_an_iterator_selects(iterator: str, numbers: str, make: Make, run: Run) -> None:
    found = run(make(TEXT), "xml", iterator)
    records = [str(row["@n"]) for row in found.data if "@n" in row]
    assert "".join(records) == numbers
    assert found.error is None


def test_places_count_all_elements_of_the_name(make: Make, run: Run) -> None:
    found = run(make(TEXT, "a"), "xml", "/X/G[@kind='a']/R[st='open']")
    assert found.places == ["a /X/G[1]/R[1] (line 2)", "a /X/G[3]/R[1] (line 4)"]
    anywhere = run(make(TEXT, "a"), "xml", "//G/R")
    assert anywhere.places[3] == "a (//G/R)[4] (line 4)"


def test_nothing_selected_is_a_remark_when_the_path_is_right(make: Make, run: Run) -> None:
    found = run(make(TEXT), "xml", "/X/G/R[@s='nowhere']")
    assert (found.data, found.codes, found.failed) == ([], ["QCP-SRC-NO-RECORDS"], "")
    assert run(make(TEXT), "xml", "/X/P/R").failed == "QCP-SRC-ITERATOR"


def test_prefixes_stand_for_namespaces_not_for_the_prefixes_of_the_file(
    make: Make, run: Run
) -> None:
    text = (
        '<a:X xmlns:a="urn:one" xmlns:b="urn:two"><b:R b:k="v"><a:t>one</a:t><b:t>two</b:t></b:R>'
        '<R xmlns="urn:two" k="plain"><t>default</t></R><a:R/></a:X>'
    )
    names = {"p": "urn:one", "q": "urn:two"}
    found = run(make(text), "xml", "/p:X/q:R", namespaces=names)
    assert found.data == [
        {"@q:k": "v", "p:t": "one", "q:t": "two"},
        {"@k": "plain", "q:t": "default"},
    ]
    chosen = run(make(text), "xml", "/p:X/q:R[@q:k='v']", namespaces=names)
    assert len(chosen.data) == 1
    assert run(make(text), "xml", "/p:X/q:R[p:t='one']", namespaces=names).data == chosen.data
