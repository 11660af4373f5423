"""A damaged release can be left: --full builds past it."""

import pytest

from qcp_graph.errors import DataError
from tests.pipeline.conftest import Mini, row


def test_full_builds_past_a_damaged_ledger(mini: Mini) -> None:
    mini.build(row(1))
    path = mini.releases.path(mini.live().id) / "registers" / "ee-mini.sqlite"
    path.write_bytes(b"no database")
    with pytest.raises(DataError, match="QCP-REL-DAMAGED"):
        mini.build(row(1), row(2))
    result = mini.build(row(1), row(2), full=True)
    assert result.reports[0].counts.published == 2
