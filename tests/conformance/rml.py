"""The test cases of RML: the original ones, RML-Core, RML-IO and RML-FNML."""

import contextlib
import csv
import gzip
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from qcp_graph.errors import QcpError
from qcp_graph.model.issue import Issue
from qcp_graph.pipeline import rml_run
from tests.conformance.suite import Case, Group, Suite

_PLAIN_NUMBERS: Final = (
    "expects JSON numbers as plain strings, where the same mapping and data with another target "
    "(RMLTTC0004d) and RML-Core expect xsd:integer"
)
POSTGRESQL: Final[Mapping[str, str]] = {
    "RMLTC0002f-PostgreSQL": "expects an error, because PostgreSQL tells `ID` and `id` apart when "
    "they stand in quotation marks; SQLite does not",
    "RMLTC0003b-PostgreSQL": "names a table and a query at once, which R2RML does not allow",
    "RMLTC0018a-PostgreSQL": "expects blanks that PostgreSQL adds to CHAR(15) and SQLite does not",
}
CORE: Final[Mapping[str, str]] = {
    "RMLTC0027b-JSON": "expects IRIs with a space, which are no IRIs: what cannot be written as "
    "valid N-Quads is told as a violation and left out",
}
IO: Final[Mapping[str, str]] = {
    "RMLSTC0003": "SPARQL on an RDF file as source: not supported yet",
    "RMLSTC0009a": "says that quoted column names are an error, and gives the output that they "
    "lead to all the same; RFC 4180 allows them, and that output is written",
    "RMLTTC0004e": "RDF/JSON is not written",
    **dict.fromkeys(
        ("RMLTTC0004a", "RMLTTC0004c", "RMLTTC0004f", "RMLTTC0004g", "RMLTTC0005b", "RMLTTC0006b",
         "RMLTTC0006c", "RMLTTC0006d", "RMLTTC0006e"),
        _PLAIN_NUMBERS,
    ),
}  # fmt: skip
_BYTES: Final = re.compile(r"'\\+x([0-9A-Fa-f]+)'")  # PostgreSQL's way of writing them
_FORMS: Final = {
    "nq": ox.RdfFormat.N_QUADS, "nt": ox.RdfFormat.N_TRIPLES, "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML, "n3": ox.RdfFormat.N3,
}  # fmt: skip


def suite(shared: Path) -> Suite:
    """Return all groups of cases."""
    home = shared / "conformance" / "rml"
    original = [
        Group(f"Original RML, {kind}", _original(home, kind), 0.95, {})
        for kind in ("CSV", "JSON", "XML")
    ]
    original.append(
        Group(
            "Original RML, PostgreSQL", _original(home, "PostgreSQL"), 0.90, POSTGRESQL,
            "the tables are loaded into an SQLite file, which `--database` names.",
        )
    )  # fmt: skip
    return Suite(
        "RML",
        "The W3C community group's test cases for the mapping language, run with `qcp mapping run` "
        "and compared by dataset isomorphism. Where an error is expected, it must be told (an "
        "error, a violation, or the warning that a reference matches nothing), and no triple be "
        "written that is not expected. "
        "[What is supported](rml.md)",
        [
            *original,
            Group("RML-Core", _modern(home / "rml-core", "output.nq"), 0.95, CORE),
            Group("RML-IO", _modern(home / "rml-io", "default.nq"), 0.80, IO),
            Group("RML-FNML", _modern(home / "rml-fnml", "output.nq"), 0.80, {}),
        ],
    )


def _original(home: Path, kind: str) -> list[Case]:
    folder = home / "rml-original-2021"
    rows = _table(folder / "metadata.csv")
    wrong = {row["RML id"] for row in rows if row["error expected?"].lower() == "true"}
    cases = sorted(path for path in (folder / "test-cases").glob(f"*-{kind}"))
    return [
        Case(path.name, partial(_check, path, "", path.name in wrong or _empty(path), "output.nq"))
        for path in cases
    ]


def _empty(path: Path) -> bool:
    """Cases that expect an error have no output file here, whatever the table says."""
    return not (path / "output.nq").is_file()


def _modern(folder: Path, output: str) -> list[Case]:
    home = folder / "test-cases"
    return [
        Case(
            row["ID"],
            partial(
                _check,
                home / row["ID"],
                row.get("base_iri", ""),
                _expects_error(home / row["ID"]),
                output if (home / row["ID"] / output).is_file() else "output.nq",
            ),
        )
        for row in sorted(_table(home / "metadata.csv"), key=lambda row: row["ID"])
    ]


