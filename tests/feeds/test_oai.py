"""OAI-PMH as a client of its own reads it, and every error the protocol knows."""

import base64
import gzip
import json
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sickle import Sickle

from qcp_graph.feeds.oai import OaiError, repository
from qcp_graph.feeds.oai.requests import Position, parse
from tests.feeds.conftest import Site

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
Statements = set[tuple[str, str, str]]


@pytest.fixture
def sickle(site: Site) -> Sickle:
    return Sickle(site.base + "oai")


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "PAGE", 2)
    monkeypatch.setattr(repository, "HEADERS", 3)


def ask(site: Site, **arguments: str) -> ET.Element:
    answer = site.client.get("/oai", params={k.rstrip("_"): v for k, v in arguments.items()})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    return ET.fromstring(answer.content)


def code(root: ET.Element) -> str:
    error = root.find(OAI + "error")
    return "" if error is None else error.get("code", "")


def dumped_data(site: Site) -> Statements:
    """The statements of the register's data graph, as the dump has them."""
    packed = site.get("/dumps/ee-mini.nq.gz").content
    return {
        (str(q.subject), str(q.predicate), str(q.object))
        for q in ox.parse(gzip.decompress(packed), ox.RdfFormat.N_QUADS)
        if str(q.graph_name).endswith("/data>")
    }


def test_identify_sets_and_formats(site: Site, sickle: Sickle) -> None:
    identity = sickle.Identify()
    assert identity.baseURL == site.base + "oai"
    assert identity.deletedRecord == "persistent"
    assert identity.granularity == "YYYY-MM-DDThh:mm:ssZ"
    assert "@" in identity.adminEmail
    assert [(one.setSpec, one.setName) for one in sickle.ListSets()] == [
        ("ee-mini", "Mini register")
    ]
    assert [one.metadataPrefix for one in sickle.ListMetadataFormats()] == ["oai_dc", "elm", "loq"]
    name = site.base + "id/qualification/ee/mini/Q2"
    assert len(list(sickle.ListMetadataFormats(identifier=name))) == 3


def test_a_record_that_europass_cannot_take_says_why(sickle: Sickle) -> None:
    name = next(iter(sickle.ListIdentifiers(metadataPrefix="loq", ignore_deleted=True))).identifier
    found = sickle.GetRecord(identifier=name, metadataPrefix="loq").raw
    assert "Courses" in found
    assert "not written: elm:EQFLevel is not given" in found


@pytest.mark.parametrize("set_", ["", "ee-mini"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_independent_client_reads_everything(
    site: Site, small_pages: None, set_: str, method: str
) -> None:
    sickle = Sickle(site.base + "oai", http_method=method)
    chosen = {"set": set_} if set_ else {}
    found: Statements = set()
    deleted = []
    for record in sickle.ListRecords(metadataPrefix="elm", **chosen):
        assert record.header.setSpecs == ["ee-mini"]
        if record.header.deleted:
            deleted.append(record.header.identifier)
            continue
        rdf = record.xml.find(f"{OAI}metadata")[0]
        text = __import__("lxml.etree").etree.tostring(rdf)
        found |= {
            (str(q.subject), str(q.predicate), str(q.object))
            for q in ox.parse(text, ox.RdfFormat.RDF_XML)
        }
    assert found == dumped_data(site)
    assert deleted == [site.base + "id/qualification/ee/mini/Q1"]


def test_headers_are_complete_and_in_order(site: Site, sickle: Sickle, small_pages: None) -> None:
    headers = list(sickle.ListIdentifiers(metadataPrefix="oai_dc"))
    assert len({one.identifier for one in headers}) == len(headers) == 8
    stamps = [one.datestamp for one in headers]
    assert stamps == sorted(stamps)


def test_dublin_core_names_the_qualification(site: Site, sickle: Sickle) -> None:
    name = site.base + "id/qualification/ee/mini/Q2"
    record = sickle.GetRecord(identifier=name, metadataPrefix="oai_dc")
    assert record.header.identifier == name
    assert record.metadata["title"] == ["Qualification 2"]
    assert record.metadata["identifier"] == [name]
    assert record.metadata["publisher"] == ["Body b2"]
    assert record.metadata["type"] == ["Qualification"]
    assert record.metadata["rights"] == ["https://creativecommons.org/publicdomain/zero/1.0/"]
    assert len(record.metadata["relation"]) == 2
    element = record.xml.find(f".//{DC}title")
    assert element.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_a_deleted_record_keeps_its_header(site: Site, sickle: Sickle) -> None:
    name = site.base + "id/qualification/ee/mini/Q1"
    record = sickle.GetRecord(identifier=name, metadataPrefix="elm")
    assert record.header.deleted
    assert record.xml.find(f"{OAI}metadata") is None


def test_only_what_changed_since_is_read_again(site: Site, sickle: Sickle) -> None:
    headers = list(sickle.ListIdentifiers(metadataPrefix="oai_dc"))
    last = headers[-1].datestamp
    found = [
        h.identifier
        for h in sickle.ListIdentifiers(
            **{"metadataPrefix": "oai_dc", "from": last, "ignore_deleted": False}
        )
    ]
    expected = [one.identifier for one in headers if one.datestamp >= last]
    assert found == expected
    assert len(found) < len(headers)
    today = datetime.now(UTC).date().isoformat()
    assert code(ask(site, verb="ListRecords", metadataPrefix="elm", from_="2999-01-01")) == (
        "noRecordsMatch"
    )
    assert code(ask(site, verb="ListRecords", metadataPrefix="elm", until="2020-01-01")) == (
        "noRecordsMatch"
    )
    assert code(ask(site, verb="ListIdentifiers", metadataPrefix="elm", until=today)) == ""


def test_a_list_tells_its_size_and_place(site: Site, small_pages: None) -> None:
    root, cursors = ask(site, verb="ListRecords", metadataPrefix="oai_dc"), []
    while True:
        token = root.find(f"{OAI}ListRecords/{OAI}resumptionToken")
        assert token is not None
        assert token.get("completeListSize") == "8"
        cursors.append(token.get("cursor"))
        if not token.text:
            break
        root = ask(site, verb="ListRecords", resumptionToken=token.text)
    assert cursors == ["0", "2", "4", "6"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, "badVerb"),
        ({"verb": "Nothing"}, "badVerb"),
        ({"verb": "identify"}, "badVerb"),
        ({"verb": "Identify", "metadataPrefix": "elm"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "elm", "x": "y"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "a b"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "elm", "from": "yesterday"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "elm", "from": "2026-02-30"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "elm", "from": ""}, "badArgument"),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "elm",
                "from": "2026-01-01",
                "until": "2026-01-01T00:00:00Z",
            },
            "badArgument",
        ),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "elm",
                "from": "2026-01-02",
                "until": "2026-01-01",
            },
            "badArgument",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "elm", "set": "xx-none"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        (
            {"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "elm"},
            "badArgument",
        ),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "GetRecord", "identifier": "x"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "urn:x", "metadataPrefix": "elm"}, "idDoesNotExist"),
        (
            {"verb": "GetRecord", "identifier": "urn:x", "metadataPrefix": "q"},
            "cannotDisseminateFormat",
        ),
        ({"verb": "ListMetadataFormats", "identifier": '<&"\x01'}, "badArgument"),
        ({"verb": "ListMetadataFormats", "identifier": "Q7"}, "badArgument"),
    ],
)
def test_every_error_has_its_code(site: Site, arguments: dict[str, str], expected: str) -> None:
    root = ask(site, **arguments)
    assert code(root) == expected
    request = root.find(OAI + "request")
    assert request is not None
    assert request.text == site.base + "oai"
    assert bool(request.attrib) is (expected not in {"badVerb", "badArgument"})


