"""The linker: thresholds, decisions, cache; and what happens where ESCO or the model is missing."""

import csv
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qcp_graph import linking
from qcp_graph.errors import DataError
from qcp_graph.linking import clauses, decisions, esco, grading
from qcp_graph.linking.cache import Cache
from qcp_graph.linking.clauses import Clause
from qcp_graph.linking.decisions import Decision, Decisions
from qcp_graph.linking.engine import RankEngine
from qcp_graph.linking.found import Found
from qcp_graph.linking.linker import Linker
from qcp_graph.linking.rank import Ranked
from qcp_graph.model.source import Linking
from qcp_graph.terms import Triple, curie, iri, literal

S = "http://data.europa.eu/esco/skill/"
WELD, DRAW, TEAM = S + "weld", S + "draw", S + "team"
CONCEPTS = (
    (WELD, "skill/competence", "weld steel pipes", "join steel pipes"),
    (DRAW, "skill/competence", "read technical drawings", "interpret technical drawings"),
    (TEAM, "skill/competence", "manage a team", "lead a team"),
    (S + "java", "knowledge", "Java (computer programming)", "Java"),
)


def skills_csv(folder: Path, version: str, rows: tuple[tuple[str, str, str, str], ...]) -> Path:
    path = folder / "skills_en.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel",
                         "altLabels", "hiddenLabels", "status", "modifiedDate", "scopeNote",
                         "definition", "inScheme", "description"])  # fmt: skip
        for uri, kind, label, other in rows:
            writer.writerow(["KnowledgeSkillCompetence", uri, kind, "cross-sector", label, other,
                             "", "released", "", "", "", "", ""])  # fmt: skip
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with a small version of ESCO."""
    found = tmp_path / "home"
    given = tmp_path / "given"
    given.mkdir()
    path = skills_csv(given, "1.1.0", CONCEPTS)
    esco.import_files(esco.files([path]), found / "esco", "1.1.0", lambda _name, _rows: None)
    return found


def extract() -> linking.EscoIndex:
    triples: list[Triple] = [
        (iri(WELD), curie("rdf:type"), curie("esco:Skill")),
        (iri(WELD), curie("skos:prefLabel"), literal("weld steel pipes", language="en")),
    ]
    return linking.EscoIndex.from_triples(triples, "1.1.1")


def opened(home: Path, rules: Linking | None = None, **given: Path) -> Linker:
    return linking.open_linker(
        linking.Given(home, extract(), **given), rules or Linking(), ("en",)
    )  # fmt: skip


def test_equal_labels_are_accepted_and_parts_are_narrower_with_their_place(home: Path) -> None:
    linker = opened(home, Linking(accept=0.9))
    text = "<p>Read technical drawings</p>; and weld the steel pipes"
    found = {one.object: one for one in linker.link([("http://e.org/o", text, "en")])}
    for skill, part in ((DRAW, "Read technical drawings"), (WELD, "weld the steel pipes")):
        one = found[skill]
        assert (one.match, one.method, one.status) == ("narrowMatch", "clause-label", "accepted")
        assert text[one.start : one.end] == part
        assert one.version == "1.1.0"
    (whole,) = [x for x in linker.link([("http://e.org/o", "Lead a team.", "en")])
                if x.object == TEAM]  # fmt: skip
    assert (whole.match, whole.end, whole.label) == ("exactMatch", 0, "lead a team")


def test_no_good_match_is_an_answer(home: Path) -> None:
    assert opened(home).link([("http://e.org/o", "zzz qqq", "en")]) == []
    assert opened(home).link([("http://e.org/o", "", "en")]) == []


def test_thresholds_and_the_number_of_links_are_the_registers(home: Path) -> None:
    text = ("http://e.org/o", "Weld steel pipes, lead a team, read technical drawings", "en")
    every = opened(home, Linking(accept=0.9, suggest=0.1, most=10)).link([text])
    assert {one.object for one in every if one.status == "accepted"} == {WELD, DRAW, TEAM}
    none = opened(home, Linking(accept=1.0, suggest=0.1)).link([text])
    assert {one.status for one in none} == {"suggested"}
    assert len(opened(home, Linking(suggest=0.0, most=2)).link([text])) == 2
    assert opened(home, Linking(tier="none")).link([text]) == []
    assert opened(home, Linking(languages=("fr",))).link([text]) == []


def test_equal_texts_cost_nothing_the_second_time(home: Path) -> None:
    text = ("http://e.org/o", "Weld steel pipes", "en")
    first, second = opened(home), opened(home)
    assert first.link([text]) == second.link([text])
    assert (first.computed, second.asked, second.computed) == (1, 1, 0)


def test_a_damaged_cache_is_named(home: Path) -> None:
    cache = Cache(home, "0" * 64)
    cache.close()
    cache.path.write_bytes(b"no database, and long enough to be looked at" * 100)
    with pytest.raises(DataError, match="QCP-LNK-CACHE"):
        Cache(home, "0" * 64)


def test_without_esco_the_extract_serves_and_without_a_language_a_note(
    home: Path, tmp_path: Path
) -> None:
    (one,) = opened(tmp_path / "empty").link([("http://e.org/o", "weld steel pipes", "en")])
    assert (one.object, one.version) == (WELD, "1.1.1")
    given = linking.Given(home, extract())
    linker = linking.open_linker(given, Linking(), ("en", "ja"))
    assert [(x.code, x.value) for x in linker.notes] == [("QCP-LNK-LANGUAGE", "ja")]
    assert linker.link([("http://e.org/o", "weld steel pipes", "ja")]) == []
    assert linker.link([("http://e.org/o", "weld steel pipes", "en")]) != []


@pytest.mark.parametrize(
    ("rules", "code"),
    [(Linking(esco="9.9.9"), "QCP-LNK-ESCO-UNKNOWN"), (Linking(tier="semantic"), "QCP-LNK-MODEL")],
)
def test_what_is_missing_is_told_and_linking_goes_on(home: Path, rules: Linking, code: str) -> None:
    linker = opened(home, rules, model=home / "no-model")
    assert [note.code for note in linker.notes] == [code]
    assert linker.link([("http://e.org/o", "weld steel pipes", "en")]) != []


def test_a_damaged_version_is_told_and_the_others_serve(home: Path) -> None:
    (home / "esco" / "1.2.0.sqlite").write_bytes(b"broken" * 1000)
    linker = opened(home)
    assert [note.code for note in linker.notes] == ["QCP-LNK-ESCO-CATALOGUE"]
    assert "other versions" in linker.notes[0].message
    assert linker.link([("http://e.org/o", "weld steel pipes", "en")])[0].version == "1.1.0"


def test_where_all_versions_are_damaged_the_extract_serves(home: Path) -> None:
    for version in ("1.1.0", "1.2.0"):
        (home / "esco" / f"{version}.sqlite").write_bytes(b"broken" * 1000)
    linker = opened(home)
    assert [note.code for note in linker.notes] == ["QCP-LNK-ESCO-CATALOGUE"]
    assert "extract" in linker.notes[0].message
    assert linker.link([("http://e.org/o", "weld steel pipes", "en")])[0].version == "1.1.1"


def test_a_version_pinned_and_damaged_is_told_and_the_extract_serves(home: Path) -> None:
    (home / "esco" / "1.2.0.sqlite").write_bytes(b"broken" * 1000)
    linker = opened(home, Linking(esco="1.2.0"))
    assert {note.code for note in linker.notes} == {"QCP-LNK-ESCO-CATALOGUE"}
    assert linker.link([("http://e.org/o", "weld steel pipes", "en")]) != []


def test_a_version_without_skills_in_a_language_leaves_it_to_another(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "occupations_en.csv"
    path.write_text(
        "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels\n"
        "Occupation,http://data.europa.eu/esco/occupation/w,7212,welder,\n", "utf-8",
    )  # fmt: skip
    esco.import_files(esco.files([path]), home / "esco", "1.2.0")
    linker = opened(home)
    assert linker.notes == ()
    found = linker.link([("http://e.org/o", "weld steel pipes", "en")])
    assert [(one.object, one.version) for one in found if one.status == "accepted"] == [
        (WELD, "1.1.0")
    ]


def test_a_version_that_holds_a_part_is_told(home: Path, tmp_path: Path) -> None:
    path = skills_csv(tmp_path, "1.2.0", CONCEPTS[:1])
    esco.import_files(esco.files([path]), home / "esco", "1.2.0")
    linker = opened(home)
    assert [(note.code, note.value) for note in linker.notes] == [("QCP-LNK-PARTIAL", "1.2.0")]
    assert "1 skills" in linker.notes[0].message
    assert linker.link([("http://e.org/o", "weld steel pipes", "en")])[0].version == "1.2.0"


def decision(verdict: str, reviewer: str = "A", skill: str = TEAM, date: str = "2026-01-02",
             text: str = "Lead a team") -> Decision:  # fmt: skip
    return Decision("skill", linking.text_key(text, "en", "skill"), skill, reviewer,
                    verdict, "exactMatch", date)  # type: ignore[arg-type]  # fmt: skip


def statuses(linker: Linker, text: str = "Lead a team") -> dict[str, str]:
    return {x.object: x.status for x in linker.link([("http://e.org/o", text, "en")])}


def test_decisions_win_over_thresholds_and_are_signed(home: Path, tmp_path: Path) -> None:
    decisions.write(tmp_path, Decisions([decision("reject"), decision("accept", skill=WELD)]))
    linker = opened(home, workspace=tmp_path)
    assert statuses(linker, "  LEAD a team ") == {TEAM: "rejected", WELD: "accepted"}
    signed = {x.object: x for x in linker.link([("http://e.org/o", "Lead a team", "en")])}[WELD]
    assert (signed.reviewer, signed.date, signed.probability) == ("A", "2026-01-02", 1.0)
    assert signed.justification == "ManualMappingCuration"
    assert linker.fingerprint != opened(home).fingerprint


@pytest.mark.parametrize(
    ("given", "four_eyes", "expected"),
    [
        (["accept A", "reject B"], False, "suggested"),
        (["accept A"], True, "suggested"),
        (["accept A", "accept B"], True, "accepted"),
        (["reject A", "accept A"], False, "accepted"),  # the later word of one person
    ],
)
def test_reviewers_who_disagree_decide_nothing(
    home: Path, tmp_path: Path, given: list[str], four_eyes: bool, expected: str
) -> None:
    found = [decision(*one.split(), date=f"2026-01-0{day}")
             for day, one in enumerate(given, 1)]  # fmt: skip
    decisions.write(tmp_path, Decisions(found))
    linker = opened(home, Linking(four_eyes=four_eyes), workspace=tmp_path)
    assert statuses(linker)[TEAM] == expected
    assert bool(Decisions(found).conflicts()) is (given == ["accept A", "reject B"])


def test_decisions_that_cannot_be_read_stop_linking(home: Path, tmp_path: Path) -> None:
    path = decisions.path_of(tmp_path)
    path.parent.mkdir()
    path.write_text("task,key\nskill,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="QCP-LNK-DECISIONS"):
        opened(home, workspace=tmp_path)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Install and maintain networks", "en", ["install networks", "maintain networks"]),
        ("manage teams, budgets and risks", "en", ["manage teams", "manage budgets",
                                                   "manage risks"]),
        ("Maschinen bedienen und warten", "de", ["Maschinen bedienen", "Maschinen warten"]),
        ("1. Weld pipes;\n2. read plans", "en", ["1", "Weld pipes", "2", "read plans"]),
        ("<li>weld</li><li>test &amp; cut</li>", "en", ["weld", "test & cut"]),
    ],
)  # fmt: skip
def test_clauses(text: str, language: str, expected: list[str]) -> None:
    verbs = {"install", "maintain", "manage", "bedienen", "warten"}
    found = [c.text for c in clauses.split(text, language, verbs) if not c.whole]
    assert [one.casefold() for one in found][-len(expected) :] == [x.casefold() for x in expected]


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("Students can weld pipes", "en", "weld pipes"),
        ("The learner will be able to weld pipes", "en", "weld pipes"),
        ("Can openers", "en", "Can openers"),
        ("can", "en", "can"),
        ("Canned food is stored", "en", "Canned food is stored"),
        ("Être capable d'analyser un plan", "fr", "analyser un plan"),
        ("être capable de lire un plan", "fr", "lire un plan"),
        ("Den studerande kan sortera avfall", "sv", "sortera avfall"),
        ("Kantor leiten", "nl", "Kantor leiten"),
        ("<p>Die Absolventin kann Rohre schweißen</p>", "de", "Rohre schweißen"),
        ("osaa hitsata putkia", "fi", "hitsata putkia"),
        ("can weld pipes", "xx", "can weld pipes"),
    ],
)
def test_what_every_outcome_begins_with_is_no_part_of_it(
    text: str, language: str, first: str
) -> None:
    whole = clauses.split(text, language)[0]
    assert (whole.text, whole.whole) == (first, True)
    assert text[whole.start : whole.end] == first


@pytest.mark.parametrize("text", ["<" * 5000, "&" * 5000, "a, " * 5000, "<p>" * 3000, "(" * 9000])
def test_hostile_texts_are_bounded(text: str) -> None:
    found = clauses.split(text, "en")
    assert len(found) <= clauses.MAX_CLAUSES
    assert all(0 <= c.start < c.end <= clauses.MAX_TEXT for c in found)


def test_grades() -> None:
    assert grading.grade("pipe welding", "weld pipes", "en").match == "closeMatch"
    assert grading.grade("weld pipes", "weld steel pipes", "en").match == "narrowMatch"
    assert grading.grade("weld steel pipes", "weld pipes", "en").match == "broadMatch"


@pytest.mark.parametrize(
    ("clause", "label", "language", "more"),
    [
        ("interpret results", "interpret medical results", "en", True),
        ("identify opportunities", "identify pricing opportunities", "en", True),
        ("human resources", "manage human resources", "en", False),  # a verb names no thing
        ("welding of pipes", "weld pipes", "en", False),
        ("Pneumatiksysteme", "pneumatische Systeme", "de", False),  # a part of a compound
        ("analyse", "analyses", "en", False),
        ("act", "activate cells", "en", True),
        ("epilepsi", "epilepsikirurgi", "sv", True),  # a compound says more than its part
        ("arbetssäkerhetsrisker i arbete", "IT-säkerhetsrisker", "sv", True),
        ("", "weld", "en", True),
        ("weld", "", "en", False),
    ],
)  # fmt: skip
def test_labels_that_name_a_further_thing(
    clause: str, label: str, language: str, more: bool
) -> None:
    verbs = {"interpret", "identify", "manage"}
    assert grading.adds(clause, label, language, verbs) is more


def test_parts_that_were_given_words_of_their_neighbours_say_so() -> None:
    found = clauses.split("manage teams, budgets and risk", "en", {"manage"})
    assert {one.text: one.completed for one in found} == {
        "manage teams, budgets and risk": False, "manage teams": False,
        "manage budgets": True, "manage risk": True,
    }  # fmt: skip


def test_what_a_label_adds_is_never_accepted_by_itself(home: Path) -> None:
    engine = RankEngine(home).language("en")
    assert engine is not None
    ranked = [Ranked(WELD, 9.0, 0.95, "weld steel pipes", 0.8)]
    whole, completed = Clause("weld pipes", 0, 10, whole=True), Clause("weld pipe", 0, 4)
    (found,) = engine._of_clause(whole, ranked)
    assert (found.probability, found.match) == (0.6, "narrowMatch")
    (found,) = engine._of_clause(Clause("weld thick steel pipes", 0, 9, whole=True), ranked)
    assert (found.probability, found.match) == (0.95, "broadMatch")
    ranked = [Ranked(WELD, 9.0, 0.95, "weld pipes", 0.9)]
    (found,) = engine._of_clause(completed, ranked)
    (lesser,) = engine._of_clause(replace(completed, completed=True), ranked)
    assert (found.probability, lesser.probability) == (0.88, 0.6)


def test_what_is_near_to_an_alternative_label_alone_is_a_suggestion(home: Path) -> None:
    engine = RankEngine(home).language("en")
    assert engine is not None
    near = Clause("join thick steel pipes", 0, 9, whole=True)
    (other,) = engine._of_clause(near, [Ranked(WELD, 9.0, 0.95, "join steel pipes", 0.8)])
    (stated,) = engine._of_clause(
        Clause("join steel pipes", 0, 9, whole=True),
        [Ranked(WELD, 9.0, 0.95, "join steel pipes", 1.0)],
    )
    assert (other.probability, stated.probability) == (0.6, 0.99)


def test_a_part_is_less_sure_than_a_whole_text_with_the_same_score(home: Path) -> None:
    engine = RankEngine(home).language("en")
    assert engine is not None
    ranked = [Ranked(WELD, 9.0, 0.5, "weld steel pipes", 0.8)]
    whole = Clause("weld thick steel pipes", 0, 9, whole=True)
    (sure,) = engine._of_clause(whole, ranked)
    (less,) = engine._of_clause(replace(whole, whole=False), ranked)
    assert sure.probability == 0.5
    assert less.probability == pytest.approx(0.4 / 1.4, abs=1e-4)  # the odds of a half, by 0.4


def test_knowledge_that_a_part_mentions_is_less_sure_than_a_skill(home: Path) -> None:
    linker = opened(home, Linking(accept=0.85))
    text = "Read: weld steel pipes, Java (computer programming)"
    found = {one.object: one for one in linker.link([("http://e.org/o", text, "en")])}
    assert found[WELD].status == "accepted"
    (whole,) = linker.link([("http://e.org/o", "Java (computer programming)", "en")])[:1]
    assert (whole.object, whole.status) == (S + "java", "accepted")
    engine = RankEngine(home).language("en")
    assert engine is not None
    java = Ranked(S + "java", 9.0, 0.95, "Java (computer programming)", 1.0)
    part = Clause("Java (computer programming)", 4, 9)
    assert [one.probability for one in engine._of_clause(part, [java])] == [0.75]


def test_purposes_means_and_conditions_are_suggestions_however_literal(home: Path) -> None:
    linker = opened(home, Linking(accept=0.6))
    text = "Read technical drawings in order to weld steel pipes"
    found = {one.object: one for one in linker.link([("http://e.org/o", text, "en")])}
    assert (found[DRAW].status, found[WELD].status) == ("accepted", "suggested")
    assert text[found[WELD].start : found[WELD].end] == "weld steel pipes"


def test_the_engines_fingerprint_follows_version_and_pin(home: Path, tmp_path: Path) -> None:
    one = RankEngine(home).fingerprint
    assert one == RankEngine(home).fingerprint
    assert one != RankEngine(home, "1.1.0").fingerprint
    path = skills_csv(tmp_path, "1.1.1", CONCEPTS[:2])
    esco.import_files(esco.files([path]), home / "esco", "1.1.1", lambda _name, _rows: None)
    assert one != RankEngine(home).fingerprint


def test_what_was_found_survives_the_cache(home: Path) -> None:
    cache = Cache(home, "1" * 64)
    one = Found(WELD, "closeMatch", "core", 1.5, 0.25, "é", 1, 2, "1.1.0")
    cache.put([("text", "en", [one, replace(one, skill=DRAW)])])
    assert cache.get("text", "en") == [one, replace(one, skill=DRAW)]
    assert cache.get("text", "fr") is None
    assert len(cache) == 1


def test_linear_algebra_has_one_thread_as_processes_share_the_work() -> None:
    code = (
        "import os, sys\n"
        "for name in list(os.environ):\n"
        "    if name.endswith('_NUM_THREADS'): del os.environ[name]\n"
        "import qcp_graph.linking.threads as threads\n"
        "print('numpy' in sys.modules and 'too late', [os.environ[n] for n in threads.NAMES])\n"
    )
    from subprocess import run

    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("['1', '1', '1']")


def test_fields_are_decided_on_like_skills(home: Path) -> None:
    isced = "http://data.europa.eu/snb/isced-f/"
    key = linking.text_key("Baker", "en", "field")
    made = linking.Assertion(
        "field", "http://e.org/q", isced + "0721", "closeMatch", "accepted", "classifier", "2013",
        probability=0.9, key=key,
    )  # fmt: skip

    def said(code: str, verdict: str) -> Decision:
        return Decision("field", key, isced + code, "A", verdict, "exactMatch", "2026-01-02")  # type: ignore[arg-type]

    linker = opened(home)
    assert linker.reviewed([made]) == [made]
    linker.decisions = Decisions([said("0721", "reject"), said("1013", "accept")])
    found = {one.object[-4:]: one for one in linker.reviewed([made])}
    assert {code: one.status for code, one in found.items()} == {
        "0721": "rejected", "1013": "accepted",
    }  # fmt: skip
    assert (found["1013"].method, found["1013"].subject, found["1013"].reviewer) == (
        "manual", "http://e.org/q", "A",
    )  # fmt: skip
