"""``qcp harvest`` on the command line, and what ``qcp doctor`` says of feeds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer
from tests.feeds.conftest import Site, site
from tests.harvest.test_harvest import ELM

__all__ = ["site"]
Qcp = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QCP_FETCH_PRIVATE_NETWORKS", "true")


def test_another_site_becomes_a_register(site: Site, qcp: Qcp, workspace: Path) -> None:
    folder = workspace / "mappings" / "ee-copy"
    folder.mkdir()
    (folder / "source.yaml").write_text(ELM)
    said = qcp("harvest", site.base, "--into", folder, "--format", "json")
    assert said.code == 0, said.err
    [row] = said.json()  # type: ignore[misc]
    assert (row["protocol"], row["records"], row["state"]) == ("ldes", 7, "new")  # type: ignore[index]
    again = qcp("harvest", site.base, "--into", "ee-copy")
    assert "unchanged" in again.out
    built = qcp("build", "ee-copy")
    assert built.code == 0, built.err
    checked = qcp("doctor", "--format", "json").json()
    feeds = [one for one in checked if one["subject"] == "feeds"]  # type: ignore[attr-defined]
    assert [one["state"] for one in feeds] == ["ok"]
    assert qcp("release", "list").code == 0


def test_a_page_that_was_changed_by_hand_is_found(
    qcp: Qcp, rows_file: Path, tmp_path: Path
) -> None:
    assert qcp("build", "ee-mini", "--input", f"ee-mini={rows_file}").code == 0
    [page] = (tmp_path / "home" / "feed" / "ee-mini").glob("*.nqz")
    page.write_bytes(page.read_bytes()[:-1] + b"x")
    checked = qcp("doctor")
    assert checked.code == 1
    assert "QCP-FED-DAMAGED" in checked.out


def test_what_cannot_be_harvested_is_told(site: Site, qcp: Qcp, tmp_path: Path) -> None:
    assert qcp("harvest", "ftp://example.org/").code == 2
    assert qcp("harvest", site.base + "none").code == 1
    assert "QCP-HAR-INTO" in qcp("harvest", site.base, "--into", tmp_path).err
    assert qcp("harvest", site.base, "--into", "xx-none").code == 2
