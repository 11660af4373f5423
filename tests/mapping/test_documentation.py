"""The description of the language names every key, and its examples are what it describes."""

import re
from pathlib import Path

import pytest

from qcp_graph.mapping import nodes, parse, parse_rules, parse_values
from qcp_graph.mapping.codelist_files import COLUMNS
from qcp_graph.mapping.literals import CHECKS
from tests.mapping.support import load, run, short

KEYS = (
    *parse.TOP_KEYS,
    *parse.SOURCE_KEYS,
    *parse.JOIN_KEYS,
    *parse.MAP_KEYS,
    *parse_rules.RULE_KEYS,
    *parse_values.OBJECT_KEYS,
    *parse_values.TEST_KEYS,
    *parse_values.LIST_KEYS,
    *parse.FORMATS,
    *COLUMNS,
)


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "mapping.md").read_text(encoding="utf-8")


def test_every_key_is_described(page: str) -> None:
    words = set(re.findall(r"[A-Za-z]+", page)) | {"mappings"}
    assert [key for key in KEYS if key not in words] == []
    assert [iri for iri in CHECKS if iri.rpartition("#")[2] not in words] == []


def test_every_example_is_yaml_the_loader_takes(page: str) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(blocks) > 12
    for block in blocks:
        nodes.parse(block, "docs/mapping.md")


def test_the_long_example_runs(tmp_path: Path, page: str) -> None:
    """The nested example, with the source and the mapping it needs around it."""
    block = next(b for b in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "block-note" in b)
    head = (
        "sources:\n  s:\n    access: a.xml\n    referenceFormulation: xpath\n    iterator: /F\n"
        "    key: $(NUMERO_FICHE)\n"
        "mappings:\n  qualification:\n    subjects: qualification:$(NUMERO_FICHE)\n"
        "    predicateobjects: [{p: elm:hasPart, o: {mapping: block}}]\n"
    )
    block_data = {
        "CODE": "BC01",
        "LIBELLE": "Bloc",
        "LISTE_COMPETENCES": "<p>- un</p><p>- deux</p>",
    }
    mapped = run(
        load(tmp_path, head + block),
        {"NUMERO_FICHE": "R1", "BLOCS_COMPETENCES": {"BLOC_COMPETENCES": block_data}},
    )
    assert short(mapped) == [
        "qualification:R1 elm:hasPart qualification:R1/BC01",
        'qualification:R1/BC01 dcterms:title "Bloc"@fr',
        "qualification:R1/BC01 elm:learningOutcome outcome:R1/BC01/1",
        "qualification:R1/BC01 elm:learningOutcome outcome:R1/BC01/2",
        'outcome:R1/BC01/1 dcterms:title "un"@fr',
        'outcome:R1/BC01/2 dcterms:title "deux"@fr',
    ]
