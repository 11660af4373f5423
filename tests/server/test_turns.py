"""Workers are shared fairly among clients."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from qcp_graph.server.sparql.turns import (
    WAITING_PER_CLIENT,
    WAITING_PER_WORKER,
    FullError,
    Turns,
    client_name,
)


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 10))  # type: ignore[arg-type]


def test_a_crowd_of_one_client_delays_another_by_two_turns() -> None:
    async def scene() -> None:
        turns = Turns(["one"])
        order = []

        async def ask(client: str) -> None:
            worker = await turns.take(client, 5)
            order.append(client)
            await asyncio.sleep(0)
            turns.give(worker, client)

        crowd = [asyncio.ensure_future(ask("crowd")) for _ in range(10)]
        await asyncio.sleep(0)
        await asyncio.gather(*crowd, ask("guest"))
        assert order.index("guest") <= 3  # one was answered, one ran, one was next
        assert len(order) == 11
        assert (turns.running, turns.waiting) == (0, 0)

    run(scene)


def test_one_client_never_holds_all_workers() -> None:
    async def scene() -> None:
        turns = Turns(["a", "b", "c"])
        held = [await turns.take("greedy", 5) for _ in range(2)]
        with pytest.raises(TimeoutError):
            await turns.take("greedy", 0.01)
        assert await turns.take("guest", 0.01) not in held
        assert (turns.running, turns.waiting) == (3, 0)

    run(scene)


def test_waiting_is_bounded_for_a_client_and_for_all() -> None:
    async def scene() -> None:
        turns = Turns(["a"])
        await turns.take("x", 5)
        clients = [f"c{n}" for n in range(WAITING_PER_WORKER // WAITING_PER_CLIENT)]
        waiting = [
            asyncio.ensure_future(turns.take(client, 5))
            for client in clients
            for _ in range(WAITING_PER_CLIENT)
        ]
        await asyncio.sleep(0)
        assert turns.waiting == WAITING_PER_WORKER
        with pytest.raises(FullError) as own:
            await turns.take("c0", 5)
        with pytest.raises(FullError) as others:
            await turns.take("newcomer", 5)
        assert (own.value.own, others.value.own) == (True, False)
        for future in waiting:
            future.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert turns.waiting == 0

    run(scene)


def test_a_turn_nobody_wants_any_more_goes_to_the_next() -> None:
    async def scene() -> None:
        turns = Turns(["a"])
        worker = await turns.take("x", 5)
        gone = asyncio.ensure_future(turns.take("y", 5))
        stays = asyncio.ensure_future(turns.take("z", 5))
        await asyncio.sleep(0)
        turns.give(worker, "x")  # y's turn comes in the same moment
        gone.cancel()
        assert await stays == "a"
        turns.give("a", "z")
        assert (turns.running, turns.waiting) == (0, 0)

    run(scene)


def test_what_counts_as_a_client() -> None:
    assert client_name("::ffff:192.0.2.7") == client_name("192.0.2.7") == "192.0.2.7"
    assert client_name("2001:db8:0:1::1") != client_name("2001:db8:0:2::1")
    assert client_name("testclient") == "testclient"
