"""The benchmarks run, at a small size; what they measure is printed, never asserted."""

import random
from pathlib import Path

import pytest

from qcp_graph.linking import esco
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.search import words
from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.benchmarks import (
    bench_build,
    bench_jobs,
    bench_linking,
    bench_mapping,
    bench_pages,
    bench_relevance,
    bench_server,
    bench_serving,
    bench_switches,
    bench_validation,
    load,
    serving_data,
)
from tests.benchmarks.engines import __main__ as engines
from tests.benchmarks.multiply import REAL
from tests.linking.esco.conftest import SKILLS, Release, release, skill
from tests.server.conftest import PlainPages, served

__all__ = ["release"]  # a fixture


@pytest.mark.shared
@pytest.mark.parametrize("source_id", sorted(REAL))
def test_the_build_benchmark(
    shared: Path, source_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bench_build.run(shared, 80, (source_id,))
    said = capsys.readouterr().out
    assert f"{source_id}, 80 records" in said
    assert "memory before loading" in said


@pytest.mark.shared
def test_the_benchmark_of_processes(
    shared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_jobs, "JOBS", (1, 2))
    bench_jobs.run(shared, 600)
    assert "600 records, 2 processes" in capsys.readouterr().out


@pytest.mark.shared
def test_the_server_benchmark(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench_server.run(shared, 200)
    assert "a qualification as Turtle" in capsys.readouterr().out


def test_the_mapping_and_validation_benchmarks(capsys: pytest.CaptureFixture[str]) -> None:
    bench_mapping.main(50)
    bench_validation.run(20, 5)
    assert "ratio" in capsys.readouterr().out


def test_the_engines_write_the_same_triples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--records", "40", "--repeat", "1", "--engines", "ours", "by_hand"]
    engines.main([*options, "--folder", str(tmp_path)])
    said = capsys.readouterr().out
    assert said.count("1,480 triples, all outputs equal") == 3


def test_serving(tmp_path: Path) -> None:
    serving_data.publish(tmp_path, 50)
    settings = Settings(home=tmp_path, base_iri=serving_data.BASE)
    with served(create_app(settings, PlainPages())) as client:
        one = serving_data.iri(7)
        country = serving_data.COUNTRIES[7]
        query = bench_serving.SHARED.format(iri=one, country=country)
        found = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
        assert found
        port = client.base_url.port
        assert port
        asks = [load.request(one.removeprefix("http://localhost:8000"), "text/turtle")]
        figures = load.run(port, asks, seconds=0.2, processes=1)
    assert figures.count > 0
    assert figures.failed == 0


def test_releases_are_switched_under_load_and_no_request_fails() -> None:
    found = bench_switches.run(6)
    assert len(found) == 4
    assert not [name for name in found if name.startswith("FAILED")]


def test_the_benchmark_of_relevance(tmp_path: Path) -> None:
    found = Settings(home=tmp_path)
    build(found, Order(source_ids=("at-berufe-specimen",)), Silent())
    said = list(bench_relevance.lines(tmp_path, 5, shown=0))
    assert {line.split()[0] for line in said[1:]} == {"de"}
    assert all("5 of 5" in line for line in said[1:])


def test_the_benchmark_of_linking(release: Release, tmp_path: Path) -> None:
    given = release("9.0.0", "en", skills=SKILLS + skill("weld", "weld pipes"))
    esco.import_files(esco.files([given]), tmp_path / esco.FOLDER)
    data = tmp_path / "data.csv"
    data.write_text("text,language,skill\nweld pipes,en,\nHitsata,fi,\n", encoding="utf-8")
    said = list(bench_linking.lines(tmp_path, data, 5))
    assert [line.split()[:3] for line in said[1:2]] == [["en", "core", "1"]]
    assert not any(line.startswith("fi") for line in said)  # no labels in this language
    assert float(said[1].split()[3]) > 0


@pytest.mark.parametrize("title", ["Automechanikerin und Mechatroniker", "Bau ab", "élève"])
def test_a_mistake_changes_one_letter(title: str) -> None:
    chance = random.Random(1)
    for _ in range(50):
        typed = bench_relevance.mistyped(title, chance)
        assert words.near(typed, title)
        assert typed[0] == title[0]


@pytest.mark.shared
def test_the_benchmark_of_pages(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench_pages.made(tmp_path / "home", shared, tmp_path, 100)
    goals = bench_pages.run(tmp_path / "home", "", 4)
    assert "pages, 100 qualifications" in capsys.readouterr().out
    assert len(goals.found) == 7
