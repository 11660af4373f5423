"""RML as a face of the mapping language: nothing is lost on the way there and back."""

import contextlib
import random
import re
from pathlib import Path

import pytest

from qcp_graph.errors import InternalError, UsageError
from qcp_graph.iris import Iris
from qcp_graph.mapping import faces, nodes, parse, yarrrml
from qcp_graph.mapping.fields import plain
from qcp_graph.mapping.rml import face
from qcp_graph.mapping.rml import graph as graphs
from tests.mapping.rml.support import HEAD, source

MAPPINGS = sorted((Path(__file__).resolve().parents[3] / "mappings").glob("*/mapping.yaml"))
REGISTER = faces.Register("fr-x", Iris("https://x.org/"))


def _turtle(path: Path, tmp_path: Path) -> tuple[str, faces.Register]:
    register = faces.Register(path.parent.name, Iris("https://x.org/"))
    face.write(nodes.read(path, "mapping.yaml"), tmp_path / "m.ttl", register)
    return (tmp_path / "m.ttl").read_text(encoding="utf-8"), register


def read(tmp_path: Path, mapping: str) -> tuple[dict[str, object], list[faces.Remark]]:
    """Read RML whose prefixes are those of the bench."""
    path = tmp_path / "m.ttl"
    path.write_text(HEAD + mapping, encoding="utf-8")
    root, remarks = face.read(path, REGISTER)
    found = plain(root)
    assert isinstance(found, dict)
    return found, list(remarks)


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.parent.name)
def test_every_register_survives_the_way_there_and_back(path: Path, tmp_path: Path) -> None:
    """Through RML and YAML again: the same mapping, whatever the spelling."""
    _, register = _turtle(path, tmp_path)
    faces.convert(tmp_path / "m.ttl", tmp_path / "again.yaml", register)
    root, again = nodes.read(path, "m"), nodes.read(tmp_path / "again.yaml", "again")
    one = parse.document(root, register.iris, register.source_id)
    other = parse.document(again, register.iris, register.source_id)
    assert face.difference(one, other) == ""


def test_what_other_engines_cannot_read_is_named(tmp_path: Path) -> None:
    text = """
sources: {s: {access: a.csv, referenceFormulation: csv, key: $(id)}}
let: {n: {value: $(name), transform: [trim], default: none}}
mappings:
  q:
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - p: dcterms:title
        o: {value: $(let:n), language: en, required: true, when: {value: $(id), exists: true}}
"""
    remarks = face.write(nodes.parse(text, "mapping.yaml"), tmp_path / "m.ttl", REGISTER)
    assert {remark.what for remark in remarks} == {
        "a default", "a named value (let)", "a condition (when)", "a required value",
    }  # fmt: skip
    assert {remark.where for remark in remarks} <= {"mapping.yaml line 3", "mapping.yaml line 10"}
    assert not any(remark.lost for remark in remarks)


def test_plain_rml_is_written_with_words_of_the_standard_alone(tmp_path: Path) -> None:
    text = """
sources: {s: {access: a.json, referenceFormulation: jsonpath, iterator: "$[*]", key: $(id)}}
mappings:
  q:
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - [dcterms:title, "$(name.en) {$(name.fr)}", en~lang]
"""
    assert face.write(nodes.parse(text, "m"), tmp_path / "m.ttl", REGISTER) == []
    written = (tmp_path / "m.ttl").read_text(encoding="utf-8")
    assert r'rml:template "{$.name.en} \\{{$.name.fr}\\}"' in written
    assert 'rml:template "https://x.org/id/qualification/fr/x/{$.id}"' in written


def test_nothing_is_written_that_would_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = nodes.read(MAPPINGS[0], "m")
    monkeypatch.setattr(face.Writer, "_is_derived", None, raising=False)
    monkeypatch.setattr("qcp_graph.mapping.rml.write.Writer._lets", lambda *_: None)
    with pytest.raises(InternalError, match="nothing was written"):
        face.write(root, tmp_path / "m.ttl", REGISTER)
    assert not (tmp_path / "m.ttl").exists()


JOINED = f"""
<#Child> {source("a.csv", "CSV")};
  rml:subjectMap [ rml:template "http://ex.org/{{id}}"; rml:class ex:C ];
  rml:predicateObjectMap [ rml:predicate ex:p; rml:objectMap [ rml:parentTriplesMap <#Parent>;
    rml:joinCondition [ rml:child "of"; rml:parent "key" ] ] ] .
<#Parent> {source("b.csv", "CSV")}; rml:subjectMap [ rml:template "http://ex.org/b/{{n}}" ];
  rml:predicateObjectMap [ rml:predicate ex:p; rml:objectMap [ rml:reference "n";
    rml:datatype xsd:date ] ] .
"""


def test_joins_of_others_become_side_tables(tmp_path: Path) -> None:
    found, remarks = read(tmp_path, JOINED)
    options = {"delimiter": ","}
    assert found["joins"] == {
        "Parent": {
            "access": "b.csv", "referenceFormulation": "csv", "options": options,
            "key": "$(key)", "on": "$(of)", "sources": "a",
        }
    }  # fmt: skip
    maps = found["mappings"]
    assert isinstance(maps, dict)
    assert maps["Child"]["predicateobjects"] == [
        ["a", "http://ex.org/C"],
        ["http://ex.org/p", "http://ex.org/b/$(join:Parent/n)~iri"],
    ]
    assert maps["Parent"]["predicateobjects"] == [["http://ex.org/p", "$(n)", "xsd:date"]]
    assert [(r.what, r.outcome, r.lost) for r in remarks] == [
        ("the key of the source 'a'", "taken from the subject: $(id); check it", False),
        ("the key of the source 'b'", "taken from the subject: $(n); check it", False),
    ]


