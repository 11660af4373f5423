"""SPARQL texts that a mapping brings along: what they may do is decided before they run."""

import re
from typing import Final

from qcp_graph.errors import UsageError

# IRIs, texts and comments say nothing about what a query does.
_SILENT: Final = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*>|\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|"""
    r"""'(?:[^'\\\n]|\\.)*'|\#[^\n]*""",
    re.DOTALL,
)
_WORD: Final = re.compile(r"(?<![?$:\w-])(SELECT|CONSTRUCT|ASK|DESCRIBE|SERVICE|FROM)\b", re.I)


def words(query: str) -> tuple[str, ...]:
    """Return the keywords of a query that decide what it does, in order and capitals.

    >>> words('SELECT ?service { ?s ?p "SERVICE" } # ASK')
    ('SELECT',)
    """
    return tuple(word.upper() for word in _WORD.findall(_SILENT.sub(" ", query)))


def checked(query: str, form: str, where: str) -> str:
    """Return a query of the wanted form that reaches nothing but the data it is given.

    :raises UsageError: for another form, or SERVICE and FROM, which would call other servers.
    """
    found = words(query)
    if not found or found[0] != form:
        raise UsageError(
            "QCP-MAP-QUERY", f"The query must be a {form} query.", where=where,
            remedy=f"Write it as PREFIX … {form} … WHERE {{ … }}.",
        )  # fmt: skip
    for word in ("SERVICE", "FROM"):
        if word in found:
            raise UsageError(
                "QCP-MAP-QUERY", f"The query uses {word}; it may only ask the file itself.",
                where=where, remedy=f"Take {word} out; bring other data along as a file.",
            )  # fmt: skip
    return query
