"""A small bench for mappings: text in, quads and issues out."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from qcp_graph import mapping
from qcp_graph.iris import Iris
from qcp_graph.mapping import Plan, Tables
from qcp_graph.model.level import LevelEntry
from qcp_graph.model.record import JsonValue, Locator, MappedRecord, PreparedRecord, SourceRecord
from qcp_graph.model.source import Licence, Owner, Source
from qcp_graph.namespaces import PREFIXES

BASE = "https://x.org/"
LEVELS = {
    "fr-cncp": {
        "5": LevelEntry("http://data.europa.eu/snb/qdr/c_5", "Level 5", ("5",)),
        "6": LevelEntry("http://data.europa.eu/snb/qdr/c_6", "Level 6", ("5", "6")),
        "7": LevelEntry("http://data.europa.eu/snb/qdr/c_7", "Level 7", ()),
    }
}
HEAD = {
    "csv": "sources: {s: {access: a.csv, referenceFormulation: csv, key: $(id)}}\n",
    "json": "sources: {s: {access: a.json, referenceFormulation: jsonlines, key: $(id)}}\n",
    "xml": "sources: {s: {access: a.xml, referenceFormulation: xpath, iterator: /R, key: $(id)}}\n",
}
ID = "https://x.org/id/{}/fr/x/{}"


def load(
    folder: Path,
    text: str | None,
    files: Mapping[str, str] | None = None,
    languages: Sequence[str] = ("fr", "en"),
    base: str = BASE,
) -> Plan:
    """Write a mapping folder and load it; without text, load what is there."""
    if text is not None:
        (folder / "mapping.yaml").write_text(text, encoding="utf-8")
    for name, content in (files or {}).items():
        (folder / name).write_text(content, encoding="utf-8")
    source = Source(
        "fr-x", {"en": "X"}, "FRA", Owner("o"), Licence("l"), "DAILY", folder,
        languages=tuple(languages),
    )  # fmt: skip
    return mapping.load(folder, source, Iris(base), LEVELS)


def one(body: str, form: str = "json", more: str = "") -> str:
    """Return a mapping with one triples map, whose ``predicateobjects`` are ``body``."""
    lines = "\n".join(f"      {line}" for line in body.strip().splitlines())
    head = HEAD[form] + more
    return (
        f"{head}\nmappings:\n  q:\n    subjects: qualification:$(id)\n"
        f"    predicateobjects:\n{lines}\n"
    )


def record(data: Mapping[str, JsonValue], place: str = "row 2") -> SourceRecord:
    return SourceRecord(data, Locator("a.csv", place))


def prepare(
    plan: Plan, data: Mapping[str, JsonValue], tables: Tables | None = None
) -> PreparedRecord:
    prepared = plan.prepare(record(data), "s", tables)
    assert isinstance(prepared, PreparedRecord), prepared
    return prepared


def run(plan: Plan, data: Mapping[str, JsonValue], tables: Tables | None = None) -> MappedRecord:
    """Prepare and map one record; a rejection by either comes back."""
    prepared = plan.prepare(record(data), "s", tables)
    return plan.map(prepared, "s") if isinstance(prepared, PreparedRecord) else prepared


def short(mapped: MappedRecord, *, shared: bool = False) -> list[str]:
    """Return quads as readable lines: prefixes instead of IRIs, the subject's local name first."""
    return [_line(quad) for quad in (mapped.shared if shared else mapped.quads)]


def _line(quad: tuple[str, ...]) -> str:
    text = " ".join(quad[:3]) + ("" if quad[3] == "data" else f" [{quad[3]}]")
    for kind in ("qualification", "outcome", "organisation"):
        text = text.replace(f"https://x.org/id/{kind}/fr/x/", f"{kind}:")
    for prefix, iri in PREFIXES.items():
        text = text.replace(iri, f"{prefix}:")
    return text.replace("<", "").replace(">", "")


def codes(mapped: MappedRecord) -> list[str]:
    return [issue.code for issue in mapped.issues]
