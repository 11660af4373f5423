"""Damaged data under an RML mapping: issues or one error, never a crash, never invalid N-Quads."""

import contextlib
import random
from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.mapping.rml import grel
from tests.mapping.rml.support import run, source

SPICE = [
    *(b"\x00", b"\xff\xfe", b"\x07", "\u2028".encode(), b"\xed\xa0\x80", "\U000e0001".encode()),
    *(b'"', b"\\", b"<", b">", b"{", b"}", b"[", b",", b"\n", b"%zz", b"&#0;", b"&x;", b"\\ud800"),
    *(b"null", b"1e999", b"-0", b"2024-02-30", b"javascript:alert(1)", b"http://["),
    *(b"A" * 5000, b"9" * 5000),
]
RULES = """
  rml:subjectMap [ rml:template "s/{ID}"; rml:class ex:C;
    rml:graphMap [ rml:template "g/{KIND}" ] ];
  rml:predicateObjectMap
    [ rml:predicate ex:a; rml:objectMap [ rml:reference "NAME" ] ],
    [ rml:predicate ex:b; rml:objectMap [ rml:reference "DAY"; rml:datatype xsd:date ] ],
    [ rml:predicate ex:c; rml:objectMap [ rml:reference "NAME";
      rml:languageMap [ rml:reference "KIND" ] ] ],
    [ rml:predicate ex:d; rml:objectMap [ rml:reference "NAME"; rml:termType rml:IRI ] ],
    [ rml:predicate ex:e; rml:objectMap [ rml:template "{NAME} {DAY}";
      rml:termType rml:BlankNode ] ],
    [ rml:predicateMap [ rml:template "p/{KIND}" ]; rml:objectMap [ rml:template "{NAME}";
      rml:termType rml:UnsafeIRI ] ],
    [ rml:predicate ex:g; rml:objectMap [ rml:reference "DAY"; rml:datatypeMap
      [ rml:template "t/{NAME}" ] ] ],
    [ rml:predicate ex:h; rml:objectMap [ rml:parentTriplesMap <#A>; rml:joinCondition
      [ rml:child "KIND"; rml:parent "KIND" ] ] ] .
"""
ROWS = [(b"%d" % n, b"N\xc3\xa9 %d" % n) for n in range(9)]
CONTENT = {
    "CSV": b"id,name,day,kind\n" + b"".join(b"%b,%b,2024-01-02,fr\n" % row for row in ROWS),
    "JSONPath": b"[%b]"
    % b",".join(b'{"id":%b,"name":"%b","day":"2024-01-02","kind":"fr"}' % row for row in ROWS),
    "XPath": b"<r>%b</r>"
    % b"".join(
        b"<q><id>%b</id><name>%b</name><day>2024-01-02</day><kind>fr</kind></q>" % row
        for row in ROWS
    ),
}
ITERATORS = {"CSV": "", "JSONPath": "$[*]", "XPath": "/r/q"}


def _mapping(kind: str) -> str:
    rules = RULES
    for word in ("ID", "NAME", "DAY", "KIND"):
        rules = rules.replace(word, word.lower())
    return f"<#A> {source('a.data', kind, ITERATORS[kind])};" + rules


def _damaged(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content))
        kind = chance.randrange(4)
        if kind == 0:
            content = content[:at] + chance.choice(SPICE) + content[at:]
        elif kind == 1:
            content = content[:at] + content[at + chance.randint(1, 30) :]
        elif kind == 2:
            content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        else:
            content = content[: max(at, 1)] if chance.random() < 0.2 else content
    return content or b"x"


@pytest.mark.parametrize("kind", sorted(CONTENT))
def test_damaged_data_give_issues_and_valid_lines(kind: str, tmp_path: Path) -> None:
    chance = random.Random(kind)
    finished = told = 0
    for _ in range(300):
        files = {"a.data": _damaged(CONTENT[kind], chance)}
        (tmp_path / "out.nq").unlink(missing_ok=True)
        with contextlib.suppress(DataError, UsageError):
            made = run(tmp_path, _mapping(kind), files)
            text = "\n".join(made.lines).encode()
            assert len(list(ox.parse(text, format=ox.RdfFormat.N_QUADS))) == len(made.lines)
            finished += 1
            told += bool(made.issues)
    assert finished > 20
    assert told > 10


def test_the_documentation_names_every_function(repository: Path) -> None:
    page = (repository / "docs" / "rml.md").read_text(encoding="utf-8").split()
    words = {word.strip("`.,:;()") for word in page}
    aliases = {
        "string_toUppercase",
        "string_toLowercase",
        "string_toTitlecase",
        "startsWith",
        "endsWith",
    }
    assert {iri.rsplit("#", 1)[1] for iri in grel.known()} - words <= aliases
