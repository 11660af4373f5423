"""Every kind of answer has the form that OAI-PMH 2.0 prescribes.

``oai-pmh.rng`` beside this file says in our words what the text of the protocol does. Where the
variable ``OAI_PMH_XSD`` names the schema of the Open Archives Initiative, that judges as well.
"""

import os
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from qcp_graph.feeds.oai import repository
from tests.feeds.conftest import Site

PREFIXES: Final = ("oai_dc", "elm", "loq")
LISTS: Final = ("ListIdentifiers", "ListRecords")
OAI: Final = "{http://www.openarchives.org/OAI/2.0/}"
RELAXED: Final = etree.RelaxNG(etree.parse(Path(__file__).with_name("oai-pmh.rng")))


def official() -> etree.XMLSchema | None:
    """The schema, taking metadata as they are: theirs have schemas of their own."""
    if not (path := os.environ.get("OAI_PMH_XSD")):
        return None
    text = Path(path).read_bytes().replace(b'processContents="strict"', b'processContents="lax"')
    return etree.XMLSchema(etree.fromstring(text))


OFFICIAL: Final = official()


def faults(content: bytes) -> list[str]:
    document = etree.fromstring(content)
    judges = [RELAXED] if OFFICIAL is None else [RELAXED, OFFICIAL]
    return [str(fault) for judge in judges if not judge.validate(document)
            for fault in judge.error_log]  # fmt: skip


def ask(site: Site, **arguments: str) -> etree._Element:
    """Ask, check the form of the answer and return it."""
    answer = site.client.get("/oai", params={k.rstrip("_"): v for k, v in arguments.items()})
    assert answer.status_code == 200
    assert faults(answer.content) == []
    return etree.fromstring(answer.content)


def names(site: Site) -> dict[str, str]:
    found = ask(site, verb="ListIdentifiers", metadataPrefix="elm")
    return {
        one.get("status", ""): one.findtext(f"{OAI}identifier", "")
        for one in found.iter(f"{OAI}header")
    }


def test_identify_sets_and_formats(site: Site) -> None:
    for verb in ("Identify", "ListSets", "ListMetadataFormats"):
        assert ask(site, verb=verb).find(OAI + verb) is not None
    for name in names(site).values():
        ask(site, verb="ListMetadataFormats", identifier=name)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_record_living_and_deleted(site: Site, prefix: str) -> None:
    known = names(site)
    assert set(known) == {"", "deleted"}
    for status, name in known.items():
        found = ask(site, verb="GetRecord", identifier=name, metadataPrefix=prefix)
        assert (found.find(f".//{OAI}metadata") is None) == (status == "deleted")


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("verb", LISTS)
def test_lists_to_their_end(
    site: Site, verb: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "PAGE", 3)
    monkeypatch.setattr(repository, "HEADERS", 3)
    found = ask(site, verb=verb, metadataPrefix=prefix, from_="2026-01-01", set="ee-mini")
    places = []
    while token := found.findtext(f".//{OAI}resumptionToken"):
        last = found.find(f".//{OAI}resumptionToken")
        places.append((last.get("cursor"), last.get("completeListSize")))
        found = ask(site, verb=verb, resumptionToken=token)
    assert places == [("0", "8"), ("3", "8")]
    end = found.find(f".//{OAI}resumptionToken")
    assert end is not None, "a list in parts ends with an empty token (§3.5)"
    assert not end.text


ERRORS: Final[list[tuple[str, dict[str, str]]]] = [
    ("badVerb", {}),
    ("badVerb", {"verb": "Steal"}),
    ("badArgument", {"verb": "GetRecord", "metadataPrefix": "elm"}),
    ("badArgument", {"verb": "Identify", "set": "a b"}),
    ("badArgument", {"verb": "ListRecords", "metadataPrefix": "elm", "from_": "soon"}),
    ("badArgument", {"verb": "ListRecords", "metadataPrefix": "elm", "set": "not a set"}),
    ("badResumptionToken", {"verb": "ListRecords", "resumptionToken": "x"}),
    ("badResumptionToken", {"verb": "ListSets", "resumptionToken": "x"}),
    ("cannotDisseminateFormat", {"verb": "ListRecords", "metadataPrefix": "marc"}),
    ("idDoesNotExist", {"verb": "GetRecord", "metadataPrefix": "elm", "identifier": "urn:x"}),
    ("idDoesNotExist", {"verb": "ListMetadataFormats", "identifier": "urn:x"}),
    ("noRecordsMatch", {"verb": "ListRecords", "metadataPrefix": "elm", "from_": "2999-01-01"}),
    ("noRecordsMatch", {"verb": "ListRecords", "metadataPrefix": "elm", "set": "xx-none"}),
]


@pytest.mark.parametrize(("code", "arguments"), ERRORS)
def test_errors(site: Site, code: str, arguments: dict[str, str]) -> None:
    assert [one.get("code") for one in ask(site, **arguments).iter(f"{OAI}error")] == [code]


HOSTILE: Final = (
    *("a b", "http://[", "http://a:b/", "http://[::1]/", "%zz", "urn:%zz", "<x/>", "urn:é\u202e"),
    *("x" * 3000, "urn:" + "x" * 3000, "a:b:c", ":", "a:", ":a", "urn:#a#b", "''", "\x07", "a:b\n"),
)


@pytest.mark.parametrize("value", HOSTILE)
def test_what_is_echoed_has_the_form_of_its_argument(site: Site, value: str) -> None:
    for verb, argument in (
        ("GetRecord", "identifier"),
        ("GetRecord", "metadataPrefix"),
        ("ListRecords", "set"),
        ("ListRecords", "until"),
        ("ListRecords", "resumptionToken"),
        ("ListMetadataFormats", "identifier"),
    ):
        others = {"metadataPrefix": "elm"} if argument in {"identifier", "set", "until"} else {}
        if verb == "ListMetadataFormats":
            others = {}
        elif argument == "metadataPrefix":
            others = {"identifier": "urn:x"}
        answer = site.client.get("/oai", params={"verb": verb, argument: value, **others})
        assert faults(answer.content) == [], (verb, argument)


def test_the_judge_can_say_no(site: Site) -> None:
    content = site.client.get("/oai?verb=Identify").content
    for right, wrong in (
        (b"<protocolVersion>2.0<", b"<protocolVersion>1.1<"),
        (b"<deletedRecord>persistent</deletedRecord>", b""),
        (b"Z</responseDate>", b".5Z</responseDate>"),
        (b' verb="Identify"', b""),
    ):
        assert right in content
        assert faults(content.replace(right, wrong))
