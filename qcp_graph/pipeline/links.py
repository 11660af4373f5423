"""The links of a register as a table: for `qcp link`, reviews and reports."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from qcp_graph.linking import text_key
from qcp_graph.linking.assertions import Task
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.model.source import Source
from qcp_graph.pipeline import preview
from qcp_graph.pipeline.outcomes import outcome_texts
from qcp_graph.pipeline.progress import Progress
from qcp_graph.pipeline.report import RegisterReport
from qcp_graph.settings import Settings
from qcp_graph.terms import Quad, curie, iri_of, parts

_TITLE: Final = curie("dcterms:title")
_FACTS: Final = {
    curie(name): field
    for name, field in (
        ("sssom:subject_id", "subject"), ("sssom:object_id", "object"),
        ("sssom:predicate_id", "predicate"), ("sssom:mapping_justification", "justification"),
        ("sssom:confidence", "confidence"), ("sssom:mapping_tool_version", "tool_version"),
        ("qcp:method", "method"), ("qcp:matchedLabel", "label"), ("qcp:escoVersion", "version"),
        ("sssom:object_source_version", "version"), ("qcp:linkStatus", "status"),
        ("qcp:score", "score"), ("qcp:spanStart", "start"), ("qcp:spanEnd", "end"),
        ("qcp:textKey", "key"), ("sssom:reviewer_label", "reviewer"),
        ("qcp:reviewDate", "date"), ("sssom:comment", "comment"),
    )
}  # fmt: skip
_LOCAL: Final = frozenset({"predicate", "justification", "status"})


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link as it stands in the graph, with the text it was made for.

    ``context`` is the title of the qualification, ``facts`` the properties of the assertion by
    short names; the values of ``predicate``, ``justification`` and ``status`` are local names.
    """

    record: str
    context: str
    text: str
    language: str
    facts: dict[str, str]

    def get(self, name: str) -> str:
        """Return a fact, or nothing."""
        return self.facts.get(name, "")


def of_row(row: LedgerRow) -> Iterator[LinkRow]:
    """Yield the links of a record, sorted by their IRIs."""
    quads = list(row.quads)
    links: dict[str, dict[str, str]] = {}
    language: dict[str, str] = {}
    for s, p, o, role in quads:
        if role == "links" and (name := _FACTS.get(p)):
            links.setdefault(s, {})[name] = _value(name, o)
            if name == "label":
                language[s] = parts(o)[1]
    if not links:
        return
    texts = _texts(quads)
    titles = _titles(quads, row.iri)
    title = titles[0][0] if titles else ""
    for node in sorted(links):
        found = links[node]
        of_whole = found.get("subject") == row.iri  # such as the field of a qualification
        task: Task = "field" if of_whole else "skill"
        said = titles if of_whole else texts.get(found.get("subject", ""), [])
        text, tag = next(
            ((t, tag) for t, tag in said if text_key(t, tag, task) == found.get("key")),
            said[0] if said else (title, language.get(node, "")),
        )
        yield LinkRow(row.key, title, text, tag, found)


def _value(name: str, term: str) -> str:
    if term.startswith("<"):
        value = iri_of(term)
        return value.rpartition("#")[2].rpartition("/")[2] if name in _LOCAL else value
    return parts(term)[0]


def _texts(quads: Sequence[Quad]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for subject, text, language in sorted(outcome_texts(quads)):
        found.setdefault(subject, []).append((text, language))
    return found


def _titles(quads: Sequence[Quad], iri: str) -> list[tuple[str, str]]:
    """Return the titles of a record and their languages."""
    subject = f"<{iri}>"
    return sorted(parts(o)[:2] for s, p, o, _ in quads if s == subject and p == _TITLE)


@dataclass(frozen=True, slots=True)
class Order:
    """A register to link: ``given`` replaces its file; ``tier`` and ``esco`` its own settings."""

    source_id: str
    given: str | None = None
    tier: str = ""
    esco: str = ""

    def change(self, source: Source) -> Source:
        """Return the register's description with what the order wants otherwise."""
        wanted: dict[str, Any] = {"tier": self.tier, "esco": self.esco}
        rules = replace(source.linking, **{name: one for name, one in wanted.items() if one})
        return replace(source, linking=rules)


def of_register(
    settings: Settings, order: Order, progress: Progress, take: Callable[[LinkRow], object],
    counts: dict[str, int],
) -> RegisterReport:  # fmt: skip
    """Map and link a register without publishing; every link goes to ``take``.

    ``counts`` gets the numbers of texts (``outcomes``) and of those with a link (``linked``).
    """

    def row(found: LedgerRow) -> None:
        if not found.public:
            return
        texts = {iri for iri, _, _ in outcome_texts(list(found.quads))}
        linked = set()
        for link in of_row(found):
            linked.add(link.get("subject"))
            take(link)
        counts["outcomes"] = counts.get("outcomes", 0) + len(texts)
        counts["linked"] = counts.get("linked", 0) + len(linked & texts)

    return preview.check(
        settings, order.source_id, order.given, progress=progress, take=row, profiles=("links",),
        sample=True, change=order.change,
    )  # fmt: skip
