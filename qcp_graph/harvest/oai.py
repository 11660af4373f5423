"""Reading a repository by OAI-PMH 2.0: all records once, then what changed since.

The place in a list is kept after every page, so an interrupted harvest goes on; the moment from
which the next one asks is the server's own, at the beginning of the last complete one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, tostring

import pyoxigraph as ox

from qcp_graph.errors import DataError
from qcp_graph.harvest.problems import unusable
from qcp_graph.harvest.state import State, Version
from qcp_graph.harvest.statements import lines
from qcp_graph.harvest.web import Web
from qcp_graph.harvest.xml import HostileXml, parse
from qcp_graph.namespaces import PREFIXES

OAI: Final = "{http://www.openarchives.org/OAI/2.0/}"
ACCEPT: Final = "text/xml, application/xml;q=0.9"
_RDF: Final = PREFIXES["rdf"]
_PREFERRED: Final = ("elm", "rdf")
_MOST: Final = 2**20


@dataclass
class Reader:
    """Reads one repository into a state; ``set`` chooses a part of it."""

    web: Web
    state: State
    address: str
    set: str = ""
    changed: int = 0

    def run(self) -> None:
        """Read all that is new.

        :raises DataError: when the repository cannot be read; what was read is kept.
        """
        prefix = self.state.told("oai prefix") or self._prefix()
        token = self.state.told("oai token")
        self.state.note("oai prefix", prefix)
        restarted = False
        while True:
            try:
                token = self._page(prefix, token)
            except _StaleTokenError:
                if restarted or not token:
                    raise
                token, restarted = "", True  # the repository forgot the list: once more from there
                continue
            if not token:
                break
        self.state.note("oai from", self.state.told("oai began"))

    def _prefix(self) -> str:
        """Return the metadata format to ask for: the richest one in RDF."""
        root = self._ask(verb="ListMetadataFormats")
        found = {
            one.findtext(OAI + "metadataPrefix", ""): one.findtext(OAI + "metadataNamespace", "")
            for one in root.iter(OAI + "metadataFormat")
        }
        usable = [name for name, namespace in found.items() if namespace == _RDF]
        for name in (*_PREFERRED, *sorted(usable)):
            if name in usable:
                return name
        raise unusable(self.address, f"no format in RDF, only {', '.join(sorted(found)[:10])}")

    def _page(self, prefix: str, token: str) -> str:
        """Read a page of the list; return the token of the next one."""
        arguments = {"verb": "ListRecords"}
        if token:
            arguments["resumptionToken"] = token
        else:
            arguments |= {"metadataPrefix": prefix}
            since = {"from": self.state.told("oai from"), "set": self.set}
            arguments |= {name: value for name, value in since.items() if value}
        root = self._ask(**arguments)
        versions = [self._version(one) for one in root.iter(OAI + "record")]
        following = root.findtext(f"{OAI}ListRecords/{OAI}resumptionToken", "").strip()
        if len(following) > _MOST or (following and following == token):
            raise unusable(self.address, "the list goes round in circles")
        with self.state.together():
            if not token:
                self.state.note("oai began", root.findtext(OAI + "responseDate", "").strip())
            self.changed += self.state.take(versions, ordered=True)
            self.state.note("oai token", following)
        return following

    def _version(self, record: Element) -> Version:
        header = record.find(OAI + "header")
        if header is None:
            raise unusable(self.address, "a record without a header")
        name = header.findtext(OAI + "identifier", "").strip()
        moment = header.findtext(OAI + "datestamp", "").strip()
        if not name:
            raise unusable(self.address, "a record without an identifier")
        deleted = header.get("status") == "deleted"
        metadata = record.find(OAI + "metadata")
        content = b"" if metadata is None or deleted else lines(self._triples(metadata, name), name)
        return Version(name, moment, deleted, content)

    def _triples(self, metadata: Element, name: str) -> Iterator[ox.Triple]:
        for child in metadata:
            try:
                text = tostring(child, encoding="utf-8")
                yield from (q.triple for q in ox.parse(text, ox.RdfFormat.RDF_XML, base_iri=name))
            except (SyntaxError, ValueError) as error:
                raise unusable(
                    self.address, f"the record {name[:200]} is no RDF: {error}"
                ) from error

    def _ask(self, **arguments: str) -> Element:
        joint = "&" if "?" in self.address else "?"
        page = self.web.get(f"{self.address}{joint}{urlencode(arguments)}", ACCEPT)
        if page is None:
            raise unusable(self.address, "not modified, which nobody asked")
        try:
            root = parse(page.content)
        except HostileXml as error:
            raise unusable(self.address, str(error)) from error
        if root.tag != OAI + "OAI-PMH":
            raise unusable(self.address, "it is no OAI-PMH")
        self._check(root)
        return root

    def _check(self, root: Element) -> None:
        error = root.find(OAI + "error")
        code = "" if error is None else error.get("code", "")
        if code == "badResumptionToken":
            raise _StaleTokenError(self.address)
        if error is not None and code != "noRecordsMatch":
            text = (error.text or "").strip()[:200]
            raise unusable(self.address, f"{code[:40]}: {text}")


class _StaleTokenError(DataError):
    """The repository no longer knows a resumption token."""

    def __init__(self, where: str) -> None:
        super().__init__(
            "QCP-HAR-ANSWER",
            "The site does not go on with a list that it began.",
            where=where,
            remedy="Run the command again; if it stays so, tell the operator of the site.",
        )
