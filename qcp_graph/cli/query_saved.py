"""The documented queries (``sparql/``) on the command line: what there is, and one with values."""

import difflib
from typing import Final

from qcp_graph.cli.context import Common
from qcp_graph.cli.output import as_json, table
from qcp_graph.errors import UsageError
from qcp_graph.saved_queries import SavedQuery, scan
from qcp_graph.settings import Settings

_COLUMNS: Final = (("name", "name"), ("title", "answers"), ("parameters", "parameters"))


def show(common: Common) -> None:
    """Print every documented query with its parameters and their defaults."""
    queries = scan(common.settings.workspace).values()
    if common.form == "json":
        as_json([_told(one) for one in queries])
        return
    with table(_COLUMNS, "There are no documented queries.") as add:
        for one in queries:
            values = " ".join(f"{p.name}={p.default}" for p in one.parameters)
            add({"name": one.name, "title": one.title, "parameters": values})


def _told(query: SavedQuery) -> dict[str, object]:
    parameters = [
        {"name": one.name, "type": one.type, "text": one.text, "default": one.default}
        for one in query.parameters
    ]
    return {
        "name": query.name,
        "title": query.title,
        "description": query.description,
        "parameters": parameters,
    }


def bound(settings: Settings, name: str, given: tuple[str, ...]) -> str:
    """Return a documented query with the values given.

    :raises UsageError: when there is none of that name, or a value does not fit.
    """
    queries = scan(settings.workspace)
    if name not in queries:
        near = difflib.get_close_matches(name, queries, 1, 0.4)
        meant = f"Did you mean {near[0]!r}? " if near else ""
        raise UsageError(
            "QCP-QRY-UNKNOWN",
            f"There is no documented query {name!r}.",
            remedy=f"{meant}See qcp query --list.",
        )
    values: dict[str, str] = {}
    for pair in given:
        key, sign, value = pair.partition("=")
        if not sign or key in values:
            raise UsageError(
                "QCP-QRY-SET",
                f"{pair!r} is not a parameter with a value, or its name stands twice.",
                remedy="Write --set name=value, once for each name.",
            )
        values[key] = value
    return queries[name].bind(values, settings.base_iri)
