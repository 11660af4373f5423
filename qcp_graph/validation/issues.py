"""Validation results as issues: in words a steward understands, with what to do."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.namespaces import expand, shorten
from qcp_graph.terms import parts
from qcp_graph.validation.plan import ShapePlan
from qcp_graph.validation.result import Result, text

_SHOWN: Final = 500
_OURS: Final = "https://w3id.org/qcp-graph/shapes/"
_AIMS: Final = 5  # targets of a shape that are named
_IMPORTS: Final = 10  # imported files that are named
_FAMILIES: Final = {
    "QCP-VAL-MISSING": ("MinCount", "HasValue", "QualifiedMinCount"),
    "QCP-VAL-TOO-MANY": ("MaxCount", "UniqueLang", "QualifiedMaxCount"),
    "QCP-VAL-TYPE": ("Class", "Datatype", "NodeKind"),
    "QCP-VAL-RANGE": ("MinExclusive", "MinInclusive", "MaxExclusive", "MaxInclusive"),
    "QCP-VAL-TEXT": ("MinLength", "MaxLength", "Pattern", "LanguageIn"),
    "QCP-VAL-LIST": ("In",),
    "QCP-VAL-PAIR": ("Equals", "Disjoint", "LessThan", "LessThanOrEquals"),
    "QCP-VAL-SHAPE": ("Node", "Not", "And", "Or", "Xone"),
    "QCP-VAL-CLOSED": ("Closed",),
}
CODES: Final = {
    f"<{expand('sh:')}{name}ConstraintComponent>": code
    for code, names in _FAMILIES.items()
    for name in names
}
OTHER: Final = "QCP-VAL-RULE"
_REMEDY: Final = {
    "en": "Correct the value in the source, or the mapping rule that makes it.",
    "fr": "Corrigez la valeur dans la source, ou la règle de correspondance qui la produit.",
}


_SILENT: Final = {
    "en": "The shape {} found nothing to judge ({}): it was not tested.",
    "fr": "La forme {} n'a rien trouvé à juger ({}) : elle n'a pas été mise à l'épreuve.",
}
_SILENT_REMEDY: Final = {
    "en": "No fault where the data have none. Otherwise check namespace, target and scope.",
    "fr": "Pas d'erreur si les données n'en ont pas. Sinon, vérifiez l'espace de noms, la cible "
    "et le champ d'application.",
}


def untested(plan: ShapePlan, language: str = "en") -> Iterator[Issue]:
    """Yield an issue for each shape that has had no focus node: its silence is no conformity.

    ``rule`` is the shape, ``field`` what it aims at.
    """
    for term in plan.silent:
        aims = [compact(value) for value in plan.aims.get(term, ())]
        more = f", +{len(aims) - _AIMS}" if len(aims) > _AIMS else ""
        told = ", ".join(aims[:_AIMS]) + more
        yield Issue(
            code="QCP-VAL-SILENT",
            severity="info",
            message=_SILENT.get(language, _SILENT["en"]).format(brief(term), told),
            field=told,
            rule=compact(term),
            remedy=_SILENT_REMEDY.get(language, _SILENT_REMEDY["en"]),
        )


_UNREAD: Final = {
    "en": ("The shapes import {}, which was not read.", "Name its file with --shapes, if it holds "
           "shapes; nothing is fetched from the network."),
    "fr": ("Les formes importent {}, qui n'a pas été lu.", "Nommez son fichier par --shapes, s'il "
           "contient des formes ; rien n'est cherché sur le réseau."),
}  # fmt: skip


def unread(plan: ShapePlan, language: str = "en") -> Iterator[Issue]:
    """Yield an issue where shapes files import others (``owl:imports``), which is not followed."""
    if plan.imports:
        message, remedy = _UNREAD.get(language, _UNREAD["en"])
        names = [compact(term) for term in plan.imports[:_IMPORTS]]
        more = f", +{len(plan.imports) - _IMPORTS}" if len(plan.imports) > _IMPORTS else ""
        told = message.format(", ".join(names) + more)
        yield Issue("QCP-VAL-IMPORT", "info", told, remedy=remedy)


def issue_of(result: Result, *, language: str = "en") -> Issue:
    """Return a result as an issue, in a language where its shape has it, else in English.

    ``field`` is the property that is broken or lacking, ``rule`` the shape, ``value`` the offending
    value or, where something is missing, the node that lacks it. Who knows the record adds it and
    its locator.
    """
    rule = result.rule
    value = result.value or result.focus
    return Issue(
        code=rule.code or CODES.get(rule.component, OTHER),
        severity=result.severity,
        message=text(rule.messages, language),
        field=compact(rule.lacks or result.path),
        rule=compact(rule.shape),
        value=plain(value)[:_SHOWN],
        remedy=text(rule.remedies, language) or _REMEDY.get(language, _REMEDY["en"]),
    )


def brief(term: str) -> str:
    """Return a shape for people: one of our profiles by file and name, another compactly.

    >>> brief("<https://w3id.org/qcp-graph/shapes/links#Link>"), brief("<http://x/S>")
    ('links#Link', 'http://x/S')
    """
    return compact(term).removeprefix(_OURS)


@lru_cache(maxsize=4096)
def compact(path: str) -> str:
    """Return a path or term with known namespaces as prefixes.

    >>> compact("<http://purl.org/dc/terms/title>"), compact("^<http://xmlns.com/foaf/0.1/x>")
    ('dcterms:title', '^foaf:x')
    """
    pieces = []
    for piece in path.split("<"):
        iri, closed, rest = piece.partition(">")
        pieces.append((shorten(iri) if closed else iri) + rest)
    return "".join(pieces)


def plain(term: str) -> str:
    """Return a term for people: the IRI, or the text of a literal with its language.

    >>> plain('"Boulanger"@fr'), plain("<http://a/b>")
    ('Boulanger (fr)', 'http://a/b')
    """
    if not term.startswith('"'):
        return term.strip("<>")
    text_, tag, _ = parts(term)
    return f"{text_} ({tag})" if tag else text_
