"""Quality: what a build measures of a register, keeps, compares and shows; profiles as gates."""

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from qcp_graph import quality
from qcp_graph.cli.main import main
from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.judged import unpack
from qcp_graph.pipeline import quality_report
from qcp_graph.server.app import create_app
from tests.pipeline.conftest import SOURCE, Mini, row
from tests.server.conftest import served


def figures(mini: Mini) -> quality.Figures:
    found = quality.read(mini.releases.path(mini.live().id), "ee-mini")
    assert found is not None
    return found


def share(found: quality.Figures, name: str) -> tuple[int, int]:
    (one,) = [c for c in found.completeness if c.property == name]
    return one.stated, one.assigned


def describe(mini: Mini, text: str) -> None:
    mini.mapping.with_name("source.yaml").write_text(f"{SOURCE}{text}\n", encoding="utf-8")


def test_what_records_have_is_counted_of_qualifications(mini: Mini) -> None:
    mini.build(*(row(n) for n in range(4)), row(4, outcomes=[]), row(5, title=""))
    found = figures(mini)
    assert (found.read, found.published, found.quarantined) == (6, 5, 1)
    assert found.qualifications == 5
    assert share(found, "dcterms:title") == (5, 0)
    assert share(found, "elm:learningOutcome") == (4, 0)
    assert share(found, "elm:EQFLevel") == (0, 0)
    assert found.complete == pytest.approx((5 + 4 + 5) / (16 * 5))
    assert [p.code for p in found.problems] != []


def test_records_alike_in_title_level_and_body_are_repeated(mini: Mini) -> None:
    same = {"title": "Baker", "body": "b"}
    mini.build(row(1, **same), row(2, **same), row(3, title="Baker", body="c"))
    assert (figures(mini).repeated, figures(mini).repeated_examples) == (1, ("Q2",))


def test_each_profile_is_counted_with_its_reasons_and_kept_per_record(mini: Mini) -> None:
    mini.build(row(1), row(2))
    (annex,) = [p for p in figures(mini).profiles if p.name == "eqf-annex-vi"]
    assert annex.version == "2017/C 189/03"
    assert annex.states == {"fail": 2}
    assert (annex.judged, annex.passed) == (2, 0.0)
    assert ("Level", "fail", 2) in [(r.rule, r.state, r.records) for r in annex.reasons]
    with mini.releases.ledger(mini.live().id, "ee-mini") as ledger:
        kept = ledger.get("Q1")
    assert kept is not None
    states = {one.profile: one for one in unpack(kept.judged)}
    assert states["eqf-annex-vi"].state == "fail"
    assert "micro-credential-eu" not in states, "it does not apply"
    listed = quality_report.judged(mini.settings, "ee-mini", "Q1", None)
    assert {one.profile for one in listed} == set(states)


def test_the_trend_and_the_change_since_the_release_before(mini: Mini) -> None:
    mini.build(row(1, title=""), row(2), row(3))
    first = figures(mini)
    assert (first.delta, first.history) == ((), ())
    mini.build(row(1), row(2), row(3, title=""))
    second = figures(mini)
    assert [one.release for one in second.history] == [first.release]
    assert second.history[0].withheld == 1
    changed = {one.code: (one.new, one.solved) for one in second.delta if one.new or one.solved}
    assert (1, 1) in changed.values()


def test_an_unchanged_register_keeps_its_figures(mini: Mini) -> None:
    mini.build(row(1), row(2))
    before = figures(mini)
    other = mini.mapping.parent.parent.parent / "shapes"
    other.mkdir()
    mini.build()  # nothing changed: no release
    assert figures(mini) == before


def test_measurements_are_in_the_graph(mini: Mini) -> None:
    mini.build(row(1), row(2, outcomes=[]))
    (found,) = mini.ask(
        "SELECT ?value ?dimension WHERE { ?register dqv:hasQualityMeasurement ?m ."
        " ?m dqv:value ?value ; dqv:isMeasurementOf ?metric . ?metric dqv:inDimension ?dimension ;"
        ' skos:prefLabel "Share of qualifications with elm:learningOutcome"@en }'
    )
    assert found == ("0.5", "https://w3id.org/qcp-graph/ns#Completeness")


