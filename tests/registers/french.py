"""French tables that are joined: deliveries laid together, and a reading of the join on its own."""

import csv
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import openpyxl

KIT = "Kit_apprentissage_20241129.xlsx"
NOMENCLATURE = "bcn_original_N_FORMATION_DIPLOME_ENQUETE_51.csv"


def together(folder: Path, shared: Path, *files: Path) -> Path:
    """Copy files, the kit and the nomenclature into a folder, as a steward would."""
    kit = shared / "registers" / "fr-kit-apprentissage"
    folder.mkdir(parents=True, exist_ok=True)
    for path in (*files, kit / KIT, kit / NOMENCLATURE):
        shutil.copyfile(path, folder / path.name)
    return folder


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def kit(folder: Path) -> Iterable[Mapping[str, str]]:
    """Yield the rows of the kit; the names of its columns stand in the second row."""
    book = openpyxl.load_workbook(folder / KIT, read_only=True)
    rows = book["Kit Apprentissage"].iter_rows(values_only=True)
    next(rows)
    names = [str(name) for name in next(rows)]
    for row in rows:
        yield dict(zip(names, ("" if c is None else str(c) for c in row), strict=True))


def fields(folder: Path) -> Mapping[str, set[str]]:
    """Return the ISCED-F codes of each sheet number: kit, then nomenclature."""
    detailed = {
        row["FORMATION_DIPLOME"]: row["CITE_DOMAINE_DETAILLE"]
        for row in table(folder / NOMENCLATURE)
    }
    found: dict[str, set[str]] = defaultdict(set)
    for row in kit(folder):
        if code := detailed.get(row["Code Diplôme"]):
            found[row["FicheRNCP"]].add(code)
    return found
