"""The benchmarks run, at a small size; what they measure is printed, never asserted."""

from pathlib import Path

import pytest

from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.benchmarks import (
    bench_build,
    bench_jobs,
    bench_mapping,
    bench_server,
    bench_serving,
    bench_validation,
    load,
    serving_data,
)
from tests.benchmarks.engines import __main__ as engines
from tests.benchmarks.multiply import REAL
from tests.server.conftest import PlainPages, served


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
