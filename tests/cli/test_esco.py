"""``qcp esco`` as a person uses it."""

from collections.abc import Callable

from tests.cli.conftest import Answer
from tests.linking.esco.conftest import BASE, SKILLS, Release, release, skill

__all__ = ["release"]  # a fixture

Qcp = Callable[..., Answer]


def test_import_list_search_and_diff(qcp: Qcp, release: Release) -> None:
    old = release("9.0.0", "en", skills=SKILLS + skill("a", "weld pipes"))
    new = release("9.1.0", "en", skills=SKILLS + skill("a", "weld tubes") + skill("b", "glue"))
    answer = qcp("esco", "import", old, new)
    assert answer.code == 0
    assert "ESCO 9.1.0 holds 2 skills here" in answer.err
    assert [one["version"] for one in qcp("esco", "list", "--format", "json").json()] == [  # type: ignore[index,attr-defined]
        "9.0.0", "9.1.0",
    ]  # fmt: skip
    assert "weld tubes" in qcp("esco", "search", "WELD").out
    said = qcp("esco", "diff", "9.0.0", "9.1.0").out
    assert f"renamed  en  'weld pipes' → 'weld tubes'  {BASE}skill/a" in said
    assert f"added    {BASE}skill/b" in said
    answer = qcp("esco", "diff", "9.0.0", "9.1.0", "--format", "json").json()
    assert answer["added"] == [f"{BASE}skill/b"]  # type: ignore[index]


def test_a_dry_run_imports_nothing(qcp: Qcp, release: Release) -> None:
    path = release("9.1.0", "fr", skills=SKILLS + skill("a", "souder"))
    answer = qcp("esco", "import", path, "--dry-run")
    assert answer.code == 0
    assert "skills_fr.csv" in answer.out
    assert "No version of ESCO is imported" in qcp("esco", "list").err


def test_rows_left_out_are_told_and_give_exit_code_1(qcp: Qcp, release: Release) -> None:
    path = release("9.1.0", "en", skills=SKILLS + skill("a", "weld") + "Skill,no iri,,\r\n")
    answer = qcp("esco", "import", path)
    assert answer.code == 1
    assert "skills_en.csv, line 3: no ESCO IRI" in answer.err


def test_an_unknown_version_names_those_there_are(qcp: Qcp, release: Release) -> None:
    qcp("esco", "import", release("9.1.0", "en", skills=SKILLS + skill("a", "weld")))
    answer = qcp("esco", "search", "weld", "--version", "8.0.0")
    assert (answer.code, "Imported are: 9.1.0" in answer.err) == (2, True)


def test_an_index_is_built_once_and_says_what_it_took(qcp: Qcp, release: Release) -> None:
    qcp("esco", "import", release("9.1.0", "en", skills=SKILLS + skill("a", "weld")))
    for _ in range(2):
        (found,) = qcp("esco", "index", "--language", "en", "--format", "json").json()  # type: ignore[attr-defined]
        assert (found["esco"], found["tier"], found["skills"]) == ("9.1.0", "core", 1)
        assert found["MB"] > 0
