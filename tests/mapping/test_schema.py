"""The published JSON Schemas are what the parsers know, and every mapping of ours fits them."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from qcp_graph.mapping import schema as mapping_schema
from qcp_graph.sources import schema as source_schema

REPOSITORY = Path(__file__).parents[2]
FILES = {
    REPOSITORY / "qcp_graph" / "mapping" / mapping_schema.FILE: mapping_schema.schema,
    REPOSITORY / "qcp_graph" / "sources" / source_schema.FILE: source_schema.schema,
}
MAPPINGS = sorted((REPOSITORY / "mappings").glob("*/*.yaml"))


def _faults(path: Path, content: Any) -> list[str]:
    made = mapping_schema if path.name == "mapping.yaml" else source_schema
    checker = jsonschema.Draft202012Validator(made.schema())
    return [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(content)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_committed_schema_is_current(path: Path, update_golden: bool) -> None:
    """`make schema` writes them anew."""
    expected = json.dumps(FILES[path](), indent=1, ensure_ascii=False) + "\n"
    if update_golden:
        path.write_text(expected, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == expected
    jsonschema.Draft202012Validator.check_schema(json.loads(expected))


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_our_own_files_fit(path: Path) -> None:
    # Editors read YAML 1.2, where the key `on` of a join is a text.
    loader = yaml.BaseLoader if path.name == "mapping.yaml" else yaml.SafeLoader
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    assert _faults(path, content) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("sources: {}\nmapings: {}", "mapings"),
        ("sources: {s: {access: a, referenceFormulation: cvs, key: k}}", "cvs"),
        ("sources: {}\nmappings: {m: {subject: a, po: [{p: a, o: {valu: x}}]}}", "valu"),
        ("sources: {}\ncodelists: {c: {file: a.csv, missing: dorp}}", "dorp"),
        ("sources: {}\nlet: {a: {value: b, transform: [{trim: 1, upper: 2}]}}", "upper"),
        ("sources: {s: {access: a, key: k}}", "referenceFormulation"),
        (
            "sources: {s: {access: a, referenceFormulation: csv, key: k, options: {quote: x}}}",
            "quote",
        ),
        (
            "sources: {s: {access: a, referenceFormulation: csv, key: k, options: "
            "{short_rows: keep}}}",
            "keep",
        ),
    ],
)
def test_mistakes_are_seen(text: str, place: str) -> None:
    faults = _faults(Path("mapping.yaml"), yaml.safe_load(text))
    assert place in " ".join(faults)
