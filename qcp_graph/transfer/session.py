"""An HTTP session that checks where each connection really ends."""

import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from qcp_graph import __version__
from qcp_graph.networks import is_public
from qcp_graph.transfer import addresses


def new(*, private_networks: bool) -> requests.Session:
    """Return a session that sends no stored passwords and, unless allowed, stays in public
    networks even when a name resolves differently the second time (DNS rebinding).

    Proxies and certificates of the environment are honoured; behind a proxy, the proxy decides.
    """
    session = requests.Session()
    session.headers["User-Agent"] = f"qcp-graph/{__version__}"
    # What is counted against the announced length must be what is sent.
    session.headers["Accept-Encoding"] = "identity"
    session.auth = _no_password  # otherwise requests looks into ~/.netrc
    if not private_networks:
        for scheme in ("http://", "https://"):
            session.mount(scheme, _PublicAdapter())
    return session


def _no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _checked(connection: socket.socket, host: str) -> socket.socket:
    if not is_public(str(connection.getpeername()[0])):
        connection.close()
        raise addresses.private(host)
    return connection


class _PublicHttp(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), self.host)


class _PublicHttps(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), self.host)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _PublicHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHttps


class _PublicAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
