"""Sites that lie, attack or break off: a clean error, bounded work, nothing lost."""

import gzip
from dataclasses import replace

import pytest

from qcp_graph.errors import DataError, QcpError, UsageError
from qcp_graph.harvest.xml import HostileXml, parse
from tests.harvest.conftest import BOUNDS, LIMITS, Harvest, Liar, said

STREAM = """
@prefix tree: <https://w3id.org/tree#> . @prefix ldes: <https://w3id.org/ldes#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix ex: <http://example.org/> .
"""
NODE = (
    STREAM
    + "<#stream> a ldes:EventStream ; tree:view <> ; ldes:timestampPath dcterms:created ; "
    + "ldes:versionOfPath dcterms:isVersionOf . <> a tree:Node ; tree:relation [ tree:node <{}> ] ."
)
OAI = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-01T00:00:00Z</responseDate>{}</OAI-PMH>'
FORMATS = OAI.format(
    "<ListMetadataFormats><metadataFormat><metadataPrefix>elm</metadataPrefix><metadataNamespace>"
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#</metadataNamespace></metadataFormat>"
    "</ListMetadataFormats>"
)
LIST = "/oai?verb=ListRecords&metadataPrefix=elm"
RECORD = (
    "<record><header><identifier>urn:{0}</identifier><datestamp>2026-01-01T00:00:00Z</datestamp>"
    '</header><metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:e="http://example.org/"><r:Description r:about="urn:{0}"><e:p>{1}</e:p></r:Description>'
    "</r:RDF></metadata></record>"
)


@pytest.fixture
def repository(liar: Liar) -> Liar:
    """A repository that is found, and lists nothing yet."""
    liar.say("/oai", OAI.format('<error code="badVerb"/>'), "text/xml")
    liar.say("/oai?verb=ListMetadataFormats", FORMATS, "text/xml")
    return liar


def test_versions_without_graphs_are_read_as_their_records(liar: Liar, read: Harvest) -> None:
    page = NODE.format("/two") + (
        "<#stream> tree:member <#1>, <#2>, <#3> . "
        "<#1> dcterms:isVersionOf ex:a ; "
        'dcterms:created "2026-01-02T00:00:00+01:00"^^xsd:dateTime ;'
        ' ex:name "new" ; ex:part [ ex:inside [ ex:deep "x" ] ] . '
        '<#2> dcterms:isVersionOf ex:a ; dcterms:created "2026-01-01T00:00:00Z"^^xsd:dateTime ;'
        ' ex:name "old" . '
        '<#3> a as:Delete ; dcterms:isVersionOf ex:b ; dcterms:created "2026-01-03T00:00:00Z" .'
    )
    start = liar.say("/one", page)
    liar.say("/two", STREAM + '<#s> tree:member <#1> . <#1> dcterms:isVersionOf ex:b ; '
             'dcterms:created "2026-01-01T00:00:00Z" ; ex:name "gone" .')  # fmt: skip
    found = read(start)
    assert (found.records, found.deleted) == (1, 1)
    statements = said(found.replica)
    assert {(p, o) for s, p, o in statements if s == "<http://example.org/a>" and "name" in p} == {
        ("<http://example.org/name>", '"new"')
    }
    assert len(statements) == 4
    assert not any("gone" in o for _, _, o in statements)


def test_pages_that_lead_in_circles_end(liar: Liar, read: Harvest) -> None:
    liar.say("/b", NODE.format("/a"))
    assert read(liar.say("/a", NODE.format("/b"))).pages <= 3


def test_endless_pages_are_cut(liar: Liar, read: Harvest) -> None:
    for number in range(300):
        liar.say(f"/{number}", NODE.format(f"/{number + 1}"))
    with pytest.raises(DataError, match="QCP-HAR-LIMIT"):
        read(liar.address + "/0")
    assert len(liar.asked) <= BOUNDS.pages


def test_a_large_page_is_cut(liar: Liar, read: Harvest) -> None:
    start = liar.say("/", NODE.format("/x") + "# " + "x" * 5_000_000)
    with pytest.raises(DataError, match="QCP-SRC-SIZE"):
        read(start)


def test_all_pages_together_are_bounded(liar: Liar, read: Harvest) -> None:
    for number in range(50):
        liar.say(f"/{number}", NODE.format(f"/{number + 1}") + "# " + "x" * 100_000)
    with pytest.raises(DataError, match="QCP-SRC-SIZE"):
        read(
            liar.address + "/0",
            replace(BOUNDS, limits=replace(LIMITS, max_bytes=1_000_000)),
        )


def test_a_bomb_of_gzip_is_cut(liar: Liar, read: Harvest) -> None:
    bomb = gzip.compress(b"#" + b"x" * 50_000_000)
    liar.say("/", bomb, Content_Encoding="gzip")
    with pytest.raises(DataError, match="QCP-HAR-LIMIT"):
        read(liar.address + "/")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("<a> <b> .", "text/turtle"),
        ("{" * 100_000, "application/ld+json"),
        ('{"@context": "http://127.0.0.1:1/c", "a": 1}', "application/ld+json"),
        ("[" * 200_000, "application/ld+json"),
        ("<x> " + "(" * 200_000, "text/turtle"),
        ("nothing", "image/png"),
        ("", ""),
    ],
)
def test_what_is_no_stream_is_refused(
    liar: Liar, read: Harvest, body: str, media_type: str
) -> None:
    start = liar.say("/", body, media_type)
    with pytest.raises(DataError, match="QCP-HAR-"):
        read(start)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/", "http://[::1"])
def test_relations_lead_to_the_web_alone(liar: Liar, read: Harvest, target: str) -> None:
    with pytest.raises(DataError):
        read(liar.say("/", NODE.format(target)))


