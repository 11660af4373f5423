"""Somebody's SPARQL in a shape: read as tokens, refused where SHACL forbids it, made to pre-bind.

A value is never written into a query: values travel as bindings. What is changed in the text are
names of variables only, so that the bindings reach every place where SHACL wants them.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

MAX_LENGTH: Final = 100_000
_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|\#[^\n\r]*)
      | (?P<iri><[^\x00-\x20<>"{}|^`\\]*>)
      | (?P<text>\"{3}(?:\"{0,2}(?:[^\"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
          |\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')
      | (?P<variable>[?$][\w·‿⁀]+)
      | (?P<word>[\w.·-]*:(?:[\w:·-]|\.(?=[\w:·.-]*[\w:·-])|%[0-9A-Fa-f]{2}
          |\\[_~.!$&'()*+,;=/?\#@%-])*|@[A-Za-z]+(?:-[A-Za-z0-9]+)*|[A-Za-z]\w*)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<sign>\^\^|&&|\|\||!=|<=|>=|.)""",
    re.VERBOSE | re.DOTALL,
)
# SHACL §5.2.1: these would escape the pre-binding; SERVICE would also reach other machines.
_FORBIDDEN: Final = frozenset(("MINUS", "SERVICE", "VALUES"))
_DATASET: Final = frozenset(("FROM", "BASE", "CONSTRUCT", "DESCRIBE"))
_NEVER: Final = "<urn:qcp:never>"
_OPTIONAL: Final = frozenset(("currentShape", "shapesGraph"))


class Token(NamedTuple):
    """A token: its kind, its text, and whether white space stands before it."""

    kind: str
    text: str
    apart: bool

    @property
    def upper(self) -> str:
        """The text of a keyword in capitals, else ""."""
        return self.text.upper() if self.kind == "word" else ""

    def is_sign(self, signs: str) -> bool:
        """Whether it is one of some signs of one character."""
        return self.kind == "sign" and self.text in signs

    @property
    def written(self) -> str:
        """The token as it stands in the query; a remark is but a space."""
        return f" {self.text}" if self.apart else self.text


_END: Final = Token("", "", apart=False)


@dataclass(frozen=True)
class PreparedQuery:
    """A query whose pre-bound variables are all in its projection, and the names of these."""

    text: str
    variables: frozenset[str]
    ask: bool


def tokens(query: str) -> list[Token]:
    """Split a query into tokens, without white space and remarks.

    >>> [token.text for token in tokens("SELECT $this { $this ex:p 'a}', 1.5 . } # no")]
    ['SELECT', '$this', '{', '$this', 'ex:p', "'a}'", ',', '1.5', '.', '}']
    """
    found: list[Token] = []
    apart = False
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or ""
        if kind == "space":
            apart = True
        else:
            found.append(Token(kind, match.group(), apart))
            apart = False
    return found


def prepare(
    query: str, prefixes: str, *, prebound: Collection[str], path: str, ask: bool
) -> PreparedQuery:
    """Return a query made ready for bindings of ``prebound``, names without ``?`` or ``$``.

    ``path`` replaces ``$PATH`` (SHACL §5.2.1, the one place where the standard substitutes text);
    ``prefixes`` is put before.

    :raises ValueError: with what SHACL does not allow of it.
    """
    if len(query) > MAX_LENGTH:
        raise ValueError(f"the query is longer than {MAX_LENGTH} characters")
    found = tokens(query)
    if any(token.text == "$PATH" for token in found) and not path:
        raise ValueError("$PATH is used outside of a property shape")
    found = [t._replace(kind="path", text=path) if t.text == "$PATH" else t for t in found]
    _refuse(found, prebound)
    used = {token.text[1:] for token in found if token.kind == "variable"}
    bound = [name for name in sorted(prebound) if name in used]
    if next((t.upper for t in found if t.kind == "word"), "") != ("ASK" if ask else "SELECT"):
        raise ValueError(f"it must be {'an ASK' if ask else 'a SELECT'} query")
    if ask:
        start = next(i for i, token in enumerate(found) if token.upper == "ASK")
        names = " ".join(f"?{name}" for name in bound) or "*"
        text = f"SELECT {names}{_rewritten(found[start + 1 :], bound)} LIMIT 1"
    else:
        _missing([t for t in found if t.upper != "SELECT"], bound, nested=False)
        text = _rewritten(found, bound)
    return PreparedQuery(f"{prefixes} {text}", frozenset(bound), ask)


def _refuse(found: Sequence[Token], prebound: Collection[str]) -> None:
    for number, token in enumerate(found):
        if token.upper in _FORBIDDEN:
            raise ValueError(f"{token.upper} is not allowed in shapes (SHACL §5.2.1)")
        if token.upper in _DATASET:
            raise ValueError(f"{token.upper} is not allowed in shapes")
        following = found[number + 1] if number + 1 < len(found) else _END
        assigned = token.upper == "AS" and following.kind == "variable"
        if assigned and following.text[1:] in prebound:
            raise ValueError(f"{following.text} is given, no query may assign it (SHACL §5.2.1)")


def _rewritten(found: Sequence[Token], bound: Sequence[str]) -> str:
    """Let the given variables be seen in every group, every projection and every grouping."""
    if not bound:
        return "".join(token.written for token in found)
    # The second row never joins with what is bound; without it the optimiser takes the variables
    # for unbound ones, because it does not look at bindings.
    rows = (" ".join([value] * len(bound)) for value in ("UNDEF", _NEVER))
    seen = f" VALUES ({_names(bound)}) {{ {' '.join(f'({row})' for row in rows)} }} "
    out: list[str] = []
    missing: Sequence[str] = ()
    depth = 0
    for number, token in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else _END
        if token.upper == "SELECT":
            missing = _missing(found[number + 1 :], bound, nested=depth > 0)
        if token.upper == "WHERE" or token.is_sign("{"):
            out.append(f" {_names(missing)} " if missing else "")
            missing = ()
        out.append(token.written)
        if token.upper == "BY" and depth == 0 and found[number - 1].upper == "GROUP":
            grouped = _grouping(found[number + 1 :])
            out.append(f" {_names([name for name in bound if name not in grouped])} ")
        depth += token.is_sign("{") - token.is_sign("}")
        if token.is_sign("{") and following.upper != "SELECT":
            out.append(seen)
    return "".join(out)


def _names(names: Sequence[str]) -> str:
    return " ".join(f"?{name}" for name in names)


def _missing(found: Sequence[Token], bound: Sequence[str], *, nested: bool) -> Sequence[str]:
    """Return the given variables that a projection lacks.

    :raises ValueError: where SHACL wants them in it.
    """
    projected: set[str] = set()
    level = 0
    for token in found:
        if token.is_sign("{") or token.upper == "WHERE":
            break
        if token.is_sign("*") and level == 0:
            if not nested:
                return ()
            raise ValueError("a nested SELECT must name the given variables, not * (SHACL §5.2.1)")
        level += token.is_sign("(") - token.is_sign(")")
        if token.kind == "variable" and level == 0:
            projected.add(token.text[1:])
    required = set(bound) - _OPTIONAL if nested else {"this"}
    if required - projected:
        names = ", ".join(f"${name}" for name in sorted(required - projected))
        raise ValueError(f"a SELECT must project {names} (SHACL §5.2.1)")
    return [name for name in bound if name not in projected]


def _grouping(found: Sequence[Token]) -> set[str]:
    """Return the variables after a GROUP BY."""
    names = set()
    for token in found:
        if token.upper in ("HAVING", "ORDER", "LIMIT", "OFFSET"):
            break
        if token.kind == "variable":
            names.add(token.text[1:])
    return names
