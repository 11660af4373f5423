"""Damaged mappings: refused with line and remedy, or loaded and then safe to run."""

import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

import pyoxigraph

from qcp_graph.errors import InternalError, QcpError
from qcp_graph.mapping import Plan
from qcp_graph.model.record import JsonValue, Locator, MappedRecord, SourceRecord
from qcp_graph.terms import nquad
from tests.fuzz import harness, hostile, plans, samples, sheets
from tests.mapping import support

KINDS: Final = ("mapping", "code-list", "spreadsheet")
_TOKEN: Final = re.compile(r"[A-Za-z_]+|\$\([^)]*\)|[^\sA-Za-z_]")
_WORDS: Final = (
    "subjects", "foreach", "within", "when", "transform", "lookup", "required", "shared", "main",
    "$(id)", "$(^id)", "$(^^^x)", "$(.)", "$(@index)", "$(let:note)", "$(let:nothing)", "$(",
    "$(join:side/name)", "join:side", "elm:x", "nosuch:x", "xsd:date", "~lang", "~iri", "[]", "{}",
    "null", "true", "-1", "1e999", "&a", "*a", "!!python/object:os.system", "<<", "|", ">", "- ",
    "? ", ": ", "#", "%", "@", "`", "'", '"', "((a+)+)+$", "[", "]", "{", "}", "(", "\\", "\t",
)  # fmt: skip
_LIST: Final = (
    "source,target,match,author\nActive,qcp:Registered,exactMatch,me\nEnded,qcp:Expired,,\n"
)


def mutated(text: str, chance: Random) -> bytes:
    """Return a text with some words exchanged, repeated or lost, sometimes its bytes damaged."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        found = list(_TOKEN.finditer(text))
        first = chance.choice(found)
        other = chance.choice(found)[0]
        new = chance.choice((chance.choice(_WORDS), other, "", first[0] * 2, hostile.text(chance)))
        text = text[: first.start()] + new + text[first.end() :]
    if chance.random() < 0.2:
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        lines[at : at + 1] = chance.choice(([], [lines[at]] * 2, ["  " + lines[at]]))
        text = "\n".join(lines)
    content = text.encode("utf-8", "surrogatepass")
    return hostile.damaged(content, chance)[0] if chance.random() < 0.2 else content


def _try(folder: Path, name: str, content: bytes, data: dict[str, JsonValue]) -> str:
    (folder / name).write_bytes(content)
    refusal: QcpError | None = None
    try:
        plan = support.load(folder, None)
    except InternalError as error:
        raise AssertionError(f"{error.code}: {error}") from error
    except QcpError as error:
        refusal = error
    if refusal is None:
        return _run(plan, data)
    assert refusal.where, refusal
    f"{refusal.where} {refusal} {refusal.remedy}".encode()
    return "refused"


def _run(plan: Plan, data: dict[str, JsonValue]) -> str:
    record = SourceRecord(data, Locator("in.dat", "/data/0"))
    for source in plan.inputs:
        prepared = plan.prepare(record, source.name, None)
        mapped = prepared if isinstance(prepared, MappedRecord) else plan.map(prepared, source.name)
        crashes = [issue for issue in mapped.issues if issue.code == "QCP-MAP-CRASH"]
        assert not crashes, crashes[0]
        lines = [nquad(quad, "http://g.org/") for quad in (*mapped.quads, *mapped.shared)]
        text = "\n".join(lines).encode()
        assert sum(1 for _ in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS)) == len(
            lines
        )
    for issue in plan.audit():
        "".join(issue.as_dict().values()).encode()
    return "loaded"


def _composed(folder: Path, chance: Random, keep: set[str]) -> str:
    """Compose a mapping of a spoiled spreadsheet; load and run it when nothing was told."""
    for path in folder.iterdir():
        if path.name not in keep:
            path.unlink()
    files, told = sheets.attempt(folder, chance)
    told.encode()
    if not files:
        assert told
        return "refused"
    for name, text in files.items():
        if name != "mapping.yaml":
            (folder / name).write_text(text, encoding="utf-8")
    return _try(folder, "mapping.yaml", files["mapping.yaml"].encode(), sheets.record())


def campaign(kind: str, folder: Path, rounds: int, seed: int) -> Counter[str]:
    """Load many damaged mappings or code lists, and run those that are accepted."""
    text = plans.text("jsonpath", "$.data[*]", nested=".")
    plans.load(folder, text)
    listed = {path.name for path in folder.iterdir()}
    data: dict[str, JsonValue] = samples.records(nested=True)[0]  # type: ignore[assignment]
    tally = Counter[str]()
    for number in range(rounds):
        chance = Random(f"{kind} {seed} {number}")
        name, sound = ("mapping.yaml", text) if kind == "mapping" else ("status.csv", _LIST)
        try:
            with harness.bounded():
                if kind == "spreadsheet":
                    tally[_composed(folder, chance, listed)] += 1
                    tally["inputs"] += 1
                    continue
                tally[_try(folder, name, mutated(sound, chance), data)] += 1
        except Exception as error:
            raise AssertionError(
                f"{kind}, seed {seed}, input {number}: {type(error).__name__}: {str(error)[:2000]}"
            ) from error
        tally["inputs"] += 1
    return tally
