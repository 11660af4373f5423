"""Pictures: whatever the numbers and labels, valid XML, inside their frame, and inert."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from qcp_graph.server import pictures
from qcp_graph.server.pictures import Link, Moment, Overlap, Rung, drawing

SVG = "{http://www.w3.org/2000/svg}"
LABELS = st.text(max_size=80) | st.sampled_from(
    [
        '"><script>alert(1)</script>',
        "</svg><img src=x onerror=alert(1)>",
        "&amp;&#0;]]>",
        "\u202egnp.exe",
        "W" * 500,
        "漢" * 90,
        "إطار المؤهلات الوطني " * 9,
    ]
)
NUMBERS = st.integers(min_value=0, max_value=10**12)


def read(picture: Markup) -> ET.Element:
    """Parse a picture as the XML it claims to be; the namespace is that of HTML's parser."""
    return ET.fromstring(
        str(picture).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


def check(picture: Markup) -> ET.Element:
    root = read(picture)
    _, _, wide, high = (float(n) for n in root.attrib["viewBox"].split())
    names = {e.attrib["id"] for e in root if e.tag in {SVG + "title", SVG + "desc"}}
    assert set(root.attrib["aria-labelledby"].split()) == names
    assert root.attrib["role"] == "img"
    allowed = {"svg", "title", "desc", "rect", "line", "circle", "text"}
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= allowed
    for element in root.iter():
        assert not {a for a in element.attrib if a.startswith("on") or a in {"style", "fill"}}
        for left, right in spans(element):
            assert -0.01 <= left <= right <= wide + 0.01, ET.tostring(element)
        for top, bottom in heights(element):
            assert -0.01 <= top <= bottom <= high + 0.01, ET.tostring(element)
    return root


def spans(e: ET.Element) -> Iterator[tuple[float, float]]:
    a = e.attrib
    match e.tag.removeprefix(SVG):
        case "rect":
            yield float(a["x"]), float(a["x"]) + float(a["width"])
        case "line":
            yield min(float(a["x1"]), float(a["x2"])), max(float(a["x1"]), float(a["x2"]))
        case "circle":
            yield float(a["cx"]) - float(a["r"]), float(a["cx"]) + float(a["r"])
        case "text":
            wide = drawing.width(e.text or "")
            shift = {"start": 0.0, "middle": wide / 2, "end": wide}[a["text-anchor"]]
            yield float(a["x"]) - shift, float(a["x"]) - shift + wide


def heights(e: ET.Element) -> Iterator[tuple[float, float]]:
    a = e.attrib
    match e.tag.removeprefix(SVG):
        case "rect":
            yield float(a["y"]), float(a["y"]) + float(a["height"])
        case "line":
            yield min(float(a["y1"]), float(a["y2"])), max(float(a["y1"]), float(a["y2"]))
        case "circle":
            yield float(a["cy"]) - float(a["r"]), float(a["cy"]) + float(a["r"])
        case "text":
            yield float(a["y"]) - drawing.FONT, float(a["y"]) + 3


def texts(root: ET.Element) -> list[str]:
    return [e.text or "" for e in root.iter(SVG + "text")]


@given(st.lists(LABELS, max_size=30), st.lists(LABELS, max_size=70), st.data())
def test_heat_map(columns: list[str], rows: list[str], data: st.DataObject) -> None:
    numbers = data.draw(st.lists(NUMBERS, min_size=len(columns), max_size=len(columns)))
    check(pictures.heat_map("m", "t", "d", columns, [(row, numbers) for row in rows]))


@given(LABELS, LABELS, st.lists(st.tuples(LABELS, st.lists(st.sampled_from("123456789")))))
def test_level_ladder(title: str, head: str, rungs: list[tuple[str, list[str]]]) -> None:
    made = [Rung(label, tuple(reaches)) for label, reaches in rungs]
    eqf = [(str(n), f"EQF {n}") for n in range(8, 0, -1)]
    check(pictures.level_ladder("l", title, "d", (head, "EQF"), made, eqf))


@given(LABELS, st.lists(st.builds(Overlap, LABELS, NUMBERS, NUMBERS, NUMBERS), max_size=60))
def test_overlap_bars(title: str, groups: list[Overlap]) -> None:
    check(pictures.overlap_bars("o", title, "d", groups))


@given(
    st.lists(LABELS, max_size=60),
    st.lists(LABELS, max_size=60),
    st.lists(st.builds(Link, st.integers(-5, 90), st.integers(-5, 90), LABELS), max_size=60),
)
def test_alignment(outcomes: list[str], skills: list[str], links: list[Link]) -> None:
    check(pictures.alignment("a", "t", "d", ("x", "y"), outcomes, skills, links))


@given(LABELS, st.lists(st.builds(Moment, LABELS, LABELS, st.booleans()), max_size=60))
def test_timeline(title: str, moments: list[Moment]) -> None:
    check(pictures.timeline("v", title, title, moments))


@given(LABELS, st.floats(min_value=20, max_value=400))
def test_a_label_fits_its_room(label: str, room: float) -> None:
    assert drawing.width(drawing.fitted(label, room)) <= room


def test_the_more_the_darker() -> None:
    rows = [("FI", [0, 1, 90]), ("ZA", [5_000, 3, 0])]
    root = check(pictures.heat_map("m", "Coverage", "d", ["1", "2", "3"], rows))
    kinds = [e.attrib["class"] for e in root.iter(SVG + "rect")]
    assert kinds == ["h0", "h1", "h3", "h5", "h1", "h0"]
    assert texts(root) == ["1", "2", "3", "FI", "1", "90", "ZA", "5.0k", "3"]


def test_bridges_lead_from_rung_to_rung() -> None:
    rungs = [Rung("FiNQF 8", ("8",)), Rung("FiNQF 7", ("7", "6")), Rung("none")]
    eqf = [("8", "EQF 8"), ("7", "EQF 7"), ("6", "EQF 6")]
    root = check(pictures.level_ladder("l", "t", "d", ("FiNQF", "EQF"), rungs, eqf))
    bridges = [e.attrib for e in root.iter(SVG + "line")]
    assert [(b["y1"], b["y2"]) for b in bridges] == [("46", "46"), ("78", "78"), ("78", "110")]
    assert [e.attrib["class"] for e in root.iter(SVG + "rect")][:3] == ["on", "on", "off"]


def test_bars_are_as_long_as_their_numbers() -> None:
    root = check(pictures.overlap_bars("o", "t", "d", [Overlap("ICT", 1, 2, 0)]))
    bars = [(e.attrib["class"], e.attrib["width"]) for e in root.iter(SVG + "rect")]
    assert bars == [("a", "90"), ("both", "180")]
    assert texts(root) == ["ICT", "1 · 2 · 0"]


def test_links_to_what_is_not_drawn_are_left_out() -> None:
    links = [Link(0, 1, "accepted"), Link(0, 7), Link(-1, 0)]
    root = check(pictures.alignment("a", "t", "d", ("o", "s"), ["bakes"], ["x", "y"], links))
    assert [e.attrib["class"] for e in root.iter(SVG + "line")] == ["link accepted"]


@pytest.mark.parametrize("count", [0, 1, 5_000])
def test_any_number_of_moments(count: int) -> None:
    root = check(pictures.timeline("v", "t", "d", [Moment("2020", "x")] * count))
    assert len(list(root.iter(SVG + "circle"))) == min(count, 40)


def test_hostile_labels_stay_text() -> None:
    label = '"><script>alert(1)</script>\u202e'
    picture = pictures.timeline("v", label, label, [Moment(label, label)])
    assert "<script" not in picture
    assert not re.search("[\u202a-\u202e]", picture)
    check(picture)
