"""The wheel carries everything: installed elsewhere, it builds and finds its folders."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from qcp_graph.assets import FOLDERS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    words = ["-m", "build", "--wheel", "--no-isolation", "--outdir", out, repository]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = out.glob("*.whl")
    return path


def test_the_wheel_holds_the_folders_and_no_tests(wheel: Path, repository: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in FOLDERS:
        assert any(name.startswith(f"qcp_graph/_assets/{folder}/") for name in names), folder
    assert not any(name.startswith(("tests/", "docs/")) for name in names)
    if (repository / "web" / "static" / "built" / "workbench.js").is_file():  # npm was reachable
        built = "qcp_graph/_assets/web/static/built/workbench."
        assert {f"{built}js", f"{built}licences.txt"} <= set(names)
    assert not any("node_modules" in name for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert wheel.stat().st_size < 5_000_000


def test_an_installed_wheel_works_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "env"
    venv.create(folder, with_pip=False, symlinks=True)
    site = next((folder / "lib").glob("python3*")) / "site-packages"
    zipfile.ZipFile(wheel).extractall(site)
    # The libraries come from this environment, the program itself from the wheel alone.
    (site / "libraries.pth").write_text(_libraries(), encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "QCP_WORKSPACE"}}

    def qcp(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [folder / "bin" / "python", "-m", "qcp_graph.cli", "--home", tmp_path / "home", *words],
            cwd=tmp_path, capture_output=True, text=True, env=environment, check=False,
        )  # fmt: skip

    checked = qcp("doctor")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert str(site) in checked.stdout
    built = qcp("demo", "--no-serve")
    assert built.returncode == 0, built.stderr
    assert "is live" in built.stderr


def _libraries() -> str:
    """Return the folders of installed libraries, without the checkout itself."""
    return "\n".join(path for path in sys.path if path.endswith("site-packages"))
