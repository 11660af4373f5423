"""XML: iterators, the shape of records, and documents that attack or break off."""

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.readers.xml_paths import path
from tests.readers.conftest import Make, Run

PLAIN = """<?xml version="1.0" encoding="UTF-8"?>
<REG>
  <VERSION>1</VERSION>
  <R><ID>1</ID></R>
  <R><ID>2</ID></R>
</REG>
"""


def test_records_and_their_places(make: Make, run: Run) -> None:
    found = run(make(PLAIN, "r.xml"), "xml", "/REG/R")
    assert found.data == [{"ID": "1"}, {"ID": "2"}]
    assert found.places == ["r.xml /REG/R[1] (line 4)", "r.xml /REG/R[2] (line 5)"]
    assert not found.issues


@pytest.mark.parametrize(
    ("inner", "data"),
    [
        ("<A>text</A>", {"A": "text"}),
        ("<A/>", {"A": ""}),
        ("<A> two  words\n</A>", {"A": " two  words\n"}),
        ("<A><![CDATA[1 < 2 &amp; ]]>x</A>", {"A": "1 < 2 &amp; x"}),
        ("<A>1 &lt; 2 &#233;&#x1F600;</A>", {"A": "1 < 2 é😀"}),
        ("<A>1</A><B/><A>2</A><A/>", {"A": ["1", "2", ""], "B": ""}),
        ("<A>\n <B>1</B>\n</A>", {"A": {"B": "1"}}),
        ('<A x="1" y="é">t</A>', {"A": {"@x": "1", "@y": "é", "#text": "t"}}),
        ('<A x="1"/>', {"A": {"@x": "1"}}),
        ("<A>see <b>this</b> now</A>", {"A": {"b": "this", "#text": "see  now"}}),
        ("<A><B>1</B></A><A><B>2</B></A>", {"A": [{"B": "1"}, {"B": "2"}]}),
        ("<!-- no --><A>1<!-- no -->2</A><?pi no?>", {"A": "12"}),
        ('<A xml:lang="fr">t</A>', {"A": {"@xml:lang": "fr", "#text": "t"}}),
        ("just text", {"#text": "just text"}),
        ("", {"#text": ""}),
    ],
)
def test_the_shape_of_a_record(inner: str, data: object, make: Make, run: Run) -> None:
    assert run(make(f"<X><R>{inner}</R></X>"), "xml", "/X/R").data == [data]


def test_only_the_path_from_the_root_counts(make: Make, run: Run) -> None:
    text = (
        "<X><R>1</R><Y><R>no</R></Y><G><R>no</R></G><X><R>no</R></X>"
        "<G><H><R>2</R><R>3</R></H><H/><H><R>4</R></H></G><R>5</R></X>"
    )
    assert len(run(make(text), "xml", "/X/R").data) == 2
    found = run(make(text, "a"), "xml", "/X/G/H/R")
    assert [row["#text"] for row in found.data] == ["2", "3", "4"]
    assert [place.partition(" (")[0] for place in found.places] == [
        "a /X/G[2]/H[1]/R[1]",
        "a /X/G[2]/H[1]/R[2]",
        "a /X/G[2]/H[3]/R[1]",
    ]


def test_anywhere(make: Make, run: Run) -> None:
    found = run(make("<X><R>1</R><Y><R><R>in</R></R></Y></X>", "a"), "xml", "//R")
    assert found.data == [{"#text": "1"}, {"R": "in"}]
    assert found.places == ["a (//R)[1] (line 1)", "a (//R)[2] (line 1)"]


def test_the_root_may_be_the_record(make: Make, run: Run) -> None:
    assert run(make("<X><A>1</A></X>"), "xml", "/X").data == [{"A": "1"}]


@pytest.mark.parametrize(
    "wrong",
    [
        "", "A/B", "/A/@x", "/A//B", "/", "/A/", "//", "/A[0]", "/A[last()]", "/A[@x>1]", "/A[",
        "/A[b='x']/C", "/A[2][@x='1']", "/A[b='x'][2]", "/A[@x='1' or @y]", "/A[.//b]", "/A]",
        "/A/..", "/A/text()", "/A[@.='x']",
    ],
)  # fmt: skip
def test_iterators_that_one_pass_cannot_follow(wrong: str) -> None:
    with pytest.raises(UsageError):
        path(wrong)


def test_namespaces(make: Make, run: Run) -> None:
    text = (
        '<l:X xmlns:l="urn:l" xmlns="urn:d" xmlns:q="urn:q">'
        '<l:R q:a="1" b="2"><c>x</c><q:c>y</q:c></l:R></l:X>'
    )
    plain = run(make(text), "xml", "/X/R")
    assert plain.data == [{"@a": "1", "@b": "2", "c": ["x", "y"]}]
    named = run(make(text), "xml", "/p:X/p:R", namespaces={"p": "urn:l", "k": "urn:q"})
    assert named.data == [{"@k:a": "1", "@b": "2", "c": "x", "k:c": "y"}]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("iso-8859-1", "ISO-8859-1"),
        ("windows-1252", "windows-1252"),
        ("shift_jis", "Shift_JIS"),
    ],
)
def test_encodings(encoding: str, declared: str, make: Make, run: Run) -> None:
    word = "資格" if encoding == "shift_jis" else "Pâtissière"
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    content = f"{declaration}<X><R><A>{word}</A></R></X>".encode(encoding)
    found = run(make(content), "xml", "/X/R")
    assert found.data == [{"A": word}]


