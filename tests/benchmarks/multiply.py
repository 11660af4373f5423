"""The real registers, multiplied: the same records under new keys, streamed to big files."""

import csv
import json
import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

REAL = {
    "gb-ofqual": "registers/uk-england-aodp",
    "za-saqa": "registers/za-saqa",
    "de-nrw-fachklassen": "registers/de-nrw-fachklassen",
    "fr-rncp": "registers/fr-rncp-xml-v41",
}
MULTIPLIED = ("approved.csv", "SAQAData.csv", "Index10.json", "fiches.xml")


def multiply(source_id: str, shared: Path, target: Path, records: int) -> Path:
    """Write about ``records`` records of a register into a folder; return what to give `qcp`."""
    folder = target / source_id
    folder.mkdir(parents=True)
    _WRITERS[source_id](shared / REAL[source_id], folder, records)
    return folder


def _csv(path: Path, out: Path, key: str, records: int, delimiter: str) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter=delimiter)
        rows = list(reader)
        names = list(reader.fieldnames or ())
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, delimiter=delimiter, restval="", extrasaction="ignore")
        writer.writeheader()
        for number, row in enumerate(islice(cycle(rows), records)):
            writer.writerow({**row, key: f"{10_000_000 + number}"})


def _england(source: Path, folder: Path, records: int) -> None:
    _csv(source / "approved.csv", folder / "approved.csv", "QualificationNumber", records, ",")


def _south_africa(source: Path, folder: Path, records: int) -> None:
    for path in source.glob("*.csv"):
        if path.name != "SAQAData.csv":
            (folder / path.name).write_bytes(path.read_bytes())
    _csv(source / "SAQAData.csv", folder / "SAQAData.csv", "saqa_id", records, ";")


def _germany(source: Path, folder: Path, records: int) -> None:
    whole = json.loads((source / "Index10.json").read_text(encoding="utf-8"))
    (folder / "DQRNiveaus.csv").write_bytes((source / "DQRNiveaus.csv").read_bytes())
    with (folder / "Index10.json").open("w", encoding="utf-8") as file:
        head = {name: value for name, value in whole.items() if name != "fachklassen"}
        file.write(json.dumps(head)[:-1] + ', "fachklassen": [')
        for number, one in enumerate(islice(cycle(whole["fachklassen"]), records)):
            file.write((",\n" if number else "") + json.dumps({**one, "schluessel": str(number)}))
        file.write("]}")


def _france(source: Path, folder: Path, records: int) -> None:
    text = (source / "export_fiches_RNCP_fixture.xml").read_text(encoding="utf-8")
    sheets = re.findall(r"<FICHE>.*?</FICHE>", text, re.DOTALL)
    with (folder / "fiches.xml").open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<FICHES>\n')
        file.writelines(_renumbered(sheets, records))
        file.write("</FICHES>\n")


def _renumbered(sheets: list[str], records: int) -> Iterator[str]:
    for number, sheet in enumerate(islice(cycle(sheets), records)):
        yield re.sub(r"RNCP\d+", f"RNCP{100_000 + number}", sheet) + "\n"


_WRITERS = {
    "gb-ofqual": _england,
    "za-saqa": _south_africa,
    "de-nrw-fachklassen": _germany,
    "fr-rncp": _france,
}