def test_a_public_site_leads_into_no_private_network(liar: Liar, read: Harvest) -> None:
    closed = replace(BOUNDS, limits=replace(LIMITS, private_networks=False))
    with pytest.raises(DataError, match="QCP-SRC-PRIVATE"):
        read(liar.say("/", NODE.format("http://169.254.169.254/latest/")), closed)
    assert liar.asked == []


@pytest.mark.parametrize("address", ["file:///etc/passwd", "notaurl", "http://", "http://x y/"])
def test_addresses_that_are_none(read: Harvest, address: str) -> None:
    with pytest.raises(UsageError, match="QCP-SRC-URL"):
        read(address)


# --- OAI-PMH --------------------------------------------------------------------------------------


def test_a_repository_is_read_and_its_deletions(repository: Liar, read: Harvest) -> None:
    gone = (
        '<record><header status="deleted"><identifier>urn:2</identifier><datestamp>2026-01-01'
        "</datestamp></header></record>"
    )
    body = RECORD.format(1, "one") + gone
    repository.say(LIST, OAI.format(f"<ListRecords>{body}</ListRecords>"), "text/xml")
    found = read(repository.address + "/oai")
    assert (found.records, found.deleted) == (1, 1)
    assert said(found.replica) == {("<urn:1>", "<http://example.org/p>", '"one"')}
    later = f"{LIST}&from=2026-01-01T00%3A00%3A00Z"
    repository.say(later, OAI.format('<error code="noRecordsMatch"/>'), "text/xml")
    assert read(repository.address + "/oai").records == 1
    assert later in repository.asked


ENTITIES = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx">]><a>&x;</a>'
BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{"&a" + str(n - 1) * (n > 1) + ";"}">' for n in range(1, 9))
    + "]><a>&a8;</a>"
)


@pytest.mark.parametrize(
    "text",
    [
        ENTITIES,
        BOMB,
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        "<a>" * 300 + "</a>" * 300,
        "<a><b></a>",
        "",
        ENTITIES.encode("utf-16"),
    ],
)
def test_hostile_xml_is_refused(text: str | bytes) -> None:
    with pytest.raises(HostileXml):
        parse(text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize(
    "body",
    [
        ENTITIES,
        "<html/>",
        OAI.format('<error code="badArgument">no</error>'),
        OAI.format("<ListRecords><record/></ListRecords>"),
        OAI.format("<ListRecords><record><header/></record></ListRecords>"),
        OAI.format(f"<ListRecords>{RECORD.format('x y', '1')}</ListRecords>"),
        OAI.format('<error code="badResumptionToken"/>'),
    ],
)
def test_a_list_that_is_none_is_an_error(repository: Liar, read: Harvest, body: str) -> None:
    repository.say(LIST, body, "text/xml")
    with pytest.raises(QcpError, match="QCP-HAR-ANSWER"):
        read(repository.address + "/oai")


def test_a_list_that_goes_round_ends(repository: Liar, read: Harvest) -> None:
    token = "<resumptionToken>again</resumptionToken>"
    body = OAI.format(f"<ListRecords>{RECORD.format(1, 'x')}{token}</ListRecords>")
    repository.say(LIST, body, "text/xml")
    repository.say("/oai?verb=ListRecords&resumptionToken=again", body, "text/xml")
    with pytest.raises(DataError, match="round in circles"):
        read(repository.address + "/oai")


def test_a_forgotten_list_is_begun_again_once(repository: Liar, read: Harvest) -> None:
    token = "<resumptionToken>t</resumptionToken>"
    first = OAI.format(f"<ListRecords>{RECORD.format(1, 'x')}{token}</ListRecords>")
    repository.say(LIST, first, "text/xml")
    stale = OAI.format('<error code="badResumptionToken"/>')
    repository.say("/oai?verb=ListRecords&resumptionToken=t", stale, "text/xml")
    with pytest.raises(DataError, match="QCP-HAR-ANSWER"):
        read(repository.address + "/oai")
    assert repository.asked.count(LIST) == 2


def test_a_repository_without_rdf_is_named(repository: Liar, read: Harvest) -> None:
    only = FORMATS.replace("elm", "oai_dc").replace("rdf-syntax-ns", "other")
    repository.say("/oai?verb=ListMetadataFormats", only, "text/xml")
    with pytest.raises(DataError, match="only oai_dc"):
        read(repository.address + "/oai")


# --- finding --------------------------------------------------------------------------------------


def test_a_page_leads_to_a_stream(liar: Liar, read: Harvest) -> None:
    liar.say("/feed", NODE.format("/feed"))
    liar.say("/about", STREAM + "<#s> a ldes:EventStream ; tree:view </feed> .")
    liar.say("/", '<link rel="describedby" href="about" type="text/turtle">', "text/html")
    assert read(liar.address + "/").address == liar.address + "/feed"
    assert liar.asked[:3] == ["/", "/about", "/feed"]


def test_a_header_leads_to_a_stream(liar: Liar, read: Harvest) -> None:
    liar.say("/feed", NODE.format("/feed"))
    link = '<mailto:x@y.z>; rel="author", </feed>; title="a, b; c"; rel="alternate item"'
    liar.say("/", "", "text/html", Link=link)
    assert read(liar.address + "/").protocol == "ldes"


def test_finding_ends(liar: Liar, read: Harvest) -> None:
    for number in range(40):
        links = "".join(f'<link rel="alternate" href="/{n}">' for n in range(40))
        liar.say(f"/{number}", links, "text/html")
    with pytest.raises(DataError, match="QCP-HAR-NOTHING"):
        read(liar.address + "/0")
    assert len(liar.asked) <= 12
