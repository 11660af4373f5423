"""Shapes files that are none, or too much: a clear message at once, and little memory."""

import json
import os
import socket
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.pipeline import rdf_file
from qcp_graph.terms import curie
from qcp_graph.validation import ReferenceGraph, compile_shapes, referee, unread
from tests.validation.test_plan import HEAD, TARGET, t

ENTITIES = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
BOMB = f"""<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [<!ENTITY e0 "lol">{ENTITIES}]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="http://x/S"><rdf:value>&e12;</rdf:value></rdf:Description>
</rdf:RDF>
"""


@pytest.mark.parametrize("name", ["shapes.ttl", "shapes.rdf"])
def test_xml_with_entities_is_not_even_read_as_xml(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(BOMB)
    with pytest.raises(UsageError, match="it must be Turtle") as caught:
        compile_shapes([path])
    assert caught.value.code == "QCP-VAL-SHAPES-FILE"
    assert caught.value.where == str(path)


def test_a_file_of_100_mb_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "large.ttl"
    path.write_text(HEAD)
    os.truncate(path, 100 * 1024**2)
    tracemalloc.start()
    try:
        with pytest.raises(UsageError, match="larger than 32 MiB"):
            compile_shapes([path])
        assert tracemalloc.get_traced_memory()[1] < 40 * 1024**2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [1, 20])
def test_one_text_as_long_as_a_file(tmp_path: Path, size: int) -> None:
    """The parser takes 16 MiB in a row; more is no crash, and less does not take long."""
    path = tmp_path / "long.ttl"
    path.write_text(f'{HEAD}{TARGET} sh:class :D ; sh:message "{"x" * size * 1024**2}" .')
    start = time.process_time()
    if size > 16:
        with pytest.raises(UsageError, match="QCP-VAL-SHAPES-FILE"):
            compile_shapes([path])
    else:
        compile_shapes([path])
    assert time.process_time() - start < 10


@pytest.mark.parametrize("owner", ["sh:or", "sh:xone", "sh:and", "sh:in", "sh:path"])
def test_lists_that_bite_their_tail(tmp_path: Path, owner: str) -> None:
    path = tmp_path / "circle.ttl"
    holder = "sh:property [ sh:minCount 1 ; sh:path _:l ]" if owner == "sh:path" else f"{owner} _:l"
    ring = "_:l rdf:first :p ; rdf:rest _:m . _:m rdf:first :q ; rdf:rest _:l ."
    path.write_text(f"{HEAD}{TARGET} {holder} . {ring}")
    with pytest.raises(UsageError, match="not a well-formed list"):
        compile_shapes([path])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ttl")
    with pytest.raises(UsageError, match="QCP-VAL-SHAPES-FILE"):
        compile_shapes([tmp_path / "pipe.ttl"])


@pytest.fixture
def bait() -> Iterator[tuple[str, list[object]]]:
    """An address on this machine, and who came there."""
    visitors: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", visitors
        with suppress(BlockingIOError):
            visitors.append(server.accept())
    assert visitors == []


def test_imports_are_named_and_not_fetched(tmp_path: Path, bait: tuple[str, list[object]]) -> None:
    (tmp_path / "own.ttl").write_text(f"{HEAD}<http://x/own> a :File ; :p <{bait[0]}two> .")
    path = tmp_path / "shapes.ttl"
    path.write_text(
        f"{HEAD}@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        f"<{bait[0]}shapes> owl:imports <{bait[0]}one.ttl>, :own ; sh:shapesGraph <{bait[0]}x> .\n"
        f"{TARGET} sh:class :D ; sh:node <{bait[0]}two> ."
    )
    data = [t("c", "a", "C")]
    plan = compile_shapes([path, tmp_path / "own.ttl"])
    assert plan.imports == (f"<{bait[0]}one.ttl>",)
    assert [one.code for one in unread(plan)] == ["QCP-VAL-IMPORT"]
    assert len(plan.validate(data, ReferenceGraph({}))) == 1
    assert len(referee([path], data, ReferenceGraph({}))) == 1


@pytest.mark.parametrize("query", ["SERVICE <{}> {{ ?a ?b ?c }}", "service silent <{}> {{ }}"])
def test_no_query_reaches_other_machines(
    tmp_path: Path, bait: tuple[str, list[object]], query: str
) -> None:
    path = tmp_path / "shapes.ttl"
    select = "SELECT $this { " + query.format(bait[0]) + " }"
    path.write_text(f'{HEAD}{TARGET} sh:sparql [ sh:select "{select}" ] .')
    with pytest.raises(UsageError, match="SERVICE"):
        compile_shapes([path], sparql=True)
    with pytest.raises(UsageError, match="SERVICE"):
        referee([path], [t("c", "a", "C")], ReferenceGraph({}))


def test_data_with_a_remote_context_is_no_reason_to_fetch_it(
    tmp_path: Path, bait: tuple[str, list[object]]
) -> None:
    (tmp_path / "data.jsonld").write_text(json.dumps({"@context": bait[0], "@id": "http://x/c"}))
    with pytest.raises(DataError, match="QCP-VAL-SYNTAX"):
        list(rdf_file.read(tmp_path / "data.jsonld"))


def test_pyshacl_is_not_given_patterns_without_end(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(f'{HEAD}{TARGET} sh:pattern "^(a+)+$" .')
    with pytest.raises(UsageError, match="for ever"):
        referee([path], [t("c", "a", "C")], ReferenceGraph({}))
    start = time.process_time()
    data = [("<http://x/" + "a" * 60 + "!>", curie("rdf:type"), "<http://x/C>")]
    assert len(compile_shapes([path]).validate(data, ReferenceGraph({}))) == 1
    assert time.process_time() - start < 2


def test_very_many_allowed_values_are_refused_in_time(tmp_path: Path) -> None:
    path = tmp_path / "many.ttl"
    path.write_text(f"{HEAD}{TARGET} sh:in ( {' '.join(map(str, range(300_000)))} ) .")
    start = time.process_time()
    with pytest.raises(UsageError, match="more than 100000 members"):
        compile_shapes([path])
    assert time.process_time() - start < 10


@pytest.mark.parametrize("owner", ["sh:and", "sh:or", "sh:xone"])
def test_lists_in_lists_without_end(tmp_path: Path, owner: str) -> None:
    path = tmp_path / "deep.ttl"
    path.write_text(
        f"{HEAD}{TARGET} {owner} ( " + f"[ {owner} ( " * 5000 + ":X" + ") ]" * 5000 + " ) ."
    )
    with pytest.raises(UsageError, match=r"nested|RECURSIVE"):
        compile_shapes([path])


@pytest.mark.parametrize(
    "circle",
    [
        "sh:node :T . :T sh:node :U . :U sh:node :S .",
        "sh:or ( [ sh:not :S ] ) .",
        "sh:property [ sh:path :p ; sh:node :S ] .",
        "sh:property [ sh:path :p ; sh:qualifiedValueShape :S ; sh:qualifiedMinCount 1 ] .",
        "qcp:appliesWhen :S .",
    ],
)
def test_shapes_that_lead_to_themselves(tmp_path: Path, circle: str) -> None:
    path = tmp_path / "circle.ttl"
    path.write_text(f"{HEAD}{TARGET} {circle}")
    with pytest.raises(UsageError, match="QCP-VAL-SHAPES-RECURSIVE"):
        compile_shapes([path])