def test_a_wrong_encoding_is_named(make: Make, run: Run) -> None:
    content = "<X><R><A>1</A></R><R><A>Pâtissière</A></R></X>".encode("cp1252")
    found = run(make(content), "xml", "/X/R")
    assert found.failed == "QCP-SRC-XML"
    assert run(make(content), "xml", "/X/R", encoding="cp1252").data[1] == {"A": "Pâtissière"}
    unknown = make('<?xml version="1.0" encoding="klingon"?><X/>')
    assert run(unknown, "xml", "/X").failed == "QCP-SRC-OPTION"


_LAUGHS = '<!DOCTYPE X [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        _LAUGHS + "]><X><R>&i;</R></X>",
        '<!DOCTYPE X [<!ENTITY f SYSTEM "file:///etc/passwd">]><X><R>&f;</R></X>',
        '<!DOCTYPE X SYSTEM "http://localhost/x.dtd"><X><R/></X>',
        '<!DOCTYPE X [<!ENTITY % p SYSTEM "http://localhost/x"> %p;]><X><R/></X>',
        "<!DOCTYPE X><X><R/></X>",
    ],
    ids=["billion laughs", "file", "external dtd", "parameter entity", "bare"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused(text: str, encoding: str, make: Make, run: Run) -> None:
    found = run(make(text.encode(encoding)), "xml", "/X/R")
    assert found.failed == "QCP-SRC-DOCTYPE"
    assert not found.data


def test_an_undeclared_entity_is_malformed(make: Make, run: Run) -> None:
    assert run(make("<X><R>&nbsp;</R></X>"), "xml", "/X/R").failed == "QCP-SRC-XML"


@pytest.mark.parametrize("cut", [2, 5, 62, 78, 90, 103])
def test_a_truncated_file_gives_what_it_holds_and_fails(cut: int, make: Make, run: Run) -> None:
    found = run(make(PLAIN[:cut]), "xml", "/REG/R")
    assert found.failed == "QCP-SRC-TRUNCATED"
    assert found.data == [{"ID": "1"}, {"ID": "2"}][: (cut > 85) + (cut > 105)]


@pytest.mark.parametrize(
    "text", ["<X><R></X>", "<X>&</X>", "<X/><X/>", "x", "{}", '<X a=1 b="2"/>']
)
def test_malformed_files(text: str, make: Make, run: Run) -> None:
    assert run(make(text), "xml", "/X/R").failed == "QCP-SRC-XML"


def test_what_stands_before_a_fault_is_delivered(make: Make, run: Run) -> None:
    found = run(make("<X><R>1</R><R>2</R><oops></X>"), "xml", "/X/R")
    assert len(found.data) == 2
    assert found.failed == "QCP-SRC-XML"
    assert "line 1" in str(found.error)


def test_a_web_page_is_recognised(make: Make, run: Run) -> None:
    found = run(make("<!doctype html><html></html>"), "xml", "/X/R")
    assert found.failed == "QCP-SRC-FORMAT"


@pytest.mark.parametrize("iterator", ["/Y/R", "/X/Z/R", "/x/R"])
def test_an_iterator_without_a_place_is_an_error(iterator: str, make: Make, run: Run) -> None:
    found = run(make("<X><Y/><R/></X>"), "xml", iterator)
    assert found.failed == "QCP-SRC-ITERATOR"
    assert "'X'" in str(found.error)


def test_an_empty_list_is_only_reported(make: Make, run: Run) -> None:
    assert run(make("<X/>"), "xml", "/X/R").codes == ["QCP-SRC-NO-RECORDS"]


@pytest.mark.parametrize(
    "huge",
    [
        "<A>" + "x" * 1_000_000 + "</A>",
        "<A>x</A>" * 10_000,
        "".join(f"<A{n}/>" for n in range(5000)),
        '<A b="' + "x" * 200_000 + '"/>',
    ],
    ids=["text", "elements", "names", "attribute"],
)
def test_a_huge_record_costs_itself_only(huge: str, make: Make, run: Run) -> None:
    text = f"<X><R><ID>1</ID></R>\n<R>{huge}</R>\n<R><ID>2</ID></R></X>"
    found = run(make(text), "xml", "/X/R", limit=50_000)
    assert found.data == [{"ID": "1"}, {"ID": "2"}]
    assert found.codes == ["QCP-SRC-RECORD-SIZE"]
    assert found.issues[0].locator == "in.dat /X/R[2] (line 2)"
    assert found.places[1].startswith("in.dat /X/R[3]")


def test_deep_nesting_costs_one_record_inside_and_the_file_outside(make: Make, run: Run) -> None:
    deep = "<A>" * 5000 + "</A>" * 5000
    found = run(make(f"<X><R>1</R><R>{deep}</R><R>2</R></X>"), "xml", "/X/R")
    assert len(found.data) == 2
    assert found.codes == ["QCP-SRC-DEPTH"]
    assert run(make(f"<X>{deep}</X>"), "xml", "/X/R").failed == "QCP-SRC-DEPTH"


def test_a_tag_that_never_ends_stops_the_reader(make: Make, run: Run) -> None:
    found = run(make('<X><R a="' + "x" * 3_000_000), "xml", "/X/R", limit=1_000_000)
    assert found.failed == "QCP-SRC-RECORD-SIZE"


def test_names_without_number_stop_the_reader(make: Make, run: Run) -> None:
    names = "".join(f"<A{n}/>" for n in range(150_000))
    assert run(make(f"<X>{names}</X>"), "xml", "/X/R").failed == "QCP-SRC-RECORD-SIZE"
