"""Names of files: safe everywhere, one per thing."""

import re

from hypothesis import given
from hypothesis import strategies as st

from qcp_graph.server.offline import names

SAFE = re.compile(r"list/[0-9a-f]{2}/[a-z0-9][a-z0-9-]*\.html\Z")


@given(st.text(max_size=300), st.integers(1, 999_999))
def test_any_text_gives_a_safe_name(iri: str, number: int) -> None:
    name = names.file_of("list", iri, number)
    assert SAFE.match(name)
    assert len(name) <= names.LONGEST


@given(st.lists(st.text(max_size=40), unique=True))
def test_two_things_have_two_names_also_where_case_is_ignored(iris: list[str]) -> None:
    found = {names.file_of("list", iri).casefold() for iri in iris}
    assert len(found) == len(iris)


def test_case_and_page_make_another_name() -> None:
    assert names.file_of("list", "A") != names.file_of("list", "a")
    assert names.file_of("list", "a", 2) != names.file_of("list", "a")
    assert names.file_of("list", "a", 2) != names.file_of("list", "a-2")
