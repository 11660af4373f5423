"""Mutated inputs give issues: no crash, no hang, no invalid quad, no record lost in silence.

A few hundred per format here; ``make fuzz`` runs ten thousand of each.
"""

import os
from pathlib import Path

import pytest

from tests.fuzz import campaigns

ROUNDS = int(os.environ.get("QCP_FUZZ_ROUNDS", "200"))
SEED = int(os.environ.get("QCP_FUZZ_SEED", "1"))


@pytest.mark.parametrize("name", campaigns.NAMES)
def test_mutated_inputs_keep_every_promise(name: str, tmp_path: Path) -> None:
    tally = campaigns.run(name, tmp_path, ROUNDS, SEED)
    assert tally["inputs"] == ROUNDS
    if name in campaigns.samples.FORMATS:
        accounted = tally["published"] + tally["quarantined"] + tally["rejected"]
        assert tally["records"] == accounted
        assert min(tally["published"], tally["quarantined"], tally["rejected"]) > 0
    else:
        assert min(tally["refused"], tally["loaded"]) > 0


def test_the_harness_notices_a_lost_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qcp_graph import readers

    original = readers.read

    def lossy(*given: object, **more: object) -> object:
        return (item for n, item in enumerate(original(*given, **more)) if n != 3)  # type: ignore[arg-type]

    from tests.fuzz import harness

    shapes = campaigns.validation.compile_shapes([campaigns._SHAPES])
    bench = harness.Bench("jsonl", tmp_path, shapes)
    monkeypatch.setattr("qcp_graph.readers.read", lossy)
    with pytest.raises(AssertionError, match="missing"):
        harness.campaign(bench, 50)
