"""One record explained, for people: cell → steps → triple, rule by rule."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.output import clean

if TYPE_CHECKING:
    from qcp_graph import mapping
    from qcp_graph.pipeline.explain import Account

_SHOWN = 200  # characters of a value


def show(account: "Account") -> None:
    """Print the account of a record."""
    row = account.row
    click.echo(clean(f"{row.key}  {row.locator}  {row.status}  {row.iri}".rstrip()))
    for issue in row.issues:
        field = f" [{issue.field}]" if issue.field else ""
        click.echo(clean(f"  {issue.severity}  {issue.code}  {issue.message}{field}"))
    last = ("", "", "")
    for rule in account.rules:
        head = (rule.mapping, rule.item, rule.subject)
        if head != last:
            click.echo()
            shared = " (shared with other records)" if rule.shared else ""
            click.echo(clean("  ".join(part for part in head if part) + shared))
            last = head
        for line in _rule(account, rule):
            click.echo(f"  {clean(line)}")
    if account.unread:
        click.echo("\nfields that no rule reads, and none ignores by name")
    for issue in account.unread:
        click.echo(clean(f"  {issue.field} = {_value(issue.value)}"))
    if account.ignored:
        click.echo("\nfields that the mapping ignores by name")
    for field, place in account.ignored.items():
        click.echo(clean(f"  {field}   # {place}: {account.text(place)}".rstrip(": ")))
    made = list(account.by_program())
    if made:
        click.echo("\nbeside the mapping")
    for quad, by in made:
        click.echo(clean(f"  {_statement(quad)}   # {by}"))


def _rule(account: "Account", rule: "mapping.Explanation") -> Iterator[str]:
    text = " ".join(dict.fromkeys(filter(None, map(account.text, rule.places))))
    yield f"{', '.join(rule.places)}: {text}".rstrip(": ")
    for cell in rule.cells:
        path = f"  ({cell.path})" if cell.path != cell.field else ""
        yield f"    {cell.field} = {_value(cell.value)}{path}"
    for move in rule.moves:
        before, after = (", ".join(map(_value, texts)) for texts in (move.before, move.after))
        yield f"    {move.what}: {before} → {after or 'nothing'}  [{move.place}]"
    for quad in rule.quads:
        yield f"    ⇒ {_statement(quad)}"
    if rule.why:
        yield f"    {'but' if rule.quads else 'nothing'}: {rule.why}"


def _value(text: str) -> str:
    if not text:
        return "nothing"
    return f'"{text[:_SHOWN]}…"' if len(text) > _SHOWN else f'"{text}"'


def _statement(quad: tuple[str, str, str, str]) -> str:
    from qcp_graph.validation.issues import compact

    subject, predicate, object_, _ = quad
    shown = compact(object_) if object_.startswith("<") else object_
    return f"{subject} {compact(predicate)} {shown}"
