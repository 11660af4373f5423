"""Code lists: policies, spellings, levels."""

from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from tests.mapping.support import codes, load, one, run, short

LIST = 'source,target,reason\nLevel 2,qcp:L2,\n"Business  Management",qcp:BM,\nNR,,not classified\n'


def _plan(tmp_path: Path, options: str = "", content: str = LIST, kind: str = ", type: iri"):  # type: ignore[no-untyped-def]
    rule = f"- {{p: elm:x, o: {{value: $(v), lookup: {{file: c.csv{options}}}{kind}}}}}"
    return load(tmp_path, one(rule), {"c.csv": content})


@pytest.mark.parametrize(
    ("value", "options", "found"),
    [
        ("Level 2", "", "qcp:L2"),
        ("  Level\xa02 ", "", "qcp:L2"),
        ("Business Management", "", "qcp:BM"),
        ("Business management", ", casefold: true", "qcp:BM"),
        ("NR", "", None),
    ],
)
def test_found(tmp_path: Path, value: str, options: str, found: str | None) -> None:
    mapped = run(_plan(tmp_path, options), {"id": "1", "v": value})
    assert short(mapped) == ([f"qualification:1 elm:x {found}"] if found else [])
    assert mapped.issues == ()


def test_policies(tmp_path: Path) -> None:
    data = {"id": "1", "v": "Level 9"}
    dropped = run(_plan(tmp_path), data)
    assert (codes(dropped), dropped.rejected) == (["QCP-MAP-CODE"], False)
    assert dropped.issues[0].value == "Level 9"
    rejected = run(_plan(tmp_path, ", missing: reject"), data)
    assert (codes(rejected), rejected.rejected) == (["QCP-MAP-CODE"], True)
    kept = run(_plan(tmp_path, ", missing: keep", kind=""), data)
    assert short(kept) == ['qualification:1 elm:x "Level 9"']
    with pytest.raises(UsageError, match="cannot give IRIs"):
        _plan(tmp_path, ", missing: keep")


@pytest.mark.parametrize(
    ("content", "says", "line"),
    [
        ("source,target\na,qcp:A\na,qcp:B\n", "two targets", 3),
        ("source,target\na,\n", "no target", 2),
        ("source,target\n,qcp:A\n", "no source", 2),
        ("source,target\na,qcp:A,x\n", "cells", 2),
        ("source,target\na,not an iri\n", "neither", 2),
        ("source,target\na,qpc:A\n", "'qcp'", 2),
        ("source,goal\na,b\n", "target", 1),
        ("source\na\n", "columns", 1),
        ('source,target\na,b\nc,"d\n', "CSV", 2),
    ],
)
def test_bad_list(tmp_path: Path, content: str, says: str, line: int) -> None:
    with pytest.raises(UsageError) as caught:
        _plan(tmp_path, content=content)
    assert says in str(caught.value)
    assert caught.value.where == f"c.csv line {line}"


def test_several_targets_where_wanted(tmp_path: Path) -> None:
    content = "source,target\na,qcp:A\na,qcp:B\na,qcp:A\n"
    mapped = run(_plan(tmp_path, ", many: true", content), {"id": "1", "v": "a"})
    assert short(mapped) == ["qualification:1 elm:x qcp:A", "qualification:1 elm:x qcp:B"]


def test_levels_and_their_eqf(tmp_path: Path) -> None:
    text = one(
        "- {p: elm:NQFLevel, o: {value: $(v), lookup: {levels: fr-cncp}}}\n"
        "- {p: elm:EQFLevel, o: {value: $(v), lookup: {levels: fr-cncp, to: eqf}}}"
    )
    plan = load(tmp_path, text)
    assert short(run(plan, {"id": "1", "v": 5})) == [
        "qualification:1 elm:NQFLevel qdr:c_5", "qualification:1 elm:EQFLevel eqf:5",
    ]  # fmt: skip
    several = run(plan, {"id": "1", "v": "6"})
    assert short(several) == ["qualification:1 elm:NQFLevel qdr:c_6"]
    assert codes(several) == ["QCP-MAP-LEVEL"]
    unsourced = run(plan, {"id": "1", "v": "7"})
    assert (len(unsourced.quads), unsourced.issues) == (1, ())
    assert codes(run(plan, {"id": "1", "v": "9"})) == ["QCP-MAP-CODE"] * 2


