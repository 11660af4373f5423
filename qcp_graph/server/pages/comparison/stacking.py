"""A stack check as JSON and as plain text."""

import json

from qcp_graph.compare import Stack
from qcp_graph.server.pages.comparison import summary, words
from qcp_graph.server.pages.i18n import Language
from qcp_graph.server.pages.names import Names


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


def as_text(found: Stack, names: Names, language: Language) -> str:
    """Return a stack check for a terminal, the pieces as letters from B."""
    qualifications = (found.whole, *found.pieces)
    lines = [
        f"{chr(65 + at)}  {names.of(iri).text}  {iri}" for at, iri in enumerate(qualifications)
    ]
    for rule in summary.rules(found, language):
        about = f" ({rule.letter})" if rule.letter else ""
        lines.append(f"  {rule.word:11}{rule.name}{about}" + f": {rule.values}" * bool(rule.values))
    for match in found.matches:
        grade = language.gettext(words.GRADES[match.grade.value]).unescape()
        lines.append(f"    {names.of(match.skill).text}: {grade}")
    return "\n".join(lines) + "\n"
