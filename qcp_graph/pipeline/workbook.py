"""Streaming XLSX for people: frozen headings, filters, wrapped text; nothing in it is a formula.

Written without a library: a cell costs a few microseconds and the memory is that of one row, while
the general writers build an object per cell. ECMA-376, part 1, clause 18 (SpreadsheetML).
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

MAX_ROWS: Final = 1_048_576  # of a sheet, the headings included
MAX_CELL: Final = 32_767  # characters of a cell
_CUT: Final = " … (cut)"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# XML 1.0 cannot carry these; U+FFFE and U+FFFF neither.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as a letter
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_HEADING, _TEXT, _QUOTED = 1, 2, 3
_STYLES: Final = f"""{_XML}<styleSheet xmlns="{_MAIN}">
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFDDE6F0"/></patternFill></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="4"><xf/>
<xf fontId="1" fillId="2" applyFont="1" applyFill="1" applyAlignment="1">\
<alignment vertical="top" wrapText="1"/></xf>
<xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
<xf quotePrefix="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


class Column(NamedTuple):
    """A column: its heading and its width in characters."""

    heading: str
    width: int


class _Sheet(NamedTuple):
    title: str
    number: int
    columns: int
    rows: int


@dataclass
class Sheet:
    """A sheet being written, row by row."""

    _file: IO[bytes]
    _columns: int
    rows: int = 0

    def add(self, cells: Sequence[str | int]) -> None:
        """Write a row: texts as texts, whatever they begin with, and whole numbers."""
        self.rows += 1
        style = _HEADING if self.rows == 1 else _TEXT
        body = "".join(_cell(n, self.rows, cell, style) for n, cell in enumerate(cells))
        self._file.write(f'<row r="{self.rows}">{body}</row>\n'.encode())

    @property
    def full(self) -> bool:
        """Whether no further row fits in."""
        return self.rows >= MAX_ROWS


@dataclass
class Workbook:
    """An XLSX file being written; use it as a context manager, which completes it.

    Sheets are written one after the other; ``first`` puts a later one before the others.
    """

    file: IO[bytes]
    _zip: zipfile.ZipFile = field(init=False)
    _sheets: list[_Sheet] = field(default_factory=list)
    _written: int = 0

    def __post_init__(self) -> None:
        self._zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)

    @contextmanager
    def sheet(
        self, title: str, columns: Sequence[Column], *, first: bool = False
    ) -> Iterator[Sheet]:
        """Yield a sheet with its headings written."""
        self._written += 1
        number = self._written
        info = zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml", (2020, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        with self._zip.open(info, "w", force_zip64=True) as file:
            file.write(_head(columns).encode())
            sheet = Sheet(file, len(columns))
            sheet.add([column.heading for column in columns])
            yield sheet
            area = f"A1:{_letters(len(columns) - 1)}{sheet.rows}"
            file.write(f'</sheetData><autoFilter ref="{area}"/></worksheet>'.encode())
        done = _Sheet(title[:31], number, len(columns), sheet.rows)
        self._sheets.insert(0 if first else len(self._sheets), done)

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._complete()
        self._zip.close()

    def _complete(self) -> None:
        """Write what names the sheets."""
        for name, text in (
            ("[Content_Types].xml", self._types()),
            ("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])),
            ("xl/workbook.xml", self._book()),
            ("xl/_rels/workbook.xml.rels", self._links()),
            ("xl/styles.xml", _STYLES),
        ):
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))  # equal content, equal bytes
            info.compress_type = zipfile.ZIP_DEFLATED
            self._zip.writestr(info, text)

    def _types(self) -> str:
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{sheet.number}.xml"'
            f' ContentType="{_TYPE}.worksheet+xml"/>'
            for sheet in self._sheets
        )
        return (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{parts}</Types>'
        )

    def _book(self) -> str:
        sheets = "".join(
            f'<sheet name={quoteattr(sheet.title)} sheetId="{n}" r:id="rId{n}"/>'
            for n, sheet in enumerate(self._sheets, start=1)
        )
        filters = "".join(
            f'<definedName name="_xlnm._FilterDatabase" localSheetId="{n}" hidden="1">'
            f"'{escape(sheet.title)}'!$A$1:${_letters(sheet.columns - 1)}${sheet.rows}"
            "</definedName>"
            for n, sheet in enumerate(self._sheets)
        )
        return (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets>'
            f"<definedNames>{filters}</definedNames></workbook>"
        )

    def _links(self) -> str:
        files = [("worksheet", f"worksheets/sheet{sheet.number}.xml") for sheet in self._sheets]
        return _relations([*files, ("styles", "styles.xml")])


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    body = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{body}</Relationships>'


def _head(columns: Sequence[Column]) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{column.width}" customWidth="1"/>'
        for n, column in enumerate(columns, start=1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>\n"
    )


def _cell(column: int, row: int, value: str | int, style: int) -> str:
    place = f"{_letters(column)}{row}"
    if isinstance(value, int):
        return f'<c r="{place}" s="{style}"><v>{value}</v></c>'
    if not value:
        return f'<c r="{place}" s="{style}"/>'
    if value.startswith(_RISKY) and style == _TEXT:
        style = _QUOTED  # stays a text also when somebody edits the cell
    return (
        f'<c r="{place}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{_text(value)}</t></is></c>'
    )


def _text(value: str) -> str:
    if len(value) > MAX_CELL:
        value = value[: MAX_CELL - len(_CUT)] + _CUT
    if not value.isprintable():
        value = _FORBIDDEN.sub("\ufffd", value)
    if "_x" in value:
        value = _ESCAPE.sub("_x005F_", value)
    return escape(value)


def _letters(column: int) -> str:
    """Return the name of a column.

    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
