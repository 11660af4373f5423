"""kill -9 at any moment leaves the old or the new release, whole."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.pipeline.conftest import Mini, row
from tests.pipeline.test_feed_step import dumped, replica

LOOP = """
import json, sys
from pathlib import Path
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.settings import Settings
home, workspace, file = map(Path, sys.argv[1:4])
settings = Settings(home=home, workspace=workspace, keep_releases=3)
number = int(sys.argv[4])
while True:
    number += 1
    rows = json.loads(file.read_text())
    rows[number % len(rows)]["title"] = f"Title {number}"
    if number % 3 == 0:
        rows = rows[1:]
    given = home / "given.json"
    given.write_text(json.dumps(rows))
    build(settings, Order(("ee-mini",), inputs={"ee-mini": str(given)}), Silent())
    print(number, flush=True)
"""


@pytest.mark.slow
def test_a_killed_build_leaves_a_whole_release(mini: Mini) -> None:
    mini.build(*(row(n) for n in range(30)))
    random_ = random.Random(7)
    number = 0
    for _ in range(6):
        number = _run_and_kill(mini, number, random_)
        live = mini.live()
        mini.releases.verify(live.id)
        store = mini.releases.open_store(live.id)
        assert len(store) == live.quads
        del store
        assert live.registers["ee-mini"].counts.balanced()
        assert replica(mini) == dumped(mini)
    last = mini.build(*(row(n) for n in range(30)))
    assert last.reports[0].counts.published == 30
    assert not list(mini.releases.folder.glob(".building-*"))


def _run_and_kill(mini: Mini, number: int, random_: random.Random) -> int:
    words = [mini.settings.home, mini.settings.workspace, mini.file, str(number)]
    with subprocess.Popen(
        [sys.executable, "-c", LOOP, *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        done = int(process.stdout.readline())  # at least one build went through
        time.sleep(random_.uniform(0.02, 1.0))
        process.kill()
        said = process.stdout.read().split()
    return int(said[-1]) if said else done
