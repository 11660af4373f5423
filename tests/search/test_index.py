"""The index answers what the graph says: texts, filters, counts, figures."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qcp_graph import search
from tests.search.graph import BASE, iri, qualification, store

SKILL = "http://data.europa.eu/esco/skill/1"
BODY = f"{BASE}id/organisation/fi/demo/school"
LEVEL = f"{BASE}id/level/fi-nqf/4"

PARTS = (
    qualification(
        "fi/demo",
        "100",
        '"Leipuri-kondiittori"@fi, "Baker"@en',
        f"""elm:EQFLevel eqf:4 ; elm:NQFLevel <{LEVEL}> ; elm:ISCEDFCode iscedf:0721 ;
        elm:isPartialQualification false ; dcterms:description "Works with dough."@en ;
        adms:identifier <{iri("fi/demo/100")}#id> ;
        elm:awardingOpportunity <{iri("fi/demo/100")}#a> ;
        elm:learningOutcome <{BASE}o/1>, <{BASE}o/2> ; elm:hasPart <{iri("fi/demo/100/U")}>""",
        "qcp:status qcp:Registered",
    ),
    qualification(
        "fi/demo",
        "200",
        '"Sähköasentaja"@fi',
        'elm:EQFLevel eqf:5, eqf:4 ; dcterms:description "No baker, baker, baker."@en',
    ),
    qualification(
        "fr/demo", "R1", '"Électricien du bâtiment"@fr', "", "qcp:status qcp:Expired", "FRA"
    ),
    qualification("fr/demo", "R2", '"Chef baker\'s assistant"@en', "", "", "FRA"),
    f"""GRAPH <{BASE}graph/fi/demo/data> {{
      <{iri("fi/demo/100")}#id> skos:notation "603/1234/5" .
      <{iri("fi/demo/100")}#a> elm:awardingBody <{BODY}> .
      <{BODY}> a elm:Organisation ; rov:legalName "School of bread"@en, "Leipäkoulu"@fi .
      <{BASE}id/organisation/fi/demo/other> a elm:Organisation ; rov:legalName "Öljy Oy"@fi .
      <{BASE}o/1> dcterms:title "kneads sourdough"@en .
      <{BASE}o/2> dcterms:title "sells"@en .
      <{iri("fi/demo/100/U")}> a elm:Qualification ; dcterms:title "Rye unit"@en ;
        elm:learningOutcome <{BASE}o/3> .
      <{BASE}o/3> dcterms:title "ferments"@en . }}
    GRAPH <{BASE}graph/fi/demo/links> {{ <{BASE}o/1> elm:relatedESCOSkill <{SKILL}> . }}
    GRAPH <{BASE}graph/vocabulary> {{
      <{SKILL}> a skos:Concept ; skos:prefLabel "make dough products"@en .
      <{BASE}id/framework/fi-nqf> a skos:ConceptScheme, qcp:QualificationsFramework ;
        skos:prefLabel "Finnish framework"@en ; qcp:country country:FIN ; skos:notation "fi-nqf" .
      <{LEVEL}> a skos:Concept, qcp:Level ; skos:inScheme <{BASE}id/framework/fi-nqf> ;
        skos:prefLabel "Level 4"@en ; skos:notation "4" ; qcp:rank 4 .
      <{LEVEL}#r1> qcp:level <{LEVEL}> ; qcp:referencedTo eqf:4 ; qcp:match qcp:Referenced ;
        dcterms:date "2017" .
      <{LEVEL}#r2> qcp:level <{LEVEL}> ; qcp:referencedTo eqf:5 ; qcp:match qcp:Comparison .
      <{LEVEL}#r3> qcp:level <{LEVEL}> ; qcp:match qcp:Comparison ;
        qcp:referencedTo <{BASE}id/level/nz-nzqf/9> . }}
    GRAPH <{BASE}graph/catalogue> {{
      <{BASE}id/register/fi/demo> a qcp:Register ; dcterms:identifier "fi-demo" ;
        dcterms:title "Demo"@en ; qcp:country country:FIN ; qcp:specimen true ;
        qcp:latestSnapshot <{BASE}s/1> .
      <{BASE}s/1> prov:generatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime .
      <{BASE}run> prov:used <{BASE}s/1> ; qcp:register <{BASE}id/register/fi/demo> ;
        qcp:read 4 ; qcp:published 2 ; qcp:quarantined 1 ; qcp:rejected 1 . }}""",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[search.Index]:
    path = tmp_path_factory.mktemp("search") / "search.sqlite"
    figures = search.build(path, store(*PARTS))
    assert figures == search.Figures(qualifications=4, organisations=2, registers=1)
    opened = search.Index(path)
    yield opened
    opened.close()


def found(index: search.Index, text: str = "", **filters: list[str]) -> list[str]:
    result = index.search(text, filters)
    assert result.total == len(result.hits)
    return [hit.iri.removeprefix(BASE + "id/qualification/") for hit in result.hits]


def test_without_a_question_all_records_come_in_alphabetical_order(index: search.Index) -> None:
    assert found(index) == ["fi/demo/100", "fr/demo/R2", "fr/demo/R1", "fi/demo/200"]


def test_a_unit_without_a_record_is_not_listed_but_leads_to_its_qualification(
    index: search.Index,
) -> None:
    assert found(index, "rye") == found(index, "ferments") == ["fi/demo/100"]


@pytest.mark.parametrize("text", ["sahko", "SÄHKÖASENTAJA", "sähkö", "  Sahkoasentaja "])
def test_case_and_diacritics_do_not_matter_and_beginnings_are_enough(
    index: search.Index, text: str
) -> None:
    assert found(index, text) == ["fi/demo/200"]


def test_titles_and_codes_come_before_other_texts(index: search.Index) -> None:
    assert found(index, "baker")[2] == "fi/demo/200"
    assert set(found(index, "baker")[:2]) == {"fi/demo/100", "fr/demo/R2"}
    assert found(index, "603/1234/5") == found(index, "603/1234") == ["fi/demo/100"]
    assert found(index, "R1") == ["fr/demo/R1"]


@pytest.mark.parametrize("text", ["dough", "sourdough", "school of bread", "make dough products"])
def test_descriptions_outcomes_bodies_and_skills_are_searched(
    index: search.Index, text: str
) -> None:
    assert found(index, text) == ["fi/demo/100"]


@pytest.mark.parametrize(
    "text",
    [
        '"', "'", "*", "a*b", "(", ")", "NEAR(a b)", "title:baker", "^x", "-baker", "a AND", "OR",
        'x" OR "y', "{a}", "\x00baker", "💥", "{title code} : baker", "; DROP TABLE text", "%", "_",
        "a" * 100_000, "word " * 1000, "\u202e", "'; --", "baker NOT", "+", "\\",
    ],
)  # fmt: skip
def test_hostile_texts_are_texts(index: search.Index, text: str) -> None:
    index.search(text)
    index.facets(text=text)
    index.organisations(text)


def test_operators_are_words(index: search.Index) -> None:
    assert found(index, "baker NOT chef") == ["fr/demo/R2"]  # the word "not" occurs nowhere
    assert index.search("baker NOT chef").ignored == ("not",)
    assert index.search("chef OR zzz").ignored == ("or", "zzz")


def test_a_text_without_a_letter_finds_nothing(index: search.Index) -> None:
    assert found(index, "???") == []


def test_filters_of_one_field_add_up_and_those_of_different_fields_restrict(
    index: search.Index,
) -> None:
    assert found(index, country=["FRA"]) == ["fr/demo/R2", "fr/demo/R1"]
    assert len(found(index, country=["FRA", "FIN"])) == 4
    assert found(index, country=["FIN"], eqf=["5"]) == ["fi/demo/200"]
    assert found(index, eqf=["4"]) == ["fi/demo/100", "fi/demo/200"]
    assert found(index, country=["XXX"]) == []
    assert found(index, "baker", country=["FRA"]) == ["fr/demo/R2"]


@pytest.mark.parametrize(
    "filters",
    [
        {"field": ["07"]},
        {"isced": ["0721"]},
        {"status": ["Registered"]},
        {"partial": ["false"]},
        {"body": [BODY]},
        {"skill": [SKILL]},
        {"level": [LEVEL]},
        {"framework": [f"{BASE}id/framework/fi-nqf"]},
        {"has": ["links"]},
        {"has": ["outcomes"]},
        {"has": ["body"]},
    ],
)
def test_each_field_can_be_filtered_by(index: search.Index, filters: dict[str, list[str]]) -> None:
    assert found(index, **filters) == ["fi/demo/100"]


def test_facets_count_what_choosing_a_value_would_give(index: search.Index) -> None:
    filters = {"country": ["FIN"]}
    for facet in index.facets(filters):
        for value in facet.values:
            chosen = {**filters, facet.field: [value.value]}
            assert value.count == index.search(filters=chosen).total, (facet.field, value)
    countries = next(f for f in index.facets(filters) if f.field == "country").values
    assert [(v.value, v.count, v.selected) for v in countries] == [
        ("FIN", 2, True),
        ("FRA", 2, False),
    ]


def test_facets_follow_the_text(index: search.Index) -> None:
    countries = next(f for f in index.facets(text="baker") if f.field == "country").values
    assert {v.value: v.count for v in countries} == {"FIN": 2, "FRA": 1}


def test_sorting_by_country_and_level_is_stable(index: search.Index) -> None:
    by_country = [h.country[-3:] for h in index.search(sort="country").hits]
    assert by_country == ["FIN", "FIN", "FRA", "FRA"]
    by_level = [h.facts.get("eqf") for h in index.search(sort="eqf").hits]
    assert by_level[:2] == [("4",), ("4", "5")]


def test_paging_reaches_every_record_once(index: search.Index) -> None:
    for text, sort in (("", "title"), ("", "eqf"), ("baker", "relevance")):
        total = index.search(text).total
        pages = [index.search(text, page=n, size=1, sort=sort).hits for n in range(1, total + 1)]
        assert len({hit.iri for page in pages for hit in page}) == total
    assert index.search(page=10**9).hits == ()
    assert len(index.search(page=-5, size=10**9).hits) == 4


def test_results_after_the_ranked_ones_follow_by_title(
    index: search.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qcp_graph.search.match.RANKED", 1)
    index._found.cache_clear()
    ranked, *others = [h.iri for h in index.search("baker").hits]
    assert ranked == iri("fi/demo/100")
    assert others == [iri("fr/demo/R2"), iri("fi/demo/200")]
    index._found.cache_clear()


def test_a_result_carries_what_a_list_shows(index: search.Index) -> None:
    (hit,) = index.search("leipuri").hits
    assert hit.title == "Baker"
    assert hit.language == "en"
    assert hit.titles == {"en": "Baker", "fi": "Leipuri-kondiittori"}
    assert (hit.outcomes, hit.linked, hit.skills) == (3, 1, 1)
    assert hit.facts["eqf"] == ("4",)
    assert hit.facts["body"] == (BODY,)


def test_home_figures(index: search.Index) -> None:
    (entry,) = index.registers()
    assert (entry.identifier, entry.specimen, entry.retrieved[:10]) == ("fi-demo", 1, "2026-01-01")
    assert (entry.read, entry.published, entry.quarantined, entry.rejected) == (4, 2, 1, 1)
    assert (entry.qualifications, entry.outcomes, entry.eqf, entry.field, entry.links) == (
        *(2, 1, 2),
        *(1, 1),
    )


def test_frameworks_and_levels(index: search.Index) -> None:
    (framework,) = index.frameworks()
    assert (framework.notation, framework.levels, framework.qualifications) == ("fi-nqf", 1, 1)
    bridges = [(level.eqf, level.match, level.date) for level in index.levels(framework.iri)]
    assert bridges == [("4", "Referenced", "2017"), ("5", "Comparison", "")]
    assert [level.iri for level in index.bridged("5")] == [LEVEL]
    assert index.level(LEVEL)[0].qualifications == 1


def test_organisations_by_part_of_the_name(index: search.Index) -> None:
    total, entries = index.organisations("OLJY")
    assert (total, entries[0].name) == (1, "Öljy Oy")
    assert entries[0].qualifications == 0, "the figures of another one"
    assert index.organisations()[0] == 2
    assert index.organisations("school")[1][0].qualifications == 1
    assert index.organisations("%")[0] == 0


def test_skills_per_country(index: search.Index) -> None:
    assert index.per_country("skill", SKILL) == {"FIN": 1}
    assert index.per_country("skill", "urn:none") == {}


def test_labels_and_titles_by_iri(index: search.Index) -> None:
    assert index.labels([SKILL, "urn:x"]) == {SKILL: {"en": "make dough products"}}
    assert index.titles([iri("fi/demo/200")]) == {iri("fi/demo/200"): {"fi": "Sähköasentaja"}}


def test_many_threads_read_one_index(index: search.Index) -> None:
    with ThreadPoolExecutor(8) as pool:
        totals = set(pool.map(lambda n: index.search("baker", page=n).total, range(1, 50)))
    assert totals == {3}


def test_the_same_release_gives_the_same_bytes(tmp_path: Path) -> None:
    search.build(tmp_path / "a", store(*PARTS))
    search.build(tmp_path / "b", store(*reversed(PARTS)))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_an_empty_release_has_an_index(tmp_path: Path) -> None:
    search.build(tmp_path / "empty", store())
    index = search.Index(tmp_path / "empty")
    assert index.search("x").total == index.search().total == 0
    assert all(not facet.values for facet in index.facets())
    index.close()


def test_a_failed_build_leaves_nothing_and_the_old_index_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "search.sqlite"
    search.build(path, store(*PARTS))
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("qcp_graph.search.builder.figures.write", fail)
    with pytest.raises(OSError, match="space"):
        search.build(path, store())
    assert [p.name for p in tmp_path.iterdir()] == ["search.sqlite"]
    assert path.read_bytes() == before


def test_an_index_opened_within_a_country_counts_nothing_else(tmp_path: Path) -> None:
    search.build(tmp_path / "search.sqlite", store(*PARTS))
    index = search.Index(tmp_path / "search.sqlite", {"country": ["FRA"]})
    try:
        assert index.total == 2
        assert found(index) == ["fr/demo/R2", "fr/demo/R1"]
        assert found(index, "baker") == ["fr/demo/R2"]
        assert found(index, country=["FIN"]) == []
        assert [(v.value, v.count) for v in index.values("country")] == [("FRA", 2)]
        assert index.per_country("eqf", "4") == {}
        assert index.members({"skill": [SKILL]}) == 0
        assert [level.qualifications for level in index.level(LEVEL)] == [0, 0]
        assert [framework.qualifications for framework in index.frameworks()] == [0]
        assert index.bodies("FRA") == ()
    finally:
        index.close()


def test_awarding_bodies_within_a_country(tmp_path: Path) -> None:
    search.build(tmp_path / "search.sqlite", store(*PARTS))
    index = search.Index(tmp_path / "search.sqlite", {"country": ["FIN"]})
    try:
        assert [(body.iri, body.qualifications) for body in index.bodies("FIN")] == [(BODY, 1)]
    finally:
        index.close()
