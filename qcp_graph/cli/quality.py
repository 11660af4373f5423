"""``qcp quality``: how good each register's data are, in the live release or another."""

import sys

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import as_json, note, rows
from qcp_graph.model.judged import ProfileState
from qcp_graph.quality import Delta, Figures

_REGISTERS = [
    ("register", "REGISTER"),
    ("read", "READ"),
    ("published", "PUBLISHED"),
    ("complete", "COMPLETE"),
    ("repeated", "REPEATED"),
    ("age", "DAYS OLD"),
]
_PROFILES = [
    ("profile", "PROFILE"),
    ("version", "VERSION"),
    ("judged", "JUDGED"),
    ("meets", "MEET IT"),
    ("fail", "FAIL"),
    ("unknown", "UNKNOWN"),
    ("why", "MOST OFTEN"),
]
_RECORD = [("profile", "PROFILE"), ("version", "VERSION"), ("state", "STATE"), ("why", "WHY")]
_DELTA = [("code", "CODE"), ("new", "NEW"), ("solved", "SOLVED"), ("remaining", "REMAINING")]


@click.command("quality")
@click.argument("register", required=False)
@click.option("--record", "key", help="What each profile says of one record, and why.")
@click.option("--release", "release_id", help="Another release than the live one.")
@click.option("--turtle", is_flag=True, help="Print the measurements as RDF (DQV, Turtle).")
@common_options
@pass_common
def command(
    common: Common, register: str | None, key: str | None, release_id: str | None, turtle: bool
) -> None:
    """Show how complete, valid, unique and fresh the data of registers are.

    Without REGISTER all are listed. Figures are measured by qcp build and kept with the release.

    \b
    qcp quality
    qcp quality gb-ofqual
    qcp quality gb-ofqual --record 60012345
    qcp quality gb-ofqual --format json
    qcp quality --turtle > quality.ttl
    """
    from qcp_graph.errors import UsageError
    from qcp_graph.pipeline import quality_report

    if key is not None:
        if register is None:
            raise UsageError("QCP-QLT-REGISTER", "Name the register of the record.")
        states = quality_report.judged(common.settings, register, key, release_id)
        rows(common.form, [_state(one) for one in states], _RECORD, "No profile applies to it.")
        return
    found = quality_report.figures(common.settings, register, release_id)
    if turtle:
        sys.stdout.write(quality_report.turtle(common.settings, found))
    elif common.form == "json":
        as_json([one.as_dict() for one in found])
    elif register:
        _show(found[0])
    else:
        table = [_line(one) for one in found]
        rows(common.form, table, _REGISTERS, "No figures yet; they come with the next qcp build.")


def _state(one: ProfileState) -> dict[str, object]:
    why = ", ".join(f"{reason.rule} ({reason.state})" for reason in one.reasons)
    return {"profile": one.profile, "version": one.version, "state": one.state, "why": why}


def _line(one: Figures) -> dict[str, object]:
    return {
        "register": one.register,
        "read": one.read,
        "published": one.published,
        "complete": f"{one.complete:.0%}",
        "repeated": one.repeated,
        "age": one.age,
    }


def _show(one: Figures) -> None:
    click.echo(
        f"{one.register} in release {one.release}: {one.published:,} of {one.read:,} records "
        f"published, {one.qualifications:,} of them qualifications.\n"
    )
    table = [
        {
            "property": c.property,
            "stated": f"{c.stated / one.qualifications:.0%}" if one.qualifications else "",
            "records": f"{c.stated:,}",
            "assigned": f"{c.assigned:,}" if c.assigned else "",
        }
        for c in one.completeness
    ]
    heads = [("property", "PROPERTY"), ("stated", "STATED"), ("records", "RECORDS")]
    rows("text", table, [*heads, ("assigned", "ASSIGNED HERE")], "No qualifications.")
    click.echo()
    profiles = [
        {
            "profile": p.name, "version": p.version, "judged": p.judged,
            "meets": f"{p.passed:.0%}", "fail": p.states.get("fail", 0),
            "unknown": p.states.get("unknown", 0),
            "why": ", ".join(f"{r.rule} {r.records}" for r in p.reasons[:3]),
        }
        for p in one.profiles
    ]  # fmt: skip
    rows("text", profiles, _PROFILES, "No profiles were applied.")
    click.echo()
    click.echo(f"Repeated (same title, level and awarding body): {one.repeated:,}")
    dates = f"; changed {one.oldest} to {one.newest} ({one.dated:,} say so)" if one.dated else ""
    click.echo(f"Delivered {one.retrieved[:10]}, {one.age} days before the release{dates}")
    if one.delta:
        new, solved = (sum(getattr(d, name) for d in one.delta) for name in ("new", "solved"))
        click.echo(f"Since the release before: {new:,} new problems, {solved:,} solved\n")
        rows("text", [_members(d) for d in one.delta], _DELTA, "")
    note("The same for people: /quality on the web site.")


def _members(delta: Delta) -> dict[str, object]:
    return {name: getattr(delta, name) for name, _ in _DELTA}
