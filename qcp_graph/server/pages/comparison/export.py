"""A comparison as JSON, CSV and JSON-LD with provenance."""

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from qcp_graph import __version__
from qcp_graph.compare import Comparison, Coverage, Row, Said, Side, Statement
from qcp_graph.namespaces import PREFIXES
from qcp_graph.server.pages.comparison.shown import View, ViewCell

_CONTEXT: Final[dict[str, Any]] = {
    **{name: PREFIXES[name] for name in ("dcterms", "prov", "qcp", "xsd")},
    "id": "@id",
    "type": "@type",
    "compares": {"@id": "qcp:compares", "@type": "@id", "@container": "@list"},
    "purpose": {"@id": "qcp:purpose", "@type": "@vocab"},
    "further-study": "qcp:FurtherStudy",
    "work": "qcp:Work",
    "profession": "qcp:Profession",
    "onDate": {"@id": "qcp:onDate", "@type": "xsd:date"},
    "release": {"@id": "qcp:release", "@type": "@id"},
    "rows": {"@id": "qcp:comparisonRow", "@container": "@list"},
    "coverage": {"@id": "qcp:coverage", "@container": "@list"},
    "asks": {"@id": "qcp:asks", "@type": "@id"},
    "offers": {"@id": "qcp:offers", "@type": "@id"},
    "outcomes": "qcp:outcomes",
    "linkedOutcomes": "qcp:linkedOutcomes",
    "matches": {"@id": "qcp:skillMatch", "@container": "@set"},
    "skill": {"@id": "qcp:askedSkill", "@type": "@id"},
    "grade": "qcp:grade",
    "metBy": {"@id": "qcp:metBy", "@type": "@id"},
    "askedIn": {"@id": "qcp:askedIn", "@type": "@id"},
    "metIn": {"@id": "qcp:metIn", "@type": "@id"},
    "dimension": "qcp:dimension",
    "key": "dcterms:identifier",
    "verdict": {"@id": "qcp:verdict", "@type": "@vocab"},
    "explanation": "qcp:explanation",
    "evidence": {"@id": "qcp:evidence", "@container": "@set"},
    "of": {"@id": "qcp:ofQualification", "@type": "@id"},
    "value": "qcp:statedValue",
    "thing": {"@id": "qcp:statedThing", "@type": "@id"},
    "seen": {"@id": "prov:generatedAtTime"},
    "source": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "by": {"@id": "prov:wasAttributedTo", "@type": "@id"},
    "generator": {"@id": "prov:wasGeneratedBy"},
    "software": "qcp:software",
    "same": "qcp:Same",
    "different": "qcp:Different",
    "not-comparable": "qcp:NotComparable",
    "not-provided": "qcp:NotProvided",
    "conflicting": "qcp:Conflicting",
}


def as_data(found: Comparison, view: View, release: str) -> dict[str, object]:
    """Return a comparison as JSON-like data: codes for programs, sentences for people."""
    return {
        "purpose": found.purpose,
        "date": found.on,
        "release": release,
        "software": f"qcp-graph {__version__}",
        "qualifications": [_side(side) for side in found.sides],
        "rows": [
            {
                "dimension": row.dimension,
                "key": row.key,
                **({"about": row.about} if row.about else {}),
                "name": shown.name,
                "judgements": [
                    {
                        "with": at,
                        "verdict": j.verdict.value,
                        "reason": j.reason.as_dict(),
                        "text": shown.decisions[at - 1].reason,
                    }
                    for at, j in enumerate(row.judgements, 1)
                ],
                "cells": [
                    {
                        "state": cell.state,
                        "statements": [_statement(s) for s in cell.statements],
                        **({"conflict": cell.conflict.as_dict()} if cell.conflict else {}),
                        **({"absent": cell.absent.as_dict()} if cell.absent else {}),
                        **({"concluded": cell.concluded.as_dict()} if cell.concluded else {}),
                    }
                    for cell in row.cells
                ],
            }
            for row, shown in zip(found.rows, view.rows, strict=True)
        ],
        "coverage": [_coverage(c) for c in found.coverage],
        "reviews": [{"qualification": at, **review._asdict()} for at, review in found.reviews],
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "iri": side.iri,
        "titles": [{"language": tag, "text": text} for tag, text in side.titles],
        "codes": list(side.codes),
        **{name: getattr(side, name) for name in ("country", "register", "owner", "licence")},
        **{name: getattr(side, name) for name in ("record", "key", "locator", "seen")},
        "specimen": side.specimen,
        "withdrawn": side.withdrawn,
    }


def _statement(s: Statement) -> dict[str, object]:
    found: dict[str, object] = {"iri" if s.is_iri else "text": s.text}
    optional = {"label": s.label, "language": s.language, "detail": s.detail}
    found |= {name: value for name, value in optional.items() if value}
    said = s.said
    found["said"] = {"kind": said.origin.value} | {
        name: value
        for name, value in (("by", said.by), ("on", said.on), ("where", said.where))
        if value
    }
    return found


