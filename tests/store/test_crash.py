"""``kill -9`` at any moment leaves the old release or the new one, whole."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from qcp_graph.store import ReleaseFolder
from tests.store.conftest import BASE, TITLE, build, row

# For every line of input it forks a process that builds releases until it is killed.
WRITER = textwrap.dedent(
    """
    import os, sys
    from itertools import count
    from pathlib import Path
    from qcp_graph.iris import Iris
    from qcp_graph.store import ReleaseFolder
    from tests.store.conftest import BASE, TITLE, build, row

    def write(first):
        releases = ReleaseFolder(Path(sys.argv[1]), Iris(BASE))
        for number in count(first):
            name = f"r{number:06}"
            rows = [row(str(n)) for n in range(number % 7, 200)]
            kept = None if number % 3 and releases.current() else rows
            registers = {"xx-demo": rows, "yy-demo": kept}
            said = [("<http://x/id>", TITLE, f'"{name}"')]
            build(releases, name, registers, said, base=number % 5 > 0 or kept is None)
            releases.prune(3)

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            write(int(line))
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)
    """
)
KILLS = 15


def test_a_killed_writer_leaves_a_whole_release(releases: ReleaseFolder, repository: Path) -> None:
    chance, seen, kills = random.Random(4), set(), 0
    window = 0.4  # seconds until a writer is killed; wider where a busy machine never publishes
    command = [sys.executable, "-c", WRITER, str(releases.home)]
    with subprocess.Popen(
        command, cwd=repository, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        while kills < KILLS or (len(seen) < 5 and kills < 20 * KILLS):  # a busy machine is slow
            _kill(writer, _next_number(releases), chance.uniform(0.0, window))
            kills += 1
            if len(seen) * 5 < kills:
                window = min(window * 1.1, 3.0)
            live = releases.current()
            if live is not None:
                seen.add(live.id)
                _check_graph(releases, live.id)
            for kept in releases.list():
                releases.verify(kept.id)
    assert len(seen) >= 5, "the writer was always killed before it published anything"
    build(releases, "z", {"xx-demo": [row("1")]})
    left = [path.name for path in releases.folder.iterdir() if path.name.startswith(".")]
    assert left == [], "the next writer removes what crashes left"


def _kill(writer: "subprocess.Popen[str]", number: int, after: float) -> None:
    assert writer.stdin is not None
    assert writer.stdout is not None
    print(number, file=writer.stdin, flush=True)
    child = int(writer.stdout.readline())
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    assert int(writer.stdout.readline()) == signal.SIGKILL, "it did not end by itself"


def _next_number(releases: ReleaseFolder) -> int:
    return max((int(path.name[1:]) for path in releases.folder.glob("r*")), default=-1) + 1


def _check_graph(releases: ReleaseFolder, release: str) -> None:
    store, number = releases.open_store(release), int(release[1:])
    titles = [q.object.value for q in store if q.subject.value == "http://x/id"]
    assert titles == [release], "the graph is that of the release"
    graph = f"{BASE}graph/xx/demo/data"
    found = [q for q in store if q.graph_name.value == graph and str(q.predicate) == TITLE]
    assert len(found) == 200 - number % 7