def test_a_profile_can_keep_records_out(mini: Mini) -> None:
    describe(mini, "profiles: {eqf-annex-vi: block}")
    with pytest.raises(DataError) as caught:
        mini.build(row(1), row(2))
    assert caught.value.code == "QCP-REL-MINIMUM"
    assert "QCP-VAL-GATE" in str(caught.value)


def test_a_profile_can_warn(mini: Mini) -> None:
    describe(mini, "profiles: {eqf-annex-vi: warn}")
    mini.build(row(1))
    with mini.releases.ledger(mini.live().id, "ee-mini") as ledger:
        (found, *_) = [i.issue for i in ledger.issues() if i.issue.code == "QCP-VAL-GATE"]
    assert found.severity == "warning"
    assert found.message.startswith("eqf-annex-vi 2017/C 189/03, ")
    assert "source.yaml" in found.remedy


def test_a_change_of_a_gate_is_a_reason_to_build_again(mini: Mini) -> None:
    mini.build(row(1))
    describe(mini, "profiles: {eqf-annex-vi: warn}")
    assert mini.build().release is not None


def test_an_unknown_profile_is_named(mini: Mini) -> None:
    describe(mini, "profiles: {eqf-annex-v: warn}")
    with pytest.raises(UsageError, match=r"eqf-annex-v'.*|QCP-VAL-PROFILE"):
        mini.build(row(1))


def test_without_profiles_a_build_still_measures(mini: Mini) -> None:
    plain = Mini(mini.settings.model_copy(update={"quality_profiles": ()}), mini.file, mini.mapping)
    plain.build(row(1))
    assert figures(plain).profiles == ()
    assert figures(plain).qualifications == 1


def test_damaged_figures_are_named_and_do_not_stop_a_build(mini: Mini) -> None:
    mini.build(row(1))
    path = quality.path(mini.releases.path(mini.live().id), "ee-mini")
    path.write_text("{", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        quality_report.figures(mini.settings, "ee-mini")
    assert caught.value.code == "QCP-QLT-FILE"
    mini.build(row(1), row(2))
    assert figures(mini).history == ()


def test_the_command_shows_registers_profiles_records_and_rdf(mini: Mini) -> None:
    mini.build(row(1), row(2))
    home = ["--home", str(mini.settings.home)]

    def qcp(*words: str) -> str:
        found = CliRunner().invoke(main, [*home, "quality", *words], catch_exceptions=False)
        assert found.exit_code == 0, found.output
        return found.output

    assert "ee-mini" in qcp()
    assert "eqf-annex-vi" in qcp("ee-mini")
    assert "Level (fail)" in qcp("ee-mini", "--record", "Q1")
    assert '"qualifications": 2' in qcp("ee-mini", "--format", "json")
    assert "dqv:QualityMeasurement" in qcp("--turtle")


def test_pages_show_them_without_a_script(mini: Mini) -> None:
    mini.build(row(1), row(2))
    with served(create_app(mini.settings)) as site:
        assert "/quality/ee-mini" in site.get("/quality").text
        page = site.get("/quality/ee-mini", params={"lang": "fr"})
        assert page.status_code == 200
        assert "Complétude" in page.text
        assert "2017/C 189/03" in page.text
        record = site.get("/quality/ee-mini", params={"record": "Q1", "lang": "en"})
        assert "not met" in record.text
        asked = {"params": {"record": "<script>"}, "headers": {"Accept": "text/html"}}
        hostile = site.get("/quality/ee-mini", **asked)  # type: ignore[arg-type]
        assert (hostile.status_code, "<script>" in hostile.text) == (404, False)
        assert site.get("/quality/ee-other").status_code == 404
        assert max(len(one.content) for one in (page, record)) < 50_000


def test_figures_survive_their_file(mini: Mini, tmp_path: Path) -> None:
    mini.build(row(1), row(2))
    found = figures(mini)
    quality.write(tmp_path, found)
    assert quality.read(tmp_path, "ee-mini") == found
    assert datetime.fromisoformat(found.created).tzinfo is not None
    assert quality.read(tmp_path, "ee-none") is None
