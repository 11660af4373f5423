"""Real registers under the official ELM shapes, judged by both engines.

``python -m tests.validation.real_registers [ID …]`` compares every record of every register at hand
and prints what was found; it takes some minutes. A test does the same with a sample of each.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qcp_graph import vocabulary
from qcp_graph.pipeline import preview
from qcp_graph.settings import Settings
from qcp_graph.terms import Triple
from qcp_graph.validation import compile_shapes, referee
from tests.conftest import SHARED
from tests.registers import french
from tests.registers.test_us_ctdl import FILES as CTDL
from tests.validation.official import Row, files, known, mentioned, rows

BATCH: Final = 20_000
"""Triples that are judged together: pyshacl needs about 100 MB for them."""


def _as_it_is(*names: str) -> Callable[[Path, Path], Path]:
    return lambda shared, _folder: shared.joinpath(*names)


def _french(*names: str) -> Callable[[Path, Path], Path]:
    return lambda shared, folder: french.together(
        folder, shared, *(path for name in names for path in shared.glob(name))
    )


def _copied(folder_name: str, *patterns: str) -> Callable[[Path, Path], Path]:
    """Copy the files of some patterns; not all of their folder is a delivery."""

    def gather(shared: Path, folder: Path) -> Path:
        folder.mkdir(parents=True)
        found = (path for name in patterns for path in sorted((shared / folder_name).glob(name)))
        for number, path in enumerate(found):
            shutil.copyfile(path, folder / f"{number:02}-{path.name}")
        return folder

    return gather


DELIVERIES: Final[Mapping[str, Callable[[Path, Path], Path]]] = {
    "au-nss": _as_it_is("registers", "au-nss-skills-ttl"),
    "de-nrw-fachklassen": _as_it_is("registers", "de-nrw-fachklassen"),
    "eu-deqar": _as_it_is("registers", "eu-deqar"),
    "eu-elm-xml": _copied("reference/elm/samples", "*.xml"),
    "eu-qualitylink": _as_it_is("registers", "eu-qualitylink", "examples"),
    "fi-eperusteet": _as_it_is("registers", "fi-eperusteet"),
    "fr-diplomes": _french(),
    "fr-rncp": _french("registers/fr-rncp-xml-v41/*.xml"),
    "fr-rncp-csv": _french("registers/fr-francecompetences-csv/sample/*.csv"),
    "gb-ofqual": _as_it_is("registers", "uk-england-aodp"),
    "us-ctdl": _copied("registers/us-ctdl", *CTDL),
    "za-acqf-qcp": _copied("reference/acqf-qcp/model/examples", "*.json"),
    "za-saqa": _as_it_is("registers", "za-saqa"),
}
"""Register → how its real files become a delivery, given the folder of files and an empty one."""


@dataclass(frozen=True)
class Comparison:
    """What both engines say of some records: ``apart`` are results that only one of them has."""

    records: int
    triples: int
    results: int
    listed: int
    apart: tuple[Row, ...]


def records(source_id: str, shared: Path) -> list[list[Triple]]:
    """Map a real register; return the triples of each record, quarantined ones too."""
    with tempfile.TemporaryDirectory(prefix="qcp-") as name:
        folder = Path(name)
        given = DELIVERIES[source_id](shared, folder / "delivery")
        found = preview.run(Settings(home=folder / "home"), source_id, str(given))
    every = ([(s, p, o) for s, p, o, _ in (*row.quads, *row.shared)] for row in found.rows)
    return [triples for triples in every if triples]


def sample(every: Sequence[list[Triple]], limit: int) -> list[list[Triple]]:
    """Return records from all parts of a register, with about ``limit`` triples."""
    step = max(1, sum(map(len, every)) // limit)
    chosen: list[list[Triple]] = []
    for record in every[::step]:
        chosen.append(record)
        limit -= len(record)
        if limit <= 0:
            break
    return chosen


def compare(shared: Path, chosen: Sequence[list[Triple]]) -> Comparison:
    """Judge records with both engines, some at a time."""
    known_terms = vocabulary.load("https://w3id.org/qcp-graph/", None).triples
    plan = compile_shapes(files(shared))
    total = listed = count = 0
    apart: list[Row] = []
    for triples in _batches(chosen):
        reference = mentioned(triples, known_terms)
        found = rows(plan.validate(triples, reference, complete=True))
        judged = rows(referee(files(shared), triples, reference))
        differing = [*((found - judged) + (judged - found)).elements()]
        apart += (row for row in differing if not known(row))
        listed += sum(map(known, differing))
        count += len(triples)
        total += found.total()
    return Comparison(len(chosen), count, total, listed, tuple(apart))


def _batches(chosen: Sequence[list[Triple]]) -> Iterator[list[Triple]]:
    """Yield the triples of records together, each triple once."""
    together: dict[Triple, None] = {}
    for record in chosen:
        together.update(dict.fromkeys(record))
        if len(together) >= BATCH:
            yield list(together)
            together.clear()
    if together:
        yield list(together)


def main() -> None:
    """Compare all records of the registers named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("registers", nargs="*", metavar="ID")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--triples", type=int, help="take a sample of about so many")
    chosen = parser.parse_args()
    for source_id in chosen.registers or DELIVERIES:
        every = records(source_id, chosen.shared)
        if chosen.triples:
            every = sample(every, chosen.triples)
        found = compare(chosen.shared, every)
        print(
            f"{source_id:20} {found.records:6} records {found.triples:8} triples"
            f" {found.results:7} results, {found.listed} on the list, {len(found.apart)} apart",
            flush=True,
        )
        for row in found.apart[:20]:
            print("   ", *row)


if __name__ == "__main__":
    main()