def test_an_argument_given_twice(site: Site) -> None:
    twice = site.client.get("/oai?verb=Identify&verb=Identify")
    assert code(ET.fromstring(twice.content)) == "badVerb"
    prefix = site.client.get("/oai?verb=ListRecords&metadataPrefix=elm&metadataPrefix=elm")
    assert code(ET.fromstring(prefix.content)) == "badArgument"


def test_http_limits(site: Site) -> None:
    assert site.client.get("/oai?" + "a=1&" * 30).status_code == 400
    assert site.client.get("/oai?verb=%ff").status_code == 400
    assert (
        site.client.post("/oai", content=b"{}", headers={"Content-Type": "a/b"}).status_code == 415
    )
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    def endless():  # type: ignore[no-untyped-def]
        for _ in range(40):
            yield b"x" * 65536

    assert site.client.post("/oai", content=endless(), headers=form).status_code == 413


FIRST = parse([("verb", "ListRecords"), ("metadataPrefix", "elm"), ("set", "ee-mini")])
GOOD = ["ListRecords", "elm", "ee-mini", "", "", "ee-mini", 1, "Q1", 2, 8]
HOSTILE = [
    (0, "ListIdentifiers"), (0, 1), (1, ""), (1, "a b"), (2, "../x"), (3, "soon"),
    (5, "../../etc"), (5, None), (6, -1), (6, 10**30), (6, True), (6, 1.5), (7, None),
    (7, "\ud800"), (8, "1"), (9, None), (9, [1]),
]  # fmt: skip


def token_of(content: object) -> str:
    text = json.dumps(content).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def test_a_token_leads_back_to_its_position() -> None:
    position = Position("ee-mini", 3, "é/\U0001f600 \"'", 4, 9)
    again = parse([("verb", "ListRecords"), ("resumptionToken", FIRST.token(position))])
    assert again.position == position
    assert (again.prefix, again.set) == ("elm", "ee-mini")
    parse([("verb", "ListRecords"), ("resumptionToken", token_of(GOOD))])


@pytest.mark.parametrize(("place", "value"), HOSTILE)
def test_a_forged_token_is_refused(place: int, value: object) -> None:
    forged = [value if n == place else part for n, part in enumerate(GOOD)]
    with pytest.raises(OaiError) as error:
        parse([("verb", "ListRecords"), ("resumptionToken", token_of(forged))])
    assert error.value.code == "badResumptionToken"


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda b: base64.b64encode(b).decode()))
def test_no_token_breaks_the_server(text: str) -> None:
    with pytest.raises(OaiError):
        parse([("verb", "ListRecords"), ("resumptionToken", text)])


def test_a_token_for_a_place_behind_the_list_is_refused(site: Site) -> None:
    other = [*GOOD[:2], "", *GOOD[3:5], "zz-none", *GOOD[6:]]
    root = ask(site, verb="ListRecords", resumptionToken=token_of(other))
    assert code(root) == "badResumptionToken"


@pytest.mark.parametrize("arguments", [{"identifier": "\x00\x0b<![CDATA["}])
def test_what_is_echoed_stays_xml(site: Site, arguments: dict[str, str]) -> None:
    ask(site, verb="GetRecord", metadataPrefix="elm", **arguments)
