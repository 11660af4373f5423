"""Links of a rendered page, led from file to file; what cannot work offline becomes text."""

import html
import posixpath
import re
from collections.abc import Callable
from typing import Final

# The pages come from our templates, which escape all data: a tag ends at the first ">" outside
# of quotes, attributes stand in double quotes.
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^\"'<>]|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE: Final = re.compile(r"\s(href|src|action|xlink:href)=\"([^\"]*)\"")
_GONE: Final = re.compile(r"<(form)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_LEADING: Final = frozenset({"a", "link", "script", "img", "image", "use", "source"})
_OUTSIDE: Final = re.compile(r"(?:https?:|mailto:)", re.IGNORECASE)

Resolve = Callable[[str], str]
"""From an address of the site to a file of the bundle with its fragment, an address elsewhere, or
nothing."""


def rewrite(page: str, name: str, resolve: Resolve) -> str:
    """Return a page whose links lead to files; ``name`` is the page's own path in the bundle.

    A link that leads nowhere leaves its text; forms, which need a server, go.

    >>> def resolve(address):
    ...     return {"/id/a": "a/x.html#part"}.get(address, "")
    >>> rewrite('<a href="/id/a">A</a> <a class="b" href="/q?x=1">B</a>', "c/y.html", resolve)
    '<a href="../a/x.html#part">A</a> B'
    """
    folder = posixpath.dirname(name)
    dropped = 0

    def tag(match: re.Match[str]) -> str:
        nonlocal dropped
        closing, element, attributes = match[1], match[2].lower(), match[3]
        if element not in _LEADING:
            return match[0]
        if closing:
            if element == "a" and dropped:
                dropped -= 1
                return ""
            return match[0]
        found = _ATTRIBUTE.search(attributes)
        if found is None:
            return match[0]
        address = _address(html.unescape(found[2]), folder, resolve)
        if not address:
            dropped += element == "a"
            return ""
        written = f' {found[1]}="{html.escape(address)}"'
        return f"<{match[2]}{attributes[: found.start()]}{written}{attributes[found.end() :]}>"

    return _TAG.sub(tag, _GONE.sub("", page))


def _address(address: str, folder: str, resolve: Resolve) -> str:
    if address.startswith("#"):
        return address
    target = resolve(address)
    if not target or _OUTSIDE.match(target):
        return target
    path, hash_, fragment = target.partition("#")
    return posixpath.relpath(path, folder or ".") + hash_ + fragment
