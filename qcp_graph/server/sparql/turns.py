"""Whose turn it is: a few workers shared fairly among clients.

A free worker goes to the waiting client that holds the fewest, and among those to the one that was
served longest ago; so a client with a hundred slow queries delays the others by two at most.
No client holds all workers while there are several.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from typing import Final, Generic, TypeVar

T = TypeVar("T")
WAITING_PER_CLIENT: Final = 16
"""How many queries of one client may wait."""
WAITING_PER_WORKER: Final = 32
"""How many queries may wait in all, for each worker."""


class FullError(Exception):
    """There is no room to wait; ``own`` where the client's own queries fill it."""

    def __init__(self, own: bool) -> None:
        super().__init__(own)
        self.own = own


class Turns(Generic[T]):
    """Hands out workers; every one taken must be given back."""

    def __init__(self, workers: Sequence[T]) -> None:
        self._idle = deque(workers)
        self._share = max(1, len(workers) - 1)
        self._room = WAITING_PER_WORKER * len(workers)
        self._waiting: dict[str, deque[asyncio.Future[T]]] = {}
        self._held: Counter[str] = Counter()

    @property
    def running(self) -> int:
        """How many workers are taken."""
        return self._held.total()

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return sum(map(len, self._waiting.values()))

    async def take(self, client: str, seconds: float) -> T:
        """Wait for a worker, so many seconds at most.

        :raises FullError: when too many wait already.
        :raises TimeoutError: when none came free.
        """
        if self._idle and self._held[client] < self._share and client not in self._waiting:
            self._held[client] += 1
            return self._idle.pop()
        if len(self._waiting.get(client, ())) >= WAITING_PER_CLIENT:
            raise FullError(own=True)
        if self.waiting >= self._room:
            raise FullError(own=False)
        turn: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        try:
            async with asyncio.timeout(seconds):
                return await turn
        except BaseException:
            if turn.done() and not turn.cancelled():  # given at the moment it was no longer wanted
                self.give(turn.result(), client)
            else:
                self._forget(client, turn)
            raise

    def give(self, worker: T, client: str) -> None:
        """Give a worker back, free for the next turn."""
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        self._idle.append(worker)
        while self._idle and (turn := self._next()):
            turn.set_result(self._idle.pop())

    def _next(self) -> "asyncio.Future[T] | None":
        free = [client for client in self._waiting if self._held[client] < self._share]
        if not free:
            return None
        client = min(free, key=lambda c: self._held[c])  # the first of several: dicts keep order
        queue = self._waiting.pop(client)
        turn = queue.popleft()
        if queue:
            self._waiting[client] = queue  # behind the others
        if turn.done():
            return self._next()
        self._held[client] += 1
        return turn

    def _forget(self, client: str, turn: "asyncio.Future[T]") -> None:
        queue = self._waiting.get(client)
        if queue and turn in queue:
            queue.remove(turn)
            if not queue:
                del self._waiting[client]


def client_name(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or the network of an IPv6 one.

    >>> client_name("2001:db8::1") == client_name("2001:db8::ffff")
    True
    >>> client_name("192.0.2.1")
    '192.0.2.1'
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else f"{int(parsed) >> 64:x}"
    return address
