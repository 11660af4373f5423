"""An invented register, written as CSV, JSON and XML: records of 37 triples each.

22 triples say what the qualification is, 15 are its five outcomes. Texts hold quotation marks, line
breaks, backslashes and letters of several alphabets, as those of real registers do.
"""

import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

FORMATS = ("csv", "json", "xml")
TRIPLES = 37
OUTCOMES = 5
PLAIN = (
    "number", "title", "titleOther", "summary", "purpose", "entry", "assessment", "progression",
    "sector", "bodyName", "bodyCode", "status", "level", "credits", "hours", "start", "review",
    "end", "updated", "page",
)  # fmt: skip
_VERBS = ("Plan", "Weld", "Repair", "Document", "Négocier", "Überprüfen", "Σχεδιάζει", "Teach")
_THINGS = (
    "pipes of stainless steel", "a project with clients", 'drawings marked "as built"',
    "hydraulic brakes", "l'accueil des usagers", "Prüfprotokolle", "food safely & cleanly",
    "records in C:\\archive", "a <small> team",
)  # fmt: skip


def record(number: int) -> dict[str, Any]:
    """Return one record; the same number gives the same record everywhere."""
    chance = random.Random(number)
    key = f"Q{number:07d}"
    year, day = chance.randint(2005, 2024), chance.randint(1, 28)
    texts = {name: _text(chance, chance.randint(2, 5), number) for name in PLAIN[3:8]}
    return {
        "number": key,
        "title": f"Level {chance.randint(1, 8)} Diploma in {_phrase(chance)} {number}",
        "titleOther": f"Diploma {_phrase(chance)} {number}",
        **texts,
        "sector": chance.choice(("Engineering", "Health & care", "Building", "Arts; media")),
        "bodyName": f"Awarding Body {chance.randint(1, 150)} Ltd",
        "bodyCode": f"RN{chance.randint(1, 150):04d}",
        "status": chance.choice(("live", "live", "live", "closed", "draft")),
        "level": f"L{chance.randint(1, 8)}",
        "credits": chance.randint(1, 240),
        "hours": chance.randint(10, 2400),
        "start": f"{year}-{chance.randint(1, 12):02d}-{day:02d}",
        "review": f"{year + 4}-{chance.randint(1, 12):02d}-{day:02d}",
        "end": f"{year + 6}-{chance.randint(1, 12):02d}-{day:02d}",
        "updated": f"2026-{chance.randint(1, 12):02d}-{day:02d}T{chance.randint(0, 23):02d}:15:00Z",
        "page": f"https://register.example.org/qualifications/{key.lower()}",
        "outcomes": [
            {"id": f"{key}-{n}", "of": key, "text": f"{_phrase(chance)} ({number}.{n})"}
            for n in range(1, OUTCOMES + 1)
        ],
    }


def _phrase(chance: random.Random) -> str:
    return f"{chance.choice(_VERBS)} {chance.choice(_THINGS)}"


def _text(chance: random.Random, sentences: int, number: int) -> str:
    separator = "\n" if chance.random() < 0.15 else " "
    return separator.join(f"{_phrase(chance)} at site {number % 97}." for _ in range(sentences))


def write(form: str, path: Path, count: int) -> None:
    """Write a register of ``count`` records, a record at a time."""
    with path.open("w", encoding="utf-8", newline="") as file:
        records = (record(number) for number in range(1, count + 1))
        if form == "csv":
            _write_csv(file, records)
        else:
            file.writelines((_json if form == "json" else _xml)(records))


def _write_csv(file: Any, records: Iterator[dict[str, Any]]) -> None:
    out = csv.writer(file, lineterminator="\n")
    out.writerow([*PLAIN, *(f"outcome{n}" for n in range(1, OUTCOMES + 1))])
    for item in records:
        outcomes = [outcome["text"] for outcome in item["outcomes"]]
        out.writerow([*(item[name] for name in PLAIN), *outcomes])


def _json(records: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield '{"records": [\n'
    for number, item in enumerate(records):
        yield (",\n" if number else "") + json.dumps(item, ensure_ascii=False)
    yield "\n]}\n"


def _xml(records: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<register>\n'
    for item in records:
        fields = "".join(f"<{name}>{escape(str(item[name]))}</{name}>" for name in PLAIN)
        outcomes = "".join(
            f"<outcome><id>{o['id']}</id><of>{o['of']}</of><text>{escape(o['text'])}</text></outcome>"
            for o in item["outcomes"]
        )
        yield f"<record>{fields}<outcomes>{outcomes}</outcomes></record>\n"
    yield "</register>\n"
