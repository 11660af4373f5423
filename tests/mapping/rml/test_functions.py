"""Functions in RML: the new way (RML-FNML), the original way, GREL, and our own library."""

from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.mapping import functions
from qcp_graph.mapping.rml import grel
from tests.mapping.rml.support import one, run

DATA = {"a.csv": "id,name,level\n1, Baker ,3;4\n"}


def call(function: str, **inputs: str) -> str:
    """Return an execution as Turtle; an input in braces is a reference."""
    prefix = function.partition(":")[0]
    given = [
        f"[ rml:parameter {prefix}:{name}; {_value(value)} ]" for name, value in inputs.items()
    ]
    return f"rml:functionExecution [ rml:function {function}; rml:input {', '.join(given)} ]"


def _value(value: str) -> str:
    return value if value.startswith("rml:") else f'rml:inputValue "{value}"'


def ref(name: str) -> str:
    return f'rml:inputValueMap [ rml:reference "{name}" ]'


def test_functions_of_our_library_with_arguments(tmp_path: Path) -> None:
    inner = f"rml:inputValueMap [ {call('fn:split', input=ref('level'), on=';')} ]"
    mapping = one("CSV", call("fn:prefix", input=inner, by="L"))
    assert run(tmp_path, mapping, DATA).objects == ['"L3"', '"L4"']


def test_functions_of_all_values(tmp_path: Path) -> None:
    inner = f"rml:inputValueMap [ {call('fn:split', input=ref('level'), on=';')} ]"
    mapping = one("CSV", call("fn:join", input=inner, sep="+"))
    assert run(tmp_path, mapping, DATA).objects == ['"3+4"']


def test_no_argument_is_called_as_the_input_is() -> None:
    assert not [f for f in functions.library().values() if "input" in f.parameters]


def test_nested_functions(tmp_path: Path) -> None:
    inner = f"rml:inputValueMap [ {call('grel:string_trim', valueParam=ref('name'))} ]"
    made = run(tmp_path, one("CSV", call("grel:toUpperCase", valueParam=inner)), DATA)
    assert made.objects == ['"BAKER"']


def test_the_original_way_of_calling(tmp_path: Path) -> None:
    value = """fnml:functionValue [ rr:predicateObjectMap
      [ rr:predicate fno:executes; rr:objectMap [ rr:constant grel:string_replace ] ],
      [ rr:predicate grel:valueParameter; rr:objectMap [ rmlo:reference "level" ] ],
      [ rr:predicate grel:p_string_find; rr:object ";" ],
      [ rr:predicate grel:p_string_replace; rr:object "/" ] ]"""
    assert run(tmp_path, one("CSV", value), DATA).objects == ['"3/4"']


def test_a_condition_leaves_out(tmp_path: Path) -> None:
    test = call("grel:string_contains", valueParam=ref("level"), string_sub="4")
    mapping = one("CSV", f'rml:reference "name"; rml:condition [ {test} ]')
    assert len(run(tmp_path, mapping, DATA).lines) == 1
    assert run(tmp_path, mapping, {"a.csv": "id,name,level\n1,a,5\n"}).lines == []


def test_a_value_that_a_function_does_not_take_is_told(tmp_path: Path) -> None:
    mapping = one("CSV", call("fn:date_dmy", input=ref("name")))
    made = run(tmp_path, mapping, DATA)
    assert made.lines == []
    assert made.codes == ["QCP-MAP-VALUE"]
    assert "function date_dmy" in made.issues[0].message


@pytest.mark.parametrize(
    ("function", "inputs", "words"),
    [
        ("fn:trimm", {"input": ref("name")}, "Did you mean 'trim'"),
        ("fn:split", {"input": ref("name"), "at": ";"}, "parameter 'at'"),
        ("fn:split", {"input": ref("name"), "on": ref("level")}, "must be a constant"),
        ("fn:trim", {"wert": ref("name")}, "needs one input"),
        ("grel:string_replace", {"valueParam": ref("name")}, "needs 3 inputs"),
    ],
)
def test_wrong_calls_are_told(
    tmp_path: Path, function: str, inputs: dict[str, str], words: str
) -> None:
    with pytest.raises(UsageError, match="QCP-RML-FUNCTION") as caught:
        run(tmp_path, one("CSV", call(function, **inputs)), DATA)
    assert words in str(caught.value)


def test_every_foreign_function_says_what_it_does() -> None:
    assert len(grel.known()) >= 25
    assert all(entry.call.__doc__ for entry in grel.known().values())
