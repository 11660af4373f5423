"""Faces of the mapping language: what is written is read back the same."""

from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.mapping import faces, nodes, yarrrml
from qcp_graph.mapping.fields import plain

REGISTER = faces.Register("fr-x", Iris("https://x.org/"))
MAPPINGS = Path(__file__).resolve().parents[2] / "mappings"


@pytest.mark.parametrize(
    "path", sorted(MAPPINGS.glob("*/mapping.yaml")), ids=lambda p: p.parent.name
)
def test_yaml_is_read_back_as_it_was_written(path: Path) -> None:
    root = nodes.read(path, "mapping.yaml")
    again = nodes.parse(yarrrml.text(root), "again")
    assert nodes.canonical(again) == nodes.canonical(root)
    assert plain(again) == plain(root)  # numbers and flags among the options stay what they are


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "01",
        "09",
        '"09"',
        "1_0",
        '"1"',
        "No",
        "null",
        "~",
        "true",
        '"true"',
        "1.5",
        "a: b",
        "#x",
        "''",
        "é",
    ],
)
def test_every_scalar_survives(text: str) -> None:
    quoted = f'"{text}"' if text in {"a: b", "#x"} else text
    root = nodes.parse(f"k: {quoted}", "m")
    assert plain(nodes.parse(yarrrml.text(root), "m")) == plain(root)


def test_an_unknown_kind_of_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.docx is no kind of mapping file.*\.yaml"):
        faces.convert(tmp_path / "a.docx", tmp_path / "b.yaml", REGISTER)


def test_a_faulty_mapping_writes_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "a.yaml", tmp_path / "b.yaml"
    source.write_text("sourcez: {}", encoding="utf-8")
    with pytest.raises(UsageError, match="sources"):
        faces.convert(source, target, REGISTER)
    assert not target.exists()
