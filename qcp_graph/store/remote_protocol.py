"""The SPARQL 1.1 protocols as a client speaks them: queries, and graphs written one by one."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import requests
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from qcp_graph.errors import DataError

_CONNECT: Final = 10.0
# Oxigraph loads twice as fast without a transaction, which graphs that nobody sees yet do not
# need; other stores do not know the parameter.
_OWN: Final = {"no_transaction": ""}


class TooLargeError(Exception):
    """The answer of the store has more bytes than allowed."""


class RefusedError(Exception):
    """The store does not understand the query."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store answers queries and takes graphs.

    ``write`` is how long it may take for a part, in seconds.
    """

    query: str
    graphs: str
    user: str = ""
    password: str = field(default="", repr=False)
    digest: bool = False
    write: float = 600.0

    def login(self) -> AuthBase | None:
        """Return the credentials in the form the store asks for."""
        if not self.user:
            return None
        kind = HTTPDigestAuth if self.digest else HTTPBasicAuth
        return kind(self.user, self.password)


@dataclass
class Client:
    """Speaks to one store; may be used by several threads."""

    place: Place
    _threads: threading.local = field(default_factory=threading.local, repr=False)

    def put(self, graph: str, content: bytes, *, first: bool) -> None:
        """Write a part of a graph (N-Triples, which is Turtle, too); the first one replaces it."""
        self._send("PUT" if first else "POST", graph, content)

    def delete(self, graph: str) -> None:
        """Remove a graph; one that is not there is removed already."""
        self._send("DELETE", graph, None, {404})

    def ask(
        self,
        query: str,
        dataset: Mapping[str, Sequence[str]],
        accept: str,
        seconds: float,
        most: int,
    ) -> tuple[str, bytes]:
        """Run a query; return media type and body of the answer.

        ``dataset`` are the protocol's parameters that name the graphs.

        :raises TimeoutError: when it takes more than ``seconds``.
        :raises TooLargeError: when the answer has more than ``most`` bytes.
        :raises RefusedError: when the store does not take the query.
        :raises DataError: when the store cannot be reached, or answers in part.
        """
        end = time.monotonic() + seconds
        form = {"query": query, "timeout": str(int(seconds * 1000)), **dataset}
        try:
            with self._session().post(
                self.place.query,
                data=form,
                headers={"Accept": accept},
                stream=True,
                timeout=(min(_CONNECT, seconds), seconds),
                auth=self.place.login(),
            ) as answer:
                return _read(answer, end, most)
        except requests.Timeout as error:
            raise TimeoutError from error
        except requests.RequestException as error:
            raise self._unreachable(error) from error

    def _send(
        self, method: str, graph: str, content: bytes | None, allowed: Iterable[int] = ()
    ) -> None:
        headers = {"Content-Type": "text/turtle"} if content is not None else {}
        try:
            answer = self._session().request(
                method,
                self.place.graphs,
                params={"graph": graph, **_OWN},
                data=content,
                headers=headers,
                timeout=(_CONNECT, self.place.write),
                auth=self.place.login(),
            )
        except requests.RequestException as error:
            raise self._unreachable(error) from error
        if not answer.ok and answer.status_code not in set(allowed):
            raise DataError(
                "QCP-REL-REMOTE",
                f"The store refuses to write (HTTP {answer.status_code}): {answer.text[:300]}",
                where=self.place.graphs,
                remedy="Check store_graphs, store_user, store_password and the rights of the user.",
            )

    def _session(self) -> requests.Session:
        """Return the connections of this thread, which are used again."""
        if not hasattr(self._threads, "session"):
            self._threads.session = requests.Session()
            self._threads.session.trust_env = False  # the operator named the address itself
        session: requests.Session = self._threads.session
        return session

    def _unreachable(self, error: Exception) -> DataError:
        return DataError(
            "QCP-REL-REMOTE",
            f"The store cannot be reached ({type(error).__name__}).",
            where=self.place.query,
            remedy="Start it, or check store_query and store_graphs in the settings.",
        )


def _read(answer: requests.Response, end: float, most: int) -> tuple[str, bytes]:
    parts, size = [], 0
    for part in _chunks(answer, end):
        size += len(part)
        if size > most:
            raise TooLargeError
        parts.append(part)
    body = b"".join(parts)
    if answer.status_code == 400:
        raise RefusedError(body[:500].decode("utf-8", "replace"))
    if answer.headers.get("X-SQL-State") == "S1TAT":  # Virtuoso: what it had when time was up
        raise TimeoutError
    if not answer.ok or "X-SPARQL-MaxRows" in answer.headers:
        detail = "cuts answers (ResultSetMaxRows)" if answer.ok else f"HTTP {answer.status_code}"
        raise DataError(
            "QCP-REL-REMOTE",
            f"The store does not answer the query: {detail}.",
            where=answer.url,
            remedy="Look into the store's log; docs/remote-store.md says how to configure it.",
        )
    return answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(), body


def _chunks(answer: requests.Response, end: float) -> Iterator[bytes]:
    for part in answer.iter_content(1 << 16):
        if time.monotonic() > end:
            raise TimeoutError
        yield part
