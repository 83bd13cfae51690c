"""Open pages are told of each change at once, by one connection for all of them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from message_facts import DISTRICT, OTHER_DISTRICT, SIGNER, As, Clock, apply, fact, one_stream
from messages.inbox import Inbox
from messages.streaming import HEARTBEAT, Hub, TooManyStreams, events
from qingyuan_events import Actor
from qingyuan_runtime.database.connections import Pool

pytestmark = pytest.mark.servers


@pytest.fixture
async def hub(dsn: str) -> AsyncIterator[Hub]:
    hub = Hub(per_account=3)
    listening = asyncio.create_task(hub.listen(dsn))
    yield hub
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def listening_has_begun(hub: Hub, pool: Pool) -> None:
    """Until a notification comes through, as the page's first count may come before the connection listens."""
    probe = hub.subscribe(Actor(account=DISTRICT.account, kind="administrator"))
    while not probe.changed.is_set():
        await pool.execute(f"select pg_notify('message', 'a:{DISTRICT.account}')")
        await asyncio.sleep(0.01)
    hub.leave(probe)


def open_page(hub: Hub, pool: Pool, clock: Clock, actor: Actor) -> AsyncIterator[bytes]:
    return events(hub, hub.subscribe(actor), actor, Inbox(pool, clock).unread, heartbeat=30)


async def next_number(page: AsyncIterator[bytes]) -> int:
    part = await asyncio.wait_for(anext(page), 20)
    head, _, number = part.decode().strip().partition("\ndata: ")
    assert head == "event: unread"
    return int(number)


async def test_a_page_is_told_of_what_concerns_it(
    dsn: str, pool: Pool, hub: Hub, clock: Clock, as_: As
) -> None:
    await listening_has_begun(hub, pool)
    pages = [open_page(hub, pool, clock, actor) for actor in (SIGNER, SIGNER, DISTRICT, OTHER_DISTRICT)]
    assert [await next_number(page) for page in pages] == [0, 0, 0, 0]
    await apply(dsn, one_stream(fact("visit.obstructed.v1")))
    assert [await next_number(page) for page in pages[:3]] == [1, 1, 1]
    await as_(SIGNER).post("/messages/read", json={"all": True})
    assert [await next_number(page) for page in pages[:2]] == [0, 0]
    assert not any(other.changed.is_set() for other in hub._subscribers if "d:310113" in other.keys)
    for page in pages:
        await page.aclose()  # type: ignore[attr-defined]
    assert not hub._subscribers


async def test_many_changes_end_in_the_right_number(dsn: str, pool: Pool, hub: Hub, clock: Clock) -> None:
    await listening_has_begun(hub, pool)
    page = open_page(hub, pool, clock, SIGNER)
    assert await next_number(page) == 0
    await asyncio.gather(*(apply(dsn, one_stream(fact("confirmation.requested.v1"))) for _ in range(20)))
    numbers = [0]
    while numbers[-1] < 20:
        numbers.append(await next_number(page))
    assert numbers == sorted(numbers)
    await page.aclose()  # type: ignore[attr-defined]


async def test_an_account_has_so_many_streams_and_no_more() -> None:
    hub = Hub(per_account=3)
    first, *_ = [hub.subscribe(SIGNER) for _ in range(3)]
    with pytest.raises(TooManyStreams):
        hub.subscribe(SIGNER)
    hub.subscribe(DISTRICT)
    hub.leave(first)
    hub.subscribe(SIGNER)


async def test_a_silent_stream_is_kept_alive() -> None:
    hub = Hub(per_account=1)

    async def none(_: Actor) -> int:
        return 0

    page = events(hub, hub.subscribe(SIGNER), SIGNER, none, heartbeat=0.01)
    assert await next_number(page) == 0
    assert await anext(page) == HEARTBEAT
    await page.aclose()  # type: ignore[attr-defined]
