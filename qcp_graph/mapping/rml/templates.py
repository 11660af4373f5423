r"""Templates of R2RML and RML: ``http://example.com/{ID}/{Name}``, with ``\`` before a brace meant
as such (R2RML §7.3)."""

from qcp_graph.mapping.rml.model import Reference, Template


def template(text: str) -> Template:
    r"""Parse a template.

    >>> template(r"a/{B}/\{c\}").parts
    ('a/', Reference(text='B'), '/{c}')

    :raises ValueError: saying what is wrong with it.
    """
    parts: list[str | Reference] = []
    piece = ""
    inside = False
    escaped = False
    for character in text:
        if escaped:
            if character not in "{}\\":
                raise ValueError(rf"a \ must stand before {{, }} or \, not before {character!r}")
            piece += character
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "{":
            if inside:
                raise ValueError(r"a { inside braces must be written \{")
            if piece:
                parts.append(piece)
            piece, inside = "", True
        elif character == "}":
            if not inside:
                raise ValueError(r"a } without { before it must be written \}")
            if not piece.strip():
                raise ValueError("a reference in braces is empty")
            parts.append(Reference(piece))
            piece, inside = "", False
        else:
            piece += character
    if inside or escaped:
        raise ValueError("a { is not closed with }" if inside else r"it ends with a single \ ")
    return Template((*parts, piece) if piece else tuple(parts))


def escaped(text: str) -> str:
    r"""Write a text so that a template takes it as it is.

    >>> print(escaped("{a}"))
    \{a\}
    """
    return "".join("\\" + c if c in "{}\\" else c for c in text)
