"""``qcp link --text``: what one text links to, and why."""

from typing import TYPE_CHECKING, Any

import click

from qcp_graph.cli.context import Common
from qcp_graph.cli.output import as_json, clean, note, rows

if TYPE_CHECKING:
    from qcp_graph.linking.engine import LanguageEngine
    from qcp_graph.linking.linker import Linker

_COLUMNS = [("status", "STATUS"), ("probability", "PROBABILITY"), ("match", "MATCH"),
            ("method", "METHOD"), ("label", "LABEL"), ("part", "PART OF THE TEXT"),
            ("skill", "SKILL")]  # fmt: skip
_FEATURES = 6  # of a candidate, those that count most


def run(
    common: Common, text: str, language: str, tier: str | None, version: str, *, explain: bool
) -> int:
    """Print the links of a text; return 1 when there is none."""
    from dataclasses import replace

    from qcp_graph.linking import EscoIndex, Given, load_extract, open_linker
    from qcp_graph.model.source import Linking

    settings = common.settings
    triples, stated = load_extract(settings.workspace)
    given = Given(settings.home, EscoIndex.from_triples(triples, stated), settings.workspace,
                  settings.model)  # fmt: skip
    wanted: dict[str, Any] = {"tier": tier or "core", "esco": version}
    with common.progress.step("Opening ESCO", unit="texts"):
        linker = open_linker(given, replace(Linking(), **wanted), (language,))
    for issue in linker.notes:
        note(f"{issue.message} {issue.remedy} ({issue.code})", quiet=common.quiet)
    links = linker.link([("", text, language)])
    links.sort(key=lambda one: -one.probability)
    table = [
        {
            "status": one.status,
            "probability": round(one.probability, 3),
            "match": one.match,
            "method": one.method,
            "label": one.label,
            "part": text[one.start : one.end] if one.end else "(all)",
            "skill": one.object,
            "version": one.version,
        }
        for one in links
    ]
    clauses = _clauses(linker, text, language) if explain else []
    if common.form == "json":
        as_json({"links": table, **({"clauses": clauses} if explain else {})})
    else:
        rows("text", table, _COLUMNS, f"No good match above {linker.rules.suggest:.2f}.")
        _print(linker, clauses)
    return 0 if table else 1


def _clauses(linker: "Linker", text: str, language: str) -> list[dict[str, Any]]:
    ask = getattr(linker.engine, "language", None)
    engine: LanguageEngine | None = ask(language) if ask else None
    if engine is None:
        return []
    return [
        {
            "clause": clause.text,
            "from": clause.start,
            "to": clause.end,
            "candidates": [
                {**found.as_dict(), "features": _features(engine, clause.text, found.skill)}
                for found in every
            ],
        }
        for clause, every in engine.parts(text)
    ]


def _features(engine: "LanguageEngine", text: str, skill: str) -> dict[str, float]:
    """Return what each feature adds to the score of a skill, the most first."""
    ranker = engine.ranker
    names = tuple(ranker.weights.features)
    found = next(ranker.candidates([text], names))
    place = list(found.concepts).index(ranker.uris.index(skill))
    parts = {
        name: round(float(value) * ranker.weights.features[name], 2)
        for name, value in zip(names, found.features[place], strict=True)
    }
    ordered = sorted(parts.items(), key=lambda one: -abs(one[1]))
    return {name: value for name, value in ordered[:_FEATURES] if value}


def _print(linker: "Linker", clauses: list[dict[str, Any]]) -> None:
    rules = linker.rules
    for clause in clauses:
        click.echo(f"\n[{clause['from']}, {clause['to']}) {clean(clause['clause'])}")
        for one in clause["candidates"]:
            why = ", ".join(f"{name} {value:+.2f}" for name, value in one["features"].items())
            fate = "accepted" if one["probability"] >= rules.accept else (
                "suggested" if one["probability"] >= rules.suggest else "dropped")  # fmt: skip
            click.echo(
                f"  {one['probability']:.3f} {fate}  {clean(one['label'])}  {one['match']}, "
                f"{one['method']}, score {one['score']:.2f} = {why}, …"
            )
