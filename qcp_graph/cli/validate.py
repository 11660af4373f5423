"""``qcp validate``: check a register or an RDF file with SHACL shapes."""

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.context import Common, jobs_option, listing_options, pass_common
from qcp_graph.cli.output import note
from qcp_graph.cli.problems import TakeRow, collected, listed, on_terminal

if TYPE_CHECKING:
    from qcp_graph.model.issue import Issue
    from qcp_graph.model.ledger import LedgerRow
    from qcp_graph.pipeline.rdf_file import FileCheck
    from qcp_graph.pipeline.release_check import ReleaseCheck
    from qcp_graph.pipeline.report import RegisterReport
    from qcp_graph.validation import Result

_WORST = ("violation", "warning", "info")
_SUMS = {
    "en": "{} problems, {} of them violations",
    "fr": "{} problèmes, dont {} violations",
}
_SILENCE = {
    "en": "{} shapes found nothing to judge:",
    "fr": "{} formes n'ont rien trouvé à juger :",
}
_RDF = (".ttl", ".nt", ".nq", ".trig", ".rdf", ".jsonld", ".gz")


@click.command("validate")
@click.argument("what")
@click.option("--input", "given", help="Read the register from this file, folder or address.")
@click.option(
    "--shapes",
    "profiles",
    multiple=True,
    metavar="PROFILE|FILE",
    help="Profile of shapes/ or a shapes file; may be repeated (default: what publishing needs).",
)
@click.option(
    "--patch",
    "patches",
    multiple=True,
    metavar="PATCH|FILE",
    help="Corrections on top of shapes files (shapes/patches/); may be repeated.",
)
@click.option(
    "--engine",
    type=click.Choice(["compiled", "pyshacl"]),
    default="compiled",
    show_default=True,
    help="pyshacl is the slow referee, for RDF files.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3600),
    default=30,
    show_default=True,
    help="Seconds that one SPARQL query of the shapes may take.",
)
@click.option(
    "--profiles",
    "catalogue",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _, asked: _catalogue(ctx) if asked else None,
    help="List the profiles with version, standing and source.",
)
@click.option("--alone", is_flag=True, help="Judge a file without the project's vocabularies.")
@click.option(
    "--since",
    default="",
    metavar="RELEASE",
    help="Of a release, judge only what is new or changed since this one, and what points at it.",
)
@click.option("--report", is_flag=True, help="Print the standard SHACL report as Turtle.")
@click.option(
    "--issues", default="-", metavar="FILE|-", help="List the problems in this file instead."
)
@click.option(
    "--language",
    default="en",
    show_default=True,
    is_eager=True,
    metavar="TAG",
    help="Language of problems and remedies; English where shapes do not have it.",
)
@jobs_option
@listing_options
@pass_common
def command(
    common: Common,
    what: str,
    given: str | None,
    profiles: tuple[str, ...],
    patches: tuple[str, ...],
    engine: str,
    timeout: float,
    alone: bool,
    since: str,
    report: bool,
    issues: str,
    language: str,
) -> None:
    """Check WHAT with SHACL shapes: a register, an RDF file, or a release.

    Exit code 0: conforms; 1: violations; 2 or 3: could not be judged. Warnings alone conform.
    N-Triples and N-Quads files may have any size. A release (release: the live one, release:ID)
    is checked for what only shows when all records lie together.

    \b
    qcp validate gb-ofqual --input approved.csv
    qcp validate gb-ofqual --input approved.csv --shapes elm-loq
    qcp validate mine.ttl --shapes publication --report > report.ttl
    qcp validate mine.ttl --language fr --issues problems.html
    qcp validate release --since 20260101T000000Z
    qcp validate data.nq.gz --shapes LOQ-constraints.ttl --patch elm-loq-3.1 --format jsonl
    """
    from qcp_graph.errors import DataError, InternalError
    from qcp_graph.pipeline.rdf_file import FileCheck
    from qcp_graph.pipeline.release_check import WHOLE, ReleaseCheck

    language = language.partition("-")[0].lower()
    try:
        if _means_file(what):
            wanted = profiles or _blocking()
            check = FileCheck(
                common.settings, Path(what), wanted, patches, engine, timeout, alone, language
            )
            broken = _checked(common, check, report, issues)
        elif what == "release" or what.startswith("release:"):
            _refuse(engine != "compiled" or alone or bool(given), "--engine, --alone and --input")
            whole = ReleaseCheck(
                common.settings, what.partition(":")[2], profiles or WHOLE, patches, timeout,
                since, language,
            )  # fmt: skip
            broken = _checked(common, whole, report, issues)
        else:
            special = engine != "compiled" or report or bool(patches)
            broken = _register(common, what, given, profiles, special, issues, language)
    except DataError as error:
        # 1 says that the data breaks a rule; this says nothing about that.
        raise InternalError(
            error.code, error.message, where=error.where, remedy=error.remedy
        ) from error
    click.get_current_context().exit(1 if broken else 0)


