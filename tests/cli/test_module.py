"""The command line as a module, for who has several environments."""

import subprocess
import sys


def test_the_module_is_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qcp_graph", "--help"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("Usage: qcp ")
