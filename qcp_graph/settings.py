"""One settings file (``qcp.toml``), overridden by environment variables (``QCP_<NAME>``).

Search order of the file: ``QCP_CONFIG``, ``./qcp.toml``, ``<home>/qcp.toml``. Nothing is created
on import or on reading. ``docs/settings.md`` documents every field; a contract test holds the two
together.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qcp_graph.errors import UsageError


class Settings(BaseModel):
    """All settings of the program, with their units."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_iri: str = "http://localhost:8000/"
    """Prefix of every minted IRI; ends in ``/``. Choose it before the first publication."""
    title: str = Field(default="Qualification registers as linked open data", min_length=1)
    """Name of the site and of its catalogue."""
    publisher: str = Field(default="Operator of this site", min_length=1)
    """Who publishes the catalogue: shown to harvesters."""
    contact: str = Field(default="", pattern=r"^([^@\s<>\"]+@[^@\s<>\"]+)?$")
    """E-mail address for questions about the data; shown to harvesters."""
    home: Path = Path(".qcp")
    """Runtime state: snapshots, releases, logs. Never inside the repository's tracked files."""
    workspace: Path | None = None
    """Folder with your own ``mappings/ shapes/ ontology/ sparql/ web/ data/``, searched first."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    server_processes: int = Field(default=1, ge=1, le=64)
    """Processes that answer requests; each holds its own share of ``query_workers``."""
    root_path: str = Field(default="", pattern=r"^(/[^/?#]+)*$")
    """Path below which a proxy shows the site (``/qualifications``), when it removes that path."""
    trusted_proxies: str = ""
    """Addresses of proxies whose ``X-Forwarded-…`` headers are believed, comma-separated."""
    keep_releases: int = Field(default=5, ge=1)
    """How many releases are kept; the live one is always kept."""
    hold_releases: bool = False
    """Whether every build waits for a second person, as with ``qcp build --hold``."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    fetch_max_bytes: int = Field(default=4 * 1024**3, ge=1)
    """Largest download or unpacked archive, in bytes."""
    fetch_timeout: float = Field(default=60.0, gt=0)
    """Seconds without a byte before a download is given up."""
    fetch_retries: int = Field(default=3, ge=0)
    fetch_private_networks: bool = False
    """Whether addresses in private or loopback networks may be fetched from."""
    own_functions: bool = False
    """Whether a register's own ``functions.py`` may be run: it has all rights of this program."""
    record_max_bytes: int = Field(default=32 * 1024**2, ge=1024)
    """Largest single source record, in bytes."""
    jobs: int = Field(default=1, ge=0, le=256)
    """Processes that map, link and validate records; 0 stands for all cores."""
    model: Path | None = None
    """Folder of a sentence encoder for linking; without it, that of an installed package."""
    quality_profiles: tuple[str, ...] = (
        *("elm-loq", "eqf-annex-vi", "acqf-exchange", "plausibility"),
        *("micro-credential-eu", "micro-credential-unesco", "micro-credential-cmf"),
    )
    """Profiles by which a build judges every record, for the quality reports; none is faster."""
    publish_esco: Literal["used", "all", "none"] = "used"
    """Which concepts of imported versions of ESCO a release holds: those it links to, or all."""
    query_timeout: float = Field(default=20.0, gt=0)
    """Seconds a public SPARQL query may run."""
    query_memory: int = Field(default=3 * 1024**3, ge=256 * 1024**2)
    """Bytes of memory a query worker may use."""
    query_max_bytes: int = Field(default=64 * 1024**2, ge=1024)
    """Largest answer of a public SPARQL query, in bytes."""
    query_max_rows: int = Field(default=1_000_000, ge=1)
    """Most rows of an answer to a public SPARQL query."""
    query_workers: int = Field(default=3, ge=1)
    """Public queries that run at the same time; one client holds all but one of them at most."""
    cache_bytes: int = Field(default=64 * 1024**2, ge=0)
    """Bytes of memory for answers that can be sent again; 0 keeps none."""
    metrics: Literal["local", "public", "off"] = "local"
    """Who may read ``/metrics``: clients on the same machine, everybody, nobody."""
    store_backend: Literal["local", "sparql"] = "local"
    """Where the server reads the graph: in the release, or in a SPARQL 1.1 store elsewhere."""
    store_query: str = Field(default="", pattern=r"^(https?://[^\s]+)?$")
    """Address of that store for queries."""
    store_graphs: str = Field(default="", pattern=r"^(https?://[^\s]+)?$")
    """Address of that store for the Graph Store Protocol."""
    store_user: str = ""
    store_password: str = Field(default="", repr=False)
    store_login: Literal["basic", "digest"] = "basic"
    """How that store asks for user and password."""
    small_change: float = Field(default=0.2, ge=0, le=1)
    """Share of changed statements up to which a graph starts from a copy of the last one."""
    exports: bool = True
    """Whether a release gets files for others: Europass XML, tables, Turtle."""


def load(environment: Mapping[str, str] | None = None, *, home: Path | None = None) -> Settings:
    """Read the settings file and the environment; ``home`` (a command-line option) wins.

    :raises UsageError: naming the file or variable, the setting and the remedy.
    """
    env = os.environ if environment is None else environment
    values: dict[str, object] = {}
    path = _config_path(env, home)
    if path is not None:
        try:
            values.update(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(
                "QCP-SET-FILE",
                f"The settings file cannot be read: {error}",
                where=str(path),
                remedy="Correct the file or point QCP_CONFIG to another one.",
            ) from error
    for name in Settings.model_fields:
        if (value := env.get(f"QCP_{name.upper()}")) is not None:
            values[name] = value
    if home is not None:
        values["home"] = home
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            "QCP-SET-VALUE",
            f"Setting {name!r}: {first['msg']}",
            where=str(path) if path else f"environment (QCP_{name.upper()})",
            remedy="See docs/settings.md for names and ranges.",
        ) from error


def _flat(content: Mapping[str, object]) -> dict[str, object]:
    """Return the entries of a file, those of the table ``[store]`` under ``store_…``."""
    found = {name: value for name, value in content.items() if name != "store"}
    table = content.get("store", {})
    if not isinstance(table, Mapping):
        return {**found, "store": table}  # no setting: named as a mistake
    return found | {f"store_{name}": value for name, value in table.items()}


def _config_path(env: Mapping[str, str], home: Path | None) -> Path | None:
    if explicit := env.get("QCP_CONFIG"):
        return Path(explicit)
    folder = home or Path(env.get("QCP_HOME", ".qcp"))
    for candidate in (Path("qcp.toml"), folder / "qcp.toml"):
        if candidate.is_file():
            return candidate
    return None
