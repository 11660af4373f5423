"""A load generator: several processes, each with several kept connections and raw sockets.

Clients of the usual libraries need more time per request than the servers that are measured here.
"""

import contextlib
import json
import multiprocessing
import select
import socket
import statistics
import time
from collections.abc import Sequence
from typing import Any, NamedTuple


class Load(NamedTuple):
    """Requests per second, times in milliseconds, and answers that were not as expected.

    ``failed`` is below zero when the server broke connections off.
    """

    rate: float
    p50: float
    p95: float
    failed: int
    count: int


def request(target: str, accept: str, more: str = "") -> bytes:
    """Return a GET request over a kept connection; ``more`` are further header lines."""
    head = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n{more}\r\n"
    return head.encode()


def run(
    port: int,
    requests: Sequence[bytes],
    *,
    seconds: float,
    processes: int = 2,
    connections: int = 1,
    status: int = 200,
    source: str = "127.0.0.1",
    patience: float = 60,
) -> Load:
    """Send requests in turn for so many seconds from so many processes.

    Each has so many connections, and on each the next request is sent when an answer has come.

    :raises queue.Empty: when an answer lets wait for longer than ``patience`` seconds more.
    """
    results: Any = multiprocessing.get_context("spawn").Queue()
    workers = [
        multiprocessing.get_context("spawn").Process(
            target=_work,
            args=(
                port,
                requests[number::processes] or requests,
                seconds,
                connections,
                status,
                source,
                results,
            ),
        )
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    try:
        found = [json.loads(results.get(timeout=seconds + patience)) for _ in workers]
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()
    times = sorted(value for times, _, _ in found for value in times)
    rate = sum(len(times) / elapsed for times, _, elapsed in found)
    if not times:
        return Load(0.0, 0.0, 0.0, sum(failed for _, failed, _ in found), 0)
    return Load(
        rate,
        statistics.median(times) * 1000,
        times[int(len(times) * 0.95)] * 1000,
        sum(failed for _, failed, _ in found),
        len(times),
    )


def _work(
    port: int, requests: Sequence[bytes], seconds: float, connections: int, status: int,
    source: str, results: Any,
) -> None:  # fmt: skip
    times: list[float] = []
    line = f" {status} ".encode()
    start = time.perf_counter()
    try:
        failed = _ask((port, source), requests, seconds, connections, line, times)
        elapsed = seconds
    except OSError:  # the server has closed the connection, or is gone
        failed, elapsed = -1, time.perf_counter() - start
    results.put(json.dumps([times, failed, elapsed]))


def _ask(
    where: tuple[int, str], requests: Sequence[bytes], seconds: float, connections: int,
    line: bytes, times: list[float],
) -> int:  # fmt: skip
    failed = number = 0
    sent: dict[int, float] = {}
    with contextlib.ExitStack() as stack:
        ready = select.epoll()
        stack.callback(ready.close)
        opened = {
            one.fileno(): one for one in (_connected(stack, where) for _ in range(connections))
        }
        end = time.perf_counter() + seconds
        for place, connection in opened.items():
            ready.register(place, select.EPOLLIN)
            sent[place] = time.perf_counter()
            connection.sendall(requests[number % len(requests)])
            number += 1
        while sent:
            told = ready.poll(60)
            if not told:
                raise TimeoutError("the server does not answer")
            for place, _ in told:
                head = _answer(opened[place])
                now = time.perf_counter()
                times.append(now - sent[place])
                failed += line not in head[:16]
                if now < end:
                    sent[place] = now
                    opened[place].sendall(requests[number % len(requests)])
                    number += 1
                else:
                    del sent[place]
                    ready.unregister(place)
    return failed


def _connected(stack: contextlib.ExitStack, where: tuple[int, str]) -> socket.socket:
    port, source = where
    address = ("127.0.0.1", port)
    found = stack.enter_context(socket.create_connection(address, 60, source_address=(source, 0)))
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found


def _answer(connection: socket.socket) -> bytes:
    """Read one answer, with a length or in chunks."""
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _some(connection)
    head = data[:end].lower()
    if b"transfer-encoding: chunked" in head:
        while not data.endswith(b"\r\n0\r\n\r\n"):
            data += _some(connection)
        return head
    mark = head.find(b"content-length:")
    length = int(head[mark + 15 :].split(b"\r\n", 1)[0]) if mark >= 0 else 0
    left = end + 4 + length - len(data)
    while left > 0:
        left -= len(_some(connection))
    return head


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 18)
    if not data:
        raise ConnectionError("the server closed the connection")
    return data
