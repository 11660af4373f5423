"""What the query page's script is told; the script itself is in ``web/workbench``."""

import json
from collections.abc import Sequence
from typing import Final

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server.pages.labels import N_
from qcp_graph.server.pages.site import Site

_TEXTS: Final = {
    "query": N_("SPARQL query"),
    "edit": N_("Edit with completion and marked errors"),
    "no_editor": N_("The editor could not be loaded; the text field works without it."),
    "here": N_("rows on this page"),
    "answer": N_("Answer"),
    "running": N_("The query is running …"),
    "stop": N_("Stop"),
    "stopped": N_("The query was stopped."),
    "unreachable": N_("The endpoint cannot be reached."),
    "views": N_("Views of the answer"),
    "table": N_("Table"),
    "chart": N_("Chart"),
    "picture": N_("Picture"),
    "raw": N_("As it was sent"),
    "no_chart": N_("A chart needs a column of numbers beside another column."),
    "no_picture": N_("A picture needs statements, or two columns of addresses."),
    "none": N_("Nothing in the graph fits this query."),
    "yes": N_("Yes"),
    "no": N_("No"),
    "cut": N_("The first %s rows are shown; the download has all of them."),
    "said": N_("%n rows in %t ms"),
    "share": N_("Copy the address of this query"),
    "copied": N_("Copied"),
    "download": N_("Download as"),
    "long": N_("The query is too long for an address: save its text to share it."),
    "class": N_("class, %s times"),
    "property": N_("property, %s times"),
}
"""Words of the script; ``%s``, ``%n`` and ``%t`` are numbers that it fills in."""

Formats = Sequence[tuple[str, str]]


def told(here: Site, results: Formats, graphs: Formats) -> str:
    """Return as JSON: addresses, prefixes, words, formats (code, name) of rows and statements."""
    found = {
        "root": here.root,
        "base": here.base,
        "prefixes": PREFIXES,
        "results": results,
        "graphs": graphs,
        "texts": {key: here.language.gettext(text).unescape() for key, text in _TEXTS.items()},
    }
    return json.dumps(found, ensure_ascii=False)
