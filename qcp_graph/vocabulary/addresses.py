"""Which web addresses a download may use: http and https, and by default no private network.

A redirection could otherwise lead the program to services that only its own machine can reach.
"""

import socket
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

from qcp_graph.errors import DataError
from qcp_graph.networks import is_public


def check(url: str, *, private_networks: bool = False) -> None:
    """Refuse an address that is not http(s), holds a password, or leads into a private network.

    :raises DataError: saying why.
    """
    try:
        address = urlsplit(url)
        host, port = address.hostname, address.port
    except ValueError as error:
        raise _refused(url, "it is malformed") from error
    if address.scheme not in {"http", "https"}:
        raise _refused(url, "only http and https are allowed")
    if not host:
        raise _refused(url, "it names no server")
    if address.username is not None or address.password is not None:
        raise _refused(url, "it holds a user name or password")
    if private_networks or select_proxy(url, get_environ_proxies(url)):
        return  # a proxy resolves names itself, and decides what it reaches
    _check_public(url, host, port or (443 if address.scheme == "https" else 80))


def _check_public(url: str, host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DataError(
            "QCP-VOC-DOWNLOAD",
            f"The server {host} was not found.",
            where=url,
            remedy="Check the connection to the internet and the address.",
        ) from error
    for *_, location in found:
        if not is_public(str(location[0])):
            raise _refused(url, "it leads into a private network")


def _refused(url: str, reason: str) -> DataError:
    return DataError(
        "QCP-VOC-ADDRESS",
        f"The address may not be used: {reason}.",
        where=url[:500],
        remedy="Use a public http or https address; set fetch_private_networks for an internal "
        "server that you trust.",
    )
