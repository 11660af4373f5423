"""Golden tests: a small input in each register's own format gives exactly the reviewed quads.

``tests/golden/<id>/input/`` holds the input (warts included), ``expected.nq`` the sorted N-Quads
of what is published, ``issues.json`` the fate of every other record and every problem named.
Rewrite with ``make golden`` and review the difference by eye.
"""

import json
from pathlib import Path

import pyoxigraph
import pytest

from qcp_graph import sources
from qcp_graph.pipeline import preview
from qcp_graph.settings import Settings

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
REGISTERS = sorted(sources.scan(None))


@pytest.mark.parametrize("source_id", REGISTERS)
def test_the_reviewed_quads(source_id: str, tmp_path: Path, update_golden: bool) -> None:
    folder = GOLDEN / source_id
    given = folder / "input"
    if not given.is_dir() and sources.get(source_id, None).specimen:
        pytest.skip("a specimen is its own input: see test_specimens.py")
    assert given.is_dir(), f"write a small input for {source_id} into {given}"
    found = preview.run(Settings(home=tmp_path), source_id, str(given))
    lines = sorted(set(found.nquads()))
    issues = json.dumps(found.issues(), ensure_ascii=False, indent=1) + "\n"
    if update_golden:
        (folder / "expected.nq").write_text("".join(f"{line}\n" for line in lines), "utf-8")
        (folder / "issues.json").write_text(issues, "utf-8")
    expected = (folder / "expected.nq").read_text("utf-8").splitlines()
    assert sorted(set(expected) - set(lines)) == []
    assert sorted(set(lines) - set(expected)) == []
    assert json.loads(issues) == json.loads((folder / "issues.json").read_text("utf-8"))
    data = "\n".join(lines).encode()
    parsed = list(pyoxigraph.parse(data, pyoxigraph.RdfFormat.N_QUADS))
    assert len(parsed) == len(lines)
    assert not any(isinstance(quad.subject, pyoxigraph.BlankNode) for quad in parsed)
