"""``qcp esco``: versions of ESCO, imported from its official releases."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from qcp_graph.cli import esco_index
from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import fields, note, rows

if TYPE_CHECKING:
    from qcp_graph.linking.esco import Delta

FEW_SKILLS: Final = 10_000  # fewer than any release has had


@click.group("esco")
@common_options
def command() -> None:
    """Import, list, compare and search versions of ESCO.

    qcp-graph brings a small extract of ESCO. For real registers download a version from the ESCO
    portal (https://esco.ec.europa.eu/en/use-esco/download: classification, CSV, every language you
    need) and import the archives it sends.

    \b
    qcp esco import "ESCO dataset - v1.1.1 - classification - en - csv.zip"
    qcp esco fetch --version 1.1.1 --language fr
    qcp esco list
    qcp esco search "weld pipes" --language en
    qcp esco diff 1.1.0 1.1.1
    qcp esco export esco.nt.gz
    """


@command.command("import")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True),
)  # fmt: skip
@click.option(
    "--version",
    "wanted",
    default="",
    help="Put all files into this version. Needed where file names do not say one; also adds the "
    "labels of an older release in a language that the newer one lacks.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be read; import nothing.")
@common_options
@pass_common
def import_(common: Common, paths: tuple[Path, ...], wanted: str, dry_run: bool) -> int:
    """Import archives, folders or single files of official ESCO releases.

    Versions are kept side by side; languages and relations are added to a version that is there.

    \b
    qcp esco import downloads/*.zip
    qcp esco import skills_fr.csv --version 1.1.1
    """
    from qcp_graph.linking import esco

    files = esco.files(paths)
    version = esco.check(wanted) if wanted else ""
    if dry_run:
        found = [
            {"version": version or f.version, "language": f.language, "file": f.name} for f in files
        ]
        rows(common.form, found, _FILES, "Nothing to import.")
        return 0
    folder = common.settings.home / esco.FOLDER
    with common.progress.step("Importing ESCO", total=len(files), unit="files") as step:
        done = esco.import_files(files, folder, version, lambda _name, _rows: step.update(1))
    for one in done:
        for problem in one.problems:
            note(f"{problem.file}, line {problem.line}: {problem.message}", quiet=common.quiet)
        if one.left_out > len(one.problems):
            note(f"… and {one.left_out - len(one.problems)} more.", quiet=common.quiet)
    for one in done:
        _warn_of_few(common, one.version)
    summary = [
        {
            "version": one.version,
            "files": len(one.rows),
            "rows": sum(one.rows.values()),
            "left_out": one.left_out,
            "path": str(one.path),
        }
        for one in done
    ]
    columns = [("version", "VERSION"), ("files", "FILES"), ("rows", "ROWS"),
               ("left_out", "LEFT OUT"), ("path", "PATH")]  # fmt: skip
    rows(common.form, summary, columns, "Nothing was imported.")
    return 1 if any(one.left_out for one in done) else 0


_FILES = [("version", "VERSION"), ("language", "LANGUAGE"), ("file", "FILE")]


def _warn_of_few(common: Common, version: str) -> None:
    """Say so where a version holds a part of the skills at most, as a file cut off does."""
    from qcp_graph.linking import esco

    with esco.open_version(common.settings.home, version) as catalogue:
        skills = catalogue.summary().concepts.get("skill", 0)
    if skills < FEW_SKILLS:
        note(
            f"ESCO {version} holds {skills:,} skills here; whole releases have over 13,000. Links "
            "are looked for among these alone: import the other files, unless an extract is meant.",
            quiet=common.quiet,
        )


@command.command("fetch")
@click.option("--version", required=True, help="Version to ask for, such as 1.1.1.")
@click.option("--language", "languages", multiple=True, default=("en",), show_default=True)
@click.option("--api", default="", help="Address of the service (default: the Commission's).")
@common_options
@pass_common
def fetch(common: Common, version: str, languages: tuple[str, ...], api: str) -> int:
    """Fetch skills and occupations from ESCO's web service and import them.

    The service gives labels, descriptions and the hierarchy, not which skills an occupation asks
    for: for those import the archive from the portal. A language takes some hundred requests.

    \b
    qcp esco fetch --version 1.1.1 --language fr --language de
    """
    import tempfile

    from qcp_graph.linking import esco
    from qcp_graph.linking.esco import fetching
    from qcp_graph.transfer.limits import Limits

    settings, wanted = common.settings, esco.check(version)
    limits = Limits(
        timeout=settings.fetch_timeout,
        retries=settings.fetch_retries,
        max_bytes=settings.fetch_max_bytes,
        private_networks=settings.fetch_private_networks,
    )
    target = settings.home / esco.FOLDER
    left_out = 0
    for language in languages:
        with tempfile.TemporaryDirectory(prefix="qcp-") as folder:
            with common.progress.step(f"Fetching {language}", unit="concepts") as step:
                base = (api or fetching.API).rstrip("/")
                fetching.fetch_files(wanted, language, Path(folder), limits, base, step.update)
            files = esco.files([Path(folder)])
            for one in esco.import_files(files, target, wanted, lambda _name, _rows: None):
                left_out += one.left_out
                count = sum(one.rows.values())
                note(f"{one.version} {language}: {count} rows.", quiet=common.quiet)
    return 1 if left_out else 0


@command.command("export")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--version", default="", help="Imported version (default: the newest).")
@common_options
@pass_common
def export(common: Common, path: Path, version: str) -> None:
    """Write a version as SKOS with the ESCO model: N-Triples, packed where PATH ends in .gz.

    \b
    qcp esco export esco-1.1.1.nt.gz --version 1.1.1
    """
    import gzip

    from qcp_graph.linking import esco

    count = 0
    with (
        gzip.open(path, "wb", 6) if path.suffix == ".gz" else path.open("wb") as file,
        esco.open_version(common.settings.home, version) as catalogue,
        common.progress.step(f"Writing ESCO {catalogue.version}", unit="triples") as step,
    ):
        for s, p, o in esco.triples(catalogue):
            file.write(f"{s} {p} {o} .\n".encode())
            count += 1
            step.update(1)
    note(f"{count} statements written to {path}.", quiet=common.quiet)


@command.command("list")
@common_options
@pass_common
def list_(common: Common) -> None:
    """List the imported versions with what they hold.

    \b
    qcp esco list
    """
    from qcp_graph.linking import esco

    home = common.settings.home
    found = []
    for version in esco.versions(home):
        with esco.open_version(home, version) as catalogue:
            summary = catalogue.summary()
        found.append(
            {
                "version": version,
                "skills": summary.concepts.get("skill", 0),
                "occupations": summary.concepts.get("occupation", 0),
                "relations": sum(summary.relations.values()),
                "languages": ", ".join(f"{k} {v}" for k, v in summary.labels.items()),
            }
        )
    columns = [("version", "VERSION"), ("skills", "SKILLS"), ("occupations", "OCCUPATIONS"),
               ("relations", "RELATIONS"), ("languages", "LABELS")]  # fmt: skip
    rows(common.form, found, columns, "No version of ESCO is imported; see qcp esco import --help.")


@command.command("search")
@click.argument("text")
@click.option("--version", default="", help="Version to search (default: the newest).")
@click.option("--language", default="", help="Labels of one language only (en, fr …).")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@common_options
@pass_common
def search(common: Common, text: str, version: str, language: str, limit: int) -> None:
    """Search labels for a text; IRIs and codes (S1.2, 7212.3) are found, too.

    \b
    qcp esco search soudage --language fr
    """
    from qcp_graph.linking import esco

    with esco.open_version(common.settings.home, version) as catalogue:
        hits = catalogue.search(text, language, limit)
    columns = [("kind", "KIND"), ("label", "LABEL"), ("matched", "MATCHED"), ("uri", "IRI")]
    rows(common.form, [hit._asdict() for hit in hits], columns, "No label holds this text.")


@command.command("diff")
@click.argument("old")
@click.argument("new")
@common_options
@pass_common
def diff(common: Common, old: str, new: str) -> None:
    """Say what changed between two imported versions: new, removed and renamed concepts.

    \b
    qcp esco diff 1.1.0 1.1.1
    qcp esco diff 1.1.0 1.1.1 --format json
    """
    from qcp_graph.linking import esco

    home = common.settings.home
    with esco.open_version(home, old) as before, esco.open_version(home, new) as after:
        found = esco.delta(before, after)
    if common.form == "json":
        fields("json", _complete(found))
        return
    counts = {
        "added": len(found.added),
        "removed": len(found.removed),
        "with successor": len(found.successors),
        "renamed": len(found.renamed),
        "other labels": len(found.relabelled),
        "languages": ", ".join(found.languages) or "none in common",
    }
    fields("text", counts)
    for one in found.renamed:
        click.echo(f"renamed  {one.language}  {one.old!r} → {one.new!r}  {one.uri}")
    for uri in found.added:
        click.echo(f"added    {uri}")
    for uri in found.removed:
        click.echo(f"removed  {uri}  {' '.join(found.successors.get(uri, ()))}".rstrip())


def _complete(found: "Delta") -> dict[str, object]:
    return {
        "old": found.old,
        "new": found.new,
        "languages": found.languages,
        "added": found.added,
        "removed": found.removed,
        "successors": found.successors,
        "renamed": [vars(one) for one in found.renamed],
        "relabelled": sorted(found.relabelled),
    }


command.add_command(esco_index.index)
