"""A stack check as JSON and as plain text."""

import json

from qcp_graph.compare import Stack


def as_json(found: Stack) -> str:
    """Return a stack check as a JSON document."""
    data = {
        "whole": found.whole,
        "pieces": list(found.pieces),
        "rules": [
            {"name": rule.name, "outcome": rule.outcome.value, "values": dict(rule.values)}
            | ({"piece": rule.piece} if rule.piece >= 0 else {})
            for rule in found.rules
        ],
        "matches": [
            {"skill": m.skill, "grade": m.grade.value, "metBy": m.met_by} for m in found.matches
        ],
        "duplicates": [{"skill": skill, "pieces": count} for skill, count in found.duplicates],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def as_text(found: Stack) -> str:
    """Return a stack check for a terminal, the pieces as letters from B."""
    lines = ["A  " + found.whole]
    lines += [f"{chr(66 + at)}  {iri}" for at, iri in enumerate(found.pieces)]
    for rule in found.rules:
        about = f" ({chr(66 + rule.piece)})" if rule.piece >= 0 else ""
        values = ", ".join(f"{name} {value}" for name, value in rule.values)
        lines.append(f"  {rule.outcome.value:8}{rule.name}{about}" + (f": {values}" * bool(values)))
    lines += [f"    {m.grade.value:8} {m.skill}" for m in found.matches]
    return "\n".join(lines) + "\n"
