"""What can be wrong with a site that is harvested."""

from qcp_graph.errors import DataError


def unusable(where: str, detail: str) -> DataError:
    """Return the error of an answer that breaks its protocol."""
    return DataError(
        "QCP-HAR-ANSWER",
        f"The site's answer cannot be used: {detail}.",
        where=where,
        remedy="Try again later; if it stays so, tell the operator of the site.",
    )


def too_much(where: str, detail: str) -> DataError:
    """Return the error of a site that delivers more than the limits allow."""
    return DataError(
        "QCP-HAR-LIMIT",
        f"The site delivers more than is taken: {detail}.",
        where=where,
        remedy="If the site really is that large, raise fetch_max_bytes in qcp.toml.",
    )


def nothing_found(where: str) -> DataError:
    """Return the error of an address that leads to nothing that can be harvested."""
    return DataError(
        "QCP-HAR-NOTHING",
        "There is no event stream, no OAI-PMH and no dump to be found at this address.",
        where=where,
        remedy="Give the address of one of them; the site's documentation should name it.",
    )
