"""Values that no register should hold and every register can: what the fuzzer puts in."""

from random import Random
from typing import Final

TEXTS: Final = (
    "",
    " ",
    "\t\n",
    "null",
    "N/A",
    "0",
    "-1",
    "1e400",
    "-0.0",
    "NaN",
    "9" * 400,
    "1,5",
    "1.234,56",
    "A" * 5000,
    "é" * 3000,
    "2024-02-30",
    "0000-00-00",
    "99999-12-31",
    "31/12/2024",
    "2024-13-01T25:61:61Z",
    "-0001-01-01",
    "xx-invalid-!!",
    "fr-",
    "i-klingon",
    "a" * 60,
    "http://[",
    "http://a b/c",
    "javascript:alert(1)",
    "data:text/html,<script>",
    'http://ex.org/<>"{}|\\^`',
    "urn:",
    "//x",
    "http://a@b:99999",
    "HTTP://EXAMPLE.ORG:80/é?q=ü#ö",
    "mailto:",
    "../../etc/passwd",
    "..",
    ".",
    "a/b/c",
    "%",
    "%00",
    "%zz",
    '"',
    "\\",
    "'; DROP TABLE x; --",
    "<p>unclosed <b>tags<li>a<li>b",
    "<script>alert(1)</script>",
    "<!--",
    "&amp;&nosuch;&#x110000;&#0;",
    "PÃ¢tissiÃ¨re",
    "\u202eevil",
    "\ufeffmark",
    "\u2028\u2029",
    "\x1b[31m",
    "\x7f",
    "\u0000",
    "\x01\x02\x03",
    "\ufffe\uffff",
    "\U0001f9d1\u200d\U0001f373",
    "\U0010ffff",
    "\ud800",
    "\udfff\ud800",
    "e\u0301",
    "ＦＵＬＬ",
    "١٢٣",
    "²",
    "$(id)",
    "$(^id)",
    "{title}",
    "=1+1",
    "• a\n• b\n- c",
    "a; b;; c;",
    ";" * 2000,
    "K-0003",
)


def text(chance: Random) -> str:
    """Return a hostile text, sometimes of several put together."""
    found = chance.choice(TEXTS)
    while chance.random() < 0.2 and len(found) < 20_000:
        found += chance.choice(TEXTS)
    return found


def value(chance: Random, depth: int = 0) -> object:
    """Return a hostile JSON value: the wrong type, a nested one, a number beyond all bounds."""
    kind = chance.randrange(10)
    if kind < 5 or depth > 3:
        return text(chance)
    if kind == 5:
        return chance.choice((None, True, False, 0, -1, 1.5, 10**30, 1e300, 5e-324, 2**63, -0.0))
    if kind == 6:
        return [value(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind == 7:
        names = ("fr", "en", "#text", "@id", "a/b", "a.b", "", "x" * 300, "^", "é\x00")
        return {chance.choice(names): value(chance, depth + 1) for _ in range(chance.randrange(4))}
    if kind == 8:
        nested: object = text(chance)
        for _ in range(chance.choice((3, 50, 120))):
            nested = [nested] if chance.random() < 0.5 else {"a": nested}
        return nested
    return [text(chance)] * chance.choice((0, 1, 500))


def damaged(content: bytes, chance: Random) -> tuple[bytes, int, int]:
    """Return bytes with one damage, and where it begins and ends in the original."""
    at = chance.randrange(len(content))
    end = min(len(content), at + chance.randint(1, 40))
    kind = chance.randrange(8)
    if kind == 0:
        return content[:at], at, len(content)
    if kind == 1:
        flipped = content[at] ^ (1 << chance.randrange(8))
        return content[:at] + bytes([flipped]) + content[at + 1 :], at, at + 1
    if kind == 2:
        return content[:at] + content[end:], at, end
    if kind == 3:
        noise = chance.randbytes(end - at)
        return content[:at] + noise + content[end:], at, end
    if kind == 4:
        return content[:at] + content[at:end] * 2 + content[end:], at, end
    if kind == 5:
        return content[:at] + _SPLINTERS[chance.randrange(len(_SPLINTERS))] + content[at:], at, at
    if kind == 6:
        other = chance.randrange(len(content))
        low, high = sorted((at, other))
        return content[:low] + content[high:], low, high
    return content[:at] + text(chance).encode("utf-8", "surrogatepass") + content[at:], at, at


_SPLINTERS: Final = (
    b'"',
    b"'",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xc3",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b";",
    b",",
    b"<",
    b">",
    b"</",
    b"&a;",
    b"&#0;",
    b"&#xD800;",
    b"]]>",
    b"<!--",
    b"<![CDATA[",
    b"<?x ?>",
    b'<!DOCTYPE x [<!ENTITY a "aaaa">]>',
    b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
    b"<a>" * 150,
    b"{",
    b"}",
    b"[",
    b"]",
    b"[" * 200,
    b'{"a":' * 200,
    b":",
    b"NaN",
    b"-",
    b"1e999999",
    b"9" * 5000,
    b"\\u",
    b"\\ud800",
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"\x1e",
    b"A" * 70_000,
)