def _coverage(c: Coverage) -> dict[str, object]:
    return {
        "required": c.required,
        "offered": c.offered,
        "outcomes": c.outcomes,
        "linked": c.linked,
        "offeredOutcomes": c.offered_outcomes,
        "offeredLinked": c.offered_linked,
        "escoVersions": list(c.versions),
        "enoughLinked": c.firm,
        "groups": [
            {"group": g.iri, "grades": dict(sorted(Counter(g.grades).items()))} for g in c.groups
        ],
        "skills": c.total(),
        "transversalSkills": c.total(transversal=True),
        "matches": [
            {
                "skill": m.skill,
                "grade": m.grade.value,
                "metBy": m.met_by,
                "path": list(m.path),
                "outcomes": list(m.outcomes),
                "metByOutcomes": list(m.met_outcomes),
                "transversal": m.transversal,
            }
            for m in c.matches
        ],
    }


def as_json(found: Comparison, view: View, release: str) -> str:
    """Return a comparison as a JSON document."""
    return json.dumps(as_data(found, view, release), ensure_ascii=False, indent=1) + "\n"


def as_jsonld(found: Comparison, view: View, release: str, address: str) -> str:
    """Return a comparison as JSON-LD: each row's verdict with the statements it rests on."""
    document = {
        "@context": _CONTEXT,
        "id": address,
        "type": "qcp:QualificationComparison",
        "compares": [side.iri for side in found.sides],
        "purpose": found.purpose,
        "onDate": found.on,
        "release": release,
        "source": sorted({side.record for side in found.sides if side.record}),
        "generator": {"type": "prov:Activity", "software": f"qcp-graph {__version__}"},
        "rows": [
            _linked_row(found, row, shown.decisions[at].reason, at)
            for row, shown in zip(found.rows, view.rows, strict=True)
            for at in range(len(row.judgements))
        ],
        "coverage": [_linked_coverage(found, c) for c in found.coverage],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _linked_coverage(found: Comparison, c: Coverage) -> dict[str, object]:
    """Return how one covers what another asks for, skill by skill."""
    return {
        "type": "qcp:SkillCoverage",
        "asks": found.sides[c.required].iri,
        "offers": found.sides[c.offered].iri,
        "outcomes": c.outcomes,
        "linkedOutcomes": c.linked,
        "matches": [
            {
                "type": "qcp:SkillMatch",
                "skill": m.skill,
                "grade": m.grade.value,
                **({"metBy": m.met_by} if m.met_by else {}),
                "askedIn": list(m.outcomes),
                "metIn": list(m.met_outcomes),
            }
            for m in c.matches
            if m.skill
        ],
    }


def _linked_row(found: Comparison, row: Row, text: str, at: int) -> dict[str, object]:
    """Return one judgement; the text is in the language of the document."""
    evidence = [
        _evidence(found.sides[place].iri, statement)
        for place in (0, at + 1)
        for statement in row.cells[place].statements
    ]
    return {
        "type": "qcp:ComparisonRow",
        "dimension": row.dimension,
        "key": row.key,
        "verdict": row.judgements[at].verdict.value,
        "explanation": text,
        "of": [found.sides[0].iri, found.sides[at + 1].iri],
        "evidence": evidence,
    }


def _evidence(iri: str, s: Statement) -> dict[str, object]:
    value: object = {"@value": s.text, "@language": s.language} if s.language else s.text
    said: Said = s.said
    return {
        "of": iri,
        **({"thing": s.text} if s.is_iri else {"value": value}),
        **({"source": said.where} if said.where.startswith("http") else {}),
        **({"by": said.by} if said.by.startswith("http") else {}),
        **({"seen": said.on} if said.on else {}),
    }


def as_csv(view: View) -> str:
    """Return the rows as CSV (RFC 4180); a text that a spreadsheet would run is disarmed."""
    out = io.StringIO()
    writer = csv.writer(out)
    heads = [f"{s.letter}: {s.reference.name.text}" for s in view.sides]
    pairs = [f"A/{s.letter}" for s in view.sides[1:]]
    writer.writerow(
        _safe(
            ["dimension", "row", *heads]
            + [f"{name} {pair}" for pair in pairs for name in ("verdict", "reason")]
            + [f"source {s.letter}" for s in view.sides]
        )
    )
    for row in view.rows:
        verdicts = [text for d in row.decisions for text in (d.verdict, d.reason)]
        sources = [sources_text(cell) for cell in row.cells]
        cells = [cell_text(cell) for cell in row.cells]
        writer.writerow(_safe([row.group, row.name, *cells, *verdicts, *sources]))
    return out.getvalue()


def _safe(cells: Sequence[str]) -> list[str]:
    return ["'" + c if c.startswith(("=", "+", "-", "@", "\t", "\r")) else c for c in cells]


def cell_text(cell: ViewCell) -> str:
    """Return what a cell says in one line."""
    parts = [
        (f"{line.label}: " if line.label else "")
        + " ".join(line.value.name.text.split())
        + (f" ({line.note})" if line.note else "")
        for line in cell.lines
    ]
    if cell.more:
        parts.append(f"… +{cell.more}")
    if not parts:
        return cell.absent
    return "; ".join(parts) + (f" – {cell.told}" if cell.told else "")


def sources_text(cell: ViewCell) -> str:
    """Return who says what a cell says, each once."""
    return "; ".join(dict.fromkeys(source.text for source in cell.sources if source.text))
