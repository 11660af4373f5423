"""Sound deliveries in each format, and the same with hostile values in single records."""

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook

from tests.fuzz import hostile

Record = dict[str, object]
COUNT: Final = 7


@dataclass(frozen=True)
class Delivery:
    """The bytes of a file; where each record lies in them (text formats), and which records were
    touched when it was made."""

    content: bytes
    spans: Sequence[tuple[int, int]] = ()
    touched: frozenset[int] = frozenset()
    whole: bool = False
    """Whether the damage may concern the file as a whole."""


@dataclass(frozen=True)
class Format:
    """How a format is read, mapped and written."""

    formulation: str
    iterator: str
    nested: str
    write: Callable[[Sequence[Record], Random | None], Delivery]
    options: Mapping[str, object] = field(default_factory=dict)
    damage: Callable[[bytes, Random], bytes] | None = None
    """Damage inside a container, where bytes of the file alone would only break the container."""


def key(number: int) -> str:
    """Return the identifier of a record."""
    return f"K-{number:04}"


def records(*, nested: bool) -> list[Record]:
    """Return sound records; each is published when nothing is damaged."""
    return [_nested(number) if nested else _flat(number) for number in range(COUNT)]


def _flat(number: int) -> Record:
    return {
        "id": key(number),
        "title_fr": f"Pâtissier niveau {number}",
        "title_en": ("baker", "cook", "smith")[number % 3],
        "date": f"2024-0{number + 1}-15",
        "hours": f"{number}.5",
        "credits": str(number * 10),
        "level": ("5", "6", "7")[number % 3],
        "status": ("Active", "Ended")[number % 2],
        "url": f"https://example.org/q/{number}",
        "lang": ("fr", "en")[number % 2],
        "note": f"<p>Note {number} « à lire »</p>\nsecond line",
        "items": f"plan {number}; do {number}; check {number}",
        "owner": f"ACME {number % 2}",
        "flag": ("true", "false")[number % 2],
    }


def _nested(number: int) -> Record:
    flat = _flat(number)
    items = str(flat.pop("items")).split("; ")
    return {
        **flat,
        "title": {"fr": flat.pop("title_fr"), "en": flat.pop("title_en")},
        "items": [{"code": str(n), "text": text} for n, text in enumerate(items)],
        "owner": {"name": flat["owner"], "site": flat["url"]},
        "hours": number + 0.5,
        "flag": number % 2 == 0,
    }


def spoil(found: list[Record], chance: Random, make: Callable[[Random], object]) -> frozenset[int]:
    """Put hostile values into some records; return their numbers."""
    touched = set()
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        number = chance.randrange(len(found))
        touched.add(number)
        target = found[number]
        for _ in range(chance.choice((1, 1, 2, 4))):
            name = chance.choice(list(target) or ["id"])
            kind = chance.randrange(8)
            if kind == 0:
                target.pop(name, None)
            elif kind == 1:
                target[hostile.text(chance)] = make(chance)
            else:
                target[name] = make(chance)
    return frozenset(touched)


def _texts(chance: Random) -> object:
    return hostile.text(chance)


def csv_file(found: Sequence[Record], chance: Random | None) -> Delivery:
    """Write a table; a hostile value can also break the row's form."""
    changed = [dict(record) for record in found]
    names = list(changed[0])
    touched = spoil(changed, chance, _texts) if chance else frozenset[int]()
    parts = [(";".join(names) + "\r\n").encode()]
    spans, loose = [], False
    for number, record in enumerate(changed):
        cells = [str(record.get(name, "")) for name in names if name in record or not chance]
        if number in touched and chance and chance.random() < 0.2:
            row = ";".join(cells) + "\r\n"  # a quotation mark in it may open a cell
            loose = True
        else:
            out = io.StringIO()
            csv.writer(out, delimiter=";").writerow(cells)
            row = out.getvalue()
        start = sum(map(len, parts))
        parts.append(row.encode("utf-8", "surrogatepass"))
        spans.append((start, start + len(parts[-1])))
    return Delivery(b"".join(parts), spans, touched, whole=loose)


_RAW: Final = (
    "NaN", "-Infinity", "1e999999", "9" * 5000, "-", "01", "tru", "[" * 300 + "]" * 300,
    '{"a":' * 150 + "1" + "}" * 150, '{"fr": "a", "fr": "b"}', '"\\ud800"', '"\\u00zz"',
    '"\x01"', "'x'", "0.1234567890123456789012345", "", "// comment\n1", '"\\ud83d\\ude00"',
)  # fmt: skip


def json_text(record: Record, chance: Random | None) -> str:
    """Return a record as JSON, sometimes with what is none in place of a value."""
    if chance is None or chance.random() < 0.6:
        return json.dumps(record, ensure_ascii=chance is not None and chance.random() < 0.5)
    name = chance.choice(list(record) or ["id"])
    text = json.dumps({**record, name: "@@"}, ensure_ascii=False)
    text = text.replace('"@@"', chance.choice(_RAW), 1)
    if chance.random() < 0.2:
        text = text[:-1] + ', "id": "K-0999"}'
    return text