def test_lookup_inside_a_transformation(tmp_path: Path) -> None:
    rule = "- {p: elm:x, o: {value: $(v), transform: [trim, {lookup: {file: c.csv}}, upper]}}"
    plan = load(tmp_path, one(rule), {"c.csv": "source,target\na,word\n"})
    assert short(run(plan, {"id": "1", "v": " a "})) == ['qualification:1 elm:x "WORD"']


def test_words_are_kept_as_a_note_on_the_node(tmp_path: Path) -> None:
    plan = _plan(tmp_path, ", missing: note")
    mapped = run(plan, {"id": "1", "v": ["Level 2", "Level 9"]})
    assert short(mapped) == [
        "qualification:1 elm:x qcp:L2",
        'qualification:1 qcp:sourceTerm "Level 9" [provenance]',
    ]
    assert [(i.code, i.value, "kept as a note" in i.message) for i in mapped.issues] == [
        ("QCP-MAP-CODE", "Level 9", True)
    ]


def test_a_named_value_keeps_no_note(tmp_path: Path) -> None:
    more = "let: {x: {value: $(v), lookup: {file: c.csv, missing: note}}}\n"
    with pytest.raises(UsageError, match="only where an object"):
        load(tmp_path, one("- [elm:x, $(let:x)]", more=more), {"c.csv": LIST})


SSSOM = (
    "#curie_map:\n#  st: http://s.org/\n#mapping_set_id: https://x.org/set\n"
    "subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\tauthor_id\t"
    "mapping_date\tconfidence\tcomment\tpredicate_modifier\n"
    "\tLevel 2\tskos:exactMatch\tst:2\tsemapv:ManualMappingCuration\torcid:1\t2026-11-23\t1.0\t\t\n"
    "L:3\t\tskos:closeMatch\tqcp:L3\tsemapv:ManualMappingCuration\torcid:1\t2026-11-23\t0.8\t\t\n"
    "\tNR\t\tsssom:NoTermFound\tsemapv:ManualMappingCuration\torcid:1\t2026-11-23\t\tnone\t\n"
    "\tLevel 4\tskos:exactMatch\tst:4\tsemapv:ManualMappingCuration\torcid:1\t\t\t\tNot\n"
)


def _sssom(tmp_path: Path, content: str):  # type: ignore[no-untyped-def]
    rule = "- {p: elm:x, o: {value: $(v), lookup: {file: c.sssom.tsv}, type: iri}}"
    return load(tmp_path, one(rule), {"c.sssom.tsv": content})


def test_sssom(tmp_path: Path) -> None:
    plan = _sssom(tmp_path, SSSOM)
    mapped = run(plan, {"id": "1", "v": ["level 2", "Level 2", "3", "NR", "Level 4"]})
    assert short(mapped) == [
        "qualification:1 elm:x http://s.org/2",
        "qualification:1 elm:x qcp:L3",
    ]
    assert [issue.value for issue in mapped.issues] == ["level 2", "Level 4"]


@pytest.mark.parametrize(
    ("old", "new", "says", "line"),
    [
        ("object_id", "objct_id", "needs subject_label", 4),
        ("2026-11-23\t1.0", "23/11/2026\t1.0", "is no day", 5),
        ("1.0", "7", "is no confidence", 5),
        ("skos:closeMatch", "skos:closMatch", "Unknown match", 6),
        ("none\t", "\t\t", "cells", 7),
    ],
)
def test_bad_sssom(tmp_path: Path, old: str, new: str, says: str, line: int) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        _sssom(tmp_path, SSSOM.replace(old, new, 1))
    assert caught.value.where == f"c.sssom.tsv line {line}"


def test_words_that_no_record_has(tmp_path: Path) -> None:
    plan = _plan(tmp_path)
    run(plan, {"id": "1", "v": " Level 2"})
    taken = plan.taken_words()
    assert [set(words) for words in taken.values()] == [{"Level 2"}]
    assert plan.taken_words() == {}
    (issue,) = plan.unused_words()
    assert (issue.code, issue.severity, issue.locator) == (
        "QCP-MAP-UNUSEDCODE", "info", "c.csv line 3",
    )  # fmt: skip
    assert issue.message == ("No record has these words of the code list: Business Management, NR.")
    other = _plan(tmp_path)
    other.use_words({next(iter(taken)): {"Level 2", "NR", "Business Management"}})
    assert other.unused_words() == []
