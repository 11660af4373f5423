"""Faulty and hostile mappings: an error with place and remedy, before anything is written."""

import contextlib
import random
import re
import time
from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.mapping.rml import graph, load
from tests.mapping.rml.support import HEAD, one, source, write

CSV = source("a.csv", "CSV")
SUBJECT = 'rml:subjectMap [ rml:template "s/{id}" ]'
RULE = "rml:predicateObjectMap [ rml:predicate ex:p; {} ]"


def _map(objects: str = "rml:object 1", subject: str = SUBJECT, logical: str = CSV) -> str:
    return f"<#A> {logical}; {subject}; {RULE.format(objects)} ."


FAULTS = {
    "syntax": ("<#A> rml:source", "QCP-RML-SYNTAX", "line"),
    "nothing": ("ex:a ex:b ex:c .", "QCP-RML-MAPPING", "no triples map"),
    "typo": (_map('rml:objectMap [ rml:referense "a" ]'), "QCP-RML-VOCABULARY", "'reference'"),
    "no subject": (f"<#A> {CSV}; {RULE.format('rml:object 1')} .", "QCP-RML-MAPPING", "has 0"),
    "two subjects": (_map(subject=f"{SUBJECT}, [ rml:constant ex:b ]"), "QCP-RML-MAPPING", "has 2"),
    "no source": (f"<#A> a rml:TriplesMap; {SUBJECT} .", "QCP-RML-MAPPING", "logicalSource"),
    "no expression": (_map("rml:objectMap [ ]"), "QCP-RML-MAPPING", "no constant"),
    "two expressions": (
        _map('rml:objectMap [ rml:reference "a"; rml:template "b" ]'),
        "QCP-RML-MAPPING",
        "several expressions",
    ),
    "literal subject": (_map(subject='rml:subject "a"'), "QCP-RML-MAPPING", "cannot be a literal"),
    "literal graph": (
        _map('rml:object 1; rml:graphMap [ rml:reference "a"; rml:termType rml:Literal ]'),
        "QCP-RML-MAPPING",
        "A graph cannot be a literal",
    ),
    "blank constant": (_map('rml:object [ rml:reference "a" ]'), "QCP-RML-MAPPING", "objectMap"),
    "no objects": (f"<#A> {CSV}; {SUBJECT}; {RULE.format('')} .", "QCP-RML-MAPPING", "an object"),
    "term type": (
        _map('rml:objectMap [ rml:reference "a"; rml:termType rml:Iri ]'),
        "QCP-RML-VOCABULARY",
        "'Iri'",
    ),
    "language": (
        _map('rml:objectMap [ rml:reference "a"; rml:language "english" ]'),
        "QCP-RML-MAPPING",
        "'english' is not a language tag",
    ),
    "language and datatype": (
        _map('rml:objectMap [ rml:reference "a"; rml:language "en"; rml:datatype xsd:date ]'),
        "QCP-RML-MAPPING",
        "not both",
    ),
    "template": (
        _map('rml:objectMap [ rml:template "a{b" ]'), "QCP-RML-REFERENCE", "not closed",
    ),
    "json path": (
        one("JSONPath", 'rml:reference "$.a[?(@.b>1)]"', "$[*]"),
        "QCP-RML-REFERENCE",
        "no JSONPath",
    ),
    "xpath": (
        one("XPath", 'rml:reference "a[last()]"', "/r/c"), "QCP-RML-REFERENCE", "no XPath",
    ),
    "climbing out": (
        one("XPath", 'rml:reference "../../../a"', "/r/c"), "QCP-RML-REFERENCE", "climbs above",
    ),
    "iterator": (one("JSONPath", 'rml:reference "a"', "$..a"), "QCP-RML-REFERENCE", "iterator"),
    "formulation": (
        _map(logical=source("a.csv", "CVS")), "QCP-RML-SOURCE", "Did you mean 'CSV'",
    ),
    "database": (
        _map(logical='rml:logicalSource [ rr:tableName "t"; rr:sqlQuery "SELECT 1" ]'),
        "QCP-RML-SOURCE",
        "not both",
    ),
    "no file": (
        _map(logical="rml:logicalSource [ rml:referenceFormulation rml:CSV ]"),
        "QCP-RML-SOURCE",
        "names a file",
    ),
    "no parent": (
        _map("rml:objectMap [ rml:parentTriplesMap <#C> ]"),
        "QCP-RML-MAPPING",
        "no triples map 'C'",
    ),
    "cross join": (
        _map("rml:objectMap [ rml:parentTriplesMap <#B> ]")
        + _map(logical=source("b.csv", "CSV")).replace("<#A>", "<#B>"),
        "QCP-RML-MAPPING",
        "joinCondition",
    ),
    "function": (
        _map("rml:objectMap [ rml:functionExecution [ rml:function grel:toUperCase ] ]"),
        "QCP-RML-FUNCTION",
        "Did you mean 'toUpperCase'",
    ),
    "circle": (
        _map("rml:objectMap [ rml:functionExecution <#F> ]")
        + "<#F> rml:function grel:toUpperCase; rml:input [ rml:parameter grel:valueParam; "
        "rml:inputValueMap [ rml:functionExecution <#F> ] ] .",
        "QCP-RML-MAPPING",
        "in a circle",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_place_and_a_remedy(tmp_path: Path, name: str) -> None:
    mapping, code, words = FAULTS[name]
    path = write(tmp_path, mapping, {})
    with pytest.raises(UsageError) as caught:
        load(path)
    error = caught.value
    assert error.code == code
    assert words in str(error)
    assert error.where.startswith("mapping.ttl")
    assert error.remedy


def test_the_place_is_the_line_and_the_way(tmp_path: Path) -> None:
    path = write(tmp_path, "\n\n" + _map("rml:object 1 ], [ rml:predicate ex:q; rml:objet 2"), {})
    with pytest.raises(UsageError) as caught:
        load(path)
    line = HEAD.count("\n") + 3
    assert caught.value.where == f"mapping.ttl line {line} (A, predicateObjectMap 2)"


def test_damaged_mappings_are_read_or_refused(tmp_path: Path) -> None:
    """A thousand mutations of a mapping with every part that RML has: never a crash."""
    text = HEAD + "".join(
        [
            _map(
                'rml:objectMap [ rml:reference "a"; rml:languageMap [ rml:template "{b}" ]; '
                'rml:logicalTarget [ rml:target [ rml:path "t.nq" ] ] ]; rml:graphMap '
                "[ rml:functionExecution [ rml:function grel:toUpperCase; rml:input "
                '[ rml:parameter grel:valueParam; rml:inputValueMap [ rml:reference "c" ] ] ] ]'
            ),
            _map(
                "rml:objectMap [ rml:parentTriplesMap <#A>; rml:joinCondition "
                '[ rml:child "a"; rml:parentMap [ rml:template "{b}" ] ] ]',
                logical=source("b.json", "JSONPath", "$.a[*]"),
            ).replace("<#A> rml:l", "<#B> rml:l"),
        ]
    )
    words = re.findall(r'"(?:[^"\\]|\\.)*"|\s+|[^\s"]+', text)
    chance = random.Random(11)
    path = tmp_path / "mapping.ttl"
    accepted = 0
    for _ in range(1000):
        mutant = list(words)
        for _ in range(chance.randint(1, 3)):
            at, other = chance.randrange(len(mutant)), chance.randrange(len(words))
            mutant[at] = chance.choice(["", words[other], '"x{"', "[ ]", "rml:IRI", "<#A>"])
        path.write_text("".join(mutant), encoding="utf-8")
        with contextlib.suppress(UsageError):
            load(path)
            accepted += 1
    assert 20 < accepted < 950


def test_many_triples_maps_take_their_time_and_no_more(tmp_path: Path) -> None:
    """Four times as many take four times as long, not sixteen times."""
    times = []
    for count in (250, 1000):
        maps = [
            _map(logical=source(f"{n}.csv", "CSV")).replace("<#A>", f"<#A{n}>")
            for n in range(count)
        ]
        path = write(tmp_path, "".join(maps), {})
        start = time.process_time()
        assert len(load(path).sources) == count
        times.append(time.process_time() - start)
    assert times[1] < 8 * times[0]


def test_many_rules_of_one_map_too(tmp_path: Path) -> None:
    times = []
    for count in (1000, 4000):
        rules = "; ".join(RULE.format(f'rml:object "{n}"') for n in range(count))
        path = write(tmp_path, f"<#A> {CSV}; {SUBJECT}; {rules} .", {})
        start = time.process_time()
        load(path)
        times.append(time.process_time() - start)
    assert times[1] < 8 * times[0]


def test_a_huge_mapping_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "MAX_BYTES", 100)
    with pytest.raises(UsageError, match="larger than 100 bytes"):
        load(write(tmp_path, _map(), {}))


def test_nesting_without_end_is_refused(tmp_path: Path) -> None:
    deep = "rml:objectMap [ rml:functionExecution " + "[ rml:input [ rml:inputValueMap " * 20_000
    with pytest.raises(UsageError):
        load(write(tmp_path, _map(deep), {}))
    closed = deep + '[ rml:reference "a" ]' + " ] ]" * 20_000 + " ]"
    with pytest.raises(UsageError):
        load(write(tmp_path, _map(closed), {}))
