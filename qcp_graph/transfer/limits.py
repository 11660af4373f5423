"""How much a fetch may take, and the counter that holds it to that."""

from collections.abc import Callable
from dataclasses import dataclass

from qcp_graph.errors import DataError

Progress = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch.

    ``max_bytes``: size of a download, and of all unpacked files together; ``timeout``: seconds
    without a byte; ``retries``: further attempts after a failure; ``private_networks``: whether
    addresses in loopback and private networks are allowed; ``max_files``: files of a folder or
    archive; ``max_ratio``: how many times its size an archive may unpack to (only beyond
    ``ratio_floor`` bytes); ``backoff``: seconds before the first retry, doubled each time;
    ``max_wait``: longest wait that a server may ask for, in seconds.
    """

    max_bytes: int = 4 * 1024**3
    timeout: float = 60.0
    retries: int = 3
    private_networks: bool = False
    max_files: int = 20_000
    max_ratio: int = 250
    ratio_floor: int = 64 * 1024**2
    backoff: float = 0.5
    max_wait: float = 120.0


class Meter:
    """Counts bytes against a bound."""

    def __init__(self, bound: int, where: str, progress: Progress | None = None) -> None:
        self.left = bound
        self._bound = bound
        self._where = where
        self._progress = progress

    def add(self, count: int) -> None:
        """Count some bytes.

        :raises DataError: when the bound is passed.
        """
        self.left -= count
        if self.left < 0:
            raise too_large(self._bound, self._where)
        if self._progress is not None:
            self._progress(count)


def too_large(bound: int, where: str) -> DataError:
    """Return the error of a delivery beyond ``fetch_max_bytes``."""
    return DataError(
        "QCP-SRC-SIZE",
        f"The delivery is larger than the limit of {bound:,} bytes.",
        where=where,
        remedy="If the register really is that large, raise fetch_max_bytes in qcp.toml.",
    )
