"""Shapes files that are none, or too much: a clear message at once, and little memory."""

import os
import time
import tracemalloc
from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.validation import compile_shapes
from tests.validation.test_plan import HEAD, TARGET

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
