"""Negotiation by profile: the same thing in the words of another standard."""

import json
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from qcp_graph.namespaces import ELM_31, ELM_33
from qcp_graph.server import profiles
from tests.server.conftest import BASE, QUALIFICATION, WITHDRAWN

LOQ = "http://data.europa.eu/snb/model/ap/loq-constraints/"
LOQ_33 = "http://data.europa.eu/snb/model/application-profile/loq-constraints/"
SCHEMA, CTDL, DCAT = (
    "https://schema.org/",
    "https://purl.org/ctdl/terms/",
    "http://data.europa.eu/r5r/",
)
ORGANISATION = "/id/organisation/xx/demo/guild"
IRI = BASE + QUALIFICATION[1:]


def ask(client: httpx.Client, path: str, profile: str = "", **headers: str) -> httpx.Response:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, params={"profile": profile} if profile else {}, headers=given)


@pytest.mark.parametrize("name", ["elm-3.3", LOQ_33])
@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf", "nq", "trig"])
def test_elm_33_says_the_same_in_its_namespace(
    client: httpx.Client, name: str, suffix: str
) -> None:
    answer = ask(client, f"{QUALIFICATION}.{suffix}", name)
    assert answer.status_code == 200
    assert answer.headers["content-profile"] == f"<{LOQ_33}>"
    assert ELM_31 not in answer.text
    assert ELM_33 in answer.text
    plain = ask(client, f"{QUALIFICATION}.{suffix}")
    assert plain.headers["content-profile"] == f"<{LOQ}>"
    assert plain.headers["etag"] != answer.headers["etag"]
    if suffix == "nt":
        assert sorted(answer.text.replace(ELM_33, ELM_31).splitlines()) == sorted(
            plain.text.splitlines()
        )


@pytest.mark.parametrize("way", ["token", "iri", "header"])
@pytest.mark.parametrize("path", [QUALIFICATION, ORGANISATION])
@pytest.mark.parametrize(
    ("token", "iri"), [("schema.org", SCHEMA), ("ctdl", CTDL)], ids=["schema", "ctdl"]
)
def test_other_vocabularies(
    client: httpx.Client, path: str, token: str, iri: str, way: str
) -> None:
    if way == "header":
        answer = ask(client, path, Accept_Profile=f"<urn:x>, <{iri}>;q=0.7")
    else:
        answer = ask(client, path, token if way == "token" else iri)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["content-location"] == f"{path}.jsonld?profile={token}"
    assert f'<{iri}>; rel="profile"' in answer.headers["link"]
    assert "Accept-Profile" in answer.headers["vary"]
    found = answer.json()
    assert found["@id"] == BASE + path[1:]
    assert client.head(path, params={"profile": token}).headers["etag"] == answer.headers["etag"]
    again = ask(client, path, token, If_None_Match=answer.headers["etag"])
    assert again.status_code == 304


def test_schema_org_says_what_the_graph_says(client: httpx.Client) -> None:
    found = ask(client, QUALIFICATION, "schema.org").json()
    assert found["@type"] == "EducationalOccupationalCredential"
    assert found["recognizedBy"]["name"] == {"@value": "Guild of bakers", "@language": "en"}
    names = json.dumps(found["competencyRequired"])
    assert 'Bake \\"bread\\"' in names.replace("\\\\", "\\")
    assert "ceterms:ctid" in ask(client, QUALIFICATION, "ctdl").json()


@pytest.mark.parametrize(
    ("path", "tokens"),
    [
        (QUALIFICATION, ["elm-3.1", "elm-3.3", "schema.org", "ctdl", "acqf"]),
        ("/id/level/xx-nqf/5", ["elm-3.1", "elm-3.3", "schema.org"]),
        ("/id/register/xx/demo", ["elm-3.1", "elm-3.3", "schema.org", "dcat"]),
    ],
)
def test_what_is_not_offered_lists_what_is(
    client: httpx.Client, path: str, tokens: list[str]
) -> None:
    for answer in (
        ask(client, path, "nothing"),
        ask(client, path, Accept_Profile="<urn:nothing>"),
    ):
        assert answer.status_code == 406
        assert answer.json()["code"] == "QCP-WEB-PROFILE"
        offers = answer.json()["alternatives"]
        assert list(dict.fromkeys(offer["token"] for offer in offers)) == tokens
        for offer in offers:
            there = client.get(offer["href"])
            if offer["token"] == "acqf":  # this record lacks what it requires
                assert there.status_code == 406
                assert "not written: dcterms:publisher" in there.json()["detail"]
                continue
            assert there.status_code == 200
            assert there.headers["content-type"].startswith(offer["mediaType"])
            assert there.headers["content-profile"] == f"<{offer['profile']}>"


def test_a_profile_in_a_form_that_it_does_not_have(client: httpx.Client) -> None:
    answer = ask(client, f"{QUALIFICATION}.ttl", "schema.org")
    assert answer.status_code == 406
    (offer,) = answer.json()["alternatives"]
    assert client.get(offer["href"]).status_code == 200


def test_alternatives_are_told_in_headers(client: httpx.Client) -> None:
    link = client.get(QUALIFICATION, headers={"Accept": "text/turtle"}).headers["link"]
    assert f'<{QUALIFICATION}.jsonld?profile=ctdl>; rel="alternate"' in link
    assert f'profile="{CTDL}"' in link


def test_withdrawn_records_stay_withdrawn_in_every_profile(client: httpx.Client) -> None:
    assert ask(client, WITHDRAWN, "elm-3.3", Accept="text/turtle").status_code == 410


@pytest.mark.parametrize("header", ["<", "<a b>", "<urn:x>;q=9", ";;;", "x" * 20_000, ""])
def test_headers_that_break_the_grammar_ask_for_nothing(client: httpx.Client, header: str) -> None:
    answer = client.get(QUALIFICATION, headers={"Accept-Profile": header, "Accept": "*/*"})
    assert answer.status_code == 200
    assert answer.headers["content-profile"] == f"<{LOQ}>"


def test_choosing_by_quality_then_by_the_order_of_the_offers() -> None:
    offered = profiles.EVERY
    assert profiles.choose(None, f"<{CTDL}>;q=0.3, <{SCHEMA}>;q=0.5", offered) is (
        profiles.SCHEMA_ORG
    )
    assert profiles.choose(None, f"<{CTDL}>, <{LOQ}>", offered) is profiles.ELM
    assert profiles.choose(None, f"<{CTDL}>;q=0", offered) is None


def test_a_workload_is_served_in_hours(tmp_path: Path) -> None:
    from qcp_graph.server.describe import describe

    store = ox.Store()
    iri = f"{BASE}id/qualification/xx/demo/H"
    hours = ox.Literal("PT700H", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#duration"))
    store.add(
        ox.Quad(ox.NamedNode(iri), ox.NamedNode(ELM_31 + "volumeOfLearning"), hours,
                ox.NamedNode(f"{BASE}graph/xx/demo/data"))
    )  # fmt: skip
    document = describe(store, iri, BASE)
    assert document is not None
    assert [quad.object for quad in document.quads] == [hours]
