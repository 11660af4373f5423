"""Functions that RML mappings of others call: GREL (OpenRefine) and the IDLab functions, by the
IRIs of their FnO descriptions. Each takes texts and returns a value, several, or None for null."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import quote

GREL: Final = "http://users.ugent.be/~bjdmeest/function/grel.ttl#"
IDLAB: Final = "https://w3id.org/imec/idlab/function#"
Value: TypeAlias = str | int | float | bool
Result: TypeAlias = Value | Sequence[Value] | None

# Each parameter by the names that descriptions of the functions give it: its own and its predicate.
VALUE: Final = (
    "valueParam",
    "valueParameter",
    "str",
    "_str",
    "value",
    "p_string_value",
    "inputString",
)
SECOND: Final = ("valueParam2", "valueParameter2", "otherStr", "delimiterStr")
FIND: Final = ("param_find", "p_string_find", "string_sub", "p_string_sub", "param_string_sub")
REPLACE: Final = ("param_replace", "p_string_replace", "param_replacement")
MODE: Final = ("modeParam", "modeParameter")
FROM: Final = ("p_int_i_from", "param_int_i_from")
TO: Final = ("p_int_i_opt_to", "param_int_i_opt_to", "p_int_i_to")
SEPARATOR: Final = ("p_string_sep", "param_string_sep", "string_sep")
ARRAY: Final = ("p_array_a", "array_a", "param_a", "param_array_a")
TEST: Final = ("bool_b", "p_bool_b", "param_bool_b", "boolParam", "strBoolean")
THEN: Final = ("any_true", "p_any_true", "param_any_true")
ELSE: Final = ("any_false", "p_any_false", "param_any_false")
_OUTPUTS: Final = frozenset((
    "stringOut", "stringOutput", "output_string", "_stringOut", "boolOut", "output_bool",
    "_boolOut", "_boolOutput", "output_number", "numberOut", "_numberOut", "output_array",
    "listOut", "_listOut", "_stringListOut",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A function by IRI; ``parameters`` maps a parameter's IRI to its position.

    ``null`` calls it although an input has no value; ``lists`` gives it all values at once.
    """

    call: Callable[..., Result]
    parameters: Mapping[str, int]
    count: int
    required: int
    null: bool = False
    lists: bool = False

    def returns(self, output: str) -> bool:
        """Tell whether an IRI names the function's output; none means its only one."""
        return not output or output.rsplit("#", 1)[-1] in _OUTPUTS


_KNOWN: Final[dict[str, Known]] = {}


def known() -> Mapping[str, Known]:
    """Return all functions by IRI."""
    return _KNOWN


