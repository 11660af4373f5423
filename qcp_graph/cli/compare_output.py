"""What ``qcp compare`` prints: the comparison of the pages, without a server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from qcp_graph import compare
from qcp_graph.errors import UsageError
from qcp_graph.pipeline import comparing
from qcp_graph.pipeline.releases import folder, named
from qcp_graph.search import Index
from qcp_graph.server.pages import i18n, site
from qcp_graph.server.pages.comparison import export, finding, plain, stacking, standalone, view
from qcp_graph.server.pages.names import Names
from qcp_graph.settings import Settings


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be compared, and how; ``on`` None means the day of the release."""

    qualifications: tuple[str, ...]
    purpose: str
    on: date | None
    language: str
    texts: bool
    stack: bool
    release: str | None


def run(settings: Settings, order: Order, form: str) -> str:
    """Return the comparison in a form: text, json, csv, html or jsonld.

    :raises UsageError: for a qualification or language that is not known.
    """
    languages = i18n.load(settings.workspace).by_tag
    if order.language not in languages:
        raise UsageError(
            "QCP-CMP-LANGUAGE",
            f"There is no translation into {order.language[:20]!r}.",
            remedy=f"Possible: {', '.join(sorted(languages))}.",
        )
    if order.stack and form not in {"text", "json"}:
        raise UsageError(
            "QCP-CMP-FORM",
            f"A stack is not written as {form}.",
            remedy="Leave --format out, or take: --format json",
        )
    language = languages[order.language]
    releases = folder(settings)
    release = named(releases, order.release)
    store = releases.open_store(release.id)
    index = Index(releases.folder / release.id / "search.sqlite")
    base = settings.base_iri
    try:
        iris = [finding.find(store, index, base, text) for text in order.qualifications]
    finally:
        index.close()
    on = order.on or date.fromisoformat(release.created[:10])
    sides = [comparing.gather(store, iri, base) for iri in iris]
    names = Names(store, base, base.rstrip("/"), language.tag, language.locale)
    if order.stack:
        checked = compare.check(sides[0], sides[1:], on)
        if form == "json":
            return stacking.as_json(checked)
        return stacking.as_text(checked, names, language)
    found = compare.compare(sides, purpose=order.purpose, on=on, with_texts=order.texts)
    shown = view.view(found, names, language)
    address = f"{base}compare?" + finding.query(iris, order.purpose, on.isoformat(), release.id)
    writers: dict[str, Callable[[], str]] = {
        "text": lambda: plain.as_text(shown, language),
        "json": lambda: export.as_json(found, shown, release.id),
        "csv": lambda: export.as_csv(shown),
        "jsonld": lambda: export.as_jsonld(found, shown, f"{base}id/release/{release.id}", address),
        "html": lambda: standalone.page(
            site.templates(settings), language, shown, address, release.id
        ),
    }
    return writers[form]()
