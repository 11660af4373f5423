"""A register's own functions: only when allowed, only from its folder, only with types."""

from pathlib import Path

import pytest

from qcp_graph import mapping
from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.mapping import Plan
from qcp_graph.model.source import Licence, Owner, Source
from tests.mapping.support import LEVELS, codes, one, run, short

RULE = one('- {p: elm:x, o: {value: $(v), transform: [{shout: "!"}, both]}}')
CODE = (
    "from collections.abc import Sequence\n"
    "def shout(text: str, mark: str) -> str:\n"
    "    if text == 'bad':\n        raise ValueError('is not nice')\n"
    "    return text.upper() + mark\n"
    "def both(texts: Sequence[str]) -> Sequence[str]:\n    return [*texts, str(len(texts))]\n"
    "def _inner() -> int:\n    return 1\n"
)


def _load(folder: Path, code: str | None, *, allowed: bool = True, rule: str = RULE) -> Plan:
    (folder / "mapping.yaml").write_text(rule)
    if code is not None:
        (folder / "functions.py").write_text(code)
    source = Source("fr-x", {"en": "X"}, "FRA", Owner("o"), Licence("l"), "DAILY", folder)
    return mapping.load(folder, source, Iris("https://x.org/"), LEVELS, own_functions=allowed)


def test_own_functions_run_where_they_are_allowed(tmp_path: Path) -> None:
    mapped = run(_load(tmp_path, CODE), {"id": "1", "v": ["a", "bad"]})
    assert short(mapped) == ['qualification:1 elm:x "A!"', 'qualification:1 elm:x "1"']
    assert codes(mapped) == ["QCP-MAP-VALUE"]


def test_without_leave_nothing_of_the_file_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    code = f"open({str(mark)!r}, 'w')\n{CODE}"
    with pytest.raises(UsageError, match="own_functions = true"):
        _load(tmp_path, code, allowed=False)
    assert not mark.exists()
    plain = _load(tmp_path, None, allowed=False, rule=one("- [elm:x, $(v)]"))
    assert short(run(plain, {"id": "1", "v": "a"})) == ['qualification:1 elm:x "a"']
    assert not mark.exists()


def test_a_changed_file_changes_the_fingerprint(tmp_path: Path) -> None:
    first = _load(tmp_path, CODE).fingerprint
    assert _load(tmp_path, CODE).fingerprint == first
    assert _load(tmp_path, CODE + "\n# more\n").fingerprint != first


def test_links_are_refused(tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()
    (tmp_path / "other.py").write_text(CODE)
    (tmp_path / "register" / "functions.py").symlink_to(tmp_path / "other.py")
    with pytest.raises(UsageError, match="link"):
        _load(tmp_path / "register", None)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("def f(:\n", r"SyntaxError.*line 1"),
        ("import nothing_such\n", "ModuleNotFoundError"),
        ("def trim(text: str) -> str:\n    return text\n", "function of the library"),
        ("def shout(text) -> str:\n    return text\n", "neither a text nor texts"),
        ("def shout() -> str:\n    return ''\n", "neither a text nor texts"),
        ("def shout(text: str, mark) -> str:\n    return text\n", "has no type"),
        ("def shout(text: 'nothing') -> str:\n    return text\n", "Correct its types"),
        ("#" * (1024**2 + 1), "larger than"),
    ],
)
def test_bad_files(tmp_path: Path, code: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        _load(tmp_path, code)
    assert caught.value.code == "QCP-MAP-FUNCTIONS"


def test_what_is_no_text_rejects_the_record(tmp_path: Path) -> None:
    code = CODE.replace("return text.upper() + mark", "return 1")
    mapped = run(_load(tmp_path, code), {"id": "1", "v": "a"})
    assert mapped.rejected
    assert "gave int, not text" in mapped.issues[0].message
