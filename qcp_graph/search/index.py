"""The open index of one release: what the pages ask it."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, reduce
from operator import or_
from pathlib import Path
from typing import Any, Final, TypeVar

from qcp_graph.search import ordering, sets
from qcp_graph.search.match import Matcher
from qcp_graph.search.model import (
    FACETS,
    FIELDS,
    SHOWN,
    Facet,
    FacetValue,
    Framework,
    Hit,
    Level,
    OrganisationEntry,
    RegisterEntry,
    Result,
)
from qcp_graph.search.text import fold

Filters = Mapping[str, Sequence[str]]
_Entry = TypeVar("_Entry", Framework, Level)
MAX_SIZE: Final = 100
COUNTED: Final = 1_000
"""Values of a facet whose results are counted: of more, such as awarding bodies, the largest."""


class Index:
    """Reads one index file; safe to share between threads. A file never changes, so answers last.

    :raises sqlite3.Error: when the file is missing or damaged.
    """

    def __init__(self, path: Path, within: Filters | None = None) -> None:
        """Open a file; with ``within`` it is as if it held no other qualifications than those."""
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._members = lru_cache(2048)(self._read_members)
        self._found = lru_cache(64)(Matcher(self._rows))
        self._all = (
            1 << self._rows("SELECT coalesce(max(id), 0) + 1 FROM qualification")[0][0]
        ) - 2
        self._narrowed = bool(within)
        if within:
            self._all = self._selected("", within)
            self._members.cache_clear()

    def close(self) -> None:
        """Close the file; call it when no thread reads any more."""
        with self._lock:
            while self._open:
                self._open.pop().close()

    def search(
        self, text: str = "", filters: Filters | None = None, page: int = 1, size: int = 20,
        sort: str = "relevance",
    ) -> Result:  # fmt: skip
        """Return a page of the qualifications that match a text and filters.

        Values of one field are alternatives, different fields must all match. ``sort`` is one of
        :data:`~qcp_graph.search.model.SORTS`; relevance without a text is the order of titles.
        Unknown fields are ignored, unknown values match nothing.
        """
        page, size = max(page, 1), min(max(size, 1), MAX_SIZE)
        members = self._selected(text, filters or {})
        total = members.bit_count()
        offset = min((page - 1) * size, total)
        first: list[int] = []
        if sort == "relevance" and text.strip():
            first = [number for number in self._found(text).best if members >> number & 1]
            members &= ~sets.of(first)
        groups = self._groups(sort, members)
        ids = first[offset : offset + size]
        ids += sets.across(groups, max(offset - len(first), 0), size - len(ids))
        return Result(total, self._hits(ids), self._found(text).read, self._found(text).ignored)

    def facets(self, filters: Filters | None = None, text: str = "") -> tuple[Facet, ...]:
        """Return the values of each facet with the number of results each would give.

        The values of a field are counted under the filters of all other fields, so that a second
        country can be added to the first.
        """
        filters = filters or {}
        return tuple(self._facet(field, filters, text) for field in FACETS)

    def values(self, field: str, filters: Filters | None = None) -> tuple[FacetValue, ...]:
        """Return the values of one facet with the number of qualifications of each."""
        return self._facet(field, filters or {}, "").values

    def bodies(self, country: str, size: int = 20) -> tuple[OrganisationEntry, ...]:
        """Return the organisations of a country ("FIN") that award most qualifications.

        Within some qualifications it is those that award most of them, of whatever country.
        """
        columns = "SELECT iri, name, language, country, qualifications FROM organisation"
        if self._narrowed:
            counts = {v.value: v.count for v in self.values("body")[:size] if v.count}
            held = {row[0]: row for row in self._rows_in(columns + " WHERE iri IN ({marks})",
                                                         list(counts))}  # fmt: skip
            return tuple(
                replace(OrganisationEntry(*held[iri]), qualifications=count)
                for iri, count in counts.items()
                if iri in held
            )
        sql = (
            " WHERE qualifications > 0 AND (country = ? OR country LIKE '%/' || ?)"
            " ORDER BY qualifications DESC, id LIMIT ?"
        )
        rows = self._rows(columns + sql, country, country, size)
        return tuple(OrganisationEntry(*row) for row in rows)

    def members(self, filters: Filters) -> int:
        """Return how many qualifications match filters."""
        return self._selected("", filters).bit_count()

    def per_country(self, field: str, value: str) -> dict[str, int]:
        """Return how many qualifications with a value each country has, the most first."""
        members = self._members(field, value)
        counts = {
            country: (self._members("country", country) & members).bit_count()
            for country, _ in self._values("country")
        }
        return dict(sorted(((c, n) for c, n in counts.items() if n), key=lambda i: (-i[1], i[0])))

    @property
    def total(self) -> int:
        """How many qualifications there are."""
        everything: int = self._all
        return everything.bit_count()

    def union(self, field: str, values: Sequence[str]) -> int:
        """Return the set (:mod:`~qcp_graph.search.sets`) of those with one of the values."""
        return self._union(field, values)

    def hits(self, ids: Sequence[int]) -> tuple[Hit, ...]:
        """Return qualifications by their ids, in that order."""
        return self._hits(ids)

    def registers(self) -> tuple[RegisterEntry, ...]:
        """Return every register of the release, by country."""
        rows = self._rows("SELECT * FROM register ORDER BY country, iri")
        return tuple(RegisterEntry(*row) for row in rows)

    def frameworks(self) -> tuple[Framework, ...]:
        """Return every framework, by country."""
        rows = self._rows("SELECT * FROM framework ORDER BY country, iri")
        return tuple(self._counted("framework", Framework(*row)) for row in rows)

    def levels(self, framework: str) -> tuple[Level, ...]:
        """Return the levels of a framework, from the lowest."""
        sql = "SELECT * FROM level WHERE framework = ? ORDER BY rank, iri, eqf"
        return tuple(self._counted("level", Level(*row)) for row in self._rows(sql, framework))

    def level(self, iri: str) -> tuple[Level, ...]:
        """Return what is known of a level: one entry per framework and EQF level."""
        sql = "SELECT * FROM level WHERE iri = ? ORDER BY framework, eqf"
        return tuple(self._counted("level", Level(*row)) for row in self._rows(sql, iri))

    def bridged(self, eqf: str) -> tuple[Level, ...]:
        """Return the levels that a referencing leads to an EQF level ("4")."""
        sql = "SELECT * FROM level WHERE eqf = ? ORDER BY framework, rank, iri"
        return tuple(self._counted("level", Level(*row)) for row in self._rows(sql, eqf))

    def organisations(
        self, text: str = "", page: int = 1, size: int = 50
    ) -> tuple[int, tuple[OrganisationEntry, ...]]:
        """Return how many organisations have a text in their name, and one page of them."""
        page, size, wanted = max(page, 1), min(max(size, 1), MAX_SIZE), fold(text.strip()[:200])
        where = "FROM organisation WHERE instr(folded, ?) > 0"
        total: int = self._rows(f"SELECT count(*) {where}", wanted)[0][0]
        offset = min((page - 1) * size, total)
        rows = self._rows(
            f"SELECT iri, name, language, country, qualifications {where}"
            " ORDER BY id LIMIT ? OFFSET ?",
            *(wanted, size, offset),
        )
        return total, tuple(OrganisationEntry(*row) for row in rows)

    def titles(self, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return the titles by language of those IRIs that are qualifications of the index."""
        return self._by_language(
            "SELECT iri, t.language, t.text FROM qualification JOIN title t ON qualification = id"
            " WHERE iri IN ({marks}) ORDER BY iri, t.language, t.text DESC",
            iris,
        )

    def labels(self, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return the labels by language of those IRIs that are known concepts or registers."""
        sql = "SELECT iri, language, text FROM label WHERE iri IN ({marks}) ORDER BY iri, language"
        return self._by_language(sql, iris)

    def _counted(self, field: str, entry: _Entry) -> _Entry:
        """Return an entry with the qualifications that this index was opened within."""
        if not self._narrowed:
            return entry
        return replace(entry, qualifications=self._members(field, entry.iri).bit_count())

    def _by_language(self, sql: str, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for iri, language, text in self._rows_in(sql, sorted(set(iris))):
            found.setdefault(iri, {})[language] = text
        return found

    def _selected(self, text: str, filters: Filters, but: str = "") -> int:
        members: int = self._all
        if text.strip():
            members &= self._found(text).members
        for field, values in filters.items():
            if field in FIELDS and field != but and values:
                members &= self._union(field, values)
        return members

    def _union(self, field: str, values: Sequence[str]) -> int:
        members: int = reduce(or_, (self._members(field, value) for value in values), 0)
        return members

    def _facet(self, field: str, filters: Filters, text: str) -> Facet:
        members = self._selected(text, filters, but=field)
        chosen = set(filters.get(field, ()))
        shown = []
        for value, iri in self._offered(field, chosen):
            count = (self._members(field, value) & members).bit_count()
            if count or value in chosen:
                shown.append(FacetValue(value, iri, count, value in chosen))
        return Facet(field, tuple(sorted(shown, key=ordering.of(field))))

    def _groups(self, sort: str, members: int) -> list[int]:
        """Return disjoint sets in the order of their values; those without a value come last."""
        groups = []
        if sort in ordering.LISTS:
            field, falling = ordering.LISTS[sort]
            for value, _ in sorted(self._values(field), reverse=falling):
                groups.append(members & self._members(field, value))
                members &= ~groups[-1]
        return [*groups, members]

    def _values(self, field: str) -> list[tuple[str, str]]:
        sql = "SELECT value, iri FROM posting WHERE field = ? ORDER BY value"
        return [(value, iri) for value, iri in self._rows(sql, field)]

    def _offered(self, field: str, chosen: Iterable[str]) -> list[tuple[str, str]]:
        """Return the values that are counted: the most frequent ones, and those that are chosen."""
        sql = "SELECT value, iri FROM posting WHERE field = ? ORDER BY count DESC, value LIMIT ?"
        found = dict(self._rows(sql, field, -1 if self._narrowed else COUNTED))
        sql = "SELECT value, iri FROM posting WHERE field = ? AND value = ?"
        for value in chosen:
            found.update(self._rows(sql, field, value))
        return sorted(found.items())

    def _read_members(self, field: str, value: str) -> int:
        sql = "SELECT members FROM posting WHERE field = ? AND value = ?"
        rows = self._rows(sql, field, value)
        return sets.decode(rows[0][0]) & self._all if rows else 0

    def _hits(self, ids: Sequence[int]) -> tuple[Hit, ...]:
        titles: dict[int, dict[str, str]] = {}
        sql = "SELECT * FROM title WHERE qualification IN ({marks}) ORDER BY 1, 2, 3 DESC"
        for number, language, text in self._rows_in(sql, ids):
            titles.setdefault(number, {})[language] = text
        facts: dict[int, dict[str, tuple[str, ...]]] = {}
        sql = "SELECT * FROM fact WHERE qualification IN ({marks}) ORDER BY 1, 2, 3"
        for number, field, value in self._rows_in(sql, ids):
            held = facts.setdefault(number, dict.fromkeys(SHOWN, ()))
            held[field] = (*held[field], value)
        found = {}
        for number, *row in self._rows_in("SELECT * FROM qualification WHERE id IN ({marks})", ids):
            found[number] = replace(
                Hit(*row), titles=titles.get(number, {}), facts=facts.get(number, {})
            )
        return tuple(found[number] for number in ids)

    def _rows_in(self, sql: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement for many values, in portions that SQLite accepts."""
        for start in range(0, len(values), 500):
            part = values[start : start + 500]
            yield from self._rows(sql.format(marks=", ".join("?" * len(part))), *part)

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection().execute(sql, values).fetchall()

    def _connection(self) -> sqlite3.Connection:
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is None:
            held = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            held.execute("PRAGMA mmap_size = 1073741824")
            self._local.connection = held
            with self._lock:
                self._open.append(held)
        return held