def test_what_a_register_cannot_say_is_left_out_by_name(tmp_path: Path) -> None:
    mapping = f"""
    <#A> {source("a.json", "JSONPath", "$[*]")}; rml:subjectMap [ rml:template "s/{{id}}" ];
      rml:predicateObjectMap [ rml:predicate ex:p; rml:object "kept" ],
        [ rml:predicateMap [ rml:reference "p" ]; rml:object 1 ],
        [ rml:predicate ex:b; rml:objectMap [ rml:termType rml:BlankNode ] ],
        [ rml:predicate ex:g; rml:object 1; rml:graph ex:graph ] .
    """
    found, remarks = read(tmp_path, mapping)
    maps = found["mappings"]
    assert isinstance(maps, dict)
    rules = maps["A"]["predicateobjects"]
    assert rules == [["http://ex.org/p", "kept"], ["http://ex.org/g", "1", "xsd:integer"]]
    assert maps["A"]["subjects"] == "http://base.org/s/$(id)"
    lost = [remark.what for remark in remarks if remark.lost]
    assert len(lost) == 3
    assert any("a predicate that depends on the record" in what for what in lost)
    assert any("a blank node" in what for what in lost)
    assert any("the graph http://ex.org/graph" in what for what in lost)


def test_functions_and_conditions_of_others_become_ours(tmp_path: Path) -> None:
    mapping = f"""
    @prefix idlab-fn: <https://w3id.org/imec/idlab/function#> .
    <#A> {source("a.csv", "CSV")}; rml:subjectMap [ rml:template "http://ex.org/{{id}}";
        rml:condition [ rml:functionExecution [ rml:function idlab-fn:equal; rml:input
          [ rml:parameter grel:valueParam; rml:inputValueMap [ rml:reference "kind" ] ],
          [ rml:parameter grel:valueParam2; rml:inputValue "A" ] ] ] ];
      rml:predicateObjectMap [ rml:predicate ex:p; rml:objectMap [ rml:functionExecution [
        rml:function grel:string_replace; rml:input
          [ rml:parameter grel:valueParam; rml:inputValueMap [ rml:functionExecution [
             rml:function grel:toUpperCase; rml:input [ rml:parameter grel:valueParam;
               rml:inputValueMap [ rml:reference "name" ] ] ] ] ],
          [ rml:parameter grel:param_find; rml:inputValue "." ],
          [ rml:parameter grel:param_replace; rml:inputValue "-" ] ] ] ] .
    """
    found, _ = read(tmp_path, mapping)
    maps = found["mappings"]
    assert isinstance(maps, dict)
    assert maps["A"]["when"] == {"value": "$(kind)", "equals": "A"}
    assert maps["A"]["predicateobjects"][0]["o"] == {
        "value": "$(name)",
        "transform": ["upper", {"replace": {"pattern": r"\.", "by": "-"}}],
    }


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (f'<#A> {source("a.csv", "CSV")}; rml:subject ex:s; rml:predicateObjectMap '
         "[ rml:predicate ex:p; rml:object 1 ] .", "without identifier"),
        (f'<#A> {source("a.csv", "CSV")}; rml:subjectMap [ rml:template "b{{id}}"; '
         "rml:termType rml:BlankNode ] .", "blank node"),
        ('<> a <https://w3id.org/qcp-graph/rml#Mapping>; '
         '<https://w3id.org/qcp-graph/rml#prefixes> "[1]" .', "not a table"),
        ('<> a <https://w3id.org/qcp-graph/rml#Mapping> .', "no triples map"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_register_is_refused(tmp_path: Path, mapping: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read(tmp_path, mapping)


def test_damaged_documents_give_errors_and_no_crash(tmp_path: Path) -> None:
    """Hundreds of mutations of a real mapping: read, or refused with a place."""
    chosen = next(path for path in MAPPINGS if path.parent.name == "gb-ofqual")
    text, register = _turtle(chosen, tmp_path)
    words = re.findall(r'"(?:[^"\\]|\\.)*"|\s+|[^\s"]+', text)
    chance = random.Random(7)
    refused = 0
    for _ in range(300):
        mutant = list(words)
        for _ in range(chance.randint(1, 3)):
            at, other = chance.randrange(len(mutant)), chance.randrange(len(words))
            mutant[at] = chance.choice(["", words[other], '"x"', "[ ]", "rml:IRI"])
        with contextlib.suppress(UsageError):
            face._read(graphs.parse("".join(mutant).encode(), "m.ttl"), register)
            refused -= 1
        refused += 1
    assert 50 < refused < 300


def test_numbers_and_flags_of_options_come_back(tmp_path: Path) -> None:
    text = (
        "sources: {s: {access: a.csv, referenceFormulation: csv, key: $(id), options: "
        '{header: 3, delimiter: "1", columns: [a, "2"]}}}\n'
        "mappings: {q: {subjects: 'qualification:$(id)'}}\n"
    )
    face.write(nodes.parse(text, "m"), tmp_path / "m.ttl", REGISTER)
    root, _ = face.read(tmp_path / "m.ttl", REGISTER)
    again = plain(nodes.parse(yarrrml.text(root), "again"))
    assert isinstance(again, dict)
    assert again["sources"]["s"]["options"] == {
        "header": 3, "delimiter": "1", "columns": ["a", "2"],
    }  # fmt: skip
