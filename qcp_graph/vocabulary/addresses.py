"""Which web addresses a download may use: http and https, and by default no private network.

A redirection could otherwise lead the program to services that only its own machine can reach.
"""

from requests.utils import get_environ_proxies, select_proxy

from qcp_graph.errors import DataError, QcpError
from qcp_graph.transfer import addresses


def check(url: str, *, private_networks: bool = False) -> None:
    """Refuse an address that is not http(s), holds a password, or leads into a private network.

    :raises DataError: saying why.
    """
    try:
        parts = addresses.split(url)
        if parts.username is not None or parts.password is not None:
            raise refused(url, "it holds a user name or password")
        if private_networks or select_proxy(url, get_environ_proxies(url)):
            return  # a proxy resolves names itself, and decides what it reaches
        addresses.check(url)
    except OSError as error:
        raise DataError(
            "QCP-VOC-DOWNLOAD",
            f"The server {addresses.bare_host(parts)} was not found.",
            where=url,
            remedy="Check the connection to the internet and the address.",
        ) from error
    except QcpError as error:
        if error.code.startswith("QCP-VOC-"):
            raise
        raise refused(url, error.message) from error


def refused(url: str, reason: str) -> DataError:
    """Return the error of an address that may not be used."""
    return DataError(
        "QCP-VOC-ADDRESS",
        f"The address may not be used: {reason.rstrip('.')}.",
        where=url[:500],
        remedy="Use a public http or https address; set fetch_private_networks for an internal "
        "server that you trust.",
    )
