"""The same report as pyshacl's on records of every real register, under the official shapes."""

from pathlib import Path

import pytest

from qcp_graph import sources
from tests.validation import real_registers

SAMPLE = 500
# The only real files of Belgium's dump lie behind a licence that is not settled.
NONE_AT_HAND = {"be-qdr"}


@pytest.mark.shared
@pytest.mark.parametrize("source_id", sorted(real_registers.DELIVERIES))
def test_both_engines_agree(shared: Path, source_id: str) -> None:
    chosen = real_registers.sample(real_registers.records(source_id, shared), SAMPLE)
    found = real_registers.compare(shared, chosen)
    assert found.apart == ()
    assert found.records
    assert found.results


def test_every_register_with_real_files_is_compared() -> None:
    real = {name for name in sources.scan(None) if not sources.get(name, None).specimen}
    assert real - NONE_AT_HAND == set(real_registers.DELIVERIES)
