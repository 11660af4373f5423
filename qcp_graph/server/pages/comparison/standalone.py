"""A comparison as one HTML file that can be kept, mailed and printed; it refers to nothing."""

from fastapi.templating import Jinja2Templates

from qcp_graph import __version__
from qcp_graph.server.pages.comparison.shown import View
from qcp_graph.server.pages.i18n import Language


def page(
    templates: Jinja2Templates, language: Language, view: View, address: str, release: str
) -> str:
    """Return the document; ``address`` is the permalink."""
    found: str = templates.env.get_template("compare_document.html").render(
        language=language,
        view=view,
        address=address,
        release=release,
        version=__version__,
        _=language.gettext,
        ngettext=language.ngettext,
    )
    return found
