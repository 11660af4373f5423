"""Every fault of a mapping is found when it is loaded, with its line and the nearest name."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qcp_graph.errors import UsageError
from tests.mapping.support import HEAD, load, one

MAPS = "mappings:\n  q:\n    subjects: qualification:$(id)\n"


@pytest.mark.parametrize(
    ("text", "code", "line", "says"),
    [
        (one("- {p: elm:x, o: {valu: $(a)}}"), "KEYWORD", 7, "'value'"),
        (one("- {p: elm:x, o: $(a), grph: data}"), "KEYWORD", 7, "'graph'"),
        (one("- {p: elm:x, o: $(a), graph: links}"), "KEYWORD", 7, "provenance"),
        (one("- {p: elm:x, o: {value: $(a), required: yes}}"), "KEYWORD", 7, "true"),
        (one("- {p: elm:x, o: {language: fr}}"), "KEYWORD", 7, "exactly one"),
        (one("- {p: elm:x, o: {value: $(a), language: fr, datatype: xsd:date}}"),
         "KEYWORD", 7, "both"),
        (one("- [elm:x, $(a), rdf:langString]"), "KEYWORD", 7, "language"),
        (one("- [elm:x]"), "KEYWORD", 7, "short form"),
        (one("- [elmm:x, $(a)]"), "NAME", 7, "'elm'"),
        (one("- [elm:x, elmm:y]"), "NAME", 7, "'elm'"),
        (one("- [elm:x, elmm:y~iri]"), "NAME", 7, "'elm'"),
        (one("- [elm:x, $(a), xds:date]"), "NAME", 7, "'xsd'"),
        (one("- [elm:x, $(a), f_r~lang]"), "NAME", 7, "language tag"),
        (one("- [elm:x, ab c~iri]"), "NAME", 7, "IRI"),
        (one("- [$(x), $(a)]"), "KEYWORD", 7, "predicate"),
        (one("- [elm:x, $(a]"), "TEMPLATE", 7, "not closed"),
        (one("- [elm:x, $(a..b)]"), "TEMPLATE", 7, "a.b"),
        (one("- [elm:x, $()]"), "TEMPLATE", 7, "empty"),
        (one("- [elm:x, $(^a)]"), "TEMPLATE", 7, "higher"),
        (one("- [elm:x, $(let:a)]"), "NAME", 7, "let"),
        (one("- [elm:x, $(join:k/a)]"), "TEMPLATE", 7, "join"),
        (one("- {p: elm:x, o: {mapping: qq}}"), "NAME", 7, "'q'"),
        (one("- {p: elm:x, o: {value: $(a), transform: [trimm]}}"), "NAME", 7, "'trim'"),
        (one("- {p: elm:x, o: {value: $(a), transform: [{split: {no: ','}}]}}"),
         "ARGUMENT", 7, "on"),
        (one("- {p: elm:x, o: {value: $(a), transform: [pad]}}"), "ARGUMENT", 7, "length"),
        (one("- {p: elm:x, o: {value: $(a), transform: [{pad: x}]}}"),
         "ARGUMENT", 7, "whole number"),
        (one("- {p: elm:x, o: {value: $(a), transform: [{date_epoch_ms: Europe/Nowhere}]}}"),
         "ARGUMENT", 7, "time zone"),
        (one("- {p: elm:x, o: {value: $(a), transform: [{duration: ages}]}}"),
         "ARGUMENT", 7, "weeks"),
        (one("- {p: elm:x, o: {value: $(a), transform: [{replace: '(a+)+'}]}}"),
         "ARGUMENT", 7, "ever"),
        (one("- {p: elm:x, o: y, when: {value: $(a), matches: '(x*)*'}}"), "ARGUMENT", 7, "ever"),
        (one("- {p: elm:x, o: y, when: {value: $(a), matches: '('}}"), "ARGUMENT", 7, "not valid"),
        (one("- {p: elm:x, o: y, when: {value: $(a)}}"), "KEYWORD", 7, "exactly one"),
        (one("- {p: elm:x, o: {value: $(a), lookup: lv}}"), "NAME", 7, "code list"),
        (one("- {p: elm:x, o: {value: $(a), lookup: {levels: fr-cnp}}}"), "NAME", 7, "fr-cncp"),
        (one("- {p: elm:x, o: {value: $(a), lookup: {file: no.csv}}}"), "CODELIST", 7, "no.csv"),
        (one("- {p: elm:x, o: {value: $(a), lookup: {file: ../x.csv}}}"), "CODELIST", 7, "folder"),
        (HEAD["csv"] + MAPS + "    within: r\n", "NAME", 4, "'r'"),
        (HEAD["csv"] + MAPS + "    within: q\n", "CYCLE", 4, "circle"),
        (HEAD["csv"] + MAPS + "    sources: t\n", "NAME", 5, "source 't'"),
        (HEAD["csv"] + MAPS + "    foreach: join:t\n", "NAME", 5, "join"),
        (HEAD["csv"] + MAPS + "    foreach: a\n", "KEYWORD", 1, "without foreach"),
        (HEAD["csv"] + "mapings: {}\n", "KEYWORD", 2, "'mappings'"),
        (HEAD["csv"], "KEYWORD", 1, "mappings"),
        (HEAD["csv"].replace("$(id)", "id") + MAPS, "TEMPLATE", 1, "reference"),
        (HEAD["csv"].replace("csv,", "cvs,") + MAPS, "NAME", 1, "'csv'"),
        (HEAD["csv"] + "ignore: {a: ''}\n" + MAPS, "KEYWORD", 2, "why"),
        (HEAD["csv"] + "prefixes: {elm: 'http://a/'}\n" + MAPS, "NAME", 2, "already"),
        (HEAD["csv"] + "prefixes: {mine: abc}\n" + MAPS, "NAME", 2, "absolute"),
        (HEAD["csv"] + MAPS + "    subjects: a\n", "YAML", 5, "twice"),
        (HEAD["csv"] + MAPS + "    subject: a\n", "YAML", 5, "earlier"),
        ("a: &x [1]\nb: *x\n", "YAML", 1, "anchor"),
        ("a: !!python/object:os.system x\n", "YAML", 1, "tag"),
        ("a: 1\n---\nb: 2\n", "YAML", 2, "second document"),
        ("a: [1\n", "YAML", 2, "YAML"),
        ("a: \x01\n", "YAML", 1, "YAML"),
        ("- a\n", "YAML", 1, "table"),
        ("", "YAML", 1, "table"),
        ("[" * 100_000, "YAML", 1, "deeper"),
        ("? [a]\n: b\n", "YAML", 1, "key"),
    ],
)  # fmt: skip
def test_fault_names_line_and_remedy(
    tmp_path: Path, text: str, code: str, line: int, says: str
) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, text)
    error = caught.value
    assert error.code == f"QCP-MAP-{code}"
    assert error.where == f"mapping.yaml line {line}"
    assert says in f"{error.message} {error.remedy}"


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="QCP-MAP-FILE"):
        load(tmp_path, None)
    (tmp_path / "mapping.yaml").write_bytes(b"a: \xff\n")
    with pytest.raises(UsageError, match="UTF-8"):
        load(tmp_path, None)
    (tmp_path / "mapping.yaml").write_bytes(b"a" * (3 * 1024**2))
    with pytest.raises(UsageError, match="larger"):
        load(tmp_path, None)


def test_fingerprint_changes_with_content_only(tmp_path: Path) -> None:
    files = {"c.csv": "source,target\na,qcp:A\n"}
    text = one(
        "- {p: elm:x, o: {value: $(a), lookup: {file: c.csv}, type: iri}}\n"
        "- {p: elm:y, o: {value: $(a), lookup: {levels: fr-cncp}}}"
    )
    first = load(tmp_path, text, files).fingerprint
    assert load(tmp_path, text, files).fingerprint == first
    assert load(tmp_path, f"# a remark\n\n{text}", files).fingerprint == first
    swapped = text.replace("p: elm:x, o: {value: $(a)", "o: {value: $(a)").replace(
        "type: iri}}", "type: iri}, p: elm:x}"
    )
    assert load(tmp_path, swapped, files).fingerprint == first
    others = {
        load(tmp_path, text.replace("elm:x", "elm:z"), files).fingerprint,
        load(tmp_path, text, {"c.csv": "source,target\na,qcp:B\n"}).fingerprint,
        load(tmp_path, text, files, languages=["de"]).fingerprint,
        load(tmp_path, text, files, base="https://y.org/").fingerprint,
    }
    assert len(others) == 4
    assert first not in others


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(["codelists", "ignore", "let", "sources"]))
def test_the_order_of_keys_means_nothing(tmp_path: Path, order: list[str]) -> None:
    parts = {
        "codelists": "codelists: {c: {levels: fr-cncp}}\n",
        "ignore": "ignore: {z: unused}\n",
        "let": "let: {l: {value: $(a), lookup: c}}\n",
        "sources": HEAD["json"],
    }
    body = MAPS + "    predicateobjects: [[elm:x, $(let:l)~iri]]\n"
    plan = load(tmp_path, "".join(parts[name] for name in order) + body)
    straight = load(tmp_path, "".join(parts.values()) + body)
    assert plan.fingerprint == straight.fingerprint