def _expects_error(case: Path) -> bool:
    """The page of a case tells; the table of all cases once says otherwise (RMLSTC0009a)."""
    page = (case / "README.md").read_text(encoding="utf-8")
    return bool(re.search(r"\*\*Error expected\?\*\* Yes", page))


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _check(case: Path, base: str, wrong: bool, output: str) -> str:
    """Run a case in a folder of its own; return what is different, or nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs = [path for path in case.iterdir() if path.suffix != ".nq" and path.is_file()]
        for path in inputs:
            if not path.name.startswith(("dump", "output", "default")):
                shutil.copy(path, folder)
        issues: list[Issue] = []
        given = folder / "given.nq"
        options = rml_run.Options(given, base, database=_database(folder))
        try:
            with _inside(folder):
                report = rml_run.run(folder / "mapping.ttl", options, issues.append)
        except QcpError as error:
            return "" if wrong or _is_nothing(case, output) else f"refused: {error}"
        made = _dataset([given])
        if wrong:
            expected = case / "output.nq"
            allowed = set(_dataset([expected])) if expected.is_file() else set()
            extra = set(made) - allowed
            if (report.violations or report.warnings) and not extra:
                return ""
            return f"no error; {len(extra)} quads that nobody expects"
        return _compared(case, folder, made, output)


def _database(folder: Path) -> Path:
    """Return an SQLite file with the tables that a case describes, or brings as CSV."""
    path = folder / "case.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as database:
        for script in sorted(folder.glob("*.sql")):
            for statement in re.split(r";\s*(?:\n|\Z)", script.read_text(encoding="utf-8")):
                with contextlib.suppress(sqlite3.Error):  # what no table needs: DROP … CASCADE
                    database.execute(_BYTES.sub(r"x'\1'", statement))
        for table in sorted(folder.glob("*.csv")):
            _fill(database, table)
        database.commit()
    return path


def _fill(database: sqlite3.Connection, table: Path) -> None:
    header, *rows = csv.reader(table.read_text(encoding="utf-8").splitlines())
    columns = [
        f'"{name}" {"INTEGER" if all(row[n].isdigit() for row in rows) else "TEXT"}'
        for n, name in enumerate(header)
        if all(len(row) == len(header) for row in rows)
    ]
    with contextlib.suppress(sqlite3.Error):
        database.execute(f'CREATE TABLE "{table.stem}" ({", ".join(columns)})')
        marks = ", ".join("?" * len(header))
        database.executemany(f'INSERT INTO "{table.stem}" VALUES ({marks})', rows)


def _is_nothing(case: Path, output: str) -> bool:
    """Tell whether a case expects no triple at all, for a mapping that should not be accepted."""
    expected = case / output
    targets = list(case.glob("dump*"))
    return expected.is_file() and len(_dataset([expected])) == 0 and not targets


def _compared(case: Path, folder: Path, made: ox.Dataset, output: str) -> str:
    different = _difference(made, _dataset([case / output]))
    for dump in sorted(case.glob("dump*")):
        if different:
            break
        if not (folder / dump.name).is_file():
            return f"{dump.name} was not written"
        different = _difference(_dataset([folder / dump.name]), _dataset([dump]))
    return different


def _difference(made: ox.Dataset, expected: ox.Dataset) -> str:
    made.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    expected.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    missing, extra = set(expected) - set(made), set(made) - set(expected)
    if not missing and not extra:
        return ""
    return f"missing {_shown(missing)}; extra {_shown(extra)}"


def _shown(quads: Iterable[ox.Quad]) -> list[str]:
    return sorted(str(quad) for quad in quads)[:3]


def _dataset(paths: Iterable[Path]) -> ox.Dataset:
    found = ox.Dataset()
    for path in paths:
        for content, form in _contents(path):
            for quad in ox.parse(
                content, format=form, base_iri="http://example.com/base/", lenient=True
            ):
                found.add(quad)
    return found


def _contents(path: Path) -> Iterator[tuple[bytes, ox.RdfFormat]]:
    names = path.name.split(".")
    form = next((_FORMS[name] for name in names if name in _FORMS), ox.RdfFormat.N_QUADS)
    if names[-1] == "zip":
        with zipfile.ZipFile(path) as archive:
            contents = [archive.read(name) for name in archive.namelist()]
    elif "tar" in names:
        with tarfile.open(path) as tar:
            found = [tar.extractfile(member) for member in tar if member.isfile()]
            contents = [stream.read() for stream in found if stream]
    else:
        plain = path.read_bytes()
        contents = [gzip.decompress(plain) if names[-1] == "gz" else plain]
    for content in contents:
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        yield content.decode("utf-16").encode() if wide else content, form


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
