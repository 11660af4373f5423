"""``qcp validate``: any shapes, any data, three outcomes, every form of report."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph.terms import curie
from qcp_graph.validation import ReferenceGraph, judge_graph
from qcp_graph.validation.plan import compile_shapes
from qcp_graph.validation.shapes_graph import read_turtle
from tests.cli.conftest import Answer
from tests.pipeline.conftest import row
from tests.validation.records import record
from tests.validation.test_plan import HEAD, TARGET

Qcp = Callable[..., Answer]
SHAPES = (
    TARGET
    + """sh:property [ sh:path :p ; sh:maxCount 1 ; sh:message "Two."@en ] ,
  [ sh:path ( :p :q ) ; sh:minCount 1 ; sh:severity sh:Warning ] ,
  [ sh:path :n ; sh:datatype xsd:integer ] . :T a sh:NodeShape ; sh:targetClass :Nothing ."""
)
DATA = """<http://x/c> a <http://x/C> ; <http://x/p> <http://x/d>, "e" ; <http://x/n> "007x"^^
  <http://www.w3.org/2001/XMLSchema#integer> . <http://x/d> <http://x/q> "1" ."""


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    path = tmp_path / "my-shapes.ttl"
    path.write_text(HEAD + SHAPES, encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.ttl"
    path.write_text(DATA, encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", ["nt", "nq", "nt.gz", "nq.gz", "rdf", "jsonld", "trig", "ttl"])
@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_any_file(qcp: Qcp, shapes: Path, data: Path, ending: str, engine: str) -> None:
    parsed = ox.parse(data.read_bytes(), format=ox.RdfFormat.TURTLE)
    form = ox.RdfFormat.from_extension(ending.removesuffix(".gz"))
    assert form is not None
    written = ox.serialize((quad.triple for quad in parsed), format=form) or b""
    path = data.with_name(f"other.{ending}")
    path.write_bytes(gzip.compress(written) if ending.endswith("gz") else written)
    answer = qcp("validate", path, "--shapes", shapes, "--format", "jsonl", "--engine", engine)
    assert answer.code == 1
    rows = [json.loads(line) for line in answer.out.splitlines()]
    silent = rows.pop()
    assert [silent[name] for name in ("code", "severity", "rule", "field")] == [
        "QCP-VAL-SILENT", "info", "http://x/T", "http://x/Nothing",
    ]  # fmt: skip
    assert sorted((r["code"], r["value"]) for r in rows) == [
        ("QCP-VAL-TOO-MANY", "http://x/c"),
        ("QCP-VAL-TYPE", "007x"),
    ]


def test_the_report_is_turtle_and_whole(qcp: Qcp, shapes: Path, data: Path) -> None:
    answer = qcp("validate", data, "--shapes", shapes, "--report")
    quads = list(ox.parse(answer.out.encode(), format=ox.RdfFormat.TURTLE))
    said = Counter((str(q.predicate).rpartition("#")[2][:-1], str(q.object)) for q in quads)
    assert said["conforms", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'] == 1
    assert said["value", '"007x"^^<http://www.w3.org/2001/XMLSchema#integer>'] == 1
    assert said["type", curie("sh:ValidationResult")] == 2
    assert "1 shapes found nothing to judge" in answer.err
    assert "http://x/T" in answer.err
    assert answer.code == 1


def test_warnings_alone_conform(qcp: Qcp, tmp_path: Path, data: Path) -> None:
    path = tmp_path / "mild.ttl"
    path.write_text(HEAD + TARGET + "sh:severity sh:Warning ; sh:nodeKind sh:Literal .")
    answer = qcp("validate", data, "--shapes", path)
    assert answer.code == 0
    assert "1 problems, 0 of them violations" in answer.err
    path.write_text(HEAD + TARGET + "sh:nodeKind sh:IRI .")
    answer = qcp("validate", data, "--shapes", path, "--report")
    assert (answer.code, "true" in answer.out) == (0, True)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (TARGET + "sh:node :S .", 2, "RECURSIVE"),
        (TARGET + "sh:rule [ ] .", 2, "--engine pyshacl"),
        (TARGET + "sh:js [ ] .", 2, "FEATURE"),
        ("no turtle", 2, "QCP-VAL-SHAPES-FILE"),
        (TARGET + 'sh:sparql [ sh:select "SELECT $this { SERVICE ?s {} }" ] .', 2, "SERVICE"),
        (TARGET + 'sh:sparql [ sh:select "SELECT $this { ?a ?b" ] .', 3, "QCP-VAL-SPARQL"),
        (":S a sh:NodeShape ; sh:targetClass :Other ; sh:nodeKind sh:IRI .", 3, "QCP-VAL-NO-FOCUS"),
    ],
)  # fmt: skip
def test_what_could_not_run_is_no_verdict(
    qcp: Qcp, shapes: Path, data: Path, text: str, code: int, words: str
) -> None:
    shapes.write_text(HEAD + text)
    answer = qcp("validate", data, "--shapes", shapes)
    assert answer.code == code
    assert words in answer.err


def test_files_that_are_none(qcp: Qcp, shapes: Path, tmp_path: Path) -> None:
    for name, content in (("a.ttl", "x"), ("a.nt", "x\n"), ("a.nq.gz", "x"), ("a.jsonld", "{")):
        (tmp_path / name).write_text(content)
        assert qcp("validate", tmp_path / name, "--shapes", shapes).code == 3
    assert qcp("validate", tmp_path / "a.ttl", "--shapes", "no-such-profile").code == 2
    assert qcp("validate", tmp_path / "a.ttl", "--patch", "no-such-patch").code == 2
    assert qcp("validate", "no-such-register").code == 2


def test_a_person_who_is_wrong_about_the_file_is_told(
    qcp: Qcp, shapes: Path, data: Path, tmp_path: Path
) -> None:
    missing = qcp("validate", tmp_path / "nothing.ttl", "--shapes", shapes)
    assert (missing.code, "QCP-VAL-FILE" in missing.err) == (2, True)
    assert qcp("validate", "nothing.nt", "--shapes", shapes).code == 2
    (tmp_path / "data.xml").write_text("<a/>")
    other = qcp("validate", tmp_path / "data.xml", "--shapes", shapes)
    assert (other.code, "qcp validate REGISTER --input" in other.err) == (2, True)
    data.rename(tmp_path / "DATA.TTL")
    assert qcp("validate", tmp_path / "DATA.TTL", "--shapes", shapes).code == 1
    (tmp_path / "new.ttl").write_text("<http://x/a> a <http://x/New>, <http://x/Other> .")
    silent = qcp("validate", tmp_path / "new.ttl", "--shapes", shapes)
    assert (silent.code, "1 <http://x/New>" in silent.err) == (3, True)


def test_our_profile_for_a_release(qcp: Qcp, tmp_path: Path) -> None:
    path = tmp_path / "two.nt"
    path.write_text("".join(f"{s} {p} {o} .\n" for n in (1, 2) for s, p, o in record(n)))
    answer = qcp("validate", path, "--shapes", "release", "--format", "jsonl")
    codes = Counter(json.loads(line)["code"] for line in answer.out.splitlines())
    assert codes == {"QCP-VAL-RELEASE-IDENTIFIER": 2}


def test_a_register_by_a_profile_that_no_record_passes(qcp: Qcp, rows_file: Path) -> None:
    answer = qcp(
        "validate", "ee-mini", "--input", rows_file, "--shapes", "eqf-annex-vi",
        "--format", "jsonl", "-q",
    )  # fmt: skip
    assert answer.code == 1
    rows = [json.loads(line) for line in answer.out.splitlines()]
    assert {"QCP-VAL-ANNEX-VI-FIELD"} <= {row["code"] for row in rows}
    assert {row["status"] for row in rows if row["severity"] == "violation"} == {"quarantined"}
    assert qcp("validate", "ee-mini", "--input", rows_file, "--report").code == 2


FRENCH = (
    HEAD
    + """:S a sh:NodeShape ; sh:targetClass :C ; sh:property [
  sh:path :p ; sh:maxCount 1 ; sh:message "Two."@en, "Deux."@fr ;
  qcp:remedy "Keep one."@en, "Gardez-en une."@fr ] ,
  [ sh:path :n ; sh:datatype xsd:integer ; sh:severity sh:Warning ] .
:T a sh:NodeShape ; sh:targetClass :Nothing ; sh:nodeKind sh:IRI .
"""
)


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_french_from_end_to_end(qcp: Qcp, shapes: Path, data: Path, engine: str) -> None:
    shapes.write_text(FRENCH, encoding="utf-8")
    given = ("validate", data, "--shapes", shapes, "--language", "fr-BE", "--engine", engine)
    answer = qcp(*given)
    assert answer.code == 1
    assert answer.out.splitlines() == [
        "http://x/c",
        "  violation      http://x/p : Deux.",
        "                 → Gardez-en une. [QCP-VAL-TOO-MANY]",
        "  avertissement  http://x/n : La valeur doit être un littéral bien formé de type integer.",
        "                 Valeur : 007x",
        "                 → Corrigez la valeur dans la source, ou la règle de correspondance qui la"
        " produit. [QCP-VAL-TYPE]",
    ]
    assert "1 formes n'ont rien trouvé à juger :\n  http://x/T (http://x/Nothing)" in answer.err
    assert "2 problèmes, dont 1 violations" in answer.err
    page = data.with_name("p.html")
    assert qcp(*given, "--issues", page).code == 1
    text = page.read_text("utf-8")
    for words in ('<html lang="fr">', ">Gravité<", "<td>avertissement</td>", "Deux.", "Résumé"):
        assert words in text
    assert "n&#x27;a rien trouvé à juger (http://x/Nothing)" in text


def test_a_register_in_french(qcp: Qcp, rows_file: Path) -> None:
    answer = qcp("validate", "ee-mini", "--input", rows_file, "--language", "fr", "-q")
    assert answer.code == 1
    assert "Q3 (rows.json /2) – en quarantaine" in answer.out
    assert "La certification n'a pas d'intitulé." in answer.out
    answer = qcp("validate", "ee-mini", "--input", rows_file, "--format", "jsonl", "-q")
    silent = {
        row["rule"].rpartition("#")[2]
        for row in map(json.loads, answer.out.splitlines())
        if row["code"] == "QCP-VAL-SILENT"
    }
    assert {"CreditPoint", "WebResource"} <= silent
    assert "Organisation" not in silent


def test_problems_of_a_release_in_french(qcp: Qcp, rows_file: Path) -> None:
    assert qcp("build", "ee-mini", "--input", rows_file, "-q").code == 0
    answer = qcp("release", "issues", "--status", "quarantined", "--language", "fr-CA")
    assert "Q3 (rows.json /2) – en quarantaine" in answer.out
    assert "La certification n'a pas d'intitulé." in answer.out
    assert "→ Donnez un intitulé" in answer.out
    answer = qcp("release", "issues", "--language", "et", "--format", "json")
    assert "The qualification has no title." in answer.out


def test_a_build_names_the_shapes_that_judged_nothing(qcp: Qcp, rows_file: Path) -> None:
    answer = qcp("build", "ee-mini", "--input", rows_file)
    assert "QCP-VAL-SILENT  Shapes found nothing to judge: " in answer.err
    assert "publication#CreditPoint" in answer.err
    rows_file.write_text(json.dumps([row(1), row(2, title="New")]), encoding="utf-8")
    answer = qcp("build", "ee-mini", "--input", rows_file, "--format", "json")
    report = answer.json()[0]  # type: ignore[index]
    silent = {one["shape"].rpartition("#")[2]: one["target"] for one in report["silent_shapes"]}
    assert silent["CreditPoint"] == "elm:CreditPoint"
    assert "Qualification" not in silent


def test_problems_as_a_workbook(qcp: Qcp, shapes: Path, data: Path, tmp_path: Path) -> None:
    assert qcp("validate", data, "--shapes", shapes, "--issues", tmp_path / "p.xlsx").code == 1
    assert (tmp_path / "p.xlsx").stat().st_size > 1000


def test_problems_as_a_page(qcp: Qcp, shapes: Path, data: Path, tmp_path: Path) -> None:
    page = tmp_path / "problems.html"
    assert qcp("validate", str(data), "--shapes", str(shapes), "--issues", str(page)).code == 1
    text = page.read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "<td>violation</td>" in text


@pytest.mark.shared
def test_the_official_shapes_with_corrections(qcp: Qcp, shared: Path, tmp_path: Path) -> None:
    folder = shared / "reference/elm"
    chosen = [
        text
        for name in ("LOQ-constraints.ttl", "LOQ-constraints-mdr.ttl")
        for text in ("--shapes", str(folder / "ap/loq" / name))
    ]
    sample = folder / "examples/loq-sample.ttl"
    found = [
        sum(
            "QCP-VAL-SILENT" not in line and "QCP-VAL-IMPORT" not in line
            for line in qcp(
                "validate", sample, *chosen, *more, "--format", "jsonl"
            ).out.splitlines()
        )
        for more in (("--alone",), ("--alone", "--patch", "elm-loq-3.1"), ())
    ]
    plan = compile_shapes([Path(text) for text in chosen[1::2]])
    assert found[0] == len(judge_graph(plan, read_turtle(sample)[0], ReferenceGraph({})))
    assert 10 < found[1] < found[0] < found[2]  # our vocabulary says more of its concepts


def test_lists_the_profiles(qcp: Qcp) -> None:
    answer = qcp("validate", "--profiles")
    assert answer.code == 0
    assert "eqf-annex-vi  EQF Recommendation, Annex VI" in answer.out
    assert "2017/C 189/03; secondary; Council Recommendation" in answer.out


def test_a_release_and_what_changed_in_it(qcp: Qcp, rows_file: Path) -> None:
    def built(*rows: object) -> str:
        rows_file.write_text(json.dumps(rows), encoding="utf-8")
        assert qcp("build", "ee-mini", "--input", rows_file).code == 0
        listed = qcp("release", "show", "--format", "json").json()
        return str(listed["id"])  # type: ignore[call-overload,index]

    def dangling(*more: object) -> set[str]:
        answer = qcp("validate", *more, "--format", "jsonl", "-q")
        assert answer.code == 0
        rows = [json.loads(line) for line in answer.out.splitlines()]
        return {
            row["record"].rpartition("/")[2]
            for row in rows
            if row["code"] == "QCP-VAL-RELEASE-DANGLING"
        }

    first = built(row(1), row(2, successor="Q9"))
    assert dangling("release") == {"Q2"}
    built(row(1), row(2, successor="Q9"), row(3, successor="Q8"))
    assert dangling("release") == {"Q2", "Q3"}
    assert dangling("release", "--since", first) == {"Q3"}
    assert dangling(f"release:{first}") == {"Q2"}
    text = qcp("validate", "release", "--language", "fr")
    assert "que rien ne décrit" in text.out
    assert qcp("validate", "release", "--engine", "pyshacl").code == 2
    assert qcp("validate", "release", "--shapes", "elm-loq-3.3").code == 3
    assert qcp("validate", "release:none").code == 2
