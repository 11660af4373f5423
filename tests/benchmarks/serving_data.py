"""A release of made-up qualifications, written straight into a store: for load tests of the server.

Each has about 46 statements: titles, country, levels, provenance and eight learning outcomes, of
which most link to one of 3,000 skills, some far more frequent than others.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from qcp_graph.store import described

BASE = "http://localhost:8000/"
COUNTRIES = ("FIN", "FRA", "DEU", "ZAF", "GBR", "PRT", "KEN", "IRL")
WORDS = (
    *("repair", "maintain", "weld", "vehicle", "brake", "engine", "plan", "budget", "care"),
    *("patient", "bake", "bread", "design", "network", "install", "cable", "sell", "customer"),
    *("teach", "child", "operate", "machine", "measure", "soil", "water", "data"),
)
SKILLS = 3000
_ELM = "http://data.europa.eu/snb/model/elm/"
_QCP = "https://w3id.org/qcp-graph/ns#"
_DCT = "http://purl.org/dc/terms/"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_COUNTRY = "http://publications.europa.eu/resource/authority/country/"


def iri(number: int) -> str:
    """Return the IRI of a qualification."""
    return f"{BASE}id/qualification/xx/bench/Q{number}"


def skill(number: int) -> str:
    """Return the IRI of a skill."""
    return f"http://data.europa.eu/esco/skill/{number:08d}"


def publish(home: Path, records: int) -> Path:
    """Write a release of so many qualifications and make it live; return its store."""
    folder = home / "releases" / "bench"
    (folder / "dumps").mkdir(parents=True)
    store = ox.Store(str(folder / "store"))
    chance = random.Random(7)
    for start in range(0, records, 20_000):
        block = range(start, min(start + 20_000, records))
        text = "".join(line for number in block for line in _lines(number, chance))
        store.bulk_load(text.encode(), ox.RdfFormat.N_QUADS)
    store.flush()
    store.optimize()
    quads = len(store)
    described.write(folder / described.NAME, store, BASE)
    del store
    manifest = {"id": "bench", "registers": {}, "files": {}, "quads": quads}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (home / "releases" / "CURRENT").write_text("bench\n", encoding="utf-8")
    return folder / "store"


def _lines(number: int, chance: random.Random) -> Iterator[str]:
    subject = f"<{iri(number)}>"
    data, origin = f"<{BASE}graph/xx/bench/data>", f"<{BASE}graph/xx/bench/provenance>"
    country = COUNTRIES[number % len(COUNTRIES)]
    title = " ".join(chance.choices(WORDS, k=4))
    yield f"{subject} {_TYPE} <{_ELM}Qualification> {data} .\n"
    yield f'{subject} <{_DCT}title> "{title} {number}"@en {data} .\n'
    yield f'{subject} <{_DCT}title> "{title} {number}"@fr {data} .\n'
    level = f"<http://data.europa.eu/snb/eqf/{1 + number % 8}>"
    yield f"{subject} <{_ELM}EQFLevel> {level} {data} .\n"
    yield f'{subject} <{_ELM}volumeOfLearning> "PT{10 + number % 900}H"^^' \
        f"<http://www.w3.org/2001/XMLSchema#duration> {data} .\n"  # fmt: skip
    yield f"{subject} <{_QCP}country> <{_COUNTRY}{country}> {origin} .\n"
    yield f"{subject} <{_QCP}status> <{_QCP}Registered> {origin} .\n"
    for place in range(8):
        outcome = f"<{BASE}id/outcome/xx/bench/Q{number}/{place}>"
        text = " ".join(chance.choices(WORDS, k=6))
        yield f"{subject} <{_ELM}learningOutcome> {outcome} {data} .\n"
        yield f"{outcome} {_TYPE} <{_ELM}LearningOutcome> {data} .\n"
        yield f'{outcome} <{_DCT}title> "{text}"@en {data} .\n'
        yield f'{outcome} <{_DCT}title> "{text}"@fr {data} .\n'
        if chance.random() < 0.9:
            chosen = min(int(chance.expovariate(1 / 300)), SKILLS - 1)
            yield f"{outcome} <{_ELM}relatedESCOSkill> <{skill(chosen)}> {data} .\n"