def _catalogue(context: click.Context) -> None:
    from qcp_graph import assets
    from qcp_graph.validation import profiles

    common = context.find_object(Common)
    workspace = common.settings.workspace if common is not None else None
    found = profiles.load([folder / "shapes" for folder in assets.roots(workspace)])
    for name, one in found.items():
        click.echo(f"{name}  {one.title(context.params.get('language', 'en'))}")
        click.echo(f"    {one.version}; {one.standing}; {one.source}")
    context.exit()


def _blocking() -> tuple[str, ...]:
    from qcp_graph.pipeline import context

    return context.BLOCKING


def _means_file(what: str) -> bool:
    """Tell a file from the name of a register, also where the file is not there."""
    path = Path(what)
    named = path.suffix.lower() in _RDF or len(path.parts) > 1
    return named or (bool(path.suffix) and path.is_file())


def _refuse(meant: bool, options: str) -> None:
    from qcp_graph.errors import UsageError

    if meant:
        raise UsageError(
            "QCP-VAL-ENGINE",
            f"{options} are not for releases.",
            remedy="The dumps of a release are N-Quads files, which any engine can judge.",
        )


def _checked(common: Common, check: "FileCheck | ReleaseCheck", report: bool, issues: str) -> bool:
    from qcp_graph import validation
    from qcp_graph.validation.stream import spare_the_collector

    spare_the_collector()
    severities: dict[str, int] = {}

    def counted() -> "Iterator[Result]":
        for result in check.results():
            severities[result.severity] = severities.get(result.severity, 0) + 1
            yield result

    if report:
        for block in validation.turtle(counted()):
            sys.stdout.write(block)
    else:
        with listed(common, issues, check.language) as take:
            for focus, found in groupby(counted(), key=lambda result: result.focus):
                told = (validation.issue_of(one, language=check.language) for one in found)
                for issue in sorted(told, key=lambda issue: _WORST.index(issue.severity)):
                    take({**issue.as_dict(), "record": focus.strip("<>"), "status": "-"})
            if not on_terminal(common, issues):
                for one in (*check.silent, *check.unread):
                    take({**one.as_dict(), "status": "-"})
    for one in check.unread:
        note(f"{one.message} {one.remedy}", quiet=common.quiet)
    _tell_silence(common, check.silent, check.language)
    _sum(common, severities, check.language)
    return "violation" in severities


def _tell_silence(common: Common, silent: "Sequence[Issue]", language: str) -> None:
    """Say which shapes found nothing to judge: of those the data shows nothing."""
    from qcp_graph.validation import brief

    if silent:
        note(_SILENCE.get(language, _SILENCE["en"]).format(len(silent)), quiet=common.quiet)
    for one in silent:
        note(f"  {brief(one.rule)} ({one.field})", quiet=common.quiet)


def _sum(common: Common, severities: "dict[str, int]", language: str) -> None:
    if severities and common.form == "text":
        blocking = severities.get("violation", 0)
        total = sum(severities.values())
        note(_SUMS.get(language, _SUMS["en"]).format(total, blocking), quiet=common.quiet)


def _register(
    common: Common, source_id: str, given: str | None, profiles: tuple[str, ...], special: bool,
    issues: str, language: str,
) -> bool:  # fmt: skip
    from qcp_graph.errors import UsageError
    from qcp_graph.pipeline import context, preview

    if special:
        raise UsageError(
            "QCP-VAL-ENGINE",
            "--engine pyshacl, --patch and --report judge RDF files.",
            remedy=f"First: qcp map {source_id} > {source_id}.nq; then validate that file.",
        )
    severities: dict[str, int] = {}

    def check(take: TakeRow) -> "RegisterReport":
        def row(one: "LedgerRow") -> None:
            for issue in one.issues:
                severities[issue.severity] = severities.get(issue.severity, 0) + 1
            take(one)

        # A profile of one's own may refuse every record: that is an answer, not a bad delivery.
        return preview.check(
            common.settings, source_id, given, progress=common.progress, take=row,
            profiles=profiles or context.BLOCKING, sample=bool(profiles), language=language,
        )  # fmt: skip

    result = collected(common, issues, check, language)
    _tell_silence(common, result.silent, language)
    _sum(common, severities, language)
    return bool(result.counts.quarantined or result.counts.rejected)
