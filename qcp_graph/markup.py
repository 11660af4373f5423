"""XML that is written, not read: text that no value can break out of."""

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

# XML 1.0 has no way to write these, not even as character references.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def safe(value: str) -> str:
    """Return a text without the characters that XML 1.0 cannot carry.

    >>> safe("a\\x00b")
    'a\ufffdb'
    """
    return _NOT_XML.sub("\ufffd", value)


def element(name: str, text: str = "", **attributes: str) -> str:
    """Return an element with a text; attributes without a value are left out.

    >>> element("dc:title", "Bread & rolls", lang="en")
    '<dc:title xml:lang="en">Bread &amp; rolls</dc:title>'
    """
    found = "".join(
        f" {'xml:lang' if key == 'lang' else key}={quoteattr(safe(value))}"
        for key, value in attributes.items()
        if value
    )
    content = escape(safe(text))
    return f"<{name}{found}>{content}</{name}>" if content else f"<{name}{found}/>"
