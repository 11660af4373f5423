"""Each template and the dataclass it is given are documented."""

import dataclasses
import importlib
import pkgutil
from pathlib import Path

from qcp_graph.server import pages

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "pages.md").read_text("utf-8")


def test_every_template_is_documented() -> None:
    for path in (ROOT / "web" / "templates").glob("*.html"):
        assert f"`{path.name}`" in TEXT, path.name


def test_every_context_is_documented_and_frozen() -> None:
    found = 0
    for module in pkgutil.iter_modules(pages.__path__):
        for name, kind in vars(importlib.import_module(f"{pages.__name__}.{module.name}")).items():
            if name.endswith("Page") and dataclasses.is_dataclass(kind):
                assert f"`{name}`" in TEXT, name
                assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
                found += 1
    assert found > 15