def _json(
    head: bytes, between: bytes, tail: bytes
) -> Callable[[Sequence[Record], Random | None], Delivery]:

    def write(found: Sequence[Record], chance: Random | None) -> Delivery:
        changed = [dict(record) for record in found]
        touched = spoil(changed, chance, hostile.value) if chance else frozenset[int]()
        content, spans = head, []
        for number, record in enumerate(changed):
            text = json_text(record, chance if number in touched else None)
            start = len(content)
            content += text.encode("utf-8", "surrogatepass")
            spans.append((start, len(content)))
            content += between if number + 1 < len(changed) else tail
        return Delivery(content, spans, touched)

    return write


_MARKUP: Final = (
    "&bomb;", "&#0;", "&#xD800;", "<![CDATA[x]]>", "<!-- c -->", "<?p i?>", "]]>", "<a/>" * 300,
    "<a>" * 120 + "</a>" * 120, '<a b="1" b="2"/>', "<p:a/>", '<a xmlns:p="urn:x" p:b="1">t</a>',
    "<R/>", "<id>K-0999</id>", "</R>", "<a x='" + "y" * 5000 + "'/>", "&lt;&amp;", "a<b/>c<b/>d",
)  # fmt: skip


def _element(name: str, value: object, chance: Random | None) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item, chance) for item in value)
    if isinstance(value, dict):
        inner = "".join(_element(_tag(key), item, chance) for key, item in value.items())
        return f"<{name}>{inner}</{name}>"
    if chance and chance.random() < 0.02:
        return f"<{name}>{chance.choice(_MARKUP)}</{name}>"
    text = "" if value is None else str(value)
    attribute = f' code="{escape(text[:20], {chr(34): "&quot;"})}"' if chance is None else ""
    return f"<{name}{attribute}>{escape(text)}</{name}>"


def _tag(name: str) -> str:
    plain = name.replace("_", "")
    return name if plain.isascii() and plain.isalpha() else "x"


_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_file(found: Sequence[Record], chance: Random | None) -> Delivery:
    """Write a document; hostile values become text, attributes or markup that may be broken."""
    changed = [dict(record) for record in found]
    touched = spoil(changed, chance, hostile.value) if chance else frozenset[int]()
    broken = chance is not None and chance.random() < 0.3
    content, spans = b'<?xml version="1.0" encoding="UTF-8"?>\n<X>\n', []
    for number, record in enumerate(changed):
        own = chance if number in touched and broken else None
        inner = "".join(_element(_tag(name), v, own) for name, v in record.items())
        if not broken:
            inner = _NOT_XML.sub("", inner)
        start = len(content)
        content += f"<R>{inner}</R>\n".encode("utf-8", "surrogatepass")
        spans.append((start, len(content)))
    return Delivery(content + b"</X>", spans, touched, whole=broken)


def nested_xml_file(found: Sequence[Record], chance: Random | None) -> Delivery:
    """Write records inside a group; what stands around them may be hostile, too."""
    flat = xml_file(found, chance)
    text = _NOT_XML.sub("", hostile.text(chance)) if chance else "1"
    around = f"<X n={quoteattr(text)}><v>{escape(text)}</v><G c='a'><m>1</m>\n".encode()
    start, rest = flat.content.split(b"<X>\n", 1)
    moved = len(around) - len(b"<X>\n")
    spans = [(begin + moved, end + moved) for begin, end in flat.spans]
    content = start + around + rest.removesuffix(b"</X>") + b"<m>2</m></G></X>"
    return Delivery(content, spans, flat.touched, whole=flat.whole)


def xlsx_file(found: Sequence[Record], chance: Random | None) -> Delivery:
    """Write a workbook; hostile values become texts, numbers, errors and formulas."""
    changed = [dict(record) for record in found]
    names = list(changed[0])
    touched = spoil(changed, chance, _cell) if chance else frozenset[int]()
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(names)
    for record in changed:
        sheet.append([_written(record.get(name)) for name in names])
    out = io.BytesIO()
    book.save(out)
    return Delivery(out.getvalue(), (), touched)


def _cell(chance: Random) -> object:
    plain = (None, True, 0, -1.5, 1e308, 45000, "=1/0", "#N/A", "#REF!", 2**53 + 1)
    return chance.choice(plain) if chance.random() < 0.4 else hostile.text(chance)


def _written(value: object) -> object:
    if isinstance(value, str):
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        kept = ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000]
        return kept.encode("utf-8", "replace").decode().translate({0xFFFE: None, 0xFFFF: None})
    return value


