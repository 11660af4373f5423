"""Every interface of the description answers anything as described, and never with a server error.

``QCP_API_REQUESTS`` (``make api-fuzz``) is about how many requests are sent in all.
"""

import os
from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.server.conftest import served
from tests.server.pages import release

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
REQUESTS = int(os.environ.get("QCP_API_REQUESTS", "600"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("api-home")
    release.publish(home, "r1", release.RDF)
    made = Settings(base_iri=release.BASE, home=home, query_timeout=3)
    with served(create_app(made)) as client:
        yield client


def test_anything_is_answered_as_described(site: httpx.Client) -> None:
    described = schemathesis.openapi.from_url(f"{site.base_url}/openapi.json")
    operations = [found.ok() for found in described.get_all_operations()]
    each = max(1, REQUESTS // len(operations))
    sent = 0
    for operation in operations:

        @settings(
            max_examples=each,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            nonlocal sent
            sent += 1
            case.call_and_validate(checks=CHECKS)

        ask()
    print(f"{sent:,} requests to {len(operations)} operations")
    assert sent >= len(operations)


def test_interfaces_of_other_standards_are_described(site: httpx.Client) -> None:
    paths = site.get("/openapi.json").json()["paths"]
    assert {"/sparql", "/id/{path}", "/qualifications", "/oai", "/feed/ldes"} <= set(paths)
    assert "post" in paths["/sparql"]


def test_too_many_parameters_are_refused(site: httpx.Client) -> None:
    found = site.get("/qualifications", params=[("status", str(n)) for n in range(101)])
    assert found.status_code == 400
    assert "At most 100" in found.text
    missing = site.get("/nothing", params=[("a", str(n)) for n in range(200)])
    assert missing.status_code == 404
