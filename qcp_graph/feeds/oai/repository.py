"""The answers of OAI-PMH: a document for each request, from the indexes of a release."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from qcp_graph.feeds.index import Entry
from qcp_graph.feeds.oai.formats import FORMATS, MetadataFormat, Record
from qcp_graph.feeds.oai.requests import LISTS, OaiError, Position, Request
from qcp_graph.feeds.oai.requests import parse as parse_request
from qcp_graph.markup import HEAD, element

PAGE: Final = 100
"""Most records of an incomplete list."""
HEADERS: Final = 1000
"""Most headers of an incomplete list."""
ROOM: Final = 2 * 1024**2
"""Letters of metadata after which a list is cut, after at least one record."""
_OAI: Final = "http://www.openarchives.org/OAI/2.0/"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


class Index(Protocol):
    """The index of a register (:class:`~qcp_graph.feeds.index.IndexReader`)."""

    def since(
        self, first: int, last: int, after: tuple[int, str] | None, most: int
    ) -> list[Entry]: ...

    def count(self, first: int, last: int) -> int: ...

    def find(self, iri: str) -> Entry | None: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What a repository says of itself; ``sets`` are the names of the registers."""

    name: str
    address: str
    email: str
    sets: Mapping[str, str]


@dataclass(frozen=True)
class Repository:
    """A release as a repository.

    ``stamps`` is the datestamp of every batch, in their order; ``read`` fetches a record with its
    statements.
    """

    told: Told
    stamps: Sequence[str]
    indexes: Mapping[str, Index]
    read: Callable[[str, Entry, str], Record]
    formats: Mapping[str, MetadataFormat] = field(default_factory=lambda: FORMATS)

    def answer(self, pairs: Sequence[tuple[str, str]], now: str) -> bytes:
        """Return the document that answers arguments; ``now`` is its moment."""
        given: Mapping[str, str] = {}
        try:
            request = parse_request(pairs)
            given = request.given
            body = "".join(_VERBS[request.verb](self, request))
        except OaiError as error:
            if error.code not in {"badVerb", "badArgument"}:
                given = dict(pairs)
            body = element("error", error.message, code=error.code)
        return "".join(
            [
                f'{HEAD}<OAI-PMH xmlns="{_OAI}" xmlns:xsi="{_XSI}" '
                f'xsi:schemaLocation="{_OAI} {_OAI}OAI-PMH.xsd">\n',
                element("responseDate", now),
                element("request", self.told.address, **given),
                f"\n{body}\n</OAI-PMH>\n",
            ]
        ).encode()

    # --- verbs ------------------------------------------------------------------------------------

    def _identify(self, _: Request) -> Iterator[str]:
        yield "<Identify>"
        yield element("repositoryName", self.told.name)
        yield element("baseURL", self.told.address)
        yield element("protocolVersion", "2.0")
        yield element("adminEmail", self.told.email)
        yield element("earliestDatestamp", self.stamps[0] if self.stamps else _NEVER)
        yield element("deletedRecord", "persistent")
        yield element("granularity", "YYYY-MM-DDThh:mm:ssZ")
        yield "</Identify>"

    def _list_sets(self, request: Request) -> Iterator[str]:
        if request.position is not None:
            raise OaiError("badResumptionToken", "The list of sets is complete.")
        if not self.told.sets:
            raise OaiError("noSetHierarchy", "There is no register yet.")
        yield "<ListSets>"
        for name, title in self.told.sets.items():
            yield f"<set>{element('setSpec', name)}{element('setName', title)}</set>"
        yield "</ListSets>"

    def _list_formats(self, request: Request) -> Iterator[str]:
        if "identifier" in request.given:
            self._find(request.identifier)
        yield "<ListMetadataFormats>"
        for one in self.formats.values():
            parts = (
                element("metadataPrefix", one.prefix),
                element("schema", one.schema),
                element("metadataNamespace", one.namespace),
            )
            yield f"<metadataFormat>{''.join(parts)}</metadataFormat>"
        yield "</ListMetadataFormats>"

    def _get_record(self, request: Request) -> Iterator[str]:
        form = self._format(request.prefix)
        register, entry = self._find(request.identifier)
        yield "<GetRecord>"
        yield self._record(register, entry, form)
        yield "</GetRecord>"

    def _list(self, request: Request) -> Iterator[str]:
        form = self._format(request.prefix)
        first, last = self._batches(request)
        registers = self._registers(request)
        size = request.position.size if request.position else self._size(registers, first, last)
        if not size:
            raise OaiError("noRecordsMatch", "No record was changed then.")
        pieces, reached = self._pieces(request, form, registers, (first, last))
        if not pieces:  # forged, or the releases were rolled back meanwhile
            raise OaiError("badResumptionToken", "The list has ended; begin again.")
        yield f"<{request.verb}>"
        yield from pieces
        yield self._token(request, reached, len(pieces), size)
        yield f"</{request.verb}>"

    # --- lists ------------------------------------------------------------------------------------

    def _pieces(
        self,
        request: Request,
        form: MetadataFormat,
        registers: Sequence[str],
        span: tuple[int, int],
    ) -> tuple[list[str], tuple[str, Entry] | None]:
        """Return the pieces of a list and, when it goes on, the last record of them."""
        whole = request.verb == "ListRecords"
        most = PAGE if whole else HEADERS
        found: list[str] = []
        room = ROOM
        last: tuple[str, Entry] | None = None
        for register, entry in self._entries(request.position, registers, span, most + 1):
            if len(found) >= most or room <= 0:
                return found, last
            piece = self._record(register, entry, form) if whole else self._header(register, entry)
            found.append(piece)
            room -= len(piece)
            last = register, entry
        return found, None

    def _entries(
        self, after: Position | None, registers: Sequence[str], span: tuple[int, int], most: int
    ) -> Iterator[tuple[str, Entry]]:
        for register in registers:
            if after is not None and register < after.register:
                continue
            here = after is not None and register == after.register
            place = (after.batch, after.key) if after is not None and here else None
            found = self.indexes[register].since(*span, place, most)
            yield from ((register, entry) for entry in found)
            most -= len(found)
            if most <= 0:
                return

    def _token(
        self, request: Request, reached: tuple[str, Entry] | None, count: int, size: int
    ) -> str:
        cursor = request.position.cursor if request.position else 0
        if reached is None:
            if request.position is None:
                return ""
            return element("resumptionToken", completeListSize=str(size), cursor=str(cursor))
        register, entry = reached
        after = Position(register, entry.batch, entry.key, cursor + count, size)
        return element(
            "resumptionToken", request.token(after), completeListSize=str(size), cursor=str(cursor)
        )

    def _batches(self, request: Request) -> tuple[int, int]:
        """Return the first and the last batch of a span of time."""
        start = request.start + ("" if "T" in request.start else "T00:00:00Z" * bool(request.start))
        until = request.until + ("" if "T" in request.until else "T23:59:59Z" * bool(request.until))
        inside = [
            number
            for number, stamp in enumerate(self.stamps, 1)
            if (not start or stamp >= start) and (not until or stamp <= until)
        ]
        return (inside[0], inside[-1]) if inside else (1, 0)

    def _registers(self, request: Request) -> list[str]:
        if request.set and request.set not in self.indexes:
            raise OaiError("noRecordsMatch", f"There is no set {request.set!r}.")
        return [request.set] if request.set else sorted(self.indexes)

    def _size(self, registers: Sequence[str], first: int, last: int) -> int:
        return sum(self.indexes[name].count(first, last) for name in registers)

    # --- records ----------------------------------------------------------------------------------

    def _format(self, prefix: str) -> MetadataFormat:
        if prefix not in self.formats:
            offered = ", ".join(self.formats)
            raise OaiError("cannotDisseminateFormat", f"Offered are {offered}.")
        return self.formats[prefix]

    def _find(self, identifier: str) -> tuple[str, Entry]:
        for register, index in self.indexes.items():
            if (entry := index.find(identifier)) is not None:
                return register, entry
        raise OaiError("idDoesNotExist", "There is no record with this identifier.")

    def _record(self, register: str, entry: Entry, form: MetadataFormat) -> str:
        header = self._header(register, entry)
        if entry.deleted:
            return f"<record>{header}</record>\n"
        record = self.read(register, entry, self.stamps[entry.batch - 1])
        return f"<record>{header}<metadata>{form.write(record)}</metadata></record>\n"

    def _header(self, register: str, entry: Entry) -> str:
        parts = (
            element("identifier", entry.iri),
            element("datestamp", self.stamps[entry.batch - 1]),
            element("setSpec", register),
        )
        status = ' status="deleted"' if entry.deleted else ""
        return f"<header{status}>{''.join(parts)}</header>"


_VERBS: Final[Mapping[str, Callable[[Repository, Request], Iterator[str]]]] = {
    "Identify": Repository._identify,
    "ListSets": Repository._list_sets,
    "ListMetadataFormats": Repository._list_formats,
    "GetRecord": Repository._get_record,
    **dict.fromkeys(LISTS, Repository._list),
}
_NEVER: Final = "1970-01-01T00:00:00Z"
