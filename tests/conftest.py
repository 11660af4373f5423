"""Fixtures every test may use."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("QCP_SHARED", REPOSITORY.parent / "shared"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite golden files; review the difference by eye before committing it",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real registers and official suites: required in CI, optional elsewhere."""
    folder = SHARED
    if (folder / "registers").is_dir():
        return folder
    if os.environ.get("CI"):
        pytest.fail(f"the real registers are missing in CI: {folder}")
    pytest.skip(f"needs the real registers and official suites ({folder}), which are not here")
