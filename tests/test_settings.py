"""Settings: one file, the environment wins, mistakes are named, everything is documented."""

import re
from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.settings import Settings, load


def test_every_setting_is_documented_and_nothing_else(repository: Path) -> None:
    text = (repository / "docs" / "settings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(Settings.model_fields)


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    (tmp_path / "qcp.toml").write_text('port = 81\nhost = "0.0.0.0"\n', encoding="utf-8")
    settings = load({"QCP_PORT": "82", "QCP_HOME": str(tmp_path)})
    assert (settings.port, settings.host, settings.home) == (82, "0.0.0.0", tmp_path)


def test_the_option_wins_over_the_environment(tmp_path: Path) -> None:
    assert load({"QCP_HOME": "/elsewhere"}, home=tmp_path).home == tmp_path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("prot = 80", "prot"),
        ("port = 70000", "port"),
        ("port = ", "cannot be read"),
        ('log_level = "loud"', "log_level"),
    ],
)
def test_a_mistake_names_the_setting_and_the_file(
    tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "qcp.toml").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=message) as caught:
        load({}, home=tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_settings_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "qcp.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        load({}, home=tmp_path)


def test_a_missing_explicit_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="QCP-SET-FILE"):
        load({"QCP_CONFIG": str(tmp_path / "none.toml")})