def _function(
    names: str, *parameters: tuple[str, ...], optional: int = 0, null: bool = False,
    lists: bool = False,
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:  # fmt: skip
    """Register a function under names such as ``grel:toUpperCase``."""
    spaces = {"grel": GREL, "idlab": IDLAB}

    def register(call: Callable[..., Result]) -> Callable[..., Result]:
        iris = {
            space + word: position
            for position, words in enumerate(parameters)
            for word in words
            for space in (GREL, IDLAB)
        }
        entry = Known(call, iris, len(parameters), len(parameters) - optional, null, lists)
        for name in names.split():
            prefix, _, word = name.partition(":")
            _KNOWN[spaces[prefix] + word] = entry
        return call

    return register


@_function("grel:toUpperCase grel:string_toUppercase", VALUE)
def upper(text: str) -> Result:
    """Return the text in capitals."""
    return text.upper()


@_function("grel:toLowerCase grel:string_toLowercase", VALUE)
def lower(text: str) -> Result:
    """Return the text in small letters."""
    return text.lower()


@_function("grel:toTitleCase grel:string_toTitlecase", VALUE)
def title(text: str) -> Result:
    """Return the text with each word's first letter as capital.

    >>> title("sea level")
    'Sea Level'
    """
    return re.sub(r"\S+", lambda match: match[0][0].upper() + match[0][1:].lower(), text)


@_function("grel:string_trim idlab:trim", VALUE)
def trim(text: str) -> Result:
    """Return the text without white space around it."""
    return text.strip()


@_function("grel:string_length", VALUE)
def length(text: str) -> Result:
    """Return the number of characters."""
    return len(text)


@_function("grel:string_replace", VALUE, FIND, REPLACE)
def replace(text: str, find: str, by: str) -> Result:
    """Return the text with each occurrence of a text replaced."""
    return text.replace(find, by) if find else text


@_function("grel:string_substring", VALUE, FROM, TO, optional=1)
def substring(text: str, start: str, end: str | None = None) -> Result:
    """Return the characters from a place, counted from 0, to before another.

    >>> substring("Venus", "1", "3"), substring("Venus", "5"), substring("Venus", "9")
    ('en', '', None)
    """
    first, last = _number(start), len(text) if end is None else _number(end)
    first, last = (n + len(text) if n < 0 else n for n in (first, last))
    return text[first:last] if 0 <= first <= len(text) else None


@_function("grel:escape", VALUE, MODE)
def escape(text: str, mode: str) -> Result:
    """Return the text escaped for html, xml, url or csv.

    >>> escape("A&B", "html"), escape("a b", "url")
    ('A&amp;B', 'a%20b')
    """
    if mode in {"html", "xml"}:
        return html.escape(text, quote=mode == "xml")
    if mode == "url":
        return quote(text, safe="")
    if mode == "csv":
        return '"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text
    raise ValueError(f"cannot be escaped as {mode!r}; known are html, xml, url, csv")


@_function("grel:string_contains idlab:stringContainsOtherString", VALUE, (*FIND, *SECOND))
def contains(text: str, other: str) -> Result:
    """Tell whether a text holds another."""
    return other in text


@_function("grel:startsWith grel:string_startsWith", VALUE, (*FIND, *SECOND))
def starts_with(text: str, other: str) -> Result:
    """Tell whether a text begins with another."""
    return text.startswith(other)


@_function("grel:endsWith grel:string_endsWith", VALUE, (*FIND, *SECOND))
def ends_with(text: str, other: str) -> Result:
    """Tell whether a text ends with another."""
    return text.endswith(other)


@_function("grel:string_indexOf", VALUE, FIND)
def index_of(text: str, other: str) -> Result:
    """Return the place of a text in another, from 0; -1 when it is not there."""
    return text.find(other)


@_function("grel:string_split", VALUE, SEPARATOR)
def split(text: str, separator: str) -> Result:
    """Return the parts between a separator."""
    return text.split(separator) if separator else [text]


@_function("grel:array_join", ARRAY, SEPARATOR, lists=True)
def join(texts: Sequence[str], separators: Sequence[str]) -> Result:
    """Return all values in one text, a separator between them."""
    return (separators[0] if separators else "").join(texts)


@_function("grel:controls_if", TEST, THEN, ELSE, optional=1, null=True)
def choose(test: str | None, then: str | None, otherwise: str | None = None) -> Result:
    """Return one value where a test holds, another where not."""
    return then if test == "true" else otherwise


@_function("grel:boolean_not", TEST)
def negate(test: str) -> Result:
    """Return the contrary of a test."""
    return test != "true"


@_function("idlab:equal", VALUE, SECOND, null=True)
def equal(one: str | None, other: str | None) -> Result:
    """Tell whether two values are the same."""
    return one == other


@_function("idlab:notEqual", VALUE, SECOND, null=True)
def not_equal(one: str | None, other: str | None) -> Result:
    """Tell whether two values differ."""
    return one != other


@_function("idlab:isNull", VALUE, null=True)
def is_null(value: str | None) -> Result:
    """Tell whether there is no value."""
    return value is None


@_function("idlab:trueCondition", TEST, VALUE, null=True)
def where_true(test: str | None, value: str | None) -> Result:
    """Return a value where a test holds, else nothing."""
    return value if test == "true" else None


@_function("idlab:concat", VALUE, SECOND)
def concat(one: str, other: str) -> Result:
    """Return two texts as one."""
    return one + other


@_function("idlab:toUpperCaseURL", VALUE)
def upper_url(text: str) -> Result:
    """Return a web address in capitals, with ``http://`` where it has no scheme.

    >>> upper_url("Venus"), upper_url("http://example.com/a")
    ('http://VENUS', 'HTTP://EXAMPLE.COM/A')
    """
    return text.upper() if re.match(r"(?i)https?://", text) else f"http://{text.upper()}"


@_function("idlab:alwaysReturnsABC")
def abc() -> Result:
    """Return ABC."""
    return "ABC"


def _number(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,9}", text.strip(), re.ASCII):
        raise ValueError(f"is used with {text[:40]!r}, which is no whole number")
    return int(text)
