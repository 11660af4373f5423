"""Commands as a new user meets them: data on stdout, messages on stderr, exit codes."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer, row

Qcp = Callable[..., Answer]


def test_help_costs_at_most_0_4_cpu_seconds(tmp_path: Path) -> None:
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run([sys.executable, '-m', 'qcp_graph.cli', '--help'], check=True,"
        " stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime)\n"
    )
    times = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(3)
    ]
    assert min(times) <= 0.4


def test_help_imports_none_of_the_heavy_libraries() -> None:
    code = (
        "import sys\nsys.argv = ['qcp', '--help']\n"
        "from qcp_graph.cli.main import run\n"
        "try:\n    run()\nexcept SystemExit:\n    pass\n"
        "heavy = {'rdflib', 'pyshacl', 'fastapi', 'pyoxigraph', 'pydantic', 'lxml', 'structlog'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def _commands() -> list[list[str]]:
    from qcp_graph.cli.main import _COMMANDS

    groups = {
        "source": ["list", "show", "check", "sniff"],
        "release": ["list", "show", "issues", "diff", "publish", "rollback"],
        "ontology": ["list", "fetch"],
        "mapping": ["convert", "run"],
    }
    return [
        [name, *rest] for name in _COMMANDS for rest in ([], *([g] for g in groups.get(name, [])))
    ]


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_every_command_has_help(qcp: Qcp, words: list[str]) -> None:
    answer = qcp(*words, "--help")
    assert answer.code == 0
    assert "Usage: qcp" in answer.out
    if len(words) == 1:
        assert f"qcp {words[0]}" in answer.out.split("Options:")[0] or "qcp --home" in answer.out


def test_the_way_of_a_steward(qcp: Qcp, rows_file: Path) -> None:
    checked = qcp("source", "check", "ee-mini", "--input", rows_file)
    assert checked.code == 1
    assert "QCP-VAL-NO-TITLE" in checked.err
    built = qcp("build", "ee-mini", "--input", rows_file)
    assert built.code == 0
    assert re.search(r"ee-mini +3 +2 +1 +0", built.out)
    assert "is live" in built.err
    (release,) = qcp("release", "list", "--format", "json").json()  # type: ignore[misc]
    assert (release["live"], release["published"]) == ("*", 2)
    issues = qcp("release", "issues", "--status", "quarantined", "--format", "json").json()
    assert {issue["record"] for issue in issues} == {"Q3"}  # type: ignore[attr-defined]
    query = "SELECT ?t WHERE { ?q a elm:Qualification ; dcterms:title ?t } ORDER BY ?t"
    table = list(csv.reader(io.StringIO(qcp("query", query, "--as", "csv").out)))
    assert table == [["t"], ["Qualification 1"], ["Qualification 2"]]
    saved = ("query", "--saved", "qualifications-of-a-country", "--set", "country=EST")
    found = list(csv.DictReader(io.StringIO(qcp(*saved, "--set", "limit=1", "--as", "csv").out)))
    assert [row["title"] for row in found] == ["Qualification 1"]
    mistaken = qcp("query", "SELEC ?x")
    assert (mistaken.code, "QCP-QRY-SYNTAX" in mistaken.err) == (2, True)
    again = qcp("build", "ee-mini", "--input", rows_file)
    assert "Nothing changed" in again.err
    rows_file.write_text(json.dumps([row(1), row(2, outcomes=[]), row(3)]), encoding="utf-8")
    mended = qcp("build", "ee-mini", "--input", rows_file)
    assert re.search(r"ee-mini  \d+ new problems, [1-9]\d* solved", mended.err)
    assert qcp("doctor").code in {0, 1}


def test_a_gate_that_stops_a_register_is_an_exit_code_and_can_be_overridden(
    qcp: Qcp, workspace: Path, rows_file: Path
) -> None:
    described = workspace / "mappings" / "ee-mini" / "source.yaml"
    text = described.read_text(encoding="utf-8")
    described.write_text(f"{text}\nthresholds: {{withheld: 0.1}}\n", encoding="utf-8")
    stopped = qcp("build", "ee-mini", "--input", rows_file)
    assert stopped.code == 1
    assert "QCP-REL-WITHHELD" in stopped.err
    assert "--accept ee-mini" in stopped.err
    assert qcp("release", "list", "--format", "json").json() == []
    accepted = qcp("build", "ee-mini", "--input", rows_file, "--accept", "ee-mini")
    assert (accepted.code, "is live" in accepted.err) == (0, True)
    described.write_text(f"{text}\nprofiles: {{eqf-annex-vi: block}}\n", encoding="utf-8")
    blocked = qcp("build", "ee-mini", "--input", rows_file)
    assert blocked.code == 1
    assert "QCP-VAL-GATE" in blocked.err
    described.write_text(f"{text}\nprofiles: {{eqf-annex-vi: stop}}\n", encoding="utf-8")
    wrong = qcp("build", "ee-mini", "--input", rows_file)
    assert wrong.code == 2
    assert "profiles.eqf-annex-vi" in wrong.err


def test_documented_queries_are_listed_and_wrong_words_explained(qcp: Qcp) -> None:
    listed = qcp("query", "--list", "--format", "json").json()
    (one,) = [q for q in listed if q["name"] == "qualifications-of-a-country"]  # type: ignore[union-attr,index]
    assert [p["name"] for p in one["parameters"]] == ["country", "limit"]  # type: ignore[index]
    assert "country=country:PRT limit=100" in qcp("query", "--list").out
    unknown = qcp("query", "--saved", "qualifications-of-country")
    assert (unknown.code, "'qualifications-of-a-country'" in unknown.err) == (2, True)
    for words in (["--set", "country"], ["--set", "nothing=1"], ["--set", "limit=0"]):
        wrong = qcp("query", "--saved", "qualifications-of-a-country", *words)
        assert (wrong.code, "QCP-" in wrong.err) == (2, True)
    assert "QCP-QRY-SET" in qcp("query", "ASK {}", "--set", "a=b").err
    assert "QCP-QRY-TWO" in qcp("query", "ASK {}", "--saved", "micro-credentials").err


def test_options_stand_before_or_after_the_command(qcp: Qcp) -> None:
    before = qcp("--format", "json", "source", "list")
    after = qcp("source", "list", "--format", "json")
    assert before.json() == after.json()
    assert {"ee-mini", "ee-table"} <= {source["id"] for source in after.json()}  # type: ignore[attr-defined]


def test_a_dry_run_publishes_nothing(qcp: Qcp, rows_file: Path, tmp_path: Path) -> None:
    answer = qcp("build", "ee-mini", "--input", rows_file, "--dry-run")
    assert answer.code == 0
    assert "Nothing was published" in answer.err
    assert not (tmp_path / "home" / "releases").exists()
    assert qcp("release", "show").code == 2


def test_a_build_names_fields_that_are_new(qcp: Qcp, tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    fresh = {f"new{number}": "x" for number in range(7)}
    path.write_text(json.dumps([row(1, **fresh), row(2)]), encoding="utf-8")
    for more in ("--dry-run", "--full"):
        built = qcp("build", "ee-mini", "--input", path, more)
        assert re.search(
            r"7  warning    QCP-MAP-UNMAPPED  Fields that are neither mapped nor ignored\. "
            r"\[new0, new1, new2, new3, new4 and 2 more\]",
            built.err,
        ), built.err
        assert "`qcp source check ee-mini` tells each" in built.err
    assert "UNMAPPED" not in qcp("build", "ee-mini", "--input", path, "--full", "--quiet").err


def test_map_prints_quads_and_explains(qcp: Qcp, rows_file: Path) -> None:
    import pyoxigraph

    answer = qcp("map", "ee-mini", "--input", rows_file)
    assert answer.code == 1  # one record is quarantined
    quads = list(pyoxigraph.parse(answer.out.encode(), pyoxigraph.RdfFormat.N_QUADS))
    assert len(quads) > 20
    told = qcp("map", "ee-mini", "--input", rows_file, "--record", "Q1", "--explain")
    assert re.search(
        r"mapping\.yaml line \d+, .*p: dcterms:title o: {value: \$\(title\), language: en}\n"
        r' +title = "Qualification 1"\n'
        r' +⇒ <\S+/Q1> dcterms:title "Qualification 1"@en\n',
        told.out,
    ), told.out
    assert "nothing: the source has no value: successor" in told.out
    assert re.search(r"qcp:digest .* # where the record comes from", told.out)
    account = qcp(
        "map", "ee-mini", "--input", rows_file, "--record", "Q1", "--explain", "--format", "json"
    ).json()
    assert isinstance(account, dict)
    rules = [rule for rule in account["rules"] if rule["cells"] and rule["statements"]]
    assert {cell["locator"] for rule in rules for cell in rule["cells"]} == {"rows.json /0"}
    assert [rule["item"] for rule in rules if rule["mapping"] == "outcome"] == [
        "outcomes[1]",
        "outcomes[2]",
    ]
    assert {rule["mapping"] for rule in account["rules"] if rule["shared"]} == {"body"}
    assert qcp("map", "ee-mini", "--input", rows_file, "--record", "Q9", "--explain").code == 1


def test_diff_and_rollback(qcp: Qcp, rows_file: Path) -> None:
    qcp("build", "ee-mini", "--input", rows_file)
    rows = json.loads(rows_file.read_text(encoding="utf-8"))
    rows[0]["title"] = "Changed"
    rows_file.write_text(json.dumps(rows[:1]), encoding="utf-8")
    qcp("build", "ee-mini", "--input", rows_file)
    changes = qcp("release", "diff", "--format", "json").json()
    assert [(c["kind"], c["key"]) for c in changes] == [("changed", "Q1"), ("withdrawn", "Q2")]  # type: ignore[attr-defined]
    assert qcp("release", "rollback").code == 0
    assert qcp("release", "rollback").code == 2


def test_validate_an_rdf_file(qcp: Qcp, tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(
        "@prefix elm: <http://data.europa.eu/snb/model/elm/> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        '<http://e.org/q> a elm:Qualification ; dcterms:title "Baker"@en .',
        encoding="utf-8",
    )
    assert qcp("validate", path).code == 0
    path.write_text(path.read_text("utf-8").replace("@en", ""), encoding="utf-8")
    assert qcp("validate", path).code == 1
    assert "sh:conforms" in qcp("validate", path, "--report").out
    assert qcp("validate", path, "--engine", "pyshacl").code == 1
    path.write_text("<http://e.org/q> a <http://e.org/Thing> .", encoding="utf-8")
    answer = qcp("validate", path)
    assert answer.code == 3
    assert "QCP-VAL-NO-FOCUS" in answer.err


def test_sniff(qcp: Qcp, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id;title\n1;Bäcker\n", encoding="latin-1")
    report = qcp("source", "sniff", path, "--format", "json").json()
    assert isinstance(report, dict)
    assert (report["format"], report["delimiter"], report["fields"]) == (
        "csv",
        ";",
        ["id", "title"],
    )


def test_output_into_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    env = {**os.environ, "QCP_HOME": str(tmp_path)}
    command = f"{sys.executable} -m qcp_graph.cli source list --format json | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=env, check=True)
    assert "Traceback" not in done.stderr
