"""Files for others, as a release has them and the site serves them."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from lxml import etree
from openpyxl import load_workbook

from qcp_graph import zst
from qcp_graph.exports import COLUMNS
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.dcat_exports import FILES, WHOLE, WHOLE_FILES
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.pipeline.releases import folder
from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.server.conftest import served

REGISTER, OTHER = "at-berufe-specimen", "ie-micro-specimen"
BASE = "https://qualifications.example/"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    found = Settings(home=tmp_path_factory.mktemp("exports"), base_iri=BASE)
    build(found, Order(source_ids=(REGISTER,)), Silent())
    build(found, Order(source_ids=(OTHER,)), Silent())
    return found


@pytest.fixture(scope="module")
def live(settings: Settings) -> Path:
    releases = folder(settings)
    found = releases.current()
    assert found is not None
    return releases.path(found.id)


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx.Client]:
    with served(create_app(settings)) as opened:
        yield opened


def test_a_register_that_did_not_change_keeps_its_files(settings: Settings, live: Path) -> None:
    releases = folder(settings)
    first = min(one.id for one in releases.list())
    old = releases.path(first) / "exports" / REGISTER
    for path in old.iterdir():
        assert path.samefile(live / "exports" / REGISTER / path.name)


def test_every_file_of_every_register_is_served(client: httpx.Client, live: Path) -> None:
    listed = client.get("/exports/").json()["exports"]
    assert {one["href"] for one in listed} == {
        *(f"{one}/{name}" for one in (REGISTER, OTHER) for name in FILES),
        *(f"{WHOLE}/{name}" for name in WHOLE_FILES),
    }
    for one in listed:
        path = live / "exports" / one["href"]
        answer = client.get(f"/exports/{one['href']}")
        assert answer.status_code == 200
        assert answer.content == path.read_bytes()
        assert "last-modified" in answer.headers
        same = client.get(
            f"/exports/{one['href']}", headers={"If-None-Match": answer.headers["etag"]}
        )
        assert same.status_code == 304


@pytest.mark.parametrize("encoding", ["gzip", "identity", "gzip;q=0", "br"])
@pytest.mark.parametrize("name", ["loq.xml", "qualifications.csv", "data.ttl"])
def test_a_client_gets_what_it_can_read(
    client: httpx.Client, live: Path, name: str, encoding: str
) -> None:
    path = f"/exports/{REGISTER}/{name}"
    answer = client.get(path, headers={"Accept-Encoding": encoding})
    assert answer.content == gzip.decompress(
        (live / "exports" / REGISTER / f"{name}.gz").read_bytes()
    )
    assert answer.headers.get("content-encoding") == ("gzip" if encoding == "gzip" else None)
    assert answer.headers["vary"] == "Accept-Encoding"
    head = client.head(path, headers={"Accept-Encoding": encoding})
    assert head.status_code == 200
    assert head.headers["etag"] == answer.headers["etag"]
    assert head.content == b""


@pytest.mark.parametrize(
    "path",
    ["nowhere/loq.xml", f"{REGISTER}/made-by", f"{REGISTER}/..%2F..%2FCURRENT", "..%2Fx/loq.xml"],
)
def test_nothing_else_can_be_fetched(client: httpx.Client, path: str) -> None:
    assert client.get(f"/exports/{path}").status_code == 404


def test_table_workbook_and_turtle_say_the_same(live: Path, settings: Settings) -> None:
    files = live / "exports" / REGISTER
    text = gzip.decompress((files / "qualifications.csv.gz").read_bytes()).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == list(COLUMNS)
    mechanic = next(row for row in rows if "AT-L-0701" in row["codes"])
    assert mechanic["country"] == "AUT"
    assert mechanic["eqf_level"] == "4"
    assert mechanic["esco_skills"].startswith("http://data.europa.eu/esco/skill/")
    assert mechanic["source_record"].startswith(f"{BASE}id/record/")
    data = io.BytesIO((files / "qualifications.xlsx").read_bytes())
    first, *others = load_workbook(data).worksheets[0].iter_rows(values_only=True)
    assert list(first) == list(COLUMNS)
    assert len(others) == len(rows)
    turtle = {q.triple for q in ox.parse(gzip.decompress((files / "data.ttl.gz").read_bytes()),
                                         ox.RdfFormat.TURTLE)}  # fmt: skip
    dump = gzip.decompress((live / "dumps" / f"{REGISTER}.nq.gz").read_bytes())
    assert turtle == {q.triple for q in ox.parse(dump, ox.RdfFormat.N_QUADS)}
    assert {row["iri"] for row in rows} == {
        triple.subject.value
        for triple in turtle
        if isinstance(triple.subject, ox.NamedNode)
        and str(triple.object) == "<http://data.europa.eu/snb/model/elm/Qualification>"
    }


def test_the_catalogue_names_them_with_size_and_checksum(client: httpx.Client, live: Path) -> None:
    text = client.get("/id/register/at/berufe-specimen.nt").text
    for name in FILES:
        path = live / "exports" / REGISTER / name
        assert f"<{BASE}exports/{REGISTER}/{name}>" in text
        assert f'"{path.stat().st_size}"' in text
    manifest = json.loads((live / "manifest.json").read_text())
    assert manifest["files"][f"exports/{REGISTER}/loq.xml.gz"] in text


def test_a_release_can_do_without(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, exports=False)
    build(settings, Order(source_ids=(OTHER,)), Silent())
    assert not list(tmp_path.glob("releases/*/exports"))


@pytest.mark.shared
def test_the_official_schemas_take_the_specimens(live: Path, shared: Path) -> None:
    for form in ("loq", "ams"):
        schema = etree.XMLSchema(
            etree.parse(shared / "reference" / "elm" / "xsd" / form / f"{form}.xsd")
        )
        for register in (REGISTER, OTHER):
            data = gzip.decompress((live / "exports" / register / f"{form}.xml.gz").read_bytes())
            schema.validate(etree.fromstring(data))
            assert [one.message for one in schema.error_log] == []


def test_the_whole_is_all_of_the_parts(live: Path) -> None:
    whole = live / "exports" / WHOLE
    graph = gzip.decompress((whole / "data.nq.gz").read_bytes())
    parts = [gzip.decompress(path.read_bytes()) for path in (live / "dumps").glob("*.gz")]
    assert sorted(graph.splitlines()) == sorted(b"".join(parts).splitlines())
    quads = set(ox.parse(graph, ox.RdfFormat.N_QUADS))
    turtle = gzip.decompress((whole / "data.ttl.gz").read_bytes())
    triples = {quad.triple for quad in ox.parse(turtle, ox.RdfFormat.TURTLE)}
    assert triples == {quad.triple for quad in quads}
    tables = [gzip.decompress((whole.parent / name / "qualifications.csv.gz").read_bytes())
              for name in (REGISTER, OTHER)]  # fmt: skip
    lines = gzip.decompress((whole / "qualifications.csv.gz").read_bytes()).decode()
    rows = list(csv.reader(io.StringIO(lines)))
    each = [list(csv.reader(io.StringIO(table.decode()))) for table in tables]
    assert rows == [*each[0], *each[1][1:]]


def test_the_whole_is_unpacked_for_all_and_named_by_the_catalogue(
    client: httpx.Client, live: Path
) -> None:
    path = live / "exports" / WHOLE / "data.nq.gz"
    answer = client.get(f"/exports/{WHOLE}/data.nq", headers={"Accept-Encoding": "gzip"})
    assert answer.headers.get("content-encoding") is None  # joined files are no sure encoding
    assert answer.content == gzip.decompress(path.read_bytes())
    address = f"{BASE}exports/{WHOLE}/data.nq.gz"
    for where in ("/.well-known/void", "/id/catalogue"):
        assert address in client.get(where, headers={"Accept": "application/n-triples"}).text


def unpacked(path: Path) -> bytes:
    with path.open("rb") as file:
        return zst.reading(file).read()


def test_zstandard_holds_what_gzip_holds(live: Path, settings: Settings) -> None:
    folders = (live / "dumps", *(live / "exports" / one for one in (REGISTER, OTHER, WHOLE)))
    found = [path for one in folders for path in sorted(one.glob("*.zst"))]
    dumps = list((live / "dumps").glob("*.nq.gz"))
    assert len(found) == len(dumps) + 2 + 2
    for path in found:
        text = gzip.decompress(path.with_suffix(".gz").read_bytes())
        assert unpacked(path) == text
    first = min(one.id for one in folder(settings).list())
    old = folder(settings).path(first) / "dumps" / f"{REGISTER}.nq.zst"
    assert old.samefile(live / "dumps" / f"{REGISTER}.nq.zst"), "an unchanged one is taken over"


def test_zstandard_is_named_and_served(client: httpx.Client, live: Path) -> None:
    text = client.get("/id/register/at/berufe-specimen.nt").text
    packed = "<http://www.iana.org/assignments/media-types/application/zstd>"
    for name in (f"dumps/{REGISTER}.nq.zst", f"exports/{REGISTER}/data.ttl.zst"):
        content = (live / name).read_bytes()
        answer = client.get(f"/{name}")
        assert answer.content == content
        assert answer.headers["content-type"] == "application/zstd"
        assert "content-encoding" not in answer.headers
        [line] = [one for one in text.splitlines() if "downloadURL" in one and f"/{name}>" in one]
        node = line.split(" ")[0]
        assert f"{node} <http://www.w3.org/ns/dcat#compressFormat> {packed} ." in text
        assert f'{node} <http://www.w3.org/ns/dcat#byteSize> "{len(content)}"' in text
        assert f'checksumValue> "{sha256(content).hexdigest()}"' in text
    catalogue = client.get("/id/catalogue.nt").text
    assert f"<{BASE}exports/{WHOLE}/data.nq.zst>" in catalogue
    page = client.get("/dumps/", headers={"Accept": "text/html"}).text
    for name in (f"dumps/{REGISTER}.nq.zst", f"exports/{WHOLE}/data.ttl.zst"):
        assert f'href="/{name}"' in page


def test_files_of_releases_that_are_kept_have_addresses_that_stay(
    client: httpx.Client, settings: Settings
) -> None:
    named = client.get("/dumps/").json()["releases"]
    assert named == sorted((one.id for one in folder(settings).list()), reverse=True)
    old = client.get(f"/dumps/{named[-1]}/").json()
    assert old["release"] == named[-1]
    for one in old["dumps"]:
        answer = client.get(f"/dumps/{named[-1]}/{one['href']}")
        assert sha256(answer.content).hexdigest() == one["sha256"]
        tag = {"If-None-Match": answer.headers["etag"]}
        assert client.get(f"/dumps/{named[-1]}/{one['href']}", headers=tag).status_code == 304


@pytest.mark.parametrize("path", ["20000101T000000Z/", "CURRENT/", "..%2Flinks/x", "%2e%2e/x.gz"])
def test_no_other_folder_is_a_release(client: httpx.Client, path: str) -> None:
    assert client.get(f"/dumps/{path}").status_code == 404