def inside_zip(content: bytes, chance: Random) -> bytes:
    """Damage one member of a zip archive and pack it again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        members = old.namelist()
        weights = [8 if "sheet" in name else 1 for name in members]
        (chosen,) = chance.choices(members, weights)
        for name in members:
            data = old.read(name)
            if name == chosen:
                data = hostile.damaged(data, chance)[0]
            if name != chosen or chance.random() < 0.95:
                new.writestr(name, data)
    return out.getvalue()


def sqlite_file(found: Sequence[Record], chance: Random | None) -> Delivery:
    """Write a database; SQLite keeps values of any type in any column."""
    changed = [dict(record) for record in found]
    names = list(changed[0])
    touched = spoil(changed, chance, _value) if chance else frozenset[int]()
    database = sqlite3.connect(":memory:")
    columns = ", ".join(f'"{name}"' for name in names)
    database.execute(f"CREATE TABLE data ({columns})")
    for record in changed:
        row = [_storable(record.get(name)) for name in names]
        marks = ",".join("?" * len(names))
        database.execute(f"INSERT INTO data VALUES ({marks})", row)
    database.commit()
    content = database.serialize()
    database.close()
    return Delivery(content, (), touched)


def _value(chance: Random) -> object:
    plain = (None, 0, -1, 2**63 - 1, 1.5, 1e400, -1e400, b"", b"\xff\x00", b"\xc3\xa9", 5e-324)
    return chance.choice(plain) if chance.random() < 0.4 else hostile.text(chance)


def _storable(value: object) -> object:
    if isinstance(value, str):  # half a character cannot be stored as text, but as its bytes
        return value if _whole(value) else value.encode("utf-8", "surrogatepass")
    return value


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_TURTLE: Final = b"""@prefix ex: <http://ex.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_TERMS: Final = (
    "<http://[>", "<>", "<a b>", "<http://ex.org/\\u0000>", '"x"@xx-invalid-!!', '"x"@', "_:b",
    '"2024-02-30"^^xsd:date', '"x"^^<y>', "()", "( 1 2 3 )", "[]", "[ ex:a [ ex:b [ ex:c 1 ] ] ]",
    "[ ex:a " * 150 + "1" + "]" * 150, "1e999", "-", "true", '"\\uD800"', '"open', "nosuch:x",
    '"""a\nb"""', "<< ex:a ex:b ex:c >>", "ex:r3", "<file:///etc/passwd>", "; ; ;",
)  # fmt: skip


def turtle_file(found: Sequence[Record], chance: Random | None) -> Delivery:
    """Write Turtle, a subject per record; hostile values become literals, or no terms at all."""
    changed = [dict(record) for record in found]
    touched = spoil(changed, chance, hostile.value) if chance else frozenset[int]()
    broken = chance is not None and chance.random() < 0.4
    content, spans = _TURTLE, []
    for number, record in enumerate(changed):
        own = chance if number in touched and broken else None
        pairs = [
            f"ex:{_tag(name)} {term}"
            for name, value in record.items()
            for term in _terms(name, value, own)
        ]
        start = len(content)
        statement = f"ex:r{number} a ex:R ;\n  " + " ;\n  ".join(pairs) + " .\n"
        content += statement.encode("utf-8", "surrogatepass")
        spans.append((start, len(content)))
    return Delivery(content, spans, touched, whole=broken)


def _terms(name: str, value: object, chance: Random | None) -> list[str]:
    if chance and chance.random() < 0.1:
        return [chance.choice(_TERMS)]
    if isinstance(value, list):
        return [term for item in value for term in _terms(name, item, chance)]
    if isinstance(value, dict) and name == "title":
        return [f"{_literal(str(text))}@{lang}" for lang, text in value.items() if lang.isalpha()]
    if isinstance(value, dict):
        inner = [f"ex:{_tag(k)} {t}" for k, v in value.items() for t in _terms(k, v, chance)]
        return ["[ " + " ; ".join(inner) + " ]"]
    return [] if value is None else [_literal(str(value))]


def _literal(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format("csv", "", "", csv_file, {"delimiter": ";", "encoding": "utf-8"}),
    "csv-detected": Format("csv", "", "", csv_file),
    "json": Format("jsonpath", "$.data[*]", ".", _json(b'{"v": 1, "data": [', b",\n", b"]}")),
    "json-nested": Format(
        "jsonpath",
        "$.groups.*.data[*]",
        ".",
        _json(b'{"v": 1}{"groups": {"a": {"n": "x", "data": [', b",\n", b'], "m": [1]}}, "w": {}}'),
        {"parents": True, "concatenated": True},
    ),
    "jsonl": Format("jsonlines", "", ".", _json(b"", b"\n", b"\n")),
    "xml": Format("xpath", "/X/R", "/", xml_file),
    "xml-nested": Format("xpath", "/X/G/R", "/", nested_xml_file, {"parents": True}),
    "xlsx": Format("xlsx", "", "", xlsx_file, damage=inside_zip),
    "rdf": Format("rdf", "ex:R", "/", turtle_file, {"prefixes": {"ex": "http://ex.org/"}}),
    "sql": Format("sql", "", "", sqlite_file, {"table": "data"}),
}
