"""One row per way of asking, with the client that asks like this."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcp_graph.server.negotiation import (
    ENTITY,
    ERRORS,
    GRAPHS,
    HTML,
    JSON_LD,
    N_TRIPLES,
    PROBLEM,
    RDF_XML,
    RESULTS,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_XML,
    TURTLE,
    Format,
    choose,
    named,
    parse_accept,
    split_suffix,
)

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "text/turtle,application/rdf+xml,application/n-triples;q=0.9,*/*;q=0.1"

ACCEPT: list[tuple[str | None, tuple[Format, ...], Format | None]] = [
    (None, ENTITY, TURTLE),  # no header: a program
    ("", ENTITY, TURTLE),  # an empty header says nothing
    ("*/*", ENTITY, TURTLE),  # curl, wget, requests
    (FIREFOX, ENTITY, HTML),  # browsers
    ("text/html, */*", ENTITY, HTML),  # older browsers: named closely wins among equals
    (RDFLIB, ENTITY, TURTLE),  # RDF libraries
    ("application/ld+json", ENTITY, JSON_LD),
    ("application/json", ENTITY, JSON_LD),  # JSON clients get JSON-LD
    ("application/n-triples", ENTITY, N_TRIPLES),
    ("application/xml", ENTITY, RDF_XML),  # XML tools
    ("TEXT/Turtle", ENTITY, TURTLE),  # media types ignore case
    ("text/turtle;q=0.5, text/html;q=0.6", ENTITY, HTML),  # quality decides
    ("text/turtle;q=0.5, text/html;q=0.4", ENTITY, TURTLE),
    ("text/*", ENTITY, TURTLE),  # wildcard of a type: first offer of that type
    ("application/*", ENTITY, JSON_LD),
    ("text/turtle;q=0, */*", ENTITY, HTML),  # all but Turtle
    ("text/*;q=0.3, text/turtle;q=0.7, */*;q=0.5", ENTITY, TURTLE),  # RFC 9110 §12.5.1
    ("*/*;q=0.9, text/html;q=0.1", ENTITY, TURTLE),  # the close range lowers HTML
    ("text/turtle; charset=utf-8", ENTITY, TURTLE),  # the encoding that we send
    ("text/turtle; charset=latin-1", ENTITY, None),  # an encoding that we do not send
    ('application/ld+json; profile="http://x"', ENTITY, None),  # a profile we do not have yet
    ("image/png", ENTITY, None),
    ("*/*;q=0", ENTITY, None),  # refuses everything
    ("text/turtle;q=0", ENTITY, None),
    ("gibberish", ENTITY, TURTLE),  # unreadable, so as if it was not there
    ("text/turtle;q=x, text/html", ENTITY, HTML),  # the bad element is left out
    ("*/html, text/turtle", ENTITY, TURTLE),  # not a media range
    (",,, ,text/html,", ENTITY, HTML),  # empty elements are legal
    ("text/turtle;q=1.0000", ENTITY, TURTLE),  # four digits: bad element, nothing left
    ("application/sparql-results+json", RESULTS, RESULTS_JSON),
    ("text/csv", RESULTS, RESULTS_CSV),
    ("text/csv", GRAPHS, None),  # CSV for CONSTRUCT is not offered
    (FIREFOX, RESULTS, RESULTS_XML),  # a query in the address bar: the XML a browser shows
    (FIREFOX, ERRORS, HTML),
    ("text/turtle", ERRORS, None),
    ("application/json", ERRORS, PROBLEM),
]


@pytest.mark.parametrize(("accept", "offers", "expected"), ACCEPT)
def test_accept_header(
    accept: str | None, offers: tuple[Format, ...], expected: Format | None
) -> None:
    assert choose(accept, offers) is expected


@given(st.text(max_size=300))
def test_no_header_breaks_the_parser(header: str) -> None:
    for found in parse_accept(header):
        assert 0 <= found.quality <= 1
    chosen = choose(header, ENTITY)
    assert chosen is None or chosen in ENTITY


@given(st.permutations([f"{f.media_type};q=0.{n + 1}" for n, f in enumerate(ENTITY)]))
def test_order_of_elements_does_not_matter(elements: list[str]) -> None:
    assert choose(",".join(elements), ENTITY) is ENTITY[-1]


def test_a_header_of_many_elements_is_read_in_part_only() -> None:
    assert len(parse_accept("text/html," * 5000)) == 50


@pytest.mark.parametrize("form", ENTITY)
def test_a_format_is_found_by_name_suffix_and_media_type(form: Format) -> None:
    for name in (form.name, form.suffix, form.suffix.upper(), *form.media_types):
        assert named(name, ENTITY) is form
    assert split_suffix(f"/id/x/y.{form.suffix}", ENTITY) == ("/id/x/y", form)


def test_media_type_in_an_address_may_have_lost_its_plus() -> None:
    assert named("application/ld json", ENTITY) is JSON_LD


@pytest.mark.parametrize("path", ["/id/x/y", "/id/x/y.pdf", "/id/x/.ttl", "/id/x.ttl/y", ""])
def test_paths_without_a_format_suffix_stay(path: str) -> None:
    assert split_suffix(path, ENTITY) == (path, None)


def test_formats_tell_their_encoding() -> None:
    assert TURTLE.content_type == "text/turtle; charset=utf-8"
    assert JSON_LD.content_type == "application/ld+json"
