"""A harvester who knows only the home page's address."""

import re
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from rdflib import Graph, Namespace
from rdflib.namespace import DCTERMS

from tests.feeds.conftest import Site

DCAT = Namespace("http://www.w3.org/ns/dcat#")
LINK = re.compile(r'<([^>]+)>; rel="([^"]+)"; type="([^"]+)"')
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def named(site: Site) -> dict[str, list[tuple[str, str]]]:
    """The links of the home page's header: relation, then address and media type."""
    found: dict[str, list[tuple[str, str]]] = {}
    for target, name, kind in LINK.findall(site.get("/", "text/html").headers["link"]):
        found.setdefault(name, []).append((urljoin(site.base, target), kind))
    return found


def test_the_home_page_names_what_there_is_for_machines(site: Site) -> None:
    links = named(site)
    assert set(links) == {"describedby", "service-desc", "alternate", "linkset", "api-catalog"}
    for address, kind in [one for found in links.values() for one in found]:
        answer = site.get(address, kind)
        assert answer.status_code == 200, address
        assert answer.headers["content-type"].partition(";")[0] == kind
    page = site.get("/", "text/html").text
    for path in ("/feed/ldes", "/feed/atom", "/linkset", "/id/catalogue.ttl"):
        assert f'href="{path}"' in page


def test_everything_that_the_link_set_names_answers(site: Site) -> None:
    [(address, _)] = named(site)["linkset"]
    [context] = site.get(address).json()["linkset"]
    assert context["anchor"] == site.base
    checked = []
    for name, targets in context.items():
        for target in targets if name != "anchor" else ():
            answer = site.client.get(target["href"], headers={"Accept": target.get("type", "*/*")})
            assert answer.status_code == 200, target
            checked.append(target["href"].removeprefix(site.base))
    assert {"oai", "sparql", "feed/ldes/ee-mini", "feed/atom/ee-mini"} <= set(checked)
    assert "dumps/ee-mini.nq.gz" in checked
    text = site.get(address, "application/linkset")
    assert text.headers["content-type"] == "application/linkset"
    assert text.text.count("rel=") == len(checked)
    tag = {"If-None-Match": text.headers["etag"]}
    assert site.get(address, "application/linkset", **tag).status_code == 304


def test_the_catalogue_of_interfaces(site: Site) -> None:
    sets = site.get("/.well-known/api-catalog").json()["linkset"]
    services = {item["href"] for item in sets[0]["item"]}
    assert services == {site.base + p for p in ("sparql", "oai", "feed/ldes", "api/queries")}
    for service in services:
        assert site.get(service).status_code == 200
    described = [one for one in sets if "service-desc" in one]
    assert {one["anchor"] for one in described} < services


def test_the_catalogue_names_the_feeds_as_services(site: Site) -> None:
    graph = Graph().parse(data=site.get("/id/catalogue.ttl").text, format="turtle")
    found = {
        str(graph.value(node, DCTERMS.conformsTo)): str(graph.value(node, DCAT.endpointURL))
        for node in graph.objects(None, DCAT.service)
    }
    assert found["https://w3id.org/ldes/specification"] == site.base + "feed/ldes"
    assert found["http://www.openarchives.org/OAI/openarchivesprotocol.html"] == site.base + "oai"
    register = Graph().parse(data=site.get("/id/register/ee/mini.ttl").text, format="turtle")
    addresses = {str(one) for one in register.objects(None, DCAT.accessURL)}
    assert {site.base + "feed/ldes/ee-mini", site.base + "feed/atom/ee-mini"} < addresses
    assert all(site.get(address).status_code == 200 for address in addresses)


def test_the_sitemap_tells_when_each_record_changed(site: Site) -> None:
    [one] = ET.fromstring(site.get("/sitemap.xml").content).iter(SITEMAP + "loc")
    listed = ET.fromstring(site.get(one.text or "").content)
    days = {
        url.findtext(SITEMAP + "loc", "").rpartition("/")[2]: url.findtext(SITEMAP + "lastmod", "")
        for url in listed
    }
    assert sorted(days) == [f"Q{n}" for n in range(2, 9)]
    assert days["Q2"][:10] == "2026-01-03"
    assert days["Q4"][:10] == "2026-01-01"


@pytest.mark.parametrize("path", ["/linkset", "/.well-known/api-catalog", "/.well-known/void"])
def test_descriptions_may_be_read_from_anywhere(site: Site, path: str) -> None:
    assert site.get(path).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_a_record_tells_how_to_cite_it_and_where_it_belongs(site: Site, accept: str) -> None:
    """FAIR Signposting, level 1."""
    iri = site.base + "id/qualification/ee/mini/Q2"
    link = site.get(iri, accept).headers["link"]
    assert f'<{iri}>; rel="cite-as"' in link
    assert f'<{site.base}id/register/ee/mini>; rel="collection"' in link
    assert 'publicdomain/zero/1.0/>; rel="license"' in link
    assert '<https://schema.org/EducationalOccupationalCredential>; rel="type"' in link
    described = re.findall(r'<([^>]+)>; rel="describedby"; type="([^"]+)"', link)
    assert len(described) == (2 if accept == "text/html" else 0)
    for target, kind in described:
        answer = site.get(target)
        assert answer.headers["content-type"].startswith(kind)
    register = site.get("/id/register/ee/mini").headers["link"]
    assert 'rel="collection"' not in register
    assert 'rel="cite-as"' in register
