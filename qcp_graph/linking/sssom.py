"""SSSOM TSV (https://mapping-commons.github.io/sssom/): links as one line each."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from qcp_graph.cells import safe

COLUMNS: Final = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "mapping_justification", "confidence", "mapping_tool",
    "mapping_tool_version",
    "object_source_version", "subject_source", "reviewer_label", "mapping_date", "comment",
    "match_string", "other",
)  # fmt: skip
_PREFIXES: Final = {
    "esco": "http://data.europa.eu/esco/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


@contextmanager
def writer(file: TextIO, title: str) -> Iterator[Callable[[Mapping[str, str]], None]]:
    """Write the head of a mapping set and yield what writes a line of it."""
    file.write(f"#mapping_set_title: {json.dumps(title, ensure_ascii=False)}\n#curie_map:\n")
    for prefix, namespace in _PREFIXES.items():
        file.write(f"#  {prefix}: {namespace}\n")
    file.write("\t".join(COLUMNS) + "\n")

    def add(row: Mapping[str, str]) -> None:
        file.write("\t".join(safe(row.get(name, "")) for name in COLUMNS) + "\n")

    yield add


def write(path: Path, queue: Iterable[Mapping[str, str]]) -> int:
    """Write the rows of a review queue as a mapping set; return how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file, writer(file, "To review") as add:
        for one in queue:
            count += 1
            other = {name: one.get(name, "") for name in ("task", "key", "method", "record")}
            add({
                "subject_id": f"urn:sha256:{one['key']}",
                "subject_label": one.get("text", ""),
                "subject_source": one.get("qualification", ""),
                "predicate_id": f"skos:{one['match']}",
                "object_id": one["object"],
                "object_label": one.get("label", ""),
                "mapping_justification": "semapv:LexicalMatching",
                "confidence": one.get("probability", ""),
                "mapping_tool": "qcp-graph",
                "object_source_version": one.get("version", ""),
                "match_string": one.get("part", "") or one.get("text", ""),
                "other": json.dumps(other, ensure_ascii=False),
            })  # fmt: skip
    return count


def row(text: str, facts: Mapping[str, str], label: str = "", date: str = "") -> dict[str, str]:
    """Return the line of a link: ``facts`` are its properties by short names."""
    start, end = facts.get("start", ""), facts.get("end", "")
    return {
        "subject_id": facts.get("subject", ""),
        "subject_label": text,
        "predicate_id": f"skos:{facts.get('predicate', '')}",
        "object_id": facts.get("object", ""),
        "object_label": label or facts.get("label", ""),
        "mapping_justification": f"semapv:{facts.get('justification', '')}",
        "confidence": facts.get("confidence", ""),
        "mapping_tool": "qcp-graph",
        "mapping_tool_version": facts.get("tool_version", ""),
        "object_source_version": facts.get("version", ""),
        "reviewer_label": facts.get("reviewer", ""),
        "mapping_date": facts.get("date", "") or date,
        "comment": facts.get("comment", ""),
        "match_string": text[int(start) : int(end)] if start and end else text,
        "other": json.dumps(
            {name: facts[name] for name in ("status", "method", "score", "key") if name in facts},
            ensure_ascii=False,
        ),
    }
